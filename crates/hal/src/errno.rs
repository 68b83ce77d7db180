//! `Errno`: the error numbers that devices and file systems return.

use core::num::NonZeroU32;

/// An error number with MicroPython's values (`errno` module, Linux numbering).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Errno(NonZeroU32);

impl Errno {
    /// The error with this number; `EPERM` for 0, which is none.
    ///
    /// SIZE: never 0, so that a result without a value is one register: 0.9 KB.
    pub const fn new(code: u16) -> Self {
        match NonZeroU32::new(code as u32) {
            Some(code) => Self(code),
            None => Self(NonZeroU32::MIN),
        }
    }

    /// Its number.
    pub const fn code(self) -> u16 {
        self.0.get() as u16
    }

    /// Operation not permitted.
    pub const PERM: Self = Self::new(1);
    /// No such file or directory.
    pub const NOENT: Self = Self::new(2);
    /// Input/output error.
    pub const IO: Self = Self::new(5);
    /// Bad file number.
    pub const BADF: Self = Self::new(9);
    /// Try again; also a non-blocking operation that would block.
    pub const AGAIN: Self = Self::new(11);
    /// Out of memory.
    pub const NOMEM: Self = Self::new(12);
    /// Permission denied.
    pub const ACCES: Self = Self::new(13);
    /// Device or resource busy.
    pub const BUSY: Self = Self::new(16);
    /// File exists.
    pub const EXIST: Self = Self::new(17);
    /// No such device.
    pub const NODEV: Self = Self::new(19);
    /// Not a directory.
    pub const NOTDIR: Self = Self::new(20);
    /// Is a directory.
    pub const ISDIR: Self = Self::new(21);
    /// Invalid argument.
    pub const INVAL: Self = Self::new(22);
    /// Too many open files.
    pub const MFILE: Self = Self::new(24);
    /// File too large.
    pub const FBIG: Self = Self::new(27);
    /// No space left on device.
    pub const NOSPC: Self = Self::new(28);
    /// Read-only file system.
    pub const ROFS: Self = Self::new(30);
    /// Broken pipe.
    pub const PIPE: Self = Self::new(32);
    /// File name too long.
    pub const NAMETOOLONG: Self = Self::new(36);
    /// Directory not empty.
    pub const NOTEMPTY: Self = Self::new(39);
    /// Operation not supported.
    pub const OPNOTSUPP: Self = Self::new(95);
    /// Address already in use.
    pub const ADDRINUSE: Self = Self::new(98);
    /// Connection aborted.
    pub const CONNABORTED: Self = Self::new(103);
    /// Connection reset by peer.
    pub const CONNRESET: Self = Self::new(104);
    /// No buffer space available.
    pub const NOBUFS: Self = Self::new(105);
    /// Already connected.
    pub const ISCONN: Self = Self::new(106);
    /// Not connected.
    pub const NOTCONN: Self = Self::new(107);
    /// Timed out.
    pub const TIMEDOUT: Self = Self::new(110);
    /// Connection refused.
    pub const CONNREFUSED: Self = Self::new(111);
    /// Host unreachable.
    pub const HOSTUNREACH: Self = Self::new(113);
    /// Operation already in progress.
    pub const ALREADY: Self = Self::new(114);
    /// Operation in progress.
    pub const INPROGRESS: Self = Self::new(115);
}
