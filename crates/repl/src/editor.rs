//! `Editor`: one line, edited by keys and drawn with as few bytes as MicroPython's.
//!
//! The line is the end of the text store, from `start` on; what stands before it are the earlier
//! lines of the same statement. Only printable ASCII can be entered, so a byte is a column.

use crate::key::{Key, Keys};
use crate::text::TextBytes;
use crate::{Completion, Prompt, Terminal, Text};

const CTRL_A: u8 = 1;
const CTRL_C: u8 = 3;
const CTRL_D: u8 = 4;
const CTRL_E: u8 = 5;

/// One level of indentation.
const INDENT: &[u8] = b"    ";

/// How a line ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineEnd {
    /// With Enter.
    Enter,
    /// With Ctrl-C, or with Ctrl-A to Ctrl-E while it was empty.
    Control(u8),
    /// With the console.
    Closed,
}

/// What [`read_line`] returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entered {
    /// The text store holds the line, without its end.
    Line,
    /// Ctrl-C: KeyboardInterrupt.
    Interrupt,
    /// Ctrl-D on an empty line, or the console has closed: EOFError.
    Eof,
}

/// Reads one line for `input()`, which has printed its prompt. The text store is cleared first.
pub fn read_line<T: Terminal + ?Sized>(terminal: &mut T) -> Entered {
    terminal.text_clear();
    match Editor::new().read(terminal, Prompt::Own) {
        LineEnd::Control(CTRL_C) => Entered::Interrupt,
        LineEnd::Control(CTRL_D) | LineEnd::Closed => Entered::Eof,
        // COMPAT: Ctrl-A, Ctrl-B and Ctrl-E enter an empty line.
        LineEnd::Control(_) | LineEnd::Enter => Entered::Line,
    }
}

/// Automatic indentation of continued lines, which a blank typed right after it switches off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AutoIndent {
    Off,
    On,
    /// The last thing that happened.
    JustAdded,
}

/// What has to be drawn after a key.
#[derive(Debug, Default)]
struct Redraw {
    /// Columns that the cursor moves back first.
    back: usize,
    /// Draw the line from the cursor to its end.
    rest: bool,
    /// Columns that the cursor moves forward at last.
    forward: usize,
}

/// The line being edited.
#[derive(Debug)]
pub(crate) struct Editor {
    keys: Keys,
    start: usize,
    cursor: usize,
    prompt: Prompt,
    /// Which line of the history is shown.
    shown: Option<usize>,
    auto_indent: AutoIndent,
}

impl Editor {
    pub(crate) const fn new() -> Self {
        Self {
            keys: Keys::new(),
            start: 0,
            cursor: 0,
            prompt: Prompt::Own,
            shown: None,
            auto_indent: AutoIndent::On,
        }
    }

    /// Prompts for a line at the end of the text store, and reads it.
    pub(crate) fn read<T: Terminal + ?Sized>(
        &mut self,
        terminal: &mut T,
        prompt: Prompt,
    ) -> LineEnd {
        self.keys = Keys::new();
        self.start = terminal.text_len();
        self.cursor = self.start;
        self.prompt = prompt;
        self.shown = None;
        // COMPAT: MicroPython forgets this, and a blank at the start of a line after one that held
        // nothing but automatic indentation eats the end of the earlier line.
        if self.auto_indent == AutoIndent::JustAdded {
            self.auto_indent = AutoIndent::On;
        }
        terminal.print_prompt(prompt);
        self.indent(terminal);
        loop {
            let Some(byte) = terminal.read_byte() else {
                return LineEnd::Closed;
            };
            if let Some(end) = self.take(terminal, byte) {
                return end;
            }
        }
    }

    fn take<T: Terminal + ?Sized>(&mut self, terminal: &mut T, byte: u8) -> Option<LineEnd> {
        if !self.keys.is_inside() {
            let is_empty = terminal.text_len() <= self.start;
            if byte == CTRL_C || (is_empty && (CTRL_A..=CTRL_E).contains(&byte)) {
                return Some(LineEnd::Control(byte));
            }
            if terminal.history().is_line_end(byte) {
                terminal.write(b"\r\n");
                remember(terminal, self.start);
                return Some(LineEnd::Enter);
            }
        }
        let old_len = terminal.text_len();
        let key = self.keys.decode(byte);
        let was_added = self.auto_indent == AutoIndent::JustAdded;
        if was_added {
            self.auto_indent = AutoIndent::On;
        }
        let redraw = if was_added && matches!(key, Key::Char(b' ') | Key::Tab) {
            self.overrule_indent(terminal, key)
        } else {
            self.edit(terminal, key)
        };
        self.draw(terminal, &redraw, old_len);
        None
    }

