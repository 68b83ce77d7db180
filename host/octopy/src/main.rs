//! `octopy`: runs Python programs and virtual boards on a PC.
#![forbid(unsafe_code)]

mod board;
mod data_folder;
mod dis;
mod request;
mod script;
mod search_path;

use std::process::ExitCode;

use request::{Refusal, Request};

const HELP: &str = "\
usage: octopy [OPTION]... [-c CODE | -m MODULE | FILE] [ARG]...
       octopy board [--pty [LINK] | --tcp 127.0.0.1:PORT] [--flash FILE] [--fresh]
       octopy dis FILE.py

Without a program: the REPL, or the program on standard input.

  -c CODE          run CODE
  -m MODULE        run a module or package
  -i               start the REPL afterwards
  -O[N]            leave out assertions (level 1 and up)
  -v               say more; can be repeated
  -X compile-only  compile without running
  -X emit=bytecode the kind of code to make; there is no other
  -X heapsize=N[k|m]  bytes of heap
  --version        show the version
  -h               show this text

  octopy board -h, octopy dis -h: the options of these
";

fn main() -> ExitCode {
    let args: Vec<String> =
        std::env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect();
    match Request::parse(&args) {
        Ok(request) => run(request),
        Err(Refusal::Script(invalid)) => {
            eprintln!("octopy: {} is not understood; -h shows what is.", invalid.0);
            ExitCode::from(1)
        }
        Err(Refusal::Subcommand(error)) => error.exit(),
    }
}

fn run(request: Request) -> ExitCode {
    match request {
        Request::Help => print!("{HELP}"),
        Request::Version => println!("Octopy {}", env!("CARGO_PKG_VERSION")),
        Request::Dis(options) => match options.listing() {
            Ok(text) => print!("{text}"),
            Err(error) => return failure(&error),
        },
        other => return failure(&anyhow::anyhow!("not yet: {other:?}")),
    }
    ExitCode::SUCCESS
}

/// Says what went wrong before anything ran.
fn failure(error: &anyhow::Error) -> ExitCode {
    eprintln!("octopy: {error:#}");
    ExitCode::from(1)
}
