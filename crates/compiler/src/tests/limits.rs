//! Limits: memory that runs out at every point, programs that nest or repeat without end.

use octopy_syntax::{Area, ErrorKind, Failure, OutOfMemory, Store};

use super::host::TestHost;
use super::{compile, failure};
use crate::{Mode, compile_module};

const AREAS: [Area; 7] =
    [Area::Tree, Area::Text, Area::Scopes, Area::Labels, Area::Code, Area::Lines, Area::Misc];

fn lengths(host: &TestHost) -> [u32; 7] {
    AREAS.map(|area| host.len(area))
}

const PROGRAM: &str = r#"
_A = const((1, "x"))
class B(C):
    def f(self, *a, b=1, **k):
        try:
            with open(f"{a!r:>{b}}") as f:
                for i in range(10):
                    yield [x + i for x in f if x is not i]
        except E as e:
            return super().f(*a, **k)
        finally:
            del self.x[1:]
import a.b.c as d
x, *y = lambda: _A, 1.5, 0xffffffffff
"#;

#[test]
fn running_out_of_memory_anywhere_is_a_failure_and_nothing_else() {
    let mut budget = 0;
    loop {
        let mut host = TestHost::default();
        host.store.budget = Some(budget);
        let result = compile_module(PROGRAM.as_bytes().iter(), &mut host, Mode::File);
        assert_eq!(lengths(&host), [0; 7]);
        match result {
            Ok(()) => break,
            Err(failure) => assert_eq!(failure, Failure::Memory(OutOfMemory), "at {budget}"),
        }
        budget += 1;
    }
    assert!(budget > 1000);
}

#[test]
fn what_the_areas_held_stays() {
    let mut host = TestHost::default();
    for area in AREAS {
        if area.is_bytes() {
            host.push_byte(area, 7).unwrap();
        } else {
            host.push_word(area, 7).unwrap();
        }
    }
    compile_module(PROGRAM.as_bytes().iter(), &mut host, Mode::File).unwrap();
    assert_eq!(lengths(&host), [1; 7]);
    for area in AREAS {
        let value = if area.is_bytes() { host.bytes(area)[0].into() } else { host.word(area, 0) };
        assert_eq!(value, 7);
    }
}

#[test]
fn a_program_cut_anywhere_compiles_or_fails() {
    for end in 0..PROGRAM.len() {
        let mut host = TestHost::default();
        let _ = compile_module(PROGRAM.as_bytes()[..end].iter(), &mut host, Mode::File);
        assert_eq!(lengths(&host), [0; 7]);
    }
}

/// Runs on a stack about as big as the chip's, doubled for the width of this machine's words and
/// again for its unoptimised code.
fn on_a_small_stack(run: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(256 * 1024).spawn(run).unwrap().join().unwrap();
}

#[test]
fn what_repeats_needs_no_stack() {
    on_a_small_stack(|| {
        let n = 1000;
        compile(&format!("x = {}1", "a + ".repeat(n)), Mode::File);
        compile(&format!("x{}", ".f(1)[2]".repeat(n)), Mode::File);
        compile(&format!("if a: b\n{}", "elif c: d\n".repeat(n)), Mode::File);
        compile(&format!("x = {}1", "a if b else ".repeat(n)), Mode::File);
        compile(&format!("x = {}1", "a and ".repeat(n)), Mode::File);
        compile(&format!("x = {}1", "a < ".repeat(n)), Mode::File);
        compile(&format!("x = {}1", "a = ".repeat(n)), Mode::File);
        compile(&format!("x = [{}]", "a, ".repeat(n)), Mode::File);
        compile(&format!("x = {}", "'a' ".repeat(n)), Mode::File);
        compile(&format!("with {}b: c", "a as b, ".repeat(n)), Mode::File);
        compile(&format!("{}def f(): pass", "@a\n".repeat(n)), Mode::File);
        compile(&"def f(): pass\n".repeat(n), Mode::File);
    });
}

#[test]
fn what_nests_too_deep_is_refused() {
    on_a_small_stack(|| {
        let n = 10_000;
        let around = |open: &str, close: &str| open.repeat(n) + "x" + &close.repeat(n);
        for source in [
            around("(", ")"),
            around("f(", ")"),
            around("[", "]"),
            around("x[", "]"),
            around("-", ""),
            around("not ", ""),
            around("x ** ", ""),
            around("lambda: ", ""),
            around("[x for x in ", "]"),
            around("[x for x in y if ", "]"),
            around("(a, ", ")") + " = 1",
            around("x if (", ") else y"),
            around("f'{", "}'"),
        ] {
            assert!(is_too_deep(&source), "{}", &source[..20]);
        }
        let block = |head: &str| -> String {
            (0..60).map(|idx| " ".repeat(idx) + head + "\n").collect::<String>()
                + &" ".repeat(60)
                + "pass\n"
        };
        for head in ["if x:", "while x:", "for x in y:", "with x:", "def f():", "class A:"] {
            assert!(is_too_deep(&block(head)), "{head}");
        }
    });
}

fn is_too_deep(source: &str) -> bool {
    match failure(source) {
        Failure::Syntax(error) => error.kind == ErrorKind::TooDeep,
        Failure::Memory(_) => false,
    }
}

#[test]
fn a_jump_that_is_too_far_is_refused() {
    let body = "  a.b.c.d.e.f\n".repeat(2000);
    let Failure::Syntax(error) = failure(&format!("while x:\n{body}")) else { panic!() };
    assert_eq!(error.kind.text(), "bytecode overflow");
    let Failure::Syntax(error) = failure(&format!("while True:\n{body}")) else { panic!() };
    assert_eq!(error.kind.text(), "bytecode overflow");
}

#[test]
fn a_statement_leaves_no_memory_behind() {
    let one = peak("x = [f(a, b) for a in c]\n");
    let many = peak(&"x = [f(a, b) for a in c]\n".repeat(200));
    for (area, (one, many)) in AREAS.iter().zip(one.into_iter().zip(many)) {
        if !matches!(area, Area::Code | Area::Lines) {
            assert_eq!(one, many, "{area:?}");
        }
    }
}

/// The longest that each area ever was.
fn peak(source: &str) -> [u32; 7] {
    let mut host = TestHost::default();
    host.peaks = Some([0; 7]);
    compile_module(source.as_bytes().iter(), &mut host, Mode::File).unwrap();
    host.peaks.unwrap()
}