    /// A blank after an automatic indentation replaces it by one blank, a Tab keeps it.
    fn overrule_indent<T: Text + ?Sized>(&mut self, text: &mut T, key: Key) -> Redraw {
        self.auto_indent = AutoIndent::Off;
        if key == Key::Tab {
            return Redraw::default();
        }
        let back = (INDENT.len() - 1).min(self.cursor.saturating_sub(self.start));
        text.text_remove(self.cursor.saturating_sub(back), back);
        // What is removed are blanks, which need no erasing.
        Redraw { back, ..Redraw::default() }
    }

    fn edit<T: Terminal + ?Sized>(&mut self, terminal: &mut T, key: Key) -> Redraw {
        let end = terminal.text_len();
        let before = self.cursor.saturating_sub(self.start);
        let after = end.saturating_sub(self.cursor);
        let step = |back, forward| Redraw { back, rest: false, forward };
        match key {
            Key::Nothing => Redraw::default(),
            Key::Char(byte) => self.insert(terminal, &[byte]),
            Key::Tab => self.tab(terminal),
            Key::Left => step(before.min(1), 0),
            Key::Right => step(0, after.min(1)),
            Key::Home => step(before, 0),
            Key::End => step(0, after),
            #[cfg(feature = "word-keys")]
            Key::WordLeft => step(self.word_left(terminal), 0),
            #[cfg(feature = "word-keys")]
            Key::WordRight => step(0, self.word_right(terminal)),
            Key::Backspace if before == 0 => Redraw::default(),
            Key::Backspace => {
                let len = self.backspace_len(terminal).min(before);
                self.kill_left(terminal, len)
            }
            #[cfg(feature = "word-keys")]
            Key::KillWordLeft => {
                let len = self.word_left(terminal);
                self.kill_left(terminal, len)
            }
            Key::KillToStart => self.kill_left(terminal, before),
            Key::Delete if after == 0 => Redraw::default(),
            Key::Delete => self.kill_right(terminal, 1),
            #[cfg(feature = "word-keys")]
            Key::KillWordRight => {
                let len = self.word_right(terminal);
                self.kill_right(terminal, len)
            }
            Key::KillToEnd => self.kill_right(terminal, after),
            Key::Older => self.older(terminal),
            Key::Newer => self.newer(terminal),
        }
    }

    /// Inserts at the cursor; text that memory has no room for is ignored like an unknown key.
    fn insert<T: Text + ?Sized>(&mut self, text: &mut T, bytes: &[u8]) -> Redraw {
        if text.text_insert(self.cursor, bytes).is_err() {
            return Redraw::default();
        }
        Redraw { back: 0, rest: true, forward: bytes.len() }
    }

    fn kill_left<T: Text + ?Sized>(&mut self, text: &mut T, len: usize) -> Redraw {
        text.text_remove(self.cursor.saturating_sub(len), len);
        Redraw { back: len, rest: true, forward: 0 }
    }

    fn kill_right<T: Text + ?Sized>(&mut self, text: &mut T, len: usize) -> Redraw {
        text.text_remove(self.cursor, len);
        Redraw { back: 0, rest: true, forward: 0 }
    }

    /// A whole level of indentation if nothing else stands before the cursor, else one.
    fn backspace_len<T: Text + ?Sized>(&self, text: &T) -> usize {
        let mut bytes = TextBytes::new(text);
        let only_blanks = (self.start..self.cursor).all(|at| bytes.at(at) == Some(b' '));
        if only_blanks && self.cursor - self.start >= INDENT.len() { INDENT.len() } else { 1 }
    }

