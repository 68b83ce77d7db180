//! Whether a statement at the prompt wants another line.
//!
//! A quick look and no parser, with MicroPython's answers: brackets and quotes are counted, and
//! a statement that begins with a compound keyword goes on until an empty line.

use crate::Text;
use crate::text::TextBytes;

/// The words that begin a compound statement.
const KEYWORDS: [&[u8]; 8] = [b"if", b"while", b"for", b"try", b"with", b"def", b"class", b"async"];

/// Inside which quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quote {
    None,
    Single(u8),
    Triple(u8),
}

/// Whether the whole text store wants another line before it can be compiled.
pub fn is_incomplete<T: Text + ?Sized>(text: &T) -> bool {
    let mut bytes = TextBytes::new(text);
    let Some(last) = text.text_len().checked_sub(1).and_then(|at| bytes.at(at)) else {
        return false;
    };
    let (quote, brackets) = scan(&mut bytes);
    match quote {
        Quote::Triple(_) => return true,
        Quote::None if brackets.iter().any(|open| *open > 0) => return true,
        Quote::None | Quote::Single(_) => {}
    }
    last == b'\\' || (last != b'\n' && is_compound(&mut bytes))
}

fn is_compound<T: Text + ?Sized>(bytes: &mut TextBytes<'_, T>) -> bool {
    bytes.at(0) == Some(b'@') || KEYWORDS.iter().any(|keyword| starts_with_word(bytes, keyword))
}

fn starts_with_word<T: Text + ?Sized>(bytes: &mut TextBytes<'_, T>, word: &[u8]) -> bool {
    word.iter().enumerate().all(|(at, byte)| bytes.at(at) == Some(*byte))
        && !bytes.at(word.len()).is_some_and(|next| next.is_ascii_alphanumeric() || next == b'_')
}

/// The open quote at the end, and how many `(`, `[` and `{` are open.
fn scan<T: Text + ?Sized>(bytes: &mut TextBytes<'_, T>) -> (Quote, [i32; 3]) {
    let mut quote = Quote::None;
    let mut brackets = [0_i32; 3];
    let mut at = 0;
    while let Some(byte) = bytes.at(at) {
        let next = bytes.at(at + 1);
        at += 1;
        match byte {
            b'\'' | b'"' => {
                let before = quote;
                let is_triple = next == Some(byte) && bytes.at(at + 1) == Some(byte);
                quote = match quote {
                    Quote::None if is_triple => Quote::Triple(byte),
                    Quote::None => Quote::Single(byte),
                    Quote::Single(open) if open == byte => Quote::None,
                    Quote::Triple(open) if open == byte && is_triple => Quote::None,
                    other => other,
                };
                if is_triple && quote != before && !matches!(before, Quote::Single(_)) {
                    at += 2;
                }
            }
            b'\\' if quote != Quote::None && matches!(next, Some(b'\'' | b'"' | b'\\')) => at += 1,
            _ if quote == Quote::None => count(&mut brackets, byte),
            _ => {}
        }
    }
    (quote, brackets)
}

fn count(brackets: &mut [i32; 3], byte: u8) {
    let [paren, bracket, brace] = brackets;
    let (open, by) = match byte {
        b'(' => (paren, 1),
        b')' => (paren, -1),
        b'[' => (bracket, 1),
        b']' => (bracket, -1),
        b'{' => (brace, 1),
        b'}' => (brace, -1),
        _ => return,
    };
    *open = open.saturating_add(by);
}
