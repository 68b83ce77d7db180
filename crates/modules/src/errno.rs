//! `errno`: the numbers of system errors.

use octopy_vm::types::dict;
use octopy_vm::{Entry, Local, PyResult, Value, Vm, module};

module! {
    /// Numbers of system errors, as on Linux.
    pub static ERRNO = errno (crate::table::ERRNO) {
        __name__ = name (errno),
        EACCES = int (13),
        EADDRINUSE = int (98),
        EAGAIN = int (11),
        EALREADY = int (114),
        EBADF = int (9),
        EBUSY = int (16),
        ECONNABORTED = int (103),
        ECONNREFUSED = int (111),
        ECONNRESET = int (104),
        EEXIST = int (17),
        EHOSTUNREACH = int (113),
        EINPROGRESS = int (115),
        EINVAL = int (22),
        EIO = int (5),
        EISCONN = int (106),
        EISDIR = int (21),
        ENOBUFS = int (105),
        ENODEV = int (19),
        ENOENT = int (2),
        ENOMEM = int (12),
        ENOSPC = int (28),
        ENOTCONN = int (107),
        ENOTDIR = int (20),
        ENOTEMPTY = int (39),
        EOPNOTSUPP = int (95),
        EPERM = int (1),
        EPIPE = int (32),
        EROFS = int (30),
        ETIMEDOUT = int (110),
    }
}

/// `errno.errorcode`: names by number, pushed.
pub(crate) fn errorcode(vm: &mut Vm) -> PyResult<Local> {
    let codes = vm.alloc_dict(ERRNO.rows.len() as u32)?;
    for row in ERRNO.rows {
        if let Entry::Int(number) = row.entry() {
            let mark = vm.mark();
            let number = vm.push(Value::from_small(number))?;
            let name = vm.push(Value::from_qstr(row.name().0))?;
            vm.dict_store(codes, number, name)?;
            vm.release(mark);
        }
    }
    vm.dict_flag(codes, dict::FIXED)?;
    Ok(codes)
}
