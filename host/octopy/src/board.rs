//! `octopy board`: the virtual VK-RA6M5.

use std::io::IsTerminal;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::thread;

use anyhow::{Error, Result};
use clap::{Args, Parser};
use octopy_hal::Board;
use octopy_heap_view::Server;
use octopy_runtime::{Config, HeapConfig, RegionSpec};
use octopy_virtual_board::{Description, ExternalRam, Port, Setup, VirtualBoard, cleanup};

use crate::data_folder::data_folder;
use crate::machine::{self, on_big_stack, region_spec};
use crate::output::print;
use crate::signals;
use crate::watch::Watch;

/// Starts a virtual VK-RA6M5 with its REPL in this terminal (Ctrl-] or Ctrl-X leaves).
#[derive(Debug, Clone, PartialEq, Eq, Parser)]
#[command(name = "octopy board", bin_name = "octopy board")]
pub struct BoardOptions {
    #[command(flatten)]
    port: PortOptions,
    /// The file that is the board's flash; it is made if it does not exist.
    #[arg(long, value_name = "FILE")]
    flash: Option<PathBuf>,
    /// Erase the flash first.
    #[arg(long)]
    fresh: bool,
    /// Simulate another external RAM: absent, stuck (a data line), or a chip of SIZE bytes (4m).
    #[arg(long, value_name = "absent|stuck|SIZE", value_parser = ExternalRam::from_str)]
    external_ram: Option<ExternalRam>,
    /// Show the heap as a page on this PC, at a port of your choice.
    #[arg(long, value_name = "PORT", num_args = 0..=1, default_missing_value = "7766")]
    watch: Option<u16>,
}

#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[group(multiple = false)]
struct PortOptions {
    /// Offer the serial console as a pseudo-terminal for host tools, at LINK if given.
    #[arg(long, value_name = "LINK", num_args = 0..=1)]
    #[expect(clippy::option_option, reason = "the form that clap reads as an optional value")]
    pty: Option<Option<PathBuf>>,
    /// Offer the serial console as a TCP socket on this PC.
    #[arg(long, value_name = "127.0.0.1:PORT", value_parser = TcpPort::from_str)]
    tcp: Option<TcpPort>,
}

/// Where to listen. Only on this PC: whoever connects can run anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct TcpPort(SocketAddr);

impl FromStr for TcpPort {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let here = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let address = match text.parse() {
            Ok(port) => here(port),
            Err(_) => match text.strip_prefix("localhost:").map(str::parse) {
                Some(Ok(port)) => here(port),
                _ => text.parse().map_err(|_| "give it as 127.0.0.1:PORT".to_owned())?,
            },
        };
        if !address.ip().is_loopback() {
            return Err("the console has no password; it is offered on 127.0.0.1 only".to_owned());
        }
        Ok(Self(address))
    }
}

impl BoardOptions {
    /// What to build the board from.
    pub fn setup(self) -> Result<Setup> {
        let port = match self.port {
            PortOptions { pty: Some(link), .. } => Port::Pty(link),
            PortOptions { tcp: Some(TcpPort(address)), .. } => Port::Tcp(address),
            PortOptions { pty: None, tcp: None } => Port::Terminal,
        };
        let flash = match self.flash {
            Some(flash) => flash,
            None => data_folder()?.join("vk-ra6m5.flash"),
        };
        let external_ram = self.external_ram.unwrap_or_default();
        Ok(Setup { port, flash, fresh: self.fresh, external_ram })
    }

    /// Runs the board until its console closes or somebody ends it.
    pub fn run(self) -> Result<()> {
        let watch = self.watch;
        let setup = self.setup()?;
        signals::end_on(&[signals::SIGINT, signals::SIGTERM, signals::SIGHUP])?;
        on_big_stack(|| {
            let board = Box::leak(Box::new(VirtualBoard::new(&setup)?));
            announce(board, &setup.port);
            let observer = watch.map(|port| watched(board, port)).transpose()?;
            let description = board.description();
            let all = &description.regions;
            let usable = all
                .iter()
                .map(|region| RegionSpec { size: board.usable(region), ..region_spec(region) });
            let missing: Vec<(&'static str, u32)> = usable
                .clone()
                .zip(all)
                .map(|(usable, region)| (usable.name, region.size - usable.size))
                .collect();
            let regions: Vec<_> = usable.filter(|region| region.size > 0).collect();
            let heap = heap_config(description, &regions)?;
            let config = config(description)?;
            let mut runtime = machine::runtime(&heap, board, config)?;
            for (name, bytes) in missing {
                if bytes > 0 {
                    runtime.vm().heap.note_missing(name, bytes);
                }
            }
            if let Some(observer) = observer {
                runtime.vm().observer = Some(observer);
            }
            runtime.run_board();
            Ok(())
        })?;
        cleanup::run();
        Ok(())
    }
}

/// Starts the page about a board, and says where it is.
fn watched(board: &VirtualBoard, port: u16) -> Result<&'static Watch> {
    let watch: &'static Watch = Box::leak(Box::new(Watch::new(board.attention(), board.waker())));
    let server = Server::open(port, &format!("a virtual {}", board.identity().board))?;
    eprintln!("The heap is shown at {}", server.url());
    thread::Builder::new().name("watch".into()).spawn(move || server.run(watch))?;
    Ok(watch)
}

/// The heap that `board.toml` describes, as on the chip.
fn heap_config<'r>(board: &Description, regions: &'r [RegionSpec]) -> Result<HeapConfig<'r>> {
    let (ram, top) = board.ram().map_err(Error::msg)?;
    Ok(HeapConfig {
        stack_base: top - board.stacks(),
        stack_size: ram.value_stack,
        roots: board.heap.roots,
        mark_stack: board.heap.mark_stack,
        trail: board.heap.trail,
        regions,
        large_object: board.heap.large_object,
    })
}

