//! The registry: the core's tables, then this crate's, each at its number.

use octopy_vm::Table;
use octopy_vm::table::{CORE, FIRST_MODULE};

macro_rules! tables {
    ($($(#[$when:meta])* $id:ident = $table:path,)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "numbers by name")]
        #[repr(u16)]
        enum Number { $($(#[$when])* $id),* }
        $(
            $(#[$when])*
            #[allow(missing_docs, reason = "numbers of tables, named as the tables")]
            pub const $id: u16 = FIRST_MODULE + Number::$id as u16;
        )*

        const OWN: &[&Table] = &[$($(#[$when])* &$table),*];
    };
}

tables! {
    BUILTINS = crate::builtins::BUILTINS,
    ENUMERATE = crate::builtins::enumerate::ENUMERATE,
    FILTER = crate::builtins::filter::FILTER,
    MAP = crate::builtins::map::MAP,
    REVERSED = crate::builtins::reversed::REVERSED,
    ZIP = crate::builtins::zip::ZIP,
    #[cfg(feature = "array")]
    ARRAY_MODULE = crate::array::ARRAY_MODULE,
    #[cfg(feature = "cmath")]
    CMATH = crate::cmath::CMATH,
    #[cfg(feature = "collections")]
    COLLECTIONS = crate::collections::COLLECTIONS,
    #[cfg(feature = "collections")]
    DEQUE = crate::collections::deque::DEQUE,
    NAMED_TUPLE = crate::collections::named_tuple::NAMED_TUPLE,
    ORDERED_DICT = crate::collections::ordered_dict::ORDERED_DICT,
    #[cfg(feature = "environment")]
    ENVIRONMENT = crate::os::environment::ENVIRONMENT,
    ERRNO = crate::errno::ERRNO,
    GC = crate::gc::GC,
    FIGURES = crate::gc::FIGURES,
    #[cfg(feature = "heapq")]
    HEAPQ = crate::heapq::HEAPQ,
    #[cfg(feature = "json")]
    JSON = crate::json::JSON,
    MATH = crate::math::MATH,
    MICROPYTHON = crate::micropython::MICROPYTHON,
    #[cfg(feature = "random")]
    RANDOM = crate::random::RANDOM,
    #[cfg(feature = "struct")]
    STRUCT = crate::struct_::STRUCT,
    SYS = crate::sys::SYS,
    #[cfg(feature = "uctypes")]
    UCTYPES = crate::uctypes::UCTYPES,
    BINARY_FILE = crate::file::BINARY_FILE,
    #[cfg(feature = "binascii")]
    BINASCII = crate::binascii::BINASCII,
    BYTES_IO = crate::io::BYTES_IO,
    #[cfg(feature = "hashlib")]
    HASH = crate::hashlib::HASH,
    #[cfg(feature = "hashlib")]
    HASHLIB = crate::hashlib::HASHLIB,
    IO = crate::io::IO,
    IO_BASE = crate::io::IO_BASE,
    #[cfg(feature = "network")]
    LAN = crate::network::LAN,
    MACHINE = crate::machine::MACHINE,
    #[cfg(feature = "network")]
    NETWORK = crate::network::NETWORK,
    OS = crate::os::OS,
    #[cfg(feature = "signal")]
    PIN_BASE = crate::machine::signal::PIN_BASE,
    #[cfg(feature = "select")]
    POLL = crate::select::POLL,
    #[cfg(feature = "re")]
    MATCH = crate::re::MATCH,
    #[cfg(feature = "re")]
    RE = crate::re::RE,
    #[cfg(feature = "re")]
    REGEX = crate::re::REGEX,
    #[cfg(feature = "ring-io")]
    RING_IO = crate::ring_io::RING_IO,
    #[cfg(feature = "calendar")]
    RTC = crate::machine::rtc::RTC,
    #[cfg(feature = "select")]
    SELECT = crate::select::SELECT,
    #[cfg(feature = "signal")]
    SIGNAL = crate::machine::signal::SIGNAL,
    #[cfg(feature = "network")]
    SOCKET = crate::socket::SOCKET,
    #[cfg(feature = "network")]
    SOCKETS = crate::socket::SOCKETS,
    STDIO = crate::stdio::STDIO,
    STRING_IO = crate::io::STRING_IO,
    TEXT_FILE = crate::file::TEXT_FILE,
    TEXT_STDIO = crate::stdio::TEXT_STDIO,
    TIME = crate::time::TIME,
    #[cfg(feature = "vfs")]
    VFS = crate::os::mount::VFS,
    #[cfg(feature = "vfs")]
    VFS_LFS2 = crate::os::mount::VFS_LFS2,
    #[cfg(feature = "weakref")]
    WEAK_FINALIZE = crate::weakref::FINALIZE,
    #[cfg(feature = "weakref")]
    WEAK_REF = crate::weakref::REF,
    #[cfg(feature = "weakref")]
    WEAKREF = crate::weakref::WEAKREF,
}

const COUNT: usize = CORE.len() + OWN.len();

static ALL: [&Table; COUNT] = {
    let mut all = [CORE[0]; COUNT];
    let mut at = 0;
    while at < COUNT {
        all[at] = if at < CORE.len() { CORE[at] } else { OWN[at - CORE.len()] };
        at += 1;
    }
    all
};

/// All tables; a table's number is its place.
pub const REGISTRY: &[&Table] = &ALL;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_stands_at_its_number() {
        for (place, table) in REGISTRY.iter().enumerate() {
            assert_eq!(usize::from(table.id), place, "{:?}", table.name.rom_text());
        }
    }

    #[test]
    fn names_of_modules_are_unique() {
        for (place, table) in REGISTRY.iter().enumerate() {
            let twin = REGISTRY[..place].iter().find(|t| !t.is_type && t.name == table.name);
            assert!(table.is_type || twin.is_none(), "{:?}", table.name.rom_text());
        }
    }
}
