//! The client against a scripted board on a socket.

use super::{Mode, Output, RawRepl};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(10);

/// A client, and a board that is `script`.
fn client(script: impl FnOnce(&mut TcpStream) + Send + 'static) -> (RawRepl, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let board = std::thread::spawn(move || script(&mut listener.accept().unwrap().0));
    (RawRepl::new(stream.try_clone().unwrap(), stream), board)
}

fn expect(stream: &mut TcpStream, bytes: &[u8]) {
    let mut came = vec![0; bytes.len()];
    stream.read_exact(&mut came).unwrap();
    assert_eq!(String::from_utf8_lossy(&came), String::from_utf8_lossy(bytes));
}

fn exec(repl: &mut RawRepl, source: &str, mode: Mode) -> Output {
    repl.start(source, mode, PATIENCE).unwrap();
    repl.finish().unwrap()
}

fn output(out: &str, error: &str) -> Output {
    Output { out: out.into(), error: error.into() }
}

#[test]
fn raw_mode_gives_output_and_traceback() {
    let (mut repl, board) = client(|stream| {
        expect(stream, b"\r\x03\x03\r\x01");
        stream.write_all(b"\r\n>>> \r\nraw REPL; CTRL-B to exit\r\n>").unwrap();
        expect(stream, b"print(1)\x04");
        stream.write_all(b"OK1\r\n\x04\x04>").unwrap();
        expect(stream, b"1/0\x04");
        stream.write_all(b"OK\x04ZeroDivisionError: divide by zero\r\n\x04>").unwrap();
    });
    repl.enter(PATIENCE).unwrap();
    let one = exec(&mut repl, "print(1)", Mode::Raw);
    assert_eq!(one, output("1\r\n", ""));
    let two = exec(&mut repl, "1/0", Mode::Raw);
    assert_eq!(two, output("", "ZeroDivisionError: divide by zero\r\n"));
    board.join().unwrap();
}

#[test]
fn raw_paste_never_sends_more_than_the_windows() {
    let (mut repl, board) = client(|stream| {
        expect(stream, b"\x05A\x01");
        stream.write_all(b"R\x01\x04\x00").unwrap();
        expect(stream, b"abcd");
        stream.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
        assert!(stream.read(&mut [0]).is_err(), "sent beyond its window");
        stream.set_read_timeout(None).unwrap();
        stream.write_all(b"\x01\x01").unwrap();
        expect(stream, b"efgh");
        expect(stream, b"ij\x04");
        stream.write_all(b"\x01\x04done\x04\x04>").unwrap();
    });
    let result = exec(&mut repl, "abcdefghij", Mode::RawPaste);
    assert_eq!(result, output("done", ""));
    board.join().unwrap();
}

#[test]
fn a_board_may_end_a_paste_early() {
    let (mut repl, board) = client(|stream| {
        expect(stream, b"\x05A\x01");
        stream.write_all(b"R\x01\x02\x00").unwrap();
        expect(stream, b"((");
        stream.write_all(b"\x04").unwrap();
        expect(stream, b"\x04");
        stream.write_all(b"\x04SyntaxError: invalid syntax\r\n\x04>").unwrap();
    });
    let result = exec(&mut repl, "((((", Mode::RawPaste);
    assert_eq!(result, output("", "SyntaxError: invalid syntax\r\n"));
    board.join().unwrap();
}

#[test]
fn a_mute_board_is_given_up() {
    let (done, until_done) = std::sync::mpsc::channel::<()>();
    let (mut repl, board) = client(move |stream| {
        expect(stream, b"x\x04");
        assert!(until_done.recv().is_err());
    });
    let error = repl.start("x", Mode::Raw, Duration::from_millis(50)).unwrap_err();
    assert!(format!("{error:#}").contains("too late"), "{error:#}");
    drop(done);
    board.join().unwrap();
}
