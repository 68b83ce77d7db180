//! `An505`: the board as the runtime sees it.

use crate::disk::RamDisk;
use crate::entropy::Entropy;
use crate::uart::{Diagnostics, Serial};
use crate::{event, memory, timer};
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

/// The board's devices.
pub struct An505 {
    console: Serial,
    diagnostics: Diagnostics,
    disk: Option<RamDisk>,
    files: Option<LittleFs<RamDisk>>,
    entropy: Entropy,
    /// The calendar minus the time since start-up, in nanoseconds.
    calendar: u64,
}

impl An505 {
    /// Starts the devices. `None` if it has been called before: the devices exist once.
    pub fn start() -> Option<Self> {
        cortex_m::Peripherals::take()?;
        memory::start_arena();
        timer::start();
        let disk = memory::disk().map(RamDisk::new);
        Some(Self {
            console: Serial::start(),
            diagnostics: Diagnostics::start(),
            files: disk.clone().and_then(mounted),
            disk,
            entropy: Entropy::default(),
            calendar: 0,
        })
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
        self.disk.as_mut().map(|disk| disk as &mut dyn Flash)
    }

    fn files(&mut self) -> Option<&mut dyn FileSystem> {
        self.files.as_mut().map(|files| files as &mut dyn FileSystem)
    }

    fn network(&mut self) -> Option<&mut dyn Network> {
        None
    }

    fn micros(&mut self) -> u64 {
        timer::micros()
    }

    fn unix_nanos(&mut self) -> u64 {
        timer::micros().wrapping_mul(1000).wrapping_add(self.calendar)
    }

    fn set_unix_nanos(&mut self, nanos: u64) -> bool {
        self.calendar = nanos.wrapping_sub(timer::micros().wrapping_mul(1000));
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

/// The file system on the disk. New memory gets one; what is on a broken disk stays untouched and
/// the board runs without files.
fn mounted(disk: RamDisk) -> Option<LittleFs<RamDisk>> {
    let is_new = disk.is_new();
    let mut files = LittleFs::new(disk);
    let done = if is_new { files.format() } else { files.mount_or_format() };
    done.ok()?;
    Some(files)
}
