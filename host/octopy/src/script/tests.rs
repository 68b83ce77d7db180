//! Tests of MicroPython's command line.

use super::*;

fn parse(line: &str) -> Result<Request, Invalid> {
    let args: Vec<String> = line.split(' ').filter(|s| !s.is_empty()).map(str::to_owned).collect();
    Script::parse(&args)
}

fn script(program: Program, argv: &[&str]) -> Script {
    Script {
        program,
        argv: argv.iter().map(|arg| (*arg).to_owned()).collect(),
        inspect: false,
        optimise: 0,
        verbose: 0,
        compile_only: false,
        heap_size: HeapSize::Usual,
    }
}

fn file(name: &str) -> Program {
    Program::File(name.to_owned())
}

fn code(text: &str) -> Program {
    Program::Code(text.to_owned())
}

fn module(name: &str) -> Program {
    Program::Module(name.to_owned())
}

#[test]
fn programs_and_their_argv() {
    #[track_caller]
    fn check(line: &str, expect: Script) {
        assert_eq!(parse(line), Ok(Request::Script(expect)), "{line}");
    }
    check("", script(Program::Input, &[]));
    check("-i", Script { inspect: true, ..script(Program::Input, &[]) });
    check("a.py", script(file("a.py"), &["a.py"]));
    check("a.py -i -h x", script(file("a.py"), &["a.py", "-i", "-h", "x"]));
    check("-i a.py", Script { inspect: true, ..script(file("a.py"), &["a.py"]) });
    check("-c print(1)", script(code("print(1)"), &["-c"]));
    check("-c 1 -h --version -X bad", script(code("1"), &["-c", "-h", "--version", "-X", "bad"]));
    check("-c -h", script(code("-h"), &["-c"]));
    check("-m pkg.mod a -b", script(module("pkg.mod"), &["pkg.mod", "a", "-b"]));
    check("-v -v -v a", Script { verbose: 3, ..script(file("a"), &["a"]) });
    check("-X emit=bytecode a", script(file("a"), &["a"]));
    check("-X compile-only a", Script { compile_only: true, ..script(file("a"), &["a"]) });
    check(
        "-X emit=bytecode -X heapsize=1M -i -O2 -m m x",
        Script {
            inspect: true,
            optimise: 2,
            heap_size: HeapSize::Bytes(1 << 20),
            ..script(module("m"), &["m", "x"])
        },
    );
    // The first pass sees the option, the second takes the file after it.
    check(
        "-X heapsize=64k -X heapsize=32k a -X heapsize=1",
        Script {
            heap_size: HeapSize::Bytes(32 << 10),
            ..script(file("a"), &["a", "-X", "heapsize=1"])
        },
    );
}

#[test]
fn optimisation_levels() {
    for (option, level) in
        [("-O", 1), ("-OO", 2), ("-OOO", 3), ("-O0", 0), ("-O3", 3), ("-O1x", 1), ("-Ox", 1)]
    {
        let expect = Script { optimise: level, ..script(file("a"), &["a"]) };
        assert_eq!(parse(&format!("{option} a")), Ok(Request::Script(expect)), "{option}");
    }
}

#[test]
fn help_and_version_come_before_mistakes() {
    for (line, expect) in [
        ("-h", Request::Help),
        ("--help", Request::Help),
        ("--version", Request::Version),
        ("-i -h a.py", Request::Help),
        ("-Q --version", Request::Version),
        ("-X emit=bytecode -h", Request::Help),
        ("-h -X bad", Request::Help),
    ] {
        assert_eq!(parse(line), Ok(expect), "{line}");
    }
}

#[test]
fn mistakes_are_named() {
    for (line, expect) in [
        ("-Q", "-Q"),
        ("-", "-"),
        ("--", "--"),
        ("--hlep", "--hlep"),
        ("-i -Q a.py", "-Q"),
        ("-c", "-c"),
        ("-m", "-m"),
        ("-X", "-X"),
        ("-X bad a.py", "-X bad"),
        ("-X emit=native a.py", "-X emit=native"),
        ("-X heapsize= a.py", "-X heapsize="),
        ("-X heapsize=699 a.py", "-X heapsize=699"),
        ("-X heapsize=3073m a.py", "-X heapsize=3073m (the most is 3g)"),
        ("-X bad -h", "-X bad"),
    ] {
        assert_eq!(parse(line), Err(Invalid(expect.to_owned())), "{line}");
    }
}

#[test]
fn heap_sizes() {
    for (text, expect) in [
        ("700", Some(700)),
        ("64k", Some(65_536)),
        ("64K", Some(65_536)),
        ("2m", Some(2 << 20)),
        ("2M", Some(2 << 20)),
        ("2wM", Some(2 << 20)),
        ("4096w", Some(4096)),
        ("0x10000", Some(65_536)),
        ("0X10k", Some(16_384)),
        ("02000", Some(1024)),
        ("+1k", Some(1024)),
        ("", None),
        ("k", None),
        ("0", None),
        ("-1m", None),
        ("1kb", None),
        ("1g", Some(1 << 30)),
        ("3G", Some(3 << 30)),
        ("1t", None),
        ("1 k", None),
        ("699", None),
        ("08000", None),
        ("99999999999999999999", None),
        ("9999999999999999m", None),
        ("ü1k", None),
    ] {
        assert_eq!(heap_size(text), expect, "{text:?}");
    }
}
