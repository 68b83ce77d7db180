//! The `octopy` command from outside: what it prints, where, and how it ends.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("octopy-command-{}-{test}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path.canonicalize().unwrap())
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path.into_os_string().into_string().unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

fn octopy(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_octopy"));
    command.args(args).env_remove("MICROPYPATH").env_remove("MICROPYINSPECT");
    command
}

fn run(command: &mut Command, input: &str) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that does not read its input closes the pipe.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// Runs with `input` and compares the exit status and standard output.
#[track_caller]
fn check(args: &[&str], input: &str, status: i32, stdout: &str) -> String {
    let output = run(&mut octopy(args), input);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), stdout, "{errors}");
    assert_eq!(output.status.code(), Some(status), "{errors}");
    errors
}

#[test]
fn programs_come_from_everywhere() {
    let folder = Folder::new("where");
    check(&["-c", "print(1 + 1)"], "", 0, "2\n");
    check(&[], "for i in range(2):\n    print(i)\n", 0, "0\n1\n");
    check(&["-X", "emit=bytecode"], "print('in')", 0, "in\n");
    let file = folder.file("a.py", "print(__name__, __file__)\n");
    check(&[&file], "", 0, &format!("__main__ {file}\n"));
}

#[test]
fn arguments_and_search_path() {
    let folder = Folder::new("path");
    let show = "import sys\nprint(sys.argv, sys.path[0])\n";
    let file = folder.file("show.py", show);
    let place = folder.0.display();
    check(&[&file, "a", "-i"], "", 0, &format!("['{file}', 'a', '-i'] {place}\n"));
    check(&["-c", show, "x", "-h"], "", 0, "['-c', 'x', '-h'] \n");
    check(&[], "import sys\nprint(sys.argv, sys.path[0] == '')", 0, "[] True\n");
    let output = run(
        octopy(&["-c", "import sys\nprint(sys.path)"])
            .env("MICROPYPATH", ":/a:~/b")
            .env("HOME", "/h"),
        "",
    );
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "['', '/a', '/h/b']\n");
}

#[test]
fn modules_run_as_main() {
    let folder = Folder::new("module");
    folder.file(
        "mod.py",
        "import sys\nprint(__name__, sys.argv)\ndef __getattr__(name):\n    raise AttributeError\n",
    );
    folder.file("pkg/__init__.py", "print(__name__)\n");
    folder.file(
        "pkg/part.py",
        "import __main__ as own\nfrom .other import x\nimport sys\nprint(own, x, own is sys.modules['pkg.part'])\n",
    );
    folder.file("pkg/other.py", "x = __name__\n");
    folder.file("pkg/__main__.py", "print('main', __name__)\n");
    let run_in = |args: &[&str]| {
        let output = run(octopy(args).current_dir(&folder.0), "");
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    assert_eq!(run_in(&["-m", "mod", "x"]), (Some(0), "__main__ ['mod', 'x']\n".to_owned()));
    let (status, text) = run_in(&["-m", "pkg"]);
    assert_eq!((status, text.as_str()), (Some(0), "pkg\nmain __main__\n"));
    let text = "pkg\n<module '__main__' from 'pkg/part.py'> pkg.other True\n".to_owned();
    assert_eq!(run_in(&["-m", "pkg.part"]), (Some(0), text));
    assert_eq!(run_in(&["-m", "nope"]).0, Some(1));
}

#[test]
fn exit_statuses() {
    for (code, status) in [
        ("pass", 0),
        ("raise SystemExit", 0),
        ("raise SystemExit(None)", 0),
        ("raise SystemExit(3)", 3),
        ("raise SystemExit(256 + 7)", 7),
        ("raise SystemExit('text')", 1),
        ("import sys\nsys.exit(4)", 4),
        ("1/0", 1),
        ("x = = 1", 1),
    ] {
        let output = run(&mut octopy(&["-c", code]), "");
        assert_eq!(output.status.code(), Some(status), "{code}");
    }
}

#[test]
fn tracebacks_go_to_standard_error() {
    let folder = Folder::new("traceback");
    let file = folder.file("bad.py", "print('out')\ndef f():\n    1/0\nf()\n");
    let errors = check(&[&file], "", 1, "out\n");
    let expect = format!(
        "Traceback (most recent call last):\n  File \"{file}\", line 4, in <module>\n  \
         File \"{file}\", line 3, in f\nZeroDivisionError: divide by zero\n"
    );
    assert_eq!(errors, expect);
}

#[test]
fn a_missing_file_is_status_2() {
    let errors = check(&["/no/such/file.py"], "", 2, "");
    assert!(
        errors.contains("can't open file '/no/such/file.py': [Errno 2]")
            && errors.lines().count() == 1,
        "{errors}"
    );
}

#[test]
fn mistakes_and_questions() {
    let errors = check(&["-Q"], "", 1, "");
    assert!(errors.contains("-Q is not understood"), "{errors}");
    let help = run(&mut octopy(&["-h"]), "");
    assert!(help.status.success() && help.stdout.starts_with(b"usage: octopy "));
    let version = run(&mut octopy(&["--version"]), "");
    assert!(version.status.success() && version.stdout.starts_with(b"MicroPython "));
}

#[test]
fn nothing_runs_when_only_compiling() {
    check(&["-X", "compile-only", "-c", "print(1)"], "", 0, "");
    let errors = check(&["-X", "compile-only", "-c", "x = = 1"], "", 1, "");
    assert!(errors.ends_with("SyntaxError: invalid syntax\n"), "{errors}");
}

#[test]
fn the_heap_has_the_size_asked_for() {
    let small = "b = bytearray(400000)\nprint(len(b))";
    check(&["-X", "heapsize=1m", "-c", small], "", 0, "400000\n");
    let errors = check(&["-X", "heapsize=256k", "-c", small], "", 1, "");
    assert!(errors.contains("MemoryError: memory allocation failed"), "{errors}");
}

#[test]
fn what_is_due_is_done_when_the_program_ends() {
    let scheduled = "import micropython\nmicropython.schedule(print, 'late')\nprint('early')";
    check(&["-c", scheduled], "", 0, "early\nlate\n");
    for (request, status) in
        [("try: bytearray(1 << 20)\nexcept MemoryError: pass", 0), ("bytearray(1 << 20)", 1)]
    {
        let program = format!("import gc\ngc.log(True)\n{request}");
        let output = run(&mut octopy(&["-X", "heapsize=64k", "-c", &program]), "");
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.starts_with("gc: 0 asked for 1048584 bytes in heap: failed ("), "{text}");
        assert_eq!(output.status.code(), Some(status));
    }
}

#[test]
fn ctrl_c_is_a_keyboard_interrupt() {
    // Calls without loops are as endless as loops, if each that goes too deep is followed by another.
    let calls = "def f():\n try:\n  f()\n  f()\n except RuntimeError: pass\n f()\nf()";
    for endless in ["while True: pass", calls] {
        let mut child = octopy(&["-c", &format!("print('go')\n{endless}")])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut go = [0; 3];
        std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut go).unwrap();
        Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        let output = child.wait_with_output().unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert!(errors.contains("KeyboardInterrupt"), "{errors}");
        assert_eq!(output.status.code(), Some(1));
    }
}

#[test]
fn input_comes_from_standard_input() {
    check(&["-c", "import sys\nprint(repr(sys.stdin.read(3)))"], "abcdef", 0, "'abc'\n");
}
