//! Running a program to its end, or to the end of our patience.
//!
//! A program that never ends is killed, and one that floods its output is cut off: a run of many
//! programs always ends.

use anyhow::{Context, Result};
use std::io::Read;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// More output than this is not read; the writer then meets a closed pipe.
const MOST_OUTPUT: u64 = 64 << 20;

/// How a program ended.
#[derive(Debug)]
pub struct Ended {
    /// What it wrote to standard output, and to standard error unless that was kept apart.
    pub output: Vec<u8>,
    /// What it wrote to standard error, if that was kept apart.
    pub errors: Vec<u8>,
    /// Its exit status; `None` if it took too long.
    pub status: Option<ExitStatus>,
}

impl Ended {
    /// Whether it ended in time and without complaint.
    pub fn success(&self) -> bool {
        self.status.is_some_and(|status| status.success())
    }

    /// Its output as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.output).into_owned()
    }
}

/// Runs a program with nothing on its standard input, for at most `limit`. Output and errors come
/// together, in the order in which they were written.
pub fn run(mut command: Command, limit: Duration) -> Result<Ended> {
    let (reader, writer) = std::io::pipe()?;
    command.stdout(writer.try_clone()?).stderr(writer);
    finish(command, &[collect(reader)], limit)
}

/// The same, with output and errors apart.
pub fn run_apart(mut command: Command, limit: Duration) -> Result<Ended> {
    let (output, out) = std::io::pipe()?;
    let (errors, err) = std::io::pipe()?;
    command.stdout(out).stderr(err);
    finish(command, &[collect(output), collect(errors)], limit)
}

/// Reads a stream to its end on a thread of its own.
fn collect(reader: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = reader.take(MOST_OUTPUT).read_to_end(&mut bytes);
        let _ = sender.send(bytes);
    });
    receiver
}

fn finish(mut command: Command, streams: &[Receiver<Vec<u8>>], limit: Duration) -> Result<Ended> {
    let deadline = Instant::now() + limit;
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child = command.stdin(Stdio::null()).spawn().context(name)?;
    // The command owns ends of the pipes: while it lives, the readers see no end.
    drop(command);
    let left = || deadline.saturating_duration_since(Instant::now());
    let mut came: Vec<Option<Vec<u8>>> =
        streams.iter().map(|stream| stream.recv_timeout(left()).ok()).collect();
    let mut status = None;
    // The end of the output is nearly always the end of the program too.
    while came.iter().all(Option::is_some) && status.is_none() && !left().is_zero() {
        status = child.try_wait()?;
        if status.is_none() {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
    if status.is_none() {
        let _ = child.kill();
        let _ = child.wait();
        for (bytes, stream) in came.iter_mut().zip(streams) {
            // A child of the child may hold a pipe open; what it writes is not worth waiting for.
            if bytes.is_none() {
                *bytes = stream.recv_timeout(Duration::from_secs(1)).ok();
            }
        }
    }
    let mut came = came.into_iter().map(Option::unwrap_or_default);
    let output = came.next().unwrap_or_default();
    Ok(Ended { output, errors: came.next().unwrap_or_default(), status })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, limit: u64) -> Ended {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        run(command, Duration::from_millis(limit)).expect("there is a shell")
    }

    #[test]
    fn output_and_errors_come_in_order() {
        let ended = shell("echo a; echo b >&2; echo c; exit 3", 20_000);
        assert_eq!(ended.text(), "a\nb\nc\n");
        assert_eq!(ended.status.and_then(|status| status.code()), Some(3));
        assert!(!ended.success());
    }

    #[test]
    fn errors_can_be_kept_apart() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo a; echo b >&2; echo c"]);
        let ended = run_apart(command, Duration::from_secs(20)).expect("there is a shell");
        assert_eq!((ended.output, ended.errors), (b"a\nc\n".to_vec(), b"b\n".to_vec()));
    }

    #[test]
    fn an_endless_program_is_stopped_and_its_output_kept() {
        let ended = shell("echo a; exec sleep 100", 300);
        assert_eq!((ended.text().as_str(), ended.status), ("a\n", None));
    }
}
