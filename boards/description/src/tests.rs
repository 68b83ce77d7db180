//! A description is refused when its parts do not fit.

use crate::Description;

const GOOD: &str = include_str!("../../mps2-an505/board.toml");

fn refusal(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "the board's description no longer says {from:?}");
    Description::parse(&GOOD.replacen(from, to, 1)).expect_err("a bad description was taken")
}

#[test]
fn the_board_fits_its_memory() {
    let board = Description::parse(GOOD).unwrap();
    assert_eq!(board.regions[0].size, 315_392);
    assert_eq!(board.regions[0].base, board.stack_top());
    assert_eq!(board.regions[0].base + board.regions[0].size, board.ram.base + 512 * 1024);
}

#[test]
fn more_ram_than_there_is_is_refused() {
    let message = refusal("thread-stack = 65536", "thread-stack = 655360");
    assert!(message.contains("claimed"), "{message}");
}

#[test]
fn overlapping_regions_are_refused() {
    let message = refusal("base = 0x8080_0000", "base = 0x807f_0000");
    assert_eq!(message, "psram and ram-disk overlap");
}

#[test]
fn a_misspelt_key_is_refused() {
    let message = refusal("static-budget", "static-bugdet");
    assert!(message.contains("static-bugdet"), "{message}");
}

#[test]
fn ram_ends_where_the_fast_region_begins() {
    let script = Description::parse(GOOD).unwrap().memory_x();
    assert!(script.contains("RAM : ORIGIN = 0x38000000, LENGTH = 0x33000"), "{script}");
    assert!(script.contains("_stack_start = 0x38033000"), "{script}");
}
