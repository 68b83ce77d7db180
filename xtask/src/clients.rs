//! `clients [--octopy BIN] [--python BIN] [--node BIN] [--long] [NAME…]`: others' tools, for real.
//!
//! `mpremote`, the back end of Thonny and the `shells` (ampy, rshell, mpfshell) drive the virtual
//! board; `micropython`, from the npm registry, runs `.mpy` files that `octopy compile` makes of
//! `tests/scripts`. The cases are in the languages of the tools (`tests/clients/`). `.ci/run`
//! installs the tools below `target/`: those in Python in `target/venv`, which is preferred to the
//! system's Python, and the other in `target/npm`.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

const USAGE: &str = "clients [--octopy BIN] [--python BIN] [--node BIN] [--long] [NAME…]
    NAME     mpremote, thonny, shells or micropython; without one, all
    --long   lets mpremote transfer big files too";

/// A tool, and what starts its cases.
struct Client {
    name: &'static str,
    command: fn(&Options, &Path) -> Result<Command>,
}

const CLIENTS: [Client; 4] = [
    Client { name: "mpremote", command: mpremote },
    Client {
        name: "thonny",
        command: |options, octopy| Ok(driver(options, octopy, "thonny_board.py")),
    },
    Client {
        name: "shells",
        command: |options, octopy| Ok(driver(options, octopy, "shells_board.py")),
    },
    Client { name: "micropython", command: micropython },
];

#[derive(Debug, Default)]
struct Options {
    octopy: Option<PathBuf>,
    python: Option<PathBuf>,
    node: Option<PathBuf>,
    long: bool,
    names: Vec<String>,
}

impl Options {
    fn parse(args: &[String]) -> Result<Self> {
        let mut options = Self::default();
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let mut value = || args.next().with_context(|| format!("{arg} needs a value"));
            match arg.as_str() {
                "--octopy" => options.octopy = Some(PathBuf::from(value()?).canonicalize()?),
                "--python" => options.python = Some(value()?.into()),
                "--node" => options.node = Some(value()?.into()),
                "--long" => options.long = true,
                name if CLIENTS.iter().any(|client| client.name == name) => {
                    options.names.push(name.to_owned());
                }
                _ => bail!("unknown option {arg}; usage:\n{USAGE}"),
            }
        }
        Ok(options)
    }

    fn wants(&self, client: &Client) -> bool {
        self.names.is_empty() || self.names.iter().any(|name| name == client.name)
    }
}

/// The command.
pub fn run(args: &[String]) -> Result<()> {
    let options = Options::parse(args)?;
    let octopy = match &options.octopy {
        Some(octopy) => octopy.clone(),
        None => crate::octopy::built()?,
    };
    for client in CLIENTS.iter().filter(|client| options.wants(client)) {
        println!("{}:", client.name);
        let mut command = (client.command)(&options, &octopy)?;
        let status = command.status().with_context(|| client.name.to_owned())?;
        if !status.success() {
            bail!("{} is not served well", client.name);
        }
    }
    Ok(())
}

fn mpremote(options: &Options, octopy: &Path) -> Result<Command> {
    let mut command = driver(options, octopy, "mpremote_board.py");
    if !options.long {
        command.arg("quick");
    }
    Ok(command)
}

/// Cases in Python, which drive a virtual board.
fn driver(options: &Options, octopy: &Path, cases: &str) -> Command {
    let mut command = Command::new(options.python.clone().unwrap_or_else(default_python));
    command.arg(crate::root().join("tests/clients").join(cases)).arg(octopy);
    command
}

fn micropython(options: &Options, octopy: &Path) -> Result<Command> {
    let packages = crate::root().join("target/npm/node_modules");
    if !packages.exists() {
        bail!("{} is not there: .ci/run installs it", packages.display());
    }
    let mut command = Command::new(options.node.clone().unwrap_or_else(|| "node".into()));
    command.arg(crate::root().join("tests/clients/micropython_runtime.mjs"));
    command.arg(octopy).arg(packages).arg(crate::script::directory());
    Ok(command)
}

fn default_python() -> PathBuf {
    let made = crate::root().join("target/venv/bin/python");
    if made.exists() { made } else { "python3".into() }
}
