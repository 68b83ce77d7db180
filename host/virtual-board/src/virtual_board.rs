//! `VirtualBoard`: the VK-RA6M5 on a PC.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use octopy_board_description::{Class, Description, Region};
use octopy_fs::{LittleFs, MountError};
use octopy_hal::{Attention, Board, Console, FileSystem, Flash, Identity, Network};
use rustix::event::PollFlags;

use crate::clock::Clock;
use crate::console::{ErrorConsole, Feed, Link, PtyConsole, Style, TcpConsole, TerminalConsole};
use crate::external_ram::ExternalRam;
use crate::flash_image::{FlashImage, FlashShape};
use crate::host_network::{HostNetwork, Reach};
use crate::waker::Waker;

const VK_RA6M5: &str = include_str!("../../../boards/vk-ra6m5/board.toml");

/// Where the serial console comes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Port {
    /// The terminal that the command was started from.
    Terminal,
    /// A pseudo-terminal, optionally with a stable name that links to it.
    Pty(Option<PathBuf>),
    /// A TCP socket.
    Tcp(SocketAddr),
}

/// What a virtual board is started with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setup {
    /// The console.
    pub port: Port,
    /// The flash image.
    pub flash: PathBuf,
    /// Erases the flash first.
    pub fresh: bool,
    /// How the external RAM behaves.
    pub external_ram: ExternalRam,
}

/// A VK-RA6M5 whose devices are the PC's.
pub struct VirtualBoard {
    description: Description,
    external_ram: ExternalRam,
    identity: &'static Identity,
    attention: &'static Attention,
    waker: Arc<Waker>,
    console: Box<dyn Console>,
    feed: Option<Arc<Feed>>,
    address: Option<String>,
    diagnostics: Option<ErrorConsole>,
    files: LittleFs<FlashImage>,
    network: HostNetwork,
    clock: Clock,
}

impl VirtualBoard {
    /// Powers a board on. A blank flash gets a file system; a broken one is left as it is.
    pub fn new(setup: &Setup) -> Result<Self> {
        let description = description()?;
        let identity: &'static Identity = Box::leak(Box::new(Identity {
            platform: leak(&description.board.platform),
            board: leak(&description.board.name),
            mcu: leak(&description.board.mcu),
            unique_id: *b"virtual VK-RA6M5",
            frequency: description.board.frequency,
        }));
        let attention: &'static Attention = Box::leak(Box::default());
        let waker = Arc::new(Waker::new()?);
        let link = Link {
            attention,
            waker: Arc::clone(&waker),
            receive_capacity: usize::try_from(description.console.receive_capacity)?,
        };
        let shape = FlashShape {
            size: description.flash.size,
            erase_size: description.flash.erase_size,
            program_size: description.flash.program_size,
        };
        let flash = FlashImage::open(&setup.flash, shape, setup.fresh)?;
        let files = mounted(flash)?;
        let network = HostNetwork::new(Reach::Loopback, mac(&description)?, Arc::clone(&waker));
        let Opened { console, feed, address, diagnostics } = open(&setup.port, &link)?;
        let clock = Clock::new();
        Ok(Self {
            description,
            external_ram: setup.external_ram,
            identity,
            attention,
            waker,
            console,
            feed,
            address,
            diagnostics,
            files,
            network,
            clock,
        })
    }

    /// What the board is.
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// How many bytes of a region answer.
    pub fn usable(&self, region: &Region) -> u32 {
        match region.class {
            Class::Fast => region.size,
            Class::Large => self.external_ram.usable(region.size),
        }
    }

    /// What ends the board's wait, for threads that want something of it.
    pub fn waker(&self) -> Arc<Waker> {
        Arc::clone(&self.waker)
    }

    /// Where host tools find the console: a device path or an address; `None` in a terminal.
    pub fn address(&self) -> Option<&str> {
        self.address.as_deref()
    }
}

