//! What the tests share: a board with a folder of its own.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use octopy_hal::Board;
use octopy_virtual_board::{ExternalRam, Port, Setup, VirtualBoard};

/// Far longer than anything takes: reached only when a test fails.
pub const LONG: Duration = Duration::from_secs(60);

/// A folder for one test, removed afterwards.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new(test: &str) -> Self {
        let path = std::env::temp_dir().join(format!("octopy-board-{}-{test}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub fn board(&self, port: Port) -> VirtualBoard {
        let flash = self.path("flash");
        let external_ram = ExternalRam::Sound;
        VirtualBoard::new(&Setup { port, flash, fresh: false, external_ram }).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

/// Waits on the board until `condition` holds.
#[track_caller]
pub fn until(board: &mut VirtualBoard, mut condition: impl FnMut(&mut VirtualBoard) -> bool) {
    let start = Instant::now();
    while !condition(board) {
        assert!(start.elapsed() < LONG, "it never happened");
        let soon = board.micros() + 1_000_000;
        board.wait(Some(soon));
    }
}

/// Reads exactly `len` bytes from the console.
///
/// A wait ends when a byte arrives, not while one is there: everything is read before waiting.
pub fn input(board: &mut VirtualBoard, len: usize) -> Vec<u8> {
    let mut all = Vec::new();
    until(board, |board| {
        let mut buf = [0; 100];
        while board.console().is_readable() && all.len() < len {
            let want = buf.len().min(len - all.len());
            let n = board.console().read(&mut buf[..want]);
            all.extend_from_slice(&buf[..n]);
        }
        all.len() == len
    });
    all
}

pub fn path_of(board: &VirtualBoard) -> PathBuf {
    Path::new(board.address().unwrap()).to_owned()
}
