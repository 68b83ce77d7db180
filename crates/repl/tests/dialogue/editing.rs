//! Line editing: keys in, cursor movements and text out.

use crate::toy::{Toy, check, check_toy};

#[test]
fn characters_are_echoed_and_inserted() {
    check(b"13\x1b[D2\r", "13\x0823\x08\r\n123\r\n>>> ");
    check(b"134\x1b[D\x1b[D2\r", "134\x08\x08234\x08\x08\r\n1234\r\n>>> ");
    check(b"\xc3\xa91\x00\r", "1\r\n1\r\n>>> ");
}

#[test]
fn long_ways_back_use_an_escape_sequence() {
    check(b"1234\x01\r", "1234\x08\x08\x08\x08\r\n1234\r\n>>> ");
    check(b"12345\x01\r", "12345\x1b[5D\r\n12345\r\n>>> ");
    check(
        b"123456789012\x019\r",
        "123456789012\x1b[12D9123456789012\x1b[12D\r\n9123456789012\r\n>>> ",
    );
    check(b"12345\x01\x05\r", "12345\x1b[5D12345\r\n12345\r\n>>> ");
}

#[test]
fn deleting_erases_to_the_end_and_draws_the_rest() {
    check(b"12\x7f3\r", "12\x08\x1b[K3\r\n13\r\n>>> ");
    check(b"\x7f\x081\r", "1\r\n1\r\n>>> ");
    check(b"123\x01\x04\r", "123\x08\x08\x08\x1b[K23\x08\x08\r\n23\r\n>>> ");
    check(b"123\x01\x1b[3~\r", "123\x08\x08\x08\x1b[K23\x08\x08\r\n23\r\n>>> ");
    check(b"12\x1b[3~\r", "12\r\n12\r\n>>> ");
    check(b"1234\x02\x02\x0b\r", "1234\x08\x08\x1b[K\r\n12\r\n>>> ");
    check(b"1234\x02\x15\r", "1234\x08\x08\x08\x08\x1b[K4\x08\r\n4\r\n>>> ");
    check(b"1234\x02\x06\x06\r", "1234\x084\r\n1234\r\n>>> ");
}

#[test]
fn words() {
    check(b"12 34\x1bb5\r", "12 34\x08\x08534\x08\x08\r\n>>> ");
    check(b"12 34\x01\x1bf5\r", "12 34\x1b[5D125 34\x08\x08\x08\r\n>>> ");
    check(b"12 34\x17\x7f\r", "12 34\x08\x08\x1b[K\x08\x1b[K\r\n12\r\n>>> ");
    check(b"12 34\x1b\x7f\r", "12 34\x08\x08\x1b[K\r\n>>> ");
    check(b"12 34\x01\x1bd\r", "12 34\x1b[5D\x1b[K 34\x08\x08\x08\r\n>>> ");
    check(b"12 34\x1b[1;5D\x1b[1;5C\r", "12 34\x08\x0834\r\n>>> ");
}

#[test]
fn history() {
    check(b"1\r2\r\x1b[A\x1b[A\r", "1\r\n1\r\n>>> 2\r\n2\r\n>>> 2\x081\r\n1\r\n>>> ");
    check(b"1\r\x10\x0e2\r", "1\r\n1\r\n>>> 1\x08\x1b[K2\r\n2\r\n>>> ");
    // Nothing older, nothing newer: nothing happens. The same line twice is one.
    check(b"1\r1\r\x10\x10\x0e\x0e2\r", "1\r\n1\r\n>>> 1\r\n1\r\n>>> 1\x08\x1b[K2\r\n2\r\n>>> ");
    check(b"\x10\x0e1\r", "1\r\n1\r\n>>> ");
    let long = "9".repeat(300);
    check(format!("{long}\r\x10\r"), format!("{long}\r\n{long}\r\n>>> {long}\r\n{long}\r\n>>> "));
}

#[test]
fn statements_continue() {
    check(
        b"if 1:\rprint(1)\r\x7f\r",
        "if 1:\r\n...     print(1)\r\n...     \x08\x08\x08\x08\x1b[K\r\n>>> ",
    );
    check(b"(1,\r2)\r", "(1,\r\n... 2)\r\n>>> ");
    check(b"if 1:\r\x03", "if 1:\r\n...     \r\n>>> ");
    check(b"if 1:\r\x7f\x04", "if 1:\r\n...     \x08\x08\x08\x08\x1b[K>>> ");
    check(b"'''a\rb'''\r", "'''a\r\n... b'''\r\n>>> ");
}

#[test]
fn indentation_follows() {
    // As the line before, one more after a colon, none after two empty lines.
    check(
        b"if 1:\rif 2:\rx\r\r\r\r",
        "if 1:\r\n...     if 2:\r\n...         x\r\n...         \r\n...         \r\n... \r\n>>> ",
    );
    // A blank typed at once means: my own indentation, and no help from now on.
    check(b"if 1:\r x\r\r", "if 1:\r\n...     \x08\x08\x08x\r\n... \r\n>>> ");
    check(b"if 1:\r\tx\r\r", "if 1:\r\n...     x\r\n... \r\n>>> ");
    check(b"if 1:\r\x7fx\r\r", "if 1:\r\n...     \x08\x08\x08\x08\x1b[Kx\r\n... \r\n>>> ");
}

#[test]
fn a_continued_line_keeps_its_hands_off_the_earlier_ones() {
    check(b"(1\r\x1bb\x172)\r", "(1\r\n... 2)\r\n>>> ");
    check(b"if 1:\rx\r\r\r \x03", "if 1:\r\n...     x\r\n...     \r\n...     \r\n...  \r\n>>> ");
}

#[test]
fn tab() {
    let names = &["print", "pow", "machine"];
    let with_names = |input: &[u8], expect: &str| {
        let mut toy = Toy::new(input);
        toy.names = names;
        check_toy(&mut toy, expect);
    };
    with_names(b"ma\t", "machine");
    with_names(b"pr\t(5)\r", "print(5)\r\n5\r\n>>> ");
    with_names(b"x\t", "x");
    with_names(b"p\t", "p\r\nprint  pow\r\n>>> p");
    with_names(b"p)\x02\t", "p)\x08\r\nprint  pow\r\n>>> p)\x08");
    with_names(b"x \t1", "x     1");
    with_names(b"\t", "\r\nprint  pow  machine\r\n>>> ");
    with_names(b"(\r\t1", "(\r\n...     1");
}

#[test]
fn long_lines_are_typed_in_linear_time() {
    for len in [5000, 20_000] {
        let digits = "7".repeat(len);
        let mut toy = Toy::new(format!("len {digits}\r").as_bytes());
        check_toy(&mut toy, format!("len {digits}\r\n{len}\r\n>>> "));
        assert!(toy.n_copied < 2 * len, "{} bytes were copied", toy.n_copied);
    }
    let mut toy = Toy::new(b"123\x1b[D45\r");
    toy.limit = 4;
    check_toy(&mut toy, "123\x0843\x08\r\n1243\r\n>>> ");
}
