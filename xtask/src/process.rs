//! Running a program to its end, or to the end of our patience.
//!
//! Output and errors share one pipe, so they come in the order in which they were written. A
//! program that never ends is killed, and one that floods its output is cut off: a run of many
//! programs always ends.

use anyhow::{Context, Result};
use std::io::Read;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

/// More output than this is not read; the writer then meets a closed pipe.
const MOST_OUTPUT: u64 = 64 << 20;

/// How a program ended.
#[derive(Debug)]
pub struct Ended {
    /// What it wrote, to standard output and standard error.
    pub output: Vec<u8>,
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

/// Runs a program with nothing on its standard input, for at most `limit`.
pub fn run(mut command: Command, limit: Duration) -> Result<Ended> {
    let deadline = Instant::now() + limit;
    let (reader, writer) = std::io::pipe()?;
    command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child = command.spawn().context(name)?;
    // The command owns ends of the pipe: while it lives, the reader sees no end.
    drop(command);
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut output = Vec::new();
        let _ = reader.take(MOST_OUTPUT).read_to_end(&mut output);
        let _ = sender.send(output);
    });
    let mut output = receiver.recv_timeout(limit).ok();
    let mut status = None;
    // The end of the output is nearly always the end of the program too.
    while output.is_some() && status.is_none() && Instant::now() < deadline {
        status = child.try_wait()?;
        if status.is_none() {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
    if status.is_none() {
        let _ = child.kill();
        let _ = child.wait();
        // A child of the child may hold the pipe open; its output is not worth waiting for.
        output = output.or_else(|| receiver.recv_timeout(Duration::from_secs(1)).ok());
    }
    Ok(Ended { output: output.unwrap_or_default(), status })
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
    fn an_endless_program_is_stopped_and_its_output_kept() {
        let ended = shell("echo a; exec sleep 100", 300);
        assert_eq!((ended.text().as_str(), ended.status), ("a\n", None));
    }
}
