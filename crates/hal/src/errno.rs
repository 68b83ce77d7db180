//! `Errno`: the error numbers that devices and file systems return.

/// An error number with MicroPython's values (`errno` module, Linux numbering).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Errno(pub u16);

impl Errno {
    /// Operation not permitted.
    pub const PERM: Self = Self(1);
    /// No such file or directory.
    pub const NOENT: Self = Self(2);
    /// Input/output error.
    pub const IO: Self = Self(5);
    /// Bad file number.
    pub const BADF: Self = Self(9);
    /// Try again; also a non-blocking operation that would block.
    pub const AGAIN: Self = Self(11);
    /// Out of memory.
    pub const NOMEM: Self = Self(12);
    /// Permission denied.
    pub const ACCES: Self = Self(13);
    /// Device or resource busy.
    pub const BUSY: Self = Self(16);
    /// File exists.
    pub const EXIST: Self = Self(17);
    /// No such device.
    pub const NODEV: Self = Self(19);
    /// Not a directory.
    pub const NOTDIR: Self = Self(20);
    /// Is a directory.
    pub const ISDIR: Self = Self(21);
    /// Invalid argument.
    pub const INVAL: Self = Self(22);
    /// Too many open files.
    pub const MFILE: Self = Self(24);
    /// File too large.
    pub const FBIG: Self = Self(27);
    /// No space left on device.
    pub const NOSPC: Self = Self(28);
    /// Read-only file system.
    pub const ROFS: Self = Self(30);
    /// Broken pipe.
    pub const PIPE: Self = Self(32);
    /// File name too long.
    pub const NAMETOOLONG: Self = Self(36);
    /// Directory not empty.
    pub const NOTEMPTY: Self = Self(39);
    /// Operation not supported.
    pub const OPNOTSUPP: Self = Self(95);
    /// Address already in use.
    pub const ADDRINUSE: Self = Self(98);
    /// Connection aborted.
    pub const CONNABORTED: Self = Self(103);
    /// Connection reset by peer.
    pub const CONNRESET: Self = Self(104);
    /// No buffer space available.
    pub const NOBUFS: Self = Self(105);
    /// Already connected.
    pub const ISCONN: Self = Self(106);
    /// Not connected.
    pub const NOTCONN: Self = Self(107);
    /// Timed out.
    pub const TIMEDOUT: Self = Self(110);
    /// Connection refused.
    pub const CONNREFUSED: Self = Self(111);
    /// Host unreachable.
    pub const HOSTUNREACH: Self = Self(113);
    /// Operation already in progress.
    pub const ALREADY: Self = Self(114);
    /// Operation in progress.
    pub const INPROGRESS: Self = Self(115);
}
