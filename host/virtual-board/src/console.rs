//! Consoles of a board on a PC: pseudo-terminal, terminal, TCP socket, standard streams.
//!
//! Each board console has a reader thread that fills a [`ReceiveRing`] whatever the interpreter is
//! doing: that is what makes Ctrl-C work in a tight loop. Writing is done by the interpreter's own
//! thread through an [`Outlet`].

mod feed;
mod outlet;
mod pty;
mod pump;
mod ring;
mod stdio;
mod tcp;
mod terminal;

use std::sync::Arc;

use octopy_hal::Attention;

use crate::waker::Waker;

pub(crate) use feed::Feed;
pub use outlet::Outlet;
pub use pty::PtyConsole;
pub use ring::ReceiveRing;
pub use stdio::{ErrorConsole, StdioConsole};
pub use tcp::TcpConsole;
pub use terminal::{Style, TerminalConsole};

/// What a console shares with its board.
#[derive(Debug, Clone)]
pub struct Link {
    /// Where the interrupt byte goes.
    pub attention: &'static Attention,
    /// Signalled for every received byte.
    pub waker: Arc<Waker>,
    /// Bytes that the board's receive buffer holds.
    pub receive_capacity: usize,
}
