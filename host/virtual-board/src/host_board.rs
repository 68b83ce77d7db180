//! `HostBoard`: the PC itself as a board, for running scripts.

use std::io::{self, Write};
use std::os::fd::AsFd;
use std::sync::Arc;
use std::thread;

use anyhow::{Context, Result};
use octopy_hal::{Attention, Board, Console, Environment, FileSystem, Flash, Identity, Network};
use rustix::event::PollFlags;
use rustix::stdio::stdin;
use signal_hook::consts::SIGINT;
use signal_hook::iterator::Signals;

use crate::clock::Clock;
use crate::console::{ErrorConsole, Link, StdioConsole};
use crate::host_environment::HostEnvironment;
use crate::host_files::HostFiles;
use crate::host_network::{HostNetwork, Reach};
use crate::waker::Waker;

static IDENTITY: Identity = Identity {
    platform: if cfg!(target_os = "macos") { "darwin" } else { std::env::consts::OS },
    board: if cfg!(target_os = "macos") { "darwin" } else { std::env::consts::OS },
    mcu: "",
    unique_id: *b"octopy on the PC",
    frequency: 0,
};

/// The PC's terminal, files, clock and sockets.
#[derive(Debug)]
pub struct HostBoard {
    attention: &'static Attention,
    waker: Arc<Waker>,
    console: StdioConsole,
    errors: ErrorConsole,
    files: HostFiles,
    environment: HostEnvironment,
    network: HostNetwork,
    clock: Clock,
}

impl HostBoard {
    /// Takes SIGINT (Ctrl-C) over; it becomes a KeyboardInterrupt.
    pub fn new() -> Result<Self> {
        let attention: &'static Attention = Box::leak(Box::default());
        let waker = Arc::new(Waker::new()?);
        let link = Link { attention, waker: Arc::clone(&waker), receive_capacity: 4096 };
        let mut signals = Signals::new([SIGINT]).context("cannot watch for Ctrl-C")?;
        thread::Builder::new().name("signals".into()).spawn({
            let waker = Arc::clone(&waker);
            move || {
                for _ in signals.forever() {
                    attention.raise_interrupt();
                    waker.signal();
                }
            }
        })?;
        Ok(Self {
            attention,
            console: StdioConsole::new(link.clone()),
            errors: ErrorConsole::new(link),
            files: HostFiles::new(),
            environment: HostEnvironment::default(),
            network: HostNetwork::new(Reach::Everywhere, [0; 6], Arc::clone(&waker)),
            waker,
            clock: Clock::new(),
        })
    }
}

impl Board for HostBoard {
    fn identity(&self) -> &'static Identity {
        &IDENTITY
    }

    fn attention(&self) -> &'static Attention {
        self.attention
    }

    fn console(&mut self) -> &mut dyn Console {
        &mut self.console
    }

    fn error_console(&mut self) -> &mut dyn Console {
        // A raw terminal shows one stream; standard error would come out as stairs there.
        if self.console.is_interactive() { &mut self.console } else { &mut self.errors }
    }

    fn environment(&mut self) -> Option<&mut dyn Environment> {
        Some(&mut self.environment)
    }

    fn diagnostics(&mut self) -> Option<&mut dyn Console> {
        None
    }

    fn flash(&mut self) -> Option<&mut dyn Flash> {
        None
    }

    fn files(&mut self) -> Option<&mut dyn FileSystem> {
        Some(&mut self.files)
    }

    fn network(&mut self) -> Option<&mut dyn Network> {
        Some(&mut self.network)
    }

    fn micros(&mut self) -> u64 {
        self.clock.micros()
    }

    fn unix_nanos(&mut self) -> u64 {
        self.clock.unix_nanos()
    }

    fn set_unix_nanos(&mut self, _: u64) -> bool {
        false
    }

    fn entropy(&mut self, buf: &mut [u8]) {
        // Fails only where the PC has no entropy at all; seeds are then constant.
        let _ = getrandom::fill(buf);
    }

    fn wait(&mut self, deadline: Option<u64>) {
        let _ = io::stdout().flush();
        if self.attention.is_pending() {
            return;
        }
        let timeout = deadline.map(|deadline| self.clock.until(deadline));
        let mut wanted = self.network.take_wanted();
        let input = stdin();
        if self.console.take_wanted() {
            wanted.push((input.as_fd(), PollFlags::IN));
        }
        self.waker.wait(&wanted, timeout);
    }

    fn reset(&mut self) {}
}
