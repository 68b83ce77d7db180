//! Random operations against a model, as many as asked for: nothing that is live changes, and no
//! request is refused while there is room for it.
//!
//! `cargo run --release -p octopy-heap --features reserve --example heap_marathon -- 1000000000 [SEED]`
//!
//! Objects are made, placed, grown, shrunk, dropped, pinned and stored in each other. References lead from
//! a higher rank to a lower one, ranks being random: so there are no cycles, counting says which
//! objects are alive, and the model knows to the byte what is used. (Cycles are in the tests.)
//! Four heaps take turns: the board's two regions, one of 2 MB, and two so small that they are
//! full all the time.

mod check;
mod course;
mod guard;
mod interlude;
mod object;
mod random;
mod request;
mod size;
mod store;

use course::Course;
use octopy_heap::{RegionClass, RegionSpec};
use std::process::ExitCode;
use std::time::Instant;

fn courses(seed: u64) -> [Course; 4] {
    let region = |name, base, size, class| RegionSpec { name, base, size, class, dma: true };
    let fast = RegionClass::Fast;
    let large = RegionClass::Large;
    let board =
        [region("sram", 0x2003_3000, 0x4d000, fast), region("ospi", 0x6800_0000, 8 << 20, large)];
    let small =
        [region("sram", 0x2003_3000, 0x6000, fast), region("ospi", 0x6800_0000, 0x20000, large)];
    [
        Course::new("board", &board, 60_000, seed),
        Course::new("2 MB", &[region("heap", 0x1000_0000, 2 << 20, fast)], 16_000, seed + 1),
        Course::new("small board", &small, 1_200, seed + 2),
        Course::new("64 KB", &[region("heap", 0x1000_0000, 64 << 10, fast)], 500, seed + 3),
    ]
}

/// Operations of a heap in one turn.
const TURN: u64 = 250_000;

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1).map(|arg| arg.parse::<u64>());
    let (Some(Ok(operations)), Ok(seed)) = (args.next(), args.next().unwrap_or(Ok(1))) else {
        eprintln!("usage: heap_marathon OPERATIONS [SEED]");
        return ExitCode::FAILURE;
    };
    let mut courses = courses(seed);
    let begin = Instant::now();
    let (mut done, mut shown) = (0, 0);
    while done < operations {
        for course in &mut courses {
            let turn = TURN.min(operations - done);
            course.run(turn);
            done += turn;
        }
        if done - shown >= operations / 100 || done == operations {
            shown = done;
            let seconds = begin.elapsed().as_secs();
            println!("{done} operations with seed {seed} in {seconds} s");
            for course in &courses {
                let info = course.heap.info();
                println!(
                    "  {}: {} s; {} minor, {} full, {} cycles; {} of {} bytes alive; {} refused, \
                     {} served with more than nine tenths alive",
                    course.name,
                    course.time.as_secs(),
                    info.counts.minor,
                    info.counts.full,
                    info.counts.cycles,
                    course.live,
                    info.total,
                    course.refused,
                    course.served_when_full
                );
            }
        }
    }
    ExitCode::SUCCESS
}
