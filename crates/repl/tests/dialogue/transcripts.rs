//! What host tools send, and the bytes that they match in the answer.

use crate::toy::{BANNER, Toy, check, check_raw, check_raw_toy, check_toy};
use octopy_repl::{Event, Repl};

#[test]
fn friendly_enter_and_interrupt() {
    check(b"\r\x03", "\r\n>>> \r\n>>> ");
    check(b"abc\x03", "abc\r\n>>> ");
    check(b"", "");
}

#[test]
fn friendly_statements() {
    check(b"print(1)\r", "print(1)\r\n1\r\n>>> ");
    check(b"12\r\n34\r\n", "12\r\n12\r\n>>> 34\r\n34\r\n>>> ");
    check(
        b"1/0\r",
        "1/0\r\nTraceback (most recent call last):\r\n  File \"<stdin>\", line 1, in <module>\r\n\
         ZeroDivisionError: divide by zero\r\n>>> ",
    );
    check(
        b"a!\r1\r",
        "a!\r\nTraceback (most recent call last):\r\n  File \"<stdin>\", line 1\r\n\
         SyntaxError: invalid syntax\r\n>>> 1\r\n1\r\n>>> ",
    );
}

#[test]
fn mode_switches() {
    let raw = "raw REPL; CTRL-B to exit\r\n>";
    check(b"\x01", format!("\r\n{raw}"));
    check(b"\x01\x01", format!("\r\n{raw}{raw}"));
    check(b"\x02", format!("\r\n{BANNER}>>> "));
    check(b"\x01\x02", format!("\r\n{raw}\r\n{BANNER}>>> "));
    check(b"\r\x03\r\x01", format!("\r\n>>> \r\n>>> \r\n>>> \r\n{raw}"));
    // What mpremote sends to a board that is in the raw REPL already: the line is discarded.
    check_raw(b"junk\r\x03\r\x01", raw);
    check_raw(b"print(1)\x01\x04", format!("{raw}OK\r\nMPY: soft reboot\r\n{raw}"));
}

#[test]
fn raw_programs() {
    check_raw(b"print(1)\x04", "OK1\r\n\x04\x04>");
    check_raw(b"pass\x04", "OK\x04\x04>");
    check_raw(b"abc\x03print(2)\x04", "OK2\r\n\x04\x04>");
    check_raw(b"12\x04", "OK\x04\x04>");
    check_raw(
        b"print(1)\n1/0\nprint(2)\x04",
        "OK1\r\n\x04Traceback (most recent call last):\r\n  File \"<stdin>\", line 2, in <module>\r\n\
         ZeroDivisionError: divide by zero\r\n\x04>",
    );
    check_raw(
        b"print(1)\n!\x04print(3)\x04",
        "OK\x04Traceback (most recent call last):\r\n  File \"<stdin>\", line 2\r\n\
         SyntaxError: invalid syntax\r\n\x04>OK3\r\n\x04\x04>",
    );
    check_raw(
        b"pass\nspin\x04...\x03",
        "OK\x04Traceback (most recent call last):\r\n  File \"<stdin>\", line 2, in <module>\r\n\
         KeyboardInterrupt: \r\n\x04>",
    );
}

#[test]
fn every_other_byte_is_program_text() {
    let text: Vec<u8> = (0..=255).filter(|byte| !matches!(byte, 1..=4 | b'!')).collect();
    let mut toy = Toy::new(&[&text[..], b"\x04"].concat());
    check_raw_toy(&mut toy, "OK\x04\x04>");
    assert_eq!(toy.source, text);
    // Where the console closes before the end, nothing runs.
    let mut toy = Toy::new(&text);
    check_raw_toy(&mut toy, "");
    assert_eq!(toy.source, b"");
}

