//! The firmware for QEMU's mps2-an505.
#![no_std]
#![no_main]

use mps2_an505::{An505, last_words, memory};
use octopy_board_support::{board, fault, semihosting};
use octopy_hal::Board;

board! { main = main, last_words = last_words }

fn main() -> ! {
    let Some(board) = An505::start() else { fault::end(fault::PANIC_EXIT) };
    echo(board);
    semihosting::exit(0);
    board.reset();
    fault::end(0)
}

/// Sends back what comes, until Ctrl-D.
fn echo(board: &mut dyn Board) {
    board.console().write(b"echo\r\n");
    let large = memory::has_large_region();
    board.console().write(if large { b"large region\r\n" } else { b"no large region\r\n" });
    let mut buf = [0u8; 64];
    loop {
        let n = board.console().read(&mut buf);
        let bytes = buf.get(..n).unwrap_or(&[]);
        board.console().write(bytes);
        if bytes.contains(&4) {
            return;
        }
        if n == 0 {
            board.wait(None);
        }
    }
}
