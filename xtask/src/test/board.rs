//! A virtual board that runs scripts through its raw REPL.

use crate::raw_repl::{Mode, Output, RawRepl};
use anyhow::{Context, Result};
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Patience with everything that is not a script: entering raw mode, soft reset.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running board and the connection to its console.
#[derive(Debug)]
pub struct BoardSession {
    repl: RawRepl,
    child: Child,
}

impl BoardSession {
    /// Starts a board with blank flash and enters its raw REPL.
    pub fn start(octopy: &Path) -> Result<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let flash = crate::octopy::target_dir()?.join(format!("test-board-{number}.flash"));
        let mut command = Command::new(octopy);
        command.args(["board", "--tcp", "127.0.0.1:0", "--fresh", "--flash"]).arg(flash);
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().with_context(|| octopy.display().to_string())?;
        match connect(&mut child) {
            Ok(repl) => Ok(Self { repl, child }),
            Err(error) => {
                stop(&mut child);
                Err(error)
            }
        }
    }

    /// Runs a script on a board that was just reset.
    pub fn run(&mut self, source: &str, limit: Duration) -> Result<Output> {
        self.repl.soft_reset(PATIENCE)?;
        self.repl.start(source, Mode::RawPaste, limit)?;
        self.repl.finish()
    }
}

impl Drop for BoardSession {
    fn drop(&mut self) {
        stop(&mut self.child);
    }
}

fn stop(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

/// Connects to the console whose address a board prints first.
fn connect(child: &mut Child) -> Result<RawRepl> {
    let stdout = child.stdout.take().context("the board has no output")?;
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line)?;
    let stream = TcpStream::connect(line.trim()).with_context(|| format!("console {line:?}"))?;
    stream.set_nodelay(true)?;
    let mut repl = RawRepl::new(stream.try_clone()?, stream);
    repl.enter(PATIENCE)?;
    Ok(repl)
}
