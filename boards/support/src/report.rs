//! Last words: text and numbers to the console without formatting machinery.
//!
//! SIZE: `core::fmt` would cost 2 KB and more, and a fault report must not depend on it.

unsafe extern "Rust" {
    /// Defined by [`crate::board!`].
    safe fn octopy_board_last_words(bytes: &[u8]);
}

/// Sends text.
pub fn text(text: &str) {
    octopy_board_last_words(text.as_bytes());
}

/// Sends `value` as eight hexadecimal digits.
pub fn hex(value: u32) {
    let digits: [u8; 8] = core::array::from_fn(|i| {
        let digit = (value >> (28 - 4 * i)) as u8 & 15;
        digit + if digit < 10 { b'0' } else { b'a' - 10 }
    });
    octopy_board_last_words(&digits);
}

/// Sends `value` in decimal.
pub fn decimal(mut value: u32) {
    let mut digits = [0u8; 10];
    let mut used = 0;
    for slot in digits.iter_mut().rev() {
        *slot = b'0' + (value % 10) as u8;
        used += 1;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    octopy_board_last_words(digits.get(10 - used..).unwrap_or(&[]));
}
