//! The scripts of `tests/scripts`, run by the command: each prints what its comments say.
//!
//! `# expect: TEXT` stands on the line that causes the output, in order; `# raises: TEXT` is the
//! last line of the traceback that ends the script. With the feature `zeal` the same scripts run
//! with a collection and a move at every allocation.

use std::path::{Path, PathBuf};
use std::process::Command;

/// What says that a script is not for the PC.
const ELSEWHERE: &str = "\n# only: board\n";

fn comments<'s>(source: &'s str, mark: &str) -> Vec<&'s str> {
    source
        .lines()
        .filter_map(|line| line.split_once(mark))
        .map(|(_, text)| text.strip_prefix(' ').unwrap_or(text))
        .collect()
}

/// What is wrong with a script, if anything.
fn judge(path: &Path) -> Option<String> {
    judge_as(path, path)
}

/// As [`judge`], of what a script was compiled to.
fn judge_compiled(path: &Path) -> Option<String> {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let compiled = std::env::temp_dir().join(format!("octopy-{}-{name}.mpy", std::process::id()));
    let status = Command::new(env!("CARGO_BIN_EXE_octopy"))
        .arg("compile")
        .arg(path)
        .arg("-o")
        .arg(&compiled)
        .status()
        .expect("octopy starts");
    let found = if status.success() {
        judge_as(path, &compiled)
    } else {
        Some("does not compile".to_owned())
    };
    std::fs::remove_file(&compiled).expect("what was written can be removed");
    found
}

/// What is wrong with a script that is run as another file.
fn judge_as(path: &Path, file: &Path) -> Option<String> {
    let source = std::fs::read_to_string(path).expect("a script is readable");
    let output = Command::new(env!("CARGO_BIN_EXE_octopy"))
        .args(["-X", "heapsize=8m"])
        .arg(file)
        .output()
        .expect("octopy starts");
    let (out, errors) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let raised = errors.lines().last();
    let wanted = comments(&source, "# raises:");
    if raised != wanted.first().copied() {
        return Some(format!("raised {errors}"));
    }
    let lines: Vec<&str> = out.lines().collect();
    let expected = comments(&source, "# expect:");
    let at = (0..lines.len().max(expected.len())).find(|&at| lines.get(at) != expected.get(at))?;
    Some(format!("output line {}: {:?} instead of {:?}", at + 1, lines.get(at), expected.get(at)))
}

#[test]
fn scripts_print_what_they_say() {
    check_all(judge);
    // Not at the same time: scripts write files.
    check_all(judge_compiled);
}

fn check_all(judge: fn(&Path) -> Option<String>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/scripts");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("tests/scripts exists")
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "py"))
        .filter(|path| !std::fs::read_to_string(path).is_ok_and(|text| text.contains(ELSEWHERE)))
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    let failures: Vec<String> = paths
        .iter()
        .filter_map(|path| judge(path).map(|why| format!("{}: {why}", path.display())))
        .collect();
    println!("{} passed, {} failed", paths.len() - failures.len(), failures.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
