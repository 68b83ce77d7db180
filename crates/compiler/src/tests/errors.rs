//! What does not compile, and what is said about it.

use octopy_syntax::Failure;

use super::failure;

fn check(source: &str, line: u32, text: &str) {
    match failure(source) {
        Failure::Syntax(error) => {
            assert_eq!((error.kind.text(), error.span.line), (text, line), "{source}");
        }
        Failure::Memory(_) => panic!("out of memory in {source}"),
    }
}

#[test]
fn targets() {
    check("\n1 = a", 2, "can't assign to expression");
    check("a() = b", 1, "can't assign to expression");
    check("a + b = c", 1, "can't assign to expression");
    check("() = a", 1, "can't assign to expression");
    check("*a = b", 1, "can't assign to expression");
    check("(a, b) += c", 1, "can't assign to expression");
    check("*a, *b = c", 1, "multiple *x in assignment");
    check("a = *b", 1, "*x must be assignment target");
    check("[*a]", 1, "*x must be assignment target");
    check("for 1 in a: pass", 1, "can't assign to expression");
    check("with a as 1: pass", 1, "can't assign to expression");
    check("[x for 1 in a]", 1, "can't assign to expression");
    check("del 1", 1, "can't delete expression");
    check("del a + b", 1, "can't delete expression");
    check("del ()", 1, "can't delete expression");
    check("del [a]", 1, "can't delete expression");
}

#[test]
fn places() {
    check("break", 1, "'break'/'continue' outside loop");
    check("while a: pass\nelse: continue", 2, "'break'/'continue' outside loop");
    check("for a in b:\n def f(): break", 2, "'break'/'continue' outside loop");
    check("return 1", 1, "'return' outside function");
    check("class A:\n return 1", 2, "'return' outside function");
    check("yield 1", 1, "'yield' outside function");
    check("class A: a = yield", 1, "'yield' outside function");
    check("[(yield a) for a in b]", 1, "'yield' outside function");
    check("await a", 1, "'await' outside function");
    check("def f():\n async for a in b: pass", 2, "async for/with outside async function");
    check("def f():\n async with a: pass", 2, "async for/with outside async function");
    check("def f():\n from a import *", 2, "import * not at module level");
}

#[test]
fn names() {
    check("nonlocal a", 1, "can't declare nonlocal in outer code");
    check("def f():\n nonlocal a", 2, "no binding for nonlocal found");
    check("def f():\n a = 1\n global a", 3, "identifier redefined as global");
    check("def f():\n a = 1\n nonlocal a", 3, "identifier redefined as nonlocal");
    check("def f(a, a): pass", 1, "argument name reused");
    check("lambda a, *a: 0", 1, "argument name reused");
    check("def f(a=1, b): pass", 1, "non-default argument follows default argument");
    check("def f():\n super()", 2, "super() can't find self");
}

#[test]
fn arguments() {
    check("f(a=1, b)", 1, "positional arg after keyword arg");
    check("f(**a, b)", 1, "positional arg after **");
    check("f(**a, *b)", 1, "* arg after **");
    check("f(a=1, *b)", 1, "* arg after kwarg");
    check(&format!("f({})", "a, ".repeat(256)), 1, "too many args");
    check(&format!("f({}*b)", "a, ".repeat(29)), 1, "too many args");
}

#[test]
fn others() {
    check("try: a\nexcept: b\nexcept C: d", 2, "default 'except' must be last");
    check("@micropython.asm_thumb\ndef f(): pass", 1, "inline assembler is not supported");
    check("@micropython.asm_thumb()\ndef f(): pass", 1, "inline assembler is not supported");
    let viper = "viper is not supported: no machine code is made";
    check("@micropython.native\n@micropython.viper\ndef f(): pass", 2, viper);
    check("@micropython.odd\ndef f(): pass", 1, "invalid micropython decorator");
    check("@micropython\ndef f(): pass", 1, "invalid micropython decorator");
    check("a = const(b)", 1, "not a constant");
    check("a = const(f())", 1, "not a constant");
    check("{**a}", 1, "invalid syntax");
}

#[test]
fn an_error_late_in_a_file_is_found() {
    check(&format!("{}return", "a = b\n".repeat(500)), 501, "'return' outside function");
}
