//! `octopy`: runs Python programs and virtual boards on a PC.
#![forbid(unsafe_code)]

mod board;
mod compile;
mod data_folder;
mod dis;
mod heap;
mod machine;
mod output;
mod program;
mod request;
mod script;
mod search_path;
mod signals;
mod watch;

use std::process::ExitCode;

use octopy_virtual_board::cleanup;
use output::print;
use request::{Refusal, Request};

const HELP: &str = "\
usage: octopy [OPTION]... [-c CODE | -m MODULE | FILE] [ARG]...
       octopy board [--pty [LINK] | --tcp 127.0.0.1:PORT] [--flash FILE] [--fresh]
                    [--watch [PORT]] [--external-ram absent|stuck|SIZE]
       octopy compile FILE.py [-o FILE.mpy]
       octopy dis FILE
       octopy heap MAP [-o FILE.svg]

Without a program: the REPL, or the program on standard input.

  -c CODE          run CODE
  -m MODULE        run a module or package
  -i               start the REPL afterwards
  -O[N]            leave out assertions (level 1 and up)
  -v               say more; twice: show the program's bytecode first
  -X compile-only  compile without running
  -X emit=bytecode the kind of code to make; there is no other
  -X heapsize=N[k|m|g]  bytes of heap; auto: as many as the program needs, up to 1 GB
  --version        show the version
  -h               show this text

  octopy board -h, octopy compile -h, octopy dis -h, octopy heap -h: the options of these
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
    let result = match request {
        Request::Script(script) => script.run(),
        Request::Board(options) => options.run().map(|()| ExitCode::SUCCESS),
        Request::Compile(options) => options.run().map(|()| ExitCode::SUCCESS),
        Request::Dis(options) => options.listing().map(|text| {
            print(&text);
            ExitCode::SUCCESS
        }),
        Request::Heap(options) => options.run().map(|text| {
            print(&text);
            ExitCode::SUCCESS
        }),
        Request::Help => {
            print(HELP);
            return ExitCode::SUCCESS;
        }
        Request::Version => {
            let (version, language) = (octopy_runtime::VERSION, octopy_runtime::MICROPYTHON);
            let date = octopy_runtime::BUILD_DATE;
            print(&format!("MicroPython {language} (Octopy {version}) on {date}\n"));
            return ExitCode::SUCCESS;
        }
    };
    result.unwrap_or_else(|error| {
        cleanup::run();
        eprintln!("octopy: {error:#}");
        ExitCode::from(1)
    })
}
