//! The prompt's question: is this input a whole statement, or do more lines follow?

/// Whether the friendly REPL asks for more lines after `input`: all lines typed so far, the last
/// one without its line end.
///
/// The rules are MicroPython's: a compound statement goes on until an empty line; open brackets,
/// triple quotes and a backslash at the end go on anyway. Comments are not told from code.
pub fn is_incomplete(input: &[u8]) -> bool {
    let Some(&last) = input.last() else {
        return false;
    };
    let scan = Scan::of(input);
    scan.in_triple_quotes
        || scan.in_brackets && !scan.in_quotes
        || last == b'\\'
        || begins_compound(input) && last != b'\n'
}

/// Whether the first word starts a statement of several lines.
fn begins_compound(input: &[u8]) -> bool {
    const WORDS: [&[u8]; 8] =
        [b"if", b"while", b"for", b"try", b"with", b"def", b"class", b"async"];
    let is_word_byte = |b: &u8| *b == b'_' || *b >= 0x80 || b.is_ascii_alphanumeric();
    input.first() == Some(&b'@')
        || WORDS.iter().any(|word| {
            input.strip_prefix(*word).is_some_and(|rest| !rest.first().is_some_and(is_word_byte))
        })
}

/// What is open at the end of an input.
#[derive(Debug, Default)]
struct Scan {
    in_brackets: bool,
    in_quotes: bool,
    in_triple_quotes: bool,
}

impl Scan {
    fn of(input: &[u8]) -> Self {
        // Open parentheses, brackets and braces. They need not match each other.
        let mut open = [0i32; 3];
        // The open quote, and whether it is a triple one.
        let mut quote: Option<(u8, bool)> = None;
        let mut rest = input;
        while let Some((&byte, after)) = rest.split_first() {
            rest = after;
            match byte {
                b'\'' | b'"' => {
                    let three = after.starts_with(&[byte, byte]);
                    let (next, skip) = match quote {
                        None => (Some((byte, three)), three),
                        Some(open) if open == (byte, true) && three => (None, true),
                        Some(open) if open == (byte, false) => (None, false),
                        open => (open, false),
                    };
                    quote = next;
                    if skip {
                        rest = after.get(2..).unwrap_or(&[]);
                    }
                }
                b'\\' if quote.is_some() => {
                    if let Some((b'\'' | b'"' | b'\\', after)) = rest.split_first() {
                        rest = after;
                    }
                }
                b'(' | b'[' | b'{' | b')' | b']' | b'}' if quote.is_none() => {
                    let (kind, step) = match byte {
                        b'(' => (0, 1),
                        b')' => (0, -1),
                        b'[' => (1, 1),
                        b']' => (1, -1),
                        b'{' => (2, 1),
                        _ => (2, -1),
                    };
                    if let Some(count) = open.get_mut(kind) {
                        *count = count.saturating_add(step);
                    }
                }
                _ => {}
            }
        }
        Self {
            in_brackets: open.iter().any(|&count| count > 0),
            in_quotes: quote.is_some(),
            in_triple_quotes: matches!(quote, Some((_, true))),
        }
    }
}

#[cfg(test)]
mod tests;
