//! QEMU as a child process that never outlives us.

use anyhow::{Context, Result, bail};
use octopy_board_description::Description;
use std::ffi::OsString;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// How QEMU is to run a firmware.
#[derive(Debug, Clone)]
pub struct Qemu {
    machine: String,
    elf: PathBuf,
    /// QEMU's name for what the console is connected to.
    pub serial: String,
    /// What the firmware finds on its semihosting command line.
    pub append: String,
    /// Further arguments.
    pub extra: Vec<OsString>,
}

impl Qemu {
    /// The board's machine with a firmware, its console on our standard input and output.
    pub fn new(board: &Description, elf: &Path) -> Result<Self> {
        let Some(qemu) = &board.qemu else { bail!("{} is not emulated", board.board.name) };
        Ok(Self {
            machine: qemu.machine.clone(),
            elf: elf.to_owned(),
            serial: "stdio".into(),
            append: String::new(),
            extra: Vec::new(),
        })
    }

    /// The command line.
    pub fn command(&self) -> Command {
        let mut command = Command::new("qemu-system-arm");
        command.args(["-machine", &self.machine, "-display", "none", "-monitor", "none"]);
        command.args(["-semihosting-config", "enable=on,target=native"]);
        command.args(["-serial", &self.serial]);
        command.arg("-kernel").arg(&self.elf);
        if !self.append.is_empty() {
            command.args(["-append", &self.append]);
        }
        command.args(&self.extra);
        command
    }

    /// Starts it with its console on a new connection.
    pub fn connect(&self) -> Result<(Running, TcpStream)> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        let mut qemu = self.clone();
        qemu.serial = format!("tcp:127.0.0.1:{port},nodelay=on");
        let mut running = Running::spawn(qemu.command().stdin(Stdio::null()))?;
        listener.set_nonblocking(true)?;
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            match listener.accept() {
                Ok((stream, _)) => {
                    stream.set_nonblocking(false)?;
                    stream.set_nodelay(true)?;
                    return Ok((running, stream));
                }
                Err(e) if e.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(e) => return Err(e.into()),
            }
            if let Some(status) = running.ended()? {
                bail!("QEMU ended at once: {status}");
            }
            if Instant::now() > deadline {
                bail!("QEMU did not connect its console");
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// A running QEMU; dropping it ends it.
#[derive(Debug)]
pub struct Running(Child);

impl Running {
    /// Starts a prepared command.
    pub fn spawn(command: &mut Command) -> Result<Self> {
        let child = command
            .spawn()
            .context("qemu-system-arm does not start (Debian: apt-get install qemu-system-arm)")?;
        Ok(Self(child))
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.0.id()
    }

    /// Its exit status if it has ended.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.0.try_wait()?)
    }

    /// Waits for its end.
    pub fn wait(&mut self) -> Result<ExitStatus> {
        Ok(self.0.wait()?)
    }

    /// Waits for its end, but not longer than `patience`.
    pub fn wait_for(&mut self, patience: Duration) -> Result<Option<ExitStatus>> {
        let deadline = Instant::now() + patience;
        loop {
            match self.ended()? {
                Some(status) => return Ok(Some(status)),
                None if Instant::now() > deadline => return Ok(None),
                None => std::thread::sleep(Duration::from_millis(5)),
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to do.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
