//! A client of the raw REPL, over any byte stream: sockets, ptys, pipes.
//!
//! Speaks as host tools do (raw mode, raw-paste with its flow control). Reading and writing run on
//! threads of their own, so that every call here ends by its deadline, whatever the board does.

use anyhow::{Context, Result, bail};
use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// The prompt that raw mode begins with.
const RAW_PROMPT: &[u8] = b"raw REPL; CTRL-B to exit\r\n>";

const CTRL_A: u8 = 1;
const CTRL_B: u8 = 2;
const CTRL_C: u8 = 3;
const CTRL_D: u8 = 4;

/// How source text is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// All at once; the board stores it and then compiles.
    Raw,
    /// With flow control; the board compiles while it receives.
    RawPaste,
}

/// What a program wrote.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Output {
    /// Its output.
    pub out: String,
    /// The traceback that ended it; empty if none did.
    pub error: String,
}

/// A connection to a board.
#[derive(Debug)]
pub struct RawRepl {
    to_board: Sender<Vec<u8>>,
    from_board: Receiver<Vec<u8>>,
    /// Received and not yet used.
    pending: Vec<u8>,
    /// When the current operation is given up.
    deadline: Instant,
}

impl RawRepl {
    /// Talks over a pair of streams. The threads behind it end when the streams do.
    pub fn new(
        mut reader: impl Read + Send + 'static,
        mut writer: impl Write + Send + 'static,
    ) -> Self {
        let (to_board, outgoing) = channel::<Vec<u8>>();
        let (incoming, from_board) = channel();
        std::thread::spawn(move || {
            for bytes in outgoing {
                if writer.write_all(&bytes).and_then(|()| writer.flush()).is_err() {
                    return;
                }
            }
        });
        std::thread::spawn(move || {
            let mut buf = [0; 4096];
            while let Ok(n @ 1..) = reader.read(&mut buf) {
                if incoming.send(buf[..n].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self { to_board, from_board, pending: Vec::new(), deadline: Instant::now() }
    }

    /// Stops what runs and enters raw mode.
    pub fn enter(&mut self, patience: Duration) -> Result<()> {
        self.deadline = Instant::now() + patience;
        self.send(&[b'\r', CTRL_C, CTRL_C, b'\r', CTRL_A])?;
        self.read_until(RAW_PROMPT).context("no raw REPL")?;
        Ok(())
    }

    /// Restarts the interpreter; raw mode stays.
    pub fn soft_reset(&mut self, patience: Duration) -> Result<()> {
        self.deadline = Instant::now() + patience;
        self.send(&[CTRL_D])?;
        self.read_until(b"soft reboot\r\n").context("no soft reset")?;
        self.read_until(RAW_PROMPT).context("no raw REPL after the soft reset")?;
        Ok(())
    }

    /// Leaves raw mode; returns the banner.
    pub fn leave(&mut self, patience: Duration) -> Result<String> {
        self.deadline = Instant::now() + patience;
        self.send(&[CTRL_B])?;
        let banner = self.read_until(b">>> ")?;
        Ok(String::from_utf8_lossy(&banner).into_owned())
    }

    /// Interrupts the running program.
    pub fn interrupt(&mut self) -> Result<()> {
        self.send(&[CTRL_C])
    }

    /// Sends a program and lets it begin.
    pub fn start(&mut self, source: &str, mode: Mode, patience: Duration) -> Result<()> {
        self.deadline = Instant::now() + patience;
        match mode {
            Mode::Raw => {
                self.send(source.as_bytes())?;
                self.send(&[CTRL_D])?;
                let answer = self.take(2).context("sending")?;
                if answer != b"OK" {
                    bail!("{:?} instead of OK", self.with_rest(answer));
                }
                Ok(())
            }
            Mode::RawPaste => self.paste(source),
        }
    }

    /// Waits for the end of a program that was started.
    pub fn finish(&mut self) -> Result<Output> {
        let out = self.read_until(&[CTRL_D]).context("the program does not end")?;
        let error = self.read_until(&[CTRL_D]).context("no end of the traceback")?;
        let prompt = self.take(1)?;
        if prompt != b">" {
            bail!("{:?} instead of the prompt", self.with_rest(prompt));
        }
        Ok(Output { out: text_before(&out, 1), error: text_before(&error, 1) })
    }

    /// The same, with new patience: after an interrupt, for example.
    pub fn finish_within(&mut self, patience: Duration) -> Result<Output> {
        self.deadline = Instant::now() + patience;
        self.finish()
    }

    /// Sends source text in raw-paste mode, never more than the board's windows allow.
    fn paste(&mut self, source: &str) -> Result<()> {
        self.send(b"\x05A\x01")?;
        let answer = self.take(2).context("no answer to raw-paste")?;
        if answer != b"R\x01" {
            bail!("{:?}: no raw-paste mode", self.with_rest(answer));
        }
        let window = self.take(2)?;
        let increment = usize::from(u16::from_le_bytes([window[0], window[1]]));
        let mut allowed = increment;
        let mut rest = source.as_bytes();
        while !rest.is_empty() {
            while allowed == 0 || !self.is_idle() {
                match self.take(1).context("no room to send")?[0] {
                    1 => allowed += increment,
                    CTRL_D => {
                        // The board has seen enough: there is an error in the source.
                        return self.send(&[CTRL_D]);
                    }
                    byte => bail!("{:?} instead of flow control", self.with_rest(vec![byte])),
                }
            }
            let (now, later) = rest.split_at(allowed.min(rest.len()));
            self.send(now)?;
            allowed -= now.len();
            rest = later;
        }
        self.send(&[CTRL_D])?;
        // Windows that were still on their way, then the acknowledgement.
        loop {
            match self.take(1).context("the paste is not acknowledged")?[0] {
                1 => {}
                CTRL_D => return Ok(()),
                byte => bail!("{:?} instead of the end", self.with_rest(vec![byte])),
            }
        }
    }

    fn send(&self, bytes: &[u8]) -> Result<()> {
        self.to_board.send(bytes.to_vec()).ok().context("the connection is closed")
    }

    /// Whether nothing has come that was not used yet.
    fn is_idle(&mut self) -> bool {
        self.pending.extend(self.from_board.try_iter().flatten());
        self.pending.is_empty()
    }

    /// Waits for more bytes.
    fn receive(&mut self) -> Result<()> {
        let patience = self.deadline.saturating_duration_since(Instant::now());
        match self.from_board.recv_timeout(patience) {
            Ok(bytes) => {
                self.pending.extend(bytes);
                Ok(())
            }
            Err(RecvTimeoutError::Timeout) => bail!("too late; so far {:?}", self.tail()),
            Err(RecvTimeoutError::Disconnected) => {
                bail!("the connection is closed; last came {:?}", self.tail())
            }
        }
    }

    /// Exactly `count` bytes.
    fn take(&mut self, count: usize) -> Result<Vec<u8>> {
        while self.pending.len() < count {
            self.receive()?;
        }
        Ok(self.pending.drain(..count).collect())
    }

    /// Everything up to and including `end`.
    fn read_until(&mut self, end: &[u8]) -> Result<Vec<u8>> {
        let mut searched = 0;
        loop {
            let found = self.pending[searched..].windows(end.len()).position(|w| w == end);
            if let Some(at) = found {
                return Ok(self.pending.drain(..searched + at + end.len()).collect());
            }
            searched = self.pending.len().saturating_sub(end.len() - 1);
            self.receive()?;
        }
    }

    /// The last of what came, for messages.
    fn tail(&self) -> String {
        let from = self.pending.len().saturating_sub(200);
        String::from_utf8_lossy(&self.pending[from..]).into_owned()
    }

    /// What came and whatever follows it soon, for messages.
    fn with_rest(&mut self, mut came: Vec<u8>) -> String {
        self.deadline = self.deadline.min(Instant::now() + Duration::from_millis(300));
        while self.pending.len() < 400 && self.receive().is_ok() {}
        came.append(&mut self.pending);
        String::from_utf8_lossy(&came).into_owned()
    }
}

/// The text without its last `marks` bytes.
fn text_before(bytes: &[u8], marks: usize) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len() - marks]).into_owned()
}

#[cfg(test)]
mod tests;
