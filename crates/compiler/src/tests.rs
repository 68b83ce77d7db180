//! Tests: source in, disassembly out; each code object is verified by the host as well.

mod errors;
mod golden;
mod host;
mod jumps;
mod limits;

use std::fmt::Write as _;

use octopy_syntax::Failure;

use host::{Code, TestHost};

use crate::{Mode, compile_module};

/// Compiles what has to compile.
fn compile(source: &str, mode: Mode) -> TestHost {
    let mut host = TestHost::default();
    match compile_module(source.as_bytes().iter(), &mut host, mode) {
        Ok(()) => host,
        Err(failure) => panic!("{failure:?} in\n{source}"),
    }
}

/// Why something does not compile.
fn failure(source: &str) -> Failure {
    let mut host = TestHost::default();
    compile_module(source.as_bytes().iter(), &mut host, Mode::File).unwrap_err()
}

/// All code objects as text.
fn listing(host: &TestHost) -> String {
    let mut out = String::new();
    list(host, host.module.as_ref().unwrap(), &mut out);
    out
}

fn list(host: &TestHost, code: &Code, out: &mut String) {
    let _ = writeln!(
        out,
        "{} line {}, flags {}, arguments {:?} {}+{} ({} defaults), cells {:?}, {} locals, stack {}, \
         handlers {}",
        code.name,
        code.first_line,
        code.flags,
        code.arg_names,
        code.n_pos_args,
        code.n_kwonly_args,
        code.n_def_pos_args,
        code.cells,
        code.n_locals,
        code.max_stack,
        code.max_handlers
    );
    for line in host.disassembly(code).lines() {
        let _ = writeln!(out, "    {line}");
    }
    for child in &code.children {
        list(host, child, out);
    }
}

/// The instructions of the module, without their offsets.
fn instructions(source: &str, mode: Mode) -> Vec<String> {
    let host = compile(source, mode);
    let text = host.disassembly(host.module.as_ref().unwrap());
    text.lines().filter_map(|line| line.split_once(' ')).map(|(_, op)| op.to_owned()).collect()
}

#[test]
fn a_module_returns_none() {
    assert_eq!(instructions("", Mode::File), ["load_const_none", "return_value"]);
}

#[test]
fn eval_returns_the_value() {
    assert_eq!(
        instructions("a + 1", Mode::Eval),
        ["load_name 0 a", "load_const_small_int 1", "binary_op __add__", "return_value"]
    );
}

#[test]
fn the_prompt_prints_values() {
    assert_eq!(
        instructions("a", Mode::Single),
        [
            "load_name 0 __repl_print__",
            "load_name 1 a",
            "call_function 1 0",
            "pop_top",
            "load_const_none",
            "return_value"
        ]
    );
    let inside = compile("def f():\n    a\n", Mode::Single);
    assert!(!listing(&inside).contains("__repl_print__"), "only at the top level");
    assert_eq!(instructions("\n", Mode::Single), ["load_const_none", "return_value"]);
}

#[test]
fn lines_are_those_of_the_source() {
    let host = compile("a\n\n\nb\ndef f():\n  c\n\n  d\n", Mode::File);
    let module = host.module.as_ref().unwrap();
    let line_of = |code: &Code, op: &str| {
        let text = host.disassembly(code);
        let line = text.lines().find(|line| line.contains(op)).unwrap();
        host.lines(code)[line.split(' ').next().unwrap().parse::<usize>().unwrap()]
    };
    assert_eq!(line_of(module, " a"), 1);
    assert_eq!(line_of(module, " b"), 4);
    assert_eq!(line_of(module, "store_name"), 5);
    let f = &module.children[0];
    assert_eq!((f.first_line, line_of(f, " c"), line_of(f, " d")), (5, 6, 8));
}

#[test]
fn private_constants_leave_nothing_behind() {
    assert_eq!(
        instructions("_A = const(7)\n_B = const(_A)\n", Mode::File),
        ["load_const_none", "return_value"]
    );
}

#[test]
fn constants_reach_all_later_code() {
    let host = compile(
        "_X = const(7)\nfor i in range(_X):\n  pass\ndef f(a=_X): return _X.b\n",
        Mode::File,
    );
    assert!(!listing(&host).contains("_X"));
}
