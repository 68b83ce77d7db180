//! `AbsentBoard`: stands in for the board while a program is read from it.

use octopy_hal::{Attention, Board, Console, FileSystem, Flash, Identity, Network};

/// A board without devices.
pub(crate) struct AbsentBoard(pub(crate) &'static Attention);

static IDENTITY: Identity =
    Identity { platform: "none", board: "none", mcu: "", unique_id: [0; 16], frequency: 0 };

impl Console for AbsentBoard {
    fn read(&mut self, _buf: &mut [u8]) -> usize {
        0
    }

    fn is_readable(&mut self) -> bool {
        false
    }

    fn write(&mut self, _bytes: &[u8]) {}

    fn receive_capacity(&self) -> usize {
        0
    }
}

impl Board for AbsentBoard {
    fn identity(&self) -> &'static Identity {
        &IDENTITY
    }

    fn attention(&self) -> &'static Attention {
        self.0
    }

    fn console(&mut self) -> &mut dyn Console {
        self
    }

    fn diagnostics(&mut self) -> Option<&mut dyn Console> {
        None
    }

    fn flash(&mut self) -> Option<&mut dyn Flash> {
        None
    }

    fn files(&mut self) -> Option<&mut dyn FileSystem> {
        None
    }

    fn network(&mut self) -> Option<&mut dyn Network> {
        None
    }

    fn micros(&mut self) -> u64 {
        0
    }

    fn unix_nanos(&mut self) -> u64 {
        0
    }

    fn set_unix_nanos(&mut self, _nanos: u64) -> bool {
        false
    }

    fn entropy(&mut self, _buf: &mut [u8]) {}

    fn wait(&mut self, _deadline: Option<u64>) {}

    fn reset(&mut self) {}
}
