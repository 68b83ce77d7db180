//! `--via-mpy`: tests take a detour through `.mpy` files.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// These are about their own file's name, or import themselves by it, which is another one then.
const NAMED: [&str; 3] = ["basics/sys_path.py", "import/import_file.py", "io/argv.py"];

/// Whether a test can take it: those of the command line are about programs in source.
pub fn applies(test: &str) -> bool {
    !NAMED.contains(&test)
        && !test.starts_with("cmdline/")
        && !test.starts_with("misc/sys_settrace_")
}

/// A compiler, and where its files go.
#[derive(Debug)]
pub struct Detour {
    compiler: PathBuf,
    /// What the compiler wants to hear first.
    options: &'static [&'static str],
    directory: PathBuf,
}

/// A compiled test, while this exists.
#[derive(Debug)]
pub struct Module {
    name: String,
    file: PathBuf,
}

impl Detour {
    /// With the compiler of `octopy`, or with another that takes MicroPython's options.
    pub fn new(octopy: &Path, compiler: Option<&Path>, directory: PathBuf) -> Result<Self> {
        std::fs::create_dir_all(&directory)?;
        let (compiler, options): (_, &[_]) = match compiler {
            Some(compiler) => (compiler, &[]),
            None => (octopy, &["compile"]),
        };
        let compiler = compiler
            .canonicalize()
            .with_context(|| format!("{} is not there", compiler.display()))?;
        Ok(Self { compiler, options, directory: directory.canonicalize()? })
    }

    /// Where the compiled tests are.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Compiles a test; `None` if it wants machine code, which the compiler was not told a machine
    /// for.
    pub fn compile(&self, path: &Path, test: &str) -> Result<Option<Module>> {
        let name = format!("via_{}", test.trim_end_matches(".py").replace('/', "_"));
        let file = self.directory.join(format!("{name}.mpy"));
        let ended = Command::new(&self.compiler)
            .args(self.options)
            .arg("-o")
            .arg(&file)
            .args(["-X", "emit=bytecode"])
            .arg(path)
            .output()
            .with_context(|| self.compiler.display().to_string())?;
        if !ended.status.success() {
            let why = String::from_utf8_lossy(&ended.stderr);
            if why.contains("SyntaxError: invalid arch") {
                return Ok(None);
            }
            bail!("does not compile: {why}");
        }
        Ok(Some(Module { name, file }))
    }
}

impl Module {
    /// Its name, for `-m`.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Module {
    fn drop(&mut self) {
        // What stays behind is overwritten next time.
        let _ = std::fs::remove_file(&self.file);
    }
}
