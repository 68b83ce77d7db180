//! `An505`: the board as the runtime sees it.

use crate::disk::RamDisk;
use crate::entropy::Entropy;
use crate::uart::{Diagnostics, Serial};
use crate::{event, memory, timer};
use core::cell::Cell;
use critical_section::Mutex;
use octopy_fs::LittleFs;
use octopy_hal::{Attention, Board, Console, FileSystem, Flash, Identity, Network};

/// What interrupts ask of the interpreter.
pub(crate) static ATTENTION: Attention = Attention::new();

static IDENTITY: Identity = Identity {
    platform: memory::PLATFORM,
    board: memory::NAME,
    mcu: memory::MCU,
    unique_id: *b"an505-in-qemu-00",
    frequency: memory::FREQUENCY,
};

/// The calendar minus the time since start-up, in nanoseconds.
static CALENDAR: Mutex<Cell<u64>> = Mutex::new(Cell::new(MILLENNIUM));

/// 2000-01-01 in nanoseconds from 1970: what a calendar shows that nobody has set.
const MILLENNIUM: u64 = 946_684_800_000_000_000;

/// The board's devices.
#[derive(Debug)]
pub struct An505 {
    console: Serial,
    diagnostics: Diagnostics,
    files: Option<LittleFs<RamDisk>>,
    entropy: Entropy,
}

impl An505 {
    /// Starts the devices. `None` if it has been called before: the devices exist once.
    pub fn start() -> Option<&'static mut Self> {
        let place = cortex_m::singleton!(: Option<An505> = None)?;
        timer::start();
        Some(place.insert(Self {
            console: Serial::start(),
            diagnostics: Diagnostics::start(),
            files: memory::disk().map(mounted),
            entropy: Entropy::default(),
        }))
    }
}

impl Board for An505 {
    fn identity(&self) -> &'static Identity {
        &IDENTITY
    }

    fn attention(&self) -> &'static Attention {
        &ATTENTION
    }

    fn console(&mut self) -> &mut dyn Console {
        &mut self.console
    }

    fn diagnostics(&mut self) -> Option<&mut dyn Console> {
        Some(&mut self.diagnostics)
    }

    fn flash(&mut self) -> Option<&mut dyn Flash> {
        self.files.as_mut().map(|files| files.flash() as &mut dyn Flash)
    }

    fn files(&mut self) -> Option<&mut dyn FileSystem> {
        let files = self.files.as_mut().filter(|files| files.is_mounted());
        files.map(|files| files as &mut dyn FileSystem)
    }

    fn network(&mut self) -> Option<&mut dyn Network> {
        None
    }

    fn micros(&mut self) -> u64 {
        timer::micros()
    }

    fn unix_nanos(&mut self) -> u64 {
        unix_nanos()
    }

    fn set_unix_nanos(&mut self, nanos: u64) -> bool {
        let calendar = nanos.wrapping_sub(timer::micros().wrapping_mul(1000));
        critical_section::with(|cs| CALENDAR.borrow(cs).set(calendar));
        true
    }

    fn entropy(&mut self, buf: &mut [u8]) {
        self.entropy.fill(buf);
    }

    fn wait(&mut self, deadline: Option<u64>) {
        if ATTENTION.is_pending() {
            return;
        }
        match deadline {
            None => event::sleep(),
            Some(deadline) => {
                let now = timer::micros();
                if now < deadline {
                    timer::set_alarm(deadline - now);
                    event::sleep();
                    timer::stop_alarm();
                }
            }
        }
    }

    fn reset(&mut self) {
        cortex_m::peripheral::SCB::sys_reset()
    }
}

/// Nanoseconds since 1970, or since start-up until somebody sets the calendar.
fn unix_nanos() -> u64 {
    let calendar = critical_section::with(|cs| CALENDAR.borrow(cs).get());
    timer::micros().wrapping_mul(1000).wrapping_add(calendar)
}

/// The file system on the disk. New memory gets one; what is on a broken disk stays untouched and
/// the board runs without files.
fn mounted(memory: &'static mut [u8]) -> LittleFs<RamDisk> {
    let disk = RamDisk::new(memory);
    let is_new = disk.is_new();
    let mut files = LittleFs::new(disk);
    files.set_clock(unix_nanos);
    // An error leaves it unmounted, which `files` looks at.
    let _ = if is_new { files.format() } else { files.mount_or_format() };
    files
}
