//! Developer commands: `cargo xtask COMMAND`.
//!
//! Plain Rust with few dependencies; one file per command.

mod bench;
mod check;
mod clients;
mod comparison;
mod conform;
mod coverage;
mod differential;
mod expectation;
mod firmware;
mod icount;
mod image;
mod octopy;
mod process;
mod qemu;
mod qemu_test;
mod qstr;
mod raw_repl;
mod script;
mod size;
mod stack_frame;
mod target;
mod test;
mod tidy;

use std::process::ExitCode;

const COMMANDS: &str = "bench, check, clients, conform, coverage, differential, fw, icount, \
                        qemu-test, qstr, size, test, tidy";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let command = args.next().unwrap_or_default();
    let rest: Vec<String> = args.collect();
    let result = match command.as_str() {
        "bench" => bench::run(&rest).map_err(|e| format!("{e:#}")),
        "check" => check::run(&rest).map_err(|e| format!("{e:#}")),
        "clients" => clients::run(&rest).map_err(|e| format!("{e:#}")),
        "conform" => conform::run(&rest).map_err(|e| format!("{e:#}")),
        "coverage" => coverage::run(&rest).map_err(|e| format!("{e:#}")),
        "differential" => differential::run(&rest).map_err(|e| format!("{e:#}")),
        "fw" => firmware::run(&rest).map_err(|e| format!("{e:#}")),
        "icount" => icount::run(&rest).map_err(|e| format!("{e:#}")),
        "qemu-test" => qemu_test::run(&rest).map_err(|e| format!("{e:#}")),
        "qstr" => qstr::run(&rest),
        "size" => size::run(&rest).map_err(|e| format!("{e:#}")),
        "test" => test::run(&rest).map_err(|e| format!("{e:#}")),
        "tidy" => tidy::run(&rest).map_err(|e| format!("{e:#}")),
        _ => Err(format!("unknown command {command:?}; known: {COMMANDS}")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}

/// The root of the repository.
pub fn root() -> std::path::PathBuf {
    let mut dir = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    dir.pop();
    dir
}
