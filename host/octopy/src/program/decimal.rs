//! Integer literals in decimal, however long.

/// Digits in a word of the conversion.
const BASE: u64 = 1_000_000_000;

/// The decimal digits of an integer literal as the source has it: with its prefix, without sign.
pub(super) fn decimal(literal: &str) -> String {
    let lower = literal.to_ascii_lowercase();
    let (radix, digits) = match lower.get(..2) {
        Some("0x") => (16, &lower[2..]),
        Some("0o") => (8, &lower[2..]),
        Some("0b") => (2, &lower[2..]),
        _ => (10, lower.as_str()),
    };
    let digits = digits.chars().filter_map(|digit| digit.to_digit(radix));
    if radix == 10 {
        let text: String = digits.map(|digit| char::from(b'0' + digit as u8)).collect();
        let text = text.trim_start_matches('0');
        return if text.is_empty() { "0".to_owned() } else { text.to_owned() };
    }
    // Words of nine digits, the least first.
    let mut words = vec![0_u64];
    for digit in digits {
        let mut carry = u64::from(digit);
        for word in &mut words {
            let value = *word * u64::from(radix) + carry;
            *word = value % BASE;
            carry = value / BASE;
        }
        if carry > 0 {
            words.push(carry);
        }
    }
    let (last, rest) = words.split_last().unwrap_or((&0, &[]));
    let mut text = last.to_string();
    for word in rest.iter().rev() {
        text.push_str(&format!("{word:09}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn any_base_becomes_decimal() {
        for (literal, expect) in [
            ("0", "0"),
            ("00", "0"),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
            ("0xFF", "255"),
            ("0o17", "15"),
            ("0b1011", "11"),
            ("0x10000000000000000", "18446744073709551616"),
            ("0x3b9aca00", "1000000000"),
            ("0xc9f2c9cd04674edea40000000", "1000000000000000000000000000000"),
        ] {
            assert_eq!(decimal(literal), expect);
        }
    }
}
