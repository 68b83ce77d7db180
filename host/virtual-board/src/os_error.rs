//! `os_error`: the PC's errors in the numbers that Python programs on a board know.

use std::io::{self, ErrorKind};

use octopy_hal::Errno;

/// Address not available; the core has no name for it because no board raises it.
pub(crate) const ADDRNOTAVAIL: Errno = Errno::new(99);

/// Translates an error of the PC. On Linux the numbers are the same.
pub(crate) fn errno(error: &io::Error) -> Errno {
    if cfg!(target_os = "linux")
        && let Some(code) = error.raw_os_error()
        && let Ok(code) = u16::try_from(code)
    {
        return Errno::new(code);
    }
    match error.kind() {
        ErrorKind::NotFound => Errno::NOENT,
        ErrorKind::PermissionDenied => Errno::ACCES,
        ErrorKind::AlreadyExists => Errno::EXIST,
        ErrorKind::WouldBlock | ErrorKind::Interrupted => Errno::AGAIN,
        ErrorKind::NotADirectory => Errno::NOTDIR,
        ErrorKind::IsADirectory => Errno::ISDIR,
        ErrorKind::DirectoryNotEmpty => Errno::NOTEMPTY,
        ErrorKind::ReadOnlyFilesystem => Errno::ROFS,
        ErrorKind::StorageFull => Errno::NOSPC,
        ErrorKind::FileTooLarge => Errno::FBIG,
        ErrorKind::ResourceBusy => Errno::BUSY,
        ErrorKind::InvalidFilename => Errno::NAMETOOLONG,
        ErrorKind::InvalidInput => Errno::INVAL,
        ErrorKind::OutOfMemory => Errno::NOMEM,
        ErrorKind::Unsupported => Errno::OPNOTSUPP,
        ErrorKind::BrokenPipe => Errno::PIPE,
        ErrorKind::TimedOut => Errno::TIMEDOUT,
        ErrorKind::AddrInUse => Errno::ADDRINUSE,
        ErrorKind::AddrNotAvailable => ADDRNOTAVAIL,
        ErrorKind::ConnectionRefused => Errno::CONNREFUSED,
        ErrorKind::ConnectionReset => Errno::CONNRESET,
        ErrorKind::ConnectionAborted => Errno::CONNABORTED,
        ErrorKind::NotConnected => Errno::NOTCONN,
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => Errno::HOSTUNREACH,
        _ => Errno::IO,
    }
}
