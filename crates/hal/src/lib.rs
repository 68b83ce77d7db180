//! The hardware a board offers, as traits.
//!
//! Core crates reach hardware, time and the network through [`Board`] and nothing else.
//! A board implements it once; everything is object-safe, so that the runtime is compiled once.
//!
//! No method blocks, except where its documentation says so.
//! Absent on purpose: pins and buses (a later crate module), and anything that allocates.
#![no_std]
#![forbid(unsafe_code)]

mod attention;
mod board;
mod console;
mod environment;
mod errno;
mod filesystem;
mod flash;
mod network;
pub mod ram;

pub use attention::Attention;
pub use board::{Board, Identity};
pub use console::Console;
pub use environment::Environment;
pub use errno::Errno;
pub use filesystem::{DirEntry, DirId, FileId, FileKind, FileSystem, FsStat, OpenMode, Seek, Stat};
pub use flash::Flash;
pub use network::{Endpoint, Interface, LinkStatus, Network, Ready, SocketId, SocketKind};
