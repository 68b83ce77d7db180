//! The panic handler: where, and nothing more.
//!
//! SIZE: printing the message needs `core::fmt`; file and line do not. The core crates do not
//! panic, so this line names a bug in a board or a dependency. The feature `panic-message` adds
//! the words.

use crate::{fault, report};
use core::panic::PanicInfo;

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    cortex_m::interrupt::disable();
    report::text("\r\nPANIC");
    if let Some(location) = info.location() {
        report::text(" at ");
        report::text(location.file());
        report::text(":");
        report::decimal(location.line());
    }
    #[cfg(feature = "panic-message")]
    {
        use core::fmt::Write;
        struct Words;
        impl Write for Words {
            fn write_str(&mut self, s: &str) -> core::fmt::Result {
                report::text(s);
                Ok(())
            }
        }
        report::text(": ");
        let _ = write!(Words, "{}", info.message());
    }
    report::text("\r\n");
    fault::end(fault::PANIC_EXIT)
}