#[test]
fn soft_resets_keep_the_mode() {
    let mut repl = Repl::new();
    let mut toy = Toy::new(b"\x04");
    assert_eq!(repl.run(&mut toy), Event::SoftReset { raw: false });
    assert_eq!(toy.output, format!("{BANNER}>>> \r\nMPY: soft reboot\r\n").as_bytes());
    assert!(!repl.is_raw());

    let mut toy = Toy::new(b"\x01\x04");
    assert_eq!(repl.run(&mut toy), Event::SoftReset { raw: true });
    assert!(repl.is_raw());
    toy.output.clear();
    assert_eq!(repl.run(&mut toy), Event::Closed);
    assert_eq!(toy.output, b"raw REPL; CTRL-B to exit\r\n>");

    check_raw(b"\x04", "OK\r\nMPY: soft reboot\r\nraw REPL; CTRL-B to exit\r\n>");
}

#[test]
fn exit_is_a_soft_reset_after_the_marks() {
    check_raw(b"exit\x04", "OK\x04\x04MPY: soft reboot\r\nraw REPL; CTRL-B to exit\r\n>");
    check(b"exit\r", format!("exit\r\nMPY: soft reboot\r\n{BANNER}>>> "));
    let mut toy = Toy::new(b"exit\r");
    assert_eq!(Repl::new().run(&mut toy), Event::Exit { raw: false });
}

#[test]
fn a_process_ends_without_a_word() {
    let mut toy = Toy::new(b"\x04");
    assert_eq!(Repl::of_process().run(&mut toy), Event::SoftReset { raw: false });
    assert_eq!(toy.output, format!("{BANNER}>>> \r\n").as_bytes());
}

#[test]
fn raw_paste_programs() {
    check_raw(b"\x05A\x01print(1)\x04", b"R\x01\x80\x00\x01\x041\r\n\x04\x04>");
    check_raw(b"\x05A\x01\x04", b"R\x01\x80\x00\x01\x04\x04\x04>");
    check_raw(
        b"\x05A\x011/0\x04",
        b"R\x01\x80\x00\x01\x04\x04Traceback (most recent call last):\r\n  \
          File \"<stdin>\", line 1, in <module>\r\nZeroDivisionError: divide by zero\r\n\x04>",
    );
    check_raw(
        b"\x05A\x01exit\x04",
        b"R\x01\x80\x00\x01\x04\x04\x04MPY: soft reboot\r\nraw REPL; CTRL-B to exit\r\n>",
    );
}

#[test]
fn raw_paste_answers_each_window() {
    let mut input = b"\x05A\x01len ".to_vec();
    input.extend([b'x'; 124]);
    check_raw(&input, b"R\x01\x80\x00\x01\x01");
    input.extend([b'x'; 127]);
    check_raw(&input, b"R\x01\x80\x00\x01\x01");
    input.push(b'x');
    check_raw(&input, b"R\x01\x80\x00\x01\x01\x01");
    input.push(4);
    check_raw(&input, b"R\x01\x80\x00\x01\x01\x01\x04252\r\n\x04\x04>");
}

#[test]
fn raw_paste_interrupted() {
    let answer = b"R\x01\x80\x00\x01\x04\x04KeyboardInterrupt: \r\n\x04>";
    check_raw(b"\x05A\x01\x03", answer);
    // What has arrived is a correct program, and still must not run.
    check_raw(b"\x05A\x01print(1)\n\x03", answer);
    let again = [&answer[..], b"OK2\r\n\x04\x04>"].concat();
    check_raw(b"\x05A\x01print(1)\x03print(2)\x04", again);
}

#[test]
fn raw_paste_ended_early_by_a_syntax_error() {
    let answer = b"R\x01\x80\x00\x01\x04\x04Traceback (most recent call last):\r\n  \
        File \"<stdin>\", line 2\r\nSyntaxError: invalid syntax\r\n\x04>";
    check_raw(b"\x05A\x01pass\n!print(1)\nrest of the window\x04", answer);
    // A host that has been replaced by the next one, which interrupts.
    check_raw(b"\x05A\x01pass\n!rest\r\x03", answer);
    let again = [&answer[..], b"OK2\r\n\x04\x04>"].concat();
    check_raw(b"\x05A\x01pass\n!rest\x04print(2)\x04", again);
}

