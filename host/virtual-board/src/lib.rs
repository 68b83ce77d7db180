//! Boards that live on a PC: the virtual VK-RA6M5 and the PC itself.
//!
//! [`VirtualBoard`] has the regions, the flash and the console of the real board;
//! [`HostBoard`] has the PC's files and terminal, for running scripts.
//! Both implement [`octopy_hal::Board`] with the PC's clock, entropy and sockets.
//!
//! The interpreter is one thread. Whatever must not wait for it (receiving a byte, seeing Ctrl-C)
//! has a thread of its own, which leaves what it found where the interpreter looks, and signals
//! the [`Waker`] that [`octopy_hal::Board::wait`] sleeps on.
#![forbid(unsafe_code)]

pub mod cleanup;
mod clock;
pub mod console;
mod external_ram;
mod flash_image;
mod host_board;
mod host_environment;
mod host_files;
mod host_network;
mod os_error;
mod virtual_board;
mod waker;

pub use clock::Clock;
pub use external_ram::ExternalRam;
pub use flash_image::{FlashImage, FlashShape};
pub use host_board::HostBoard;
pub use host_files::HostFiles;
pub use host_network::{HostNetwork, Reach};
pub use octopy_board_description::{Class, Description, Region};
pub use virtual_board::{Port, Setup, VirtualBoard};
pub use waker::Waker;
