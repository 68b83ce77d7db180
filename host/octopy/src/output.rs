//! `output`: text to standard output, whoever reads it.

use std::io::Write;

/// Writes `text` at once. A reader that has gone away has seen what it wanted.
pub fn print(text: &str) {
    let mut stdout = std::io::stdout().lock();
    let _ = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
}