#[test]
fn extension_requests() {
    check_raw(b"\x05X\x01", b"R\x00>");
    check_raw(b"\x05X\x01print(1)\x04", b"R\x00>OK1\r\n\x04\x04>");
    check_raw(b"\n\x05A\x01print(1)\x04", b"R\x01\x80\x00\x01\x041\r\n\x04\x04>");
    // Anything else before Ctrl-A is a line to discard.
    let raw = "raw REPL; CTRL-B to exit\r\n>";
    check_raw(b"x\x05A\x01", raw);
    check_raw(b"\x05AB\x01", raw);
    check_raw(b"\x05\x01", raw);
    check_raw(b"\r\x01", raw);
    let mut text = vec![b'x'; 64];
    text.extend(b"\x05A\x01");
    check_raw(&text, raw);
}

#[test]
fn paste_mode() {
    let opening = "\r\npaste mode; Ctrl-C to cancel, Ctrl-D to finish\r\n=== ";
    check(b"\x05", opening);
    check(
        b"\x05print(1)\r12\r\x04",
        format!("{opening}print(1)\r\n=== 12\r\n=== \r\n1\r\n12\r\n>>> "),
    );
    check(b"\x05print(1)\r\x03", format!("{opening}print(1)\r\n=== \r\n>>> "));
    // Any other byte is echoed as it is; a line ends with CR, LF or both.
    let echo = [opening.as_bytes(), b"\xc3\xa9\x01\r\n=== a\r\n=== \r\n>>> "].concat();
    check(b"\x05\xc3\xa9\x01\na\r\n\x03", echo);
    check(
        b"\x05print(1)\r!\x04",
        format!(
            "{opening}print(1)\r\n=== !\r\nTraceback (most recent call last):\r\n  \
             File \"<stdin>\", line 2\r\nSyntaxError: invalid syntax\r\n>>> "
        ),
    );
    check(b"\x05exit\x04", format!("{opening}exit\r\nMPY: soft reboot\r\n{BANNER}>>> "));
}

#[test]
fn input_reads_a_line() {
    check_raw(b"input()\x04abc\r", "OKq? abc\r\n'abc'\r\n\x04\x04>");
    check_raw(b"input()\x04abc \xc3\xa9\r", "OKq? abc \r\n'abc '\r\n\x04\x04>");
    check_raw(
        b"input()\x04a\x03",
        "OKq? a\x04Traceback (most recent call last):\r\n  File \"<stdin>\", line 1, in <module>\r\n\
         KeyboardInterrupt: \r\n\x04>",
    );
    check_raw(
        b"input()\x04\x04",
        "OKq? \x04Traceback (most recent call last):\r\n  File \"<stdin>\", line 1, in <module>\r\n\
         EOFError: \r\n\x04>",
    );
    check_raw(b"input()\x04\x02", "OKq? ''\r\n\x04\x04>");
    // CRLF leaves an LF, after which raw-paste must still be known.
    check_raw(
        b"input()\x04a\r\n\x05A\x01print(1)\x04",
        b"OKq? a\r\n'a'\r\n\x04\x04>R\x01\x80\x00\x01\x041\r\n\x04\x04>",
    );
}

#[test]
fn programs_that_do_not_fit() {
    let mut toy = Toy::new(b"0123456789012345678901234567890123456789\x04print(1)\x04");
    toy.limit = 30;
    check_raw_toy(
        &mut toy,
        "OK\x04MemoryError: memory allocation failed, allocating 40 bytes\r\n\x04>OK1\r\n\x04\x04>",
    );
    let mut long = vec![b'x'; 1000];
    long.extend(b"\x03print(1)\x04");
    let mut toy = Toy::new(&long);
    toy.limit = 300;
    check_raw_toy(&mut toy, "OK1\r\n\x04\x04>");
    let mut toy = Toy::new(b"\x050123456789\x04");
    toy.limit = 9;
    check_toy(
        &mut toy,
        "\r\npaste mode; Ctrl-C to cancel, Ctrl-D to finish\r\n=== 0123456789\r\n\
         MemoryError: memory allocation failed, allocating 10 bytes\r\n>>> ",
    );
    let mut toy = Toy::new(b"if 10\r1\r");
    toy.limit = 5;
    check_toy(
        &mut toy,
        "if 10\r\nMemoryError: memory allocation failed, allocating 6 bytes\r\n>>> 1\r\n1\r\n>>> ",
    );
}
