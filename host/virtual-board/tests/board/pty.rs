//! The console as a pseudo-terminal.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::Instant;

use octopy_hal::Board;
use octopy_virtual_board::Port;

use crate::support::{Folder, LONG, input, path_of, until};

/// Opens the port as a client that changes no setting.
fn open(path: &Path) -> File {
    OpenOptions::new().read(true).write(true).open(path).unwrap()
}

fn every_byte() -> Vec<u8> {
    (0..=255).collect()
}

#[test]
fn every_byte_passes_unchanged_from_the_first_client_on() {
    let folder = Folder::new("pty-raw");
    let mut board = folder.board(Port::Pty(None));
    assert!(path_of(&board).starts_with("/dev/pts"), "{:?}", board.address());
    // Three clients, one after the other.
    for _ in 0..3 {
        let mut client = open(&path_of(&board));
        client.write_all(&every_byte()).unwrap();
        assert_eq!(input(&mut board, 256), every_byte());
        board.console().write(&every_byte());
        let mut answer = [0; 256];
        client.read_exact(&mut answer).unwrap();
        assert_eq!(answer[..], every_byte());
    }
}

#[test]
fn a_long_upload_waits_for_the_board() {
    let folder = Folder::new("pty-upload");
    let mut board = folder.board(Port::Pty(None));
    let mut client = open(&path_of(&board));
    let sent: Vec<u8> = (0..300_000u32).map(|n| (n % 251) as u8).collect();
    let upload = std::thread::spawn({
        let sent = sent.clone();
        move || client.write_all(&sent).map(|()| client)
    });
    assert!(input(&mut board, sent.len()) == sent);
    upload.join().unwrap().unwrap();
    assert_eq!(board.console().receive_capacity(), 512);
}

#[test]
fn ctrl_c_is_seen_while_the_program_neither_reads_nor_waits() {
    let folder = Folder::new("pty-interrupt");
    let mut board = folder.board(Port::Pty(None));
    board.attention().set_interrupt_byte(Some(3));
    let mut client = open(&path_of(&board));
    // More than the receive buffer is waiting before it.
    client.write_all(&[b'x'; 2000]).unwrap();
    client.write_all(b"\x03tail").unwrap();
    let start = Instant::now();
    while !board.attention().is_pending() {
        assert!(start.elapsed() < LONG);
        std::hint::spin_loop();
    }
    assert!(board.attention().take_interrupt());
    assert_eq!(input(&mut board, 2004), [&[b'x'; 2000][..], b"tail"].concat());
}

#[test]
fn ctrl_c_ends_a_write_that_nobody_reads() {
    let folder = Folder::new("pty-blocked");
    let mut board = folder.board(Port::Pty(None));
    board.attention().set_interrupt_byte(Some(3));
    let mut client = open(&path_of(&board));
    client.write_all(b"\x03").unwrap();
    board.console().write(&[b'x'; 1_000_000]);
    until(&mut board, |board| board.attention().take_interrupt());
    // What was sent before is there, and the next words are not lost.
    let mut buf = vec![0; 100_000];
    let n = client.read(&mut buf).unwrap();
    assert!(n > 0 && buf[..n].iter().all(|byte| *byte == b'x'));
}

#[test]
fn a_program_goes_on_printing_with_nobody_there() {
    let folder = Folder::new("pty-alone");
    let mut board = folder.board(Port::Pty(None));
    let start = Instant::now();
    for _ in 0..1000 {
        board.console().write(&[b'x'; 1000]);
    }
    assert!(start.elapsed() < LONG);
    // Whoever comes next is served.
    let mut client = open(&path_of(&board));
    let mut got = Vec::new();
    let mut buf = [0; 4096];
    while !got.ends_with(b"hello") {
        board.console().write(b"hello");
        let n = client.read(&mut buf).unwrap();
        got.extend_from_slice(&buf[..n]);
    }
}

#[test]
fn the_stable_name_lives_as_long_as_the_board() {
    let folder = Folder::new("pty-link");
    let name = folder.path("port");
    symlink("/dev/pts/of-a-board-that-was-killed", &name).unwrap();
    let mut board = folder.board(Port::Pty(Some(name.clone())));
    assert_eq!(std::fs::read_link(&name).unwrap(), path_of(&board));
    open(&name).write_all(b"hi").unwrap();
    assert_eq!(input(&mut board, 2), b"hi");
    drop(board);
    assert!(name.symlink_metadata().is_err());
}

#[test]
fn a_file_is_never_replaced_by_the_stable_name() {
    let folder = Folder::new("pty-file");
    let name = folder.path("port");
    std::fs::write(&name, "precious").unwrap();
    let setup = octopy_virtual_board::Setup {
        port: Port::Pty(Some(name.clone())),
        flash: folder.path("flash"),
        fresh: false,
        external_ram: octopy_virtual_board::ExternalRam::Sound,
    };
    let error = octopy_virtual_board::VirtualBoard::new(&setup).err().unwrap();
    assert!(error.to_string().contains("exists and is not a link"), "{error}");
    assert_eq!(std::fs::read_to_string(&name).unwrap(), "precious");
}