impl Board for VirtualBoard {
    fn identity(&self) -> &'static Identity {
        self.identity
    }

    fn attention(&self) -> &'static Attention {
        self.attention
    }

    fn console(&mut self) -> &mut dyn Console {
        &mut *self.console
    }

    fn diagnostics(&mut self) -> Option<&mut dyn Console> {
        self.diagnostics.as_mut().map(|console| console as &mut dyn Console)
    }

    fn flash(&mut self) -> Option<&mut dyn Flash> {
        Some(self.files.flash())
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

    fn set_unix_nanos(&mut self, nanos: u64) -> bool {
        self.clock.set_unix_nanos(nanos);
        true
    }

    fn entropy(&mut self, buf: &mut [u8]) {
        // Fails only where the PC has no entropy at all; seeds are then constant.
        let _ = getrandom::fill(buf);
    }

    fn wait(&mut self, deadline: Option<u64>) {
        if self.attention.is_pending() {
            return;
        }
        let timeout = deadline.map(|deadline| self.clock.until(deadline));
        let mut wanted = self.network.take_wanted();
        wanted.extend(
            self.feed.as_ref().and_then(|feed| feed.attend()).map(|fd| (fd, PollFlags::IN)),
        );
        self.waker.wait(&wanted, timeout);
        if let Some(feed) = &self.feed {
            feed.leave();
        }
    }

    fn reset(&mut self) {
        // A PC process has no reset line: the devices forget, and the runtime starts over.
        self.network.close_all();
        let _ = self.network.set_active(false);
        self.files.close_all();
    }
}

fn description() -> Result<Description> {
    Description::parse(VK_RA6M5).map_err(|error| anyhow!("boards/vk-ra6m5/board.toml: {error}"))
}

/// The hardware address as bytes.
fn mac(description: &Description) -> Result<[u8; 6]> {
    let text = &description.network.as_ref().context("this board has no network")?.mac;
    let bytes: Result<Vec<u8>, _> =
        text.split(':').map(|byte| u8::from_str_radix(byte, 16)).collect();
    bytes.ok().and_then(|bytes| bytes.try_into().ok()).with_context(|| format!("{text}: not a mac"))
}

/// The file system on `flash`, made if the flash is blank.
fn mounted(flash: FlashImage) -> Result<LittleFs<FlashImage>> {
    let name = flash.path().display().to_string();
    let mut files = LittleFs::new(flash);
    files.set_clock(Clock::calendar);
    match files.mount_or_format() {
        Ok(()) => Ok(files),
        Err(MountError::Broken) => bail!(
            "the flash image {name} does not hold a sound file system; \
             --fresh erases it, --flash FILE takes another one"
        ),
        Err(error) => bail!("cannot mount the flash image {name}: {error:?}"),
    }
}

/// A console, with what goes with it.
struct Opened {
    console: Box<dyn Console>,
    feed: Option<Arc<Feed>>,
    address: Option<String>,
    /// Standard error, where it is not the console's screen.
    diagnostics: Option<ErrorConsole>,
}

fn open(port: &Port, link: &Link) -> Result<Opened> {
    let diagnostics = Some(ErrorConsole::new(link.clone()));
    Ok(match port {
        Port::Terminal => {
            let console = TerminalConsole::open(link.clone(), Style::Board)
                .context("cannot use this terminal")?;
            Opened { console: Box::new(console), feed: None, address: None, diagnostics: None }
        }
        Port::Pty(name) => {
            let console = PtyConsole::open(link.clone(), name.as_deref())?;
            let (feed, address) =
                (Some(console.feed()), Some(console.path().display().to_string()));
            Opened { console: Box::new(console), feed, address, diagnostics }
        }
        Port::Tcp(address) => {
            let console = TcpConsole::open(link.clone(), *address)?;
            let address = Some(console.address().to_string());
            Opened { console: Box::new(console), feed: None, address, diagnostics }
        }
    })
}

fn leak(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_board_has_its_two_memories() {
        let board = description().unwrap();
        let [sram, ospi] = &board.regions[..] else { panic!("{:?}", board.regions) };
        assert_eq!((sram.class, ospi.class), (Class::Fast, Class::Large));
        assert!(sram.size >= 315_392, "less heap than users have today");
        assert!(sram.base >= 0x2000_0000 && sram.base + sram.size <= 0x2008_0000);
        assert_eq!((ospi.base, ospi.size), (0x6800_0000, 8 << 20));
        assert_eq!((board.flash.size, board.console.receive_capacity), (16 << 20, 512));
        let (ram, top) = board.ram().unwrap();
        assert_eq!((top, ram.base + ram.size - sram.size), (sram.base, sram.base));
        assert_eq!(mac(&board).unwrap()[0] & 3, 2, "locally administered, not multicast");
    }
}
