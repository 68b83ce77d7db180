//! A board that records what it is told, with files in memory: one run is like the next.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use octopy_fs::{LittleFs, RamFlash};
use octopy_hal::{Attention, Board, Console, FileSystem, Flash, Identity, Network};

static IDENTITY: Identity =
    Identity { platform: "linux", board: "none", mcu: "", unique_id: [7; 16], frequency: 0 };

/// Blocks of the flash, and the bytes of one.
const FLASH: (u32, u32) = (64, 4096);

/// More than this is not kept of an output.
const MOST_OUTPUT: usize = 1 << 20;

/// What was written to one console.
#[derive(Debug, Clone, Default)]
pub struct Record(Arc<Mutex<Vec<u8>>>);

impl Record {
    /// Takes what was written.
    pub fn take(&self) -> String {
        let bytes = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Console for Record {
    fn read(&mut self, _buf: &mut [u8]) -> usize {
        0
    }

    fn is_readable(&mut self) -> bool {
        false
    }

    fn write(&mut self, bytes: &[u8]) {
        let mut text = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = MOST_OUTPUT - text.len();
        text.extend(bytes.iter().take(room));
    }

    fn receive_capacity(&self) -> usize {
        0
    }

    fn is_closed(&mut self) -> bool {
        true
    }
}

/// The board: its clock goes on only when somebody looks at it or waits.
pub struct Recorder {
    attention: &'static Attention,
    output: Record,
    errors: Record,
    files: LittleFs<RamFlash>,
    micros: u64,
}

/// A flash that nothing has been written to but a directory `/flash`.
fn fresh_flash() -> RamFlash {
    static FRESH: OnceLock<RamFlash> = OnceLock::new();
    let fresh = FRESH.get_or_init(|| {
        let (blocks, size) = FLASH;
        let mut files = LittleFs::new(RamFlash::new(blocks, size, 16));
        files.format().expect("a flash can be formatted");
        files.mkdir("/flash").expect("there is room");
        files.into_flash()
    });
    fresh.clone()
}

impl Recorder {
    /// A board, and what it records: output and errors. Its reset makes everything as it was at
    /// first, files and clock included.
    pub fn new() -> (Self, Record, Record) {
        let (output, errors) = (Record::default(), Record::default());
        let mut board = Self {
            attention: Box::leak(Box::default()),
            output: output.clone(),
            errors: errors.clone(),
            files: LittleFs::new(fresh_flash()),
            micros: 0,
        };
        board.reset();
        (board, output, errors)
    }
}

impl Board for Recorder {
    fn identity(&self) -> &'static Identity {
        &IDENTITY
    }

    fn attention(&self) -> &'static Attention {
        self.attention
    }

    fn console(&mut self) -> &mut dyn Console {
        &mut self.output
    }

    fn error_console(&mut self) -> &mut dyn Console {
        &mut self.errors
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
        None
    }

    fn micros(&mut self) -> u64 {
        self.micros += 10;
        self.micros
    }

    fn unix_nanos(&mut self) -> u64 {
        1_700_000_000_000_000_000 + self.micros() * 1_000
    }

    fn set_unix_nanos(&mut self, _nanos: u64) -> bool {
        false
    }

    fn entropy(&mut self, buf: &mut [u8]) {
        buf.fill(7)
    }

    fn wait(&mut self, deadline: Option<u64>) {
        match deadline {
            Some(deadline) => self.micros = self.micros.max(deadline),
            // Nothing would ever happen.
            None => self.attention.raise_interrupt(),
        }
    }

    fn reset(&mut self) {
        self.files = LittleFs::new(fresh_flash());
        self.files.mount().expect("what was formatted can be mounted");
        self.attention.take_interrupt();
        self.attention.take_service();
        self.micros = 0;
    }
}