    /// Columns back to the start of a word.
    ///
    /// COMPAT: MicroPython goes on into the earlier lines of the statement, which are not on this
    /// line of the screen.
    #[cfg(feature = "word-keys")]
    fn word_left<T: Text + ?Sized>(&self, text: &T) -> usize {
        let mut bytes = TextBytes::new(text);
        let backwards = (self.start..self.cursor).rev();
        word_len(backwards.map_while(|at| bytes.at(at)))
    }

    /// Columns forward to the end of a word.
    #[cfg(feature = "word-keys")]
    fn word_right<T: Text + ?Sized>(&self, text: &T) -> usize {
        let mut bytes = TextBytes::new(text);
        word_len((self.cursor..).map_while(|at| bytes.at(at)))
    }

    fn tab<T: Terminal + ?Sized>(&mut self, terminal: &mut T) -> Redraw {
        let left = self.cursor.checked_sub(1).and_then(|at| TextBytes::new(terminal).at(at));
        if left.is_some_and(|byte| byte.is_ascii_whitespace()) {
            return self.insert(terminal, INDENT);
        }
        let mut line = [0; 128];
        let from = self.start.max(self.cursor.saturating_sub(line.len()));
        let len = terminal.text_copy(from, &mut line).min(self.cursor.saturating_sub(from));
        let mut found = [0; 64];
        match terminal.complete(line.get(..len).unwrap_or_default(), &mut found) {
            Completion::None => Redraw::default(),
            Completion::Insert(len) => {
                let found = found.get(..len).unwrap_or_default();
                self.insert(terminal, found)
            }
            Completion::Listed => {
                terminal.print_prompt(self.prompt);
                write_text(terminal, self.start, self.cursor);
                Redraw { back: 0, rest: true, forward: 0 }
            }
        }
    }

    fn older<T: Terminal + ?Sized>(&mut self, terminal: &mut T) -> Redraw {
        let age = self.shown.map_or(0, |age| age + 1);
        if terminal.history().line(age).is_none() {
            return Redraw::default();
        }
        self.show(terminal, Some(age))
    }

    fn newer<T: Terminal + ?Sized>(&mut self, terminal: &mut T) -> Redraw {
        match self.shown {
            Some(age) => self.show(terminal, age.checked_sub(1)),
            None => Redraw::default(),
        }
    }

    /// Replaces the line by one of the history, or by nothing.
    fn show<T: Terminal + ?Sized>(&mut self, terminal: &mut T, age: Option<usize>) -> Redraw {
        self.shown = age;
        let len = terminal.text_len();
        terminal.text_remove(self.start, len.saturating_sub(self.start));
        let mut block = [0; 64];
        let mut done = 0;
        while let Some(age) = age {
            let line = terminal.history().line(age).and_then(|line| line.get(done..));
            let rest = line.unwrap_or_default();
            let len = rest.len().min(block.len());
            let (Some(dst), Some(src)) = (block.get_mut(..len), rest.get(..len)) else { break };
            dst.copy_from_slice(src);
            if len == 0 || terminal.text_insert(self.start + done, dst).is_err() {
                break;
            }
            done += len;
        }
        Redraw { back: self.cursor.saturating_sub(self.start), rest: true, forward: done }
    }

    /// Indents a continued line as the one before it, and one level more after a colon.
    fn indent<T: Terminal + ?Sized>(&mut self, terminal: &mut T) {
        if self.auto_indent == AutoIndent::Off {
            return;
        }
        for _ in 0..indent_levels(terminal, self.start) {
            if terminal.text_insert(self.cursor, INDENT).is_err() {
                return;
            }
            terminal.write(INDENT);
            self.cursor += INDENT.len();
            self.auto_indent = AutoIndent::JustAdded;
        }
    }

    fn draw<T: Terminal + ?Sized>(&mut self, terminal: &mut T, redraw: &Redraw, old_len: usize) {
        move_back(terminal, redraw.back);
        self.cursor = self.cursor.saturating_sub(redraw.back);
        let end = terminal.text_len();
        let target = self.cursor.saturating_add(redraw.forward).min(end);
        if redraw.rest {
            if end < old_len {
                terminal.write(b"\x1b[K");
            }
            write_text(terminal, self.cursor, end);
            move_back(terminal, end.saturating_sub(target));
        } else {
            write_text(terminal, self.cursor, target);
        }
        self.cursor = target;
    }
}