/// As on the chip: 32-bit floats, and the nesting that its stack has room for.
fn config(board: &Description) -> Result<Config> {
    let (ram, _) = board.ram().map_err(Error::msg)?;
    let native_depth = ram.native_depth;
    Ok(Config { single_floats: true, is_board: true, native_depth })
}

/// Says where the console is. The first line is the address alone: tools read it, and some read
/// no further, which is no reason to stop.
fn announce(board: &VirtualBoard, port: &Port) {
    let mut text = String::new();
    if let Some(address) = board.address() {
        text = format!("{address}\n");
    } else if std::io::stdin().is_terminal() {
        eprintln!("Ctrl-] or Ctrl-X leaves the board.");
    }
    if let Port::Pty(Some(link)) = port {
        text = format!("{text}{}\n", link.display());
    }
    print(&text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use octopy_heap::{Heap, Kind, Place, RegionClass};

    fn parse(line: &str) -> Result<Setup, String> {
        let options = BoardOptions::try_parse_from(line.split(' '));
        options.map_err(|error| error.to_string())?.setup().map_err(|error| error.to_string())
    }

    fn tcp(address: &str) -> Port {
        Port::Tcp(address.parse().unwrap())
    }

    #[test]
    fn ports() {
        for (line, port) in [
            ("board --flash f", Port::Terminal),
            ("board --flash f --pty", Port::Pty(None)),
            ("board --pty --flash f", Port::Pty(None)),
            ("board --pty /tmp/vk --flash f", Port::Pty(Some("/tmp/vk".into()))),
            ("board --pty=vk --flash f", Port::Pty(Some("vk".into()))),
            ("board --flash f --tcp 127.0.0.1:7000", tcp("127.0.0.1:7000")),
            ("board --flash f --tcp 7000", tcp("127.0.0.1:7000")),
            ("board --flash f --tcp localhost:0", tcp("127.0.0.1:0")),
            ("board --flash f --tcp [::1]:7000", tcp("[::1]:7000")),
        ] {
            let external_ram = ExternalRam::Sound;
            let expect = Setup { port, flash: "f".into(), fresh: false, external_ram };
            assert_eq!(parse(line), Ok(expect), "{line}");
        }
    }

    #[test]
    fn the_flash_has_a_default_place() {
        let setup = parse("board --fresh").unwrap();
        assert!(setup.fresh && setup.flash.ends_with("octopy/vk-ra6m5.flash"), "{setup:?}");
    }

    #[test]
    fn the_external_ram_can_be_another() {
        let ram = |line: &str| parse(line).map(|setup| setup.external_ram);
        assert_eq!(ram("board --flash f --external-ram absent"), Ok(ExternalRam::Absent));
        assert_eq!(ram("board --flash f --external-ram 4m"), Ok(ExternalRam::OfSize(4 << 20)));
    }

    #[test]
    fn what_is_pinned_is_in_memory_that_can_do_dma() {
        for text in [
            include_str!("../../../boards/vk-ra6m5/board.toml"),
            include_str!("../../../boards/mps2-an505/board.toml"),
        ] {
            let description = Description::parse(text).unwrap();
            let mut regions: Vec<_> = description.regions.iter().map(region_spec).collect();
            assert_eq!([regions[0].dma, regions[1].dma], [true, false]);
            let mut heap = Heap::host(&heap_config(&description, &regions).unwrap()).unwrap();
            let outside = heap.alloc_placed(Kind::Buffer, 5000, RegionClass::Large).unwrap();
            let address = |heap: &Heap| heap.get(outside).bits();
            assert!(address(&heap) >= regions[1].base);
            let pin = heap.pin(outside).unwrap();
            let within = address(&heap) - regions[0].base;
            assert!(within < regions[0].size && pin.bytes().len() == 20_000);
            // Too large for such memory: it is said which.
            let large = heap.alloc(Kind::Buffer, 100_000).unwrap();
            assert!(heap.pin(large).is_err() && heap.get(large).bits() >= regions[1].base);
            assert_eq!(heap.shortage().place, Place::Region(0));
            // A board without such memory.
            regions[0].dma = false;
            let mut heap = Heap::host(&heap_config(&description, &regions).unwrap()).unwrap();
            let buffer = heap.alloc(Kind::Buffer, 10).unwrap();
            assert!(heap.pin(buffer).is_err());
            assert_eq!(heap.shortage().place, Place::Dma);
        }
    }

    #[test]
    fn the_page_has_a_port() {
        let port = |line: &str| {
            BoardOptions::try_parse_from(line.split(' ')).map(|options| options.watch).unwrap()
        };
        assert_eq!(port("board"), None);
        assert_eq!(port("board --watch --pty"), Some(7766));
        assert_eq!(port("board --watch 0 --tcp 7000"), Some(0));
    }

    #[test]
    fn mistakes() {
        for (line, expect) in [
            ("board --pty --tcp 7000", "cannot be used with"),
            ("board --tcp 0.0.0.0:7000", "offered on 127.0.0.1 only"),
            ("board --tcp 70000", "give it as 127.0.0.1:PORT"),
            ("board --tcp", "a value is required"),
            ("board --external-ram 3m", "a power of two, such as 4m"),
            ("board --watch 70000", "invalid value '70000'"),
            ("board --watch 0.0.0.0:80", "invalid value '0.0.0.0:80'"),
            ("board main.py", "unexpected argument"),
            ("board --flsh f", "unexpected argument"),
        ] {
            let error = parse(line).unwrap_err();
            assert!(error.contains(expect), "{line}: {error}");
        }
    }
}
