//! `Board`: one board, as the runtime sees it.

use crate::{Attention, Console, Environment, FileSystem, Flash, Network};

/// What a board is called, for banners, `sys.platform` and `os.uname()`.
#[derive(Debug, Clone, Copy)]
pub struct Identity {
    /// `sys.platform`, for example `renesas-ra` or `linux`.
    pub platform: &'static str,
    /// The board's name in the banner, for example `VK-RA6M5`.
    pub board: &'static str,
    /// The chip's name in the banner, for example `RA6M5`; empty on a PC.
    pub mcu: &'static str,
    /// `machine.unique_id()`.
    pub unique_id: [u8; 16],
    /// CPU frequency in hertz, 0 if unknown.
    pub frequency: u32,
}

/// Everything a board offers. Devices that a board lacks are `None`.
pub trait Board {
    /// Names and numbers of this board.
    fn identity(&self) -> &'static Identity;

    /// The flags that interrupts set for the interpreter.
    fn attention(&self) -> &'static Attention;

    /// The REPL's byte stream.
    fn console(&mut self) -> &mut dyn Console;

    /// Where tracebacks of programs go: standard error on a PC, the console on boards.
    fn error_console(&mut self) -> &mut dyn Console {
        self.console()
    }

    /// A second channel for diagnostics, never the REPL's; `None` drops them.
    fn diagnostics(&mut self) -> Option<&mut dyn Console>;

    /// The raw flash device that the board's own file system lives on.
    fn flash(&mut self) -> Option<&mut dyn Flash>;

    /// A file system that the board brings itself (a PC's files), instead of one on [`Board::flash`].
    fn files(&mut self) -> Option<&mut dyn FileSystem>;

    /// Sockets and network interfaces.
    fn network(&mut self) -> Option<&mut dyn Network>;

    /// The variables of the process; boards have none.
    fn environment(&mut self) -> Option<&mut dyn Environment> {
        None
    }

    /// Microseconds since start-up; never goes back.
    fn micros(&mut self) -> u64;

    /// Nanoseconds since 1970-01-01T00:00:00Z. A calendar that nobody has set starts in 2000.
    fn unix_nanos(&mut self) -> u64;

    /// Sets the calendar; returns false where there is none to set.
    fn set_unix_nanos(&mut self, nanos: u64) -> bool;

    /// Fills `buf` with random bytes fit for seeds (not a promise of cryptographic quality).
    fn entropy(&mut self, buf: &mut [u8]);

    /// Waits for something to happen (a byte, a packet, a pending [`Attention`]), at most until
    /// `deadline` in [`Board::micros`]. May return early without a reason. The only blocking call.
    fn wait(&mut self, deadline: Option<u64>);

    /// Resets the hardware. Returns only where that is impossible.
    fn reset(&mut self);
}