/// Levels of indentation that a line at `start` takes over from the line before it.
fn indent_levels<T: Text + ?Sized>(text: &T, start: usize) -> usize {
    let mut bytes = TextBytes::new(text);
    let Some(end) = start.checked_sub(1) else { return 0 };
    let mut line_start =
        |end: usize| (0..end).rev().find(|at| bytes.at(*at) == Some(b'\n')).map_or(0, |at| at + 1);
    let line = line_start(end);
    let earlier = line.checked_sub(1).map(|end| (line_start(end), end));
    let mut blanks =
        |from: usize, to: usize| (from..to).take_while(|at| bytes.at(*at) == Some(b' ')).count();
    let indent = blanks(line, end);
    // After two empty lines the block is meant to be over.
    if let Some((from, to)) = earlier
        && indent == end - line
        && from > 0
        && blanks(from, to) == to - from
    {
        return 0;
    }
    let opens_block = end.checked_sub(1).and_then(|at| bytes.at(at)) == Some(b':');
    indent / INDENT.len() + usize::from(opens_block)
}

/// The length of what is not a word, and of the word after it.
#[cfg(feature = "word-keys")]
fn word_len(bytes: impl Iterator<Item = u8>) -> usize {
    let mut in_word = false;
    let mut len = 0;
    for byte in bytes {
        if byte.is_ascii_alphanumeric() {
            in_word = true;
        } else if in_word {
            break;
        }
        len += 1;
    }
    len
}

/// Puts the line from `start` on into the history, unless it is empty or there already.
fn remember<T: Terminal + ?Sized>(terminal: &mut T, start: usize) {
    let len = terminal.text_len().saturating_sub(start);
    if len == 0 || is_newest(terminal, start, len) || !terminal.history().open(len) {
        return;
    }
    for_each_block(terminal, start, start + len, |terminal, block| {
        terminal.history().append(block);
        true
    });
}

fn is_newest<T: Terminal + ?Sized>(terminal: &mut T, start: usize, len: usize) -> bool {
    if terminal.history().line(0).is_none_or(|line| line.len() != len) {
        return false;
    }
    let mut done = 0;
    for_each_block(terminal, start, start + len, |terminal, block| {
        let line = terminal.history().line(0).and_then(|line| line.get(done..));
        done += block.len();
        line.is_some_and(|line| line.starts_with(block))
    })
}

fn write_text<T: Terminal + ?Sized>(terminal: &mut T, from: usize, to: usize) {
    for_each_block(terminal, from, to, |terminal, block| {
        terminal.write(block);
        true
    });
}

/// Gives a range of the text store away in blocks, for as long as `visit` says so. Returns whether
/// that was to the end.
fn for_each_block<T: Terminal + ?Sized>(
    terminal: &mut T,
    from: usize,
    to: usize,
    mut visit: impl FnMut(&mut T, &[u8]) -> bool,
) -> bool {
    let mut block = [0; 64];
    let mut at = from;
    while at < to {
        let len = terminal.text_copy(at, &mut block).min(to - at);
        match block.get(..len) {
            Some(bytes) if len > 0 => {
                if !visit(terminal, bytes) {
                    return false;
                }
            }
            _ => return false,
        }
        at += len;
    }
    true
}

/// Moves the terminal's cursor: backspaces for short ways, an escape sequence for long ones.
fn move_back<T: Terminal + ?Sized>(terminal: &mut T, columns: usize) {
    const BACK: &[u8] = b"\x08\x08\x08\x08";
    if let Some(steps) = BACK.get(..columns) {
        if columns > 0 {
            terminal.write(steps);
        }
        return;
    }
    let mut digits = [0; 20];
    let mut first = digits.len();
    let mut rest = columns;
    while rest > 0 && first > 0 {
        first -= 1;
        if let Some(digit) = digits.get_mut(first) {
            *digit = b'0' + u8::try_from(rest % 10).unwrap_or_default();
        }
        rest /= 10;
    }
    terminal.write(b"\x1b[");
    terminal.write(digits.get(first..).unwrap_or_default());
    terminal.write(b"D");
}
