//! A description is refused when its parts do not fit.

use crate::Description;

const AN505: &str = include_str!("../../mps2-an505/board.toml");
const VK_RA6M5: &str = include_str!("../../vk-ra6m5/board.toml");

fn refusal(from: &str, to: &str) -> String {
    assert!(AN505.contains(from), "the board's description no longer says {from:?}");
    Description::parse(&AN505.replacen(from, to, 1)).expect_err("a bad description was taken")
}

#[test]
fn the_board_fits_its_memory() {
    let board = Description::parse(AN505).unwrap();
    let (ram, top) = board.ram().unwrap();
    assert_eq!(ram.size, 512 * 1024);
    assert_eq!(board.regions[0].base, top);
    assert_eq!(top + board.fast_size(), ram.base + ram.size);
}

#[test]
fn every_board_speaks_the_same_grammar() {
    let board = Description::parse(VK_RA6M5).unwrap();
    assert_eq!(board.board.name, "VK-RA6M5");
}

#[test]
fn more_ram_than_there_is_is_refused() {
    let message = refusal("thread_stack = 0x0001_0000", "thread_stack = 0x0010_0000");
    assert!(message.contains("claimed"), "{message}");
}

#[test]
fn what_the_collector_keeps_has_bounds() {
    let message = refusal("mark_stack = 256", "mark_stack = 15");
    assert_eq!(message, "heap: mark_stack and trail have 16 entries at least");
    let message = refusal("trail = 128", "trail = 0");
    assert_eq!(message, "heap: mark_stack and trail have 16 entries at least");
    let message = refusal("mark_stack = 256", "mark_stack = 2048");
    assert_eq!(message, "heap: roots, mark_stack and trail leave no half of value_stack");
    let constants = AN505.replacen("mark_stack = 256", "mark_stack = 16", 1);
    let constants = Description::parse(&constants).unwrap().constants().unwrap();
    assert!(constants.contains("pub const MARK_STACK: u32 = 0x10;"), "{constants}");
}

#[test]
fn overlapping_regions_are_refused() {
    let message = refusal("base = 0x8080_0000", "base = 0x807f_0000");
    assert_eq!(message, "psram and flash overlap");
}

#[test]
fn a_misspelt_key_is_refused() {
    let message = refusal("static_ram", "static_rum");
    assert!(message.contains("static_rum"), "{message}");
}

#[test]
fn ram_ends_where_the_fast_region_begins() {
    let script = Description::parse(AN505).unwrap().memory_x().unwrap();
    assert!(script.contains("RAM : ORIGIN = 0x38000000, LENGTH = 0x33000"), "{script}");
    assert!(script.contains("_stack_start = 0x38033000"), "{script}");
}
