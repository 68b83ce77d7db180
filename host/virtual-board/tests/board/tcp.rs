//! The console as a TCP socket.

use std::io::{Read, Write};
use std::net::TcpStream;

use octopy_hal::Board;
use octopy_virtual_board::{Port, VirtualBoard};

use crate::support::{Folder, LONG, input, until};

fn board(folder: &Folder) -> VirtualBoard {
    folder.board(Port::Tcp("127.0.0.1:0".parse().unwrap()))
}

/// Connects and waits until the board serves this client.
fn connect(board: &mut VirtualBoard) -> TcpStream {
    let mut client = TcpStream::connect(board.address().unwrap()).unwrap();
    client.set_read_timeout(Some(LONG)).unwrap();
    client.write_all(b"?").unwrap();
    assert_eq!(input(board, 1), b"?");
    client
}

#[test]
fn clients_come_one_after_the_other() {
    let folder = Folder::new("tcp-clients");
    let mut board = board(&folder);
    board.console().write(b"nobody hears this");
    for _ in 0..3 {
        let mut client = connect(&mut board);
        let bytes: Vec<u8> = (0..=255).collect();
        client.write_all(&bytes).unwrap();
        assert_eq!(input(&mut board, 256), bytes);
        board.console().write(&bytes);
        let mut answer = [0; 256];
        client.read_exact(&mut answer).unwrap();
        assert_eq!(answer[..], bytes);
    }
}

#[test]
fn a_second_client_is_turned_away() {
    let folder = Folder::new("tcp-second");
    let mut board = board(&folder);
    let mut first = connect(&mut board);
    let mut second = TcpStream::connect(board.address().unwrap()).unwrap();
    second.set_read_timeout(Some(LONG)).unwrap();
    assert_eq!(second.read(&mut [0]).unwrap_or(0), 0);
    board.console().write(b"for the first");
    let mut buf = [0; 13];
    first.read_exact(&mut buf).unwrap();
    assert_eq!(&buf, b"for the first");
}

#[test]
fn ctrl_c_and_a_long_answer() {
    let folder = Folder::new("tcp-long");
    let mut board = board(&folder);
    board.attention().set_interrupt_byte(Some(3));
    let mut client = connect(&mut board);
    let answer: Vec<u8> = (0..5_000_000u32).map(|n| (n % 247) as u8).collect();
    let reader = std::thread::spawn(move || {
        let mut all = Vec::new();
        let mut buf = [0; 1000];
        while all.len() < 5_000_000 {
            let n = client.read(&mut buf).unwrap();
            all.extend_from_slice(&buf[..n]);
        }
        client.write_all(b"\x03").unwrap();
        (all, client)
    });
    board.console().write(&answer);
    until(&mut board, |board| board.attention().take_interrupt());
    assert!(reader.join().unwrap().0 == answer);
}
