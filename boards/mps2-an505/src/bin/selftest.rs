#![no_std]
#![no_main]
use mps2_an505::{An505, last_words};
use octopy_board_support::{board, fault};
board! { main = main, last_words = last_words }
fn main() -> ! {
    let _ = An505::start();
    fault::end(0)
}
