//! The memory that compiling a big script takes beyond the code that results.
//!
//! A script's first statement is compiled with all others and then run: it says how much is in
//! use, which is the code, and ends the program. The smallest heap in which that succeeds is what
//! compiling needs at its peak.

use super::figures::Figures;
use crate::process;
use anyhow::{Context, Result, bail};
use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// The name of the figure, which the filter looks at.
pub const NAME: &str = "compile 1 MB";

const PATIENCE: Duration = Duration::from_secs(60);

/// The heap in which everything compiles.
const LARGEST: u32 = 64 << 20;

/// How exactly the smallest heap is found.
const STEP: u32 = 1024;

const FIRST: &str = "import gc\ngc.collect()\nprint(gc.mem_alloc())\nraise SystemExit\n";

/// 20,000 small statements and functions, 1 MB in all.
fn script() -> String {
    let mut text = FIRST.to_owned();
    for n in (0..20_000).step_by(4) {
        let name = n % 500;
        let res = write!(
            text,
            "value_{name} = ({n}, 'text', {n} * 3 + len('abc'))  # nothing, just a statement\n\
             def function_{name}(a, b={n}):\n    c = a + b * 89\n    return c if c else None\n\
             if value_{name}[0] > {n}:\n    print('never here', value_{name})\n\
             other_{name} = [item + {n} for item in value_{name}[:1] if item]\n"
        );
        res.expect("a string grows");
    }
    text
}

/// The peak beyond the code, in bytes.
pub fn measure(command: &Path, scratch: &Path) -> Result<Figures> {
    let file = scratch.join("octopy-bench-compiler.py");
    std::fs::write(&file, script())?;
    let excess = excess(command, &file);
    let _ = std::fs::remove_file(&file);
    Figures::parse(&format!("B {} {NAME}", excess?))
}

fn excess(command: &Path, file: &Path) -> Result<u32> {
    let mut code = in_use(command, file, LARGEST)?
        .with_context(|| format!("{} does not compile it", command.display()))?;
    let (mut fails, mut works) = (STEP, LARGEST);
    while works - fails > STEP {
        let middle = fails.midpoint(works);
        match in_use(command, file, middle)? {
            Some(bytes) => (works, code) = (middle, bytes),
            None => fails = middle,
        }
    }
    Ok(works.saturating_sub(code))
}

/// What the program says is in use; `None` if it did not get so far.
fn in_use(command: &Path, file: &Path, heap: u32) -> Result<Option<u32>> {
    let mut run = Command::new(command);
    run.arg("-X").arg(format!("heapsize={heap}")).arg(file);
    let ended = process::run(run, PATIENCE)?;
    if ended.status.is_none() {
        bail!("{} takes too long", command.display());
    }
    Ok(ended.text().trim().parse().ok().filter(|_| ended.success()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_is_as_long_as_it_says() {
        let text = script();
        let statements = text.lines().filter(|line| !line.starts_with(' ')).count() - 4;
        assert_eq!(statements, 20_000);
        assert!((1_000_000..1_400_000).contains(&text.len()), "{}", text.len());
    }
}
