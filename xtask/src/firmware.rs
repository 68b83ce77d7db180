//! `fw build|run|selftest BOARD`: firmware within its budgets, and running.

use crate::image::Image;
use crate::qemu::{Qemu, Running};
use crate::target::{Aim, Target};
use anyhow::{Context, Result, anyhow, bail};
use octopy_board_description::Description;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const USAGE: &str = "fw build BOARD [--full]\n\
    fw run BOARD [--serial stdio|pty|tcp:PORT] [--append ARGS] [--disk FILE]\n\
    fw selftest BOARD";

/// The command.
pub fn run(args: &[String]) -> Result<()> {
    let mut args = args.iter().map(String::as_str);
    match (args.next(), args.next()) {
        (Some("build"), Some(name)) => {
            let mut board = Board::named(name)?;
            match args.next() {
                None => {}
                Some("--full") => board = board.with_all_modules(),
                Some(option) => bail!("unknown option {option}; usage:\n{USAGE}"),
            }
            board.build(None)?;
            board.report()
        }
        (Some("run"), Some(name)) => run_board(&Board::named(name)?, args),
        (Some("selftest"), Some(name)) => selftest(&Board::named(name)?),
        _ => bail!("usage:\n{USAGE}"),
    }
}

/// A board and where its firmware is made.
#[derive(Debug)]
pub struct Board {
    /// Its `board.toml`.
    pub description: Description,
    target_dir: PathBuf,
    /// Whether the firmware has every module that works on the board, and is made for speed.
    full: bool,
}

impl Board {
    /// The board in `boards/NAME`.
    pub fn named(name: &str) -> Result<Self> {
        let boards = crate::root().join("boards");
        let path = boards.join(name).join("board.toml");
        let description = Description::read(&path).map_err(|e| anyhow!(e))?;
        let target_dir = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(dir) => std::env::current_dir()?.join(dir),
            None => boards.join("target"),
        };
        Ok(Self { description, target_dir, full: false })
    }

    /// The same board with a firmware of every module, made for speed.
    pub fn with_all_modules(self) -> Self {
        Self { full: true, ..self }
    }

    /// Builds one of its binaries; the firmware itself if none is named.
    pub fn build(&self, binary: Option<&str>) -> Result<()> {
        let firmware = self.description.firmware().map_err(|e| anyhow!(e))?;
        // Run inside boards/, where cargo finds the flags of the chip.
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo
            .current_dir(crate::root().join("boards"))
            .env("CARGO_TARGET_DIR", &self.target_dir)
            .args(["build", "--quiet", "--profile", self.profile(), "--package", &firmware.package])
            .args(["--bin", binary.unwrap_or(&firmware.package)]);
        if self.full {
            cargo.args(["--features", "full"]);
        }
        self.target(&firmware.target).apply(&mut cargo, &self.target_dir)?;
        if !cargo.status()?.success() {
            bail!("the firmware does not build");
        }
        Ok(())
    }

    /// The profile of `boards/Cargo.toml` that the firmware is built with.
    fn profile(&self) -> &'static str {
        if self.full { "full" } else { "release" }
    }

    /// What the firmware is built for.
    fn target(&self, stock: &str) -> Target {
        Target::from_stock(stock, if self.full { Aim::Speed } else { Aim::Size })
    }

    /// Where one of its binaries is, after a build.
    pub fn elf(&self, binary: Option<&str>) -> Result<PathBuf> {
        let firmware = self.description.firmware().map_err(|e| anyhow!(e))?;
        let directory = self.target(&firmware.target).output(&self.target_dir, self.profile());
        Ok(directory.join(binary.unwrap_or(&firmware.package)))
    }

    /// Prints what the firmware uses and fails above the budgets.
    pub fn report(&self) -> Result<()> {
        let image = Image::read(&self.elf(None)?)?;
        let budget = &self.description.budget;
        let flash = if self.full { budget.full_flash } else { budget.flash };
        let (text, fits) = budget_table(&self.description, &image, flash)?;
        print!("{text}");
        if !fits {
            bail!("the firmware is above its budget");
        }
        Ok(())
    }
}

/// The table of flash and RAM, and whether both are within their budgets.
fn budget_table(board: &Description, image: &Image, flash_budget: u32) -> Result<(String, bool)> {
    use std::fmt::Write;
    let (ram, _) = board.ram().map_err(|e| anyhow!(e))?;
    let ram_budget = board.budget.static_ram;
    let mut out = String::new();
    writeln!(out, "{:<16}{:>10}{:>12}", board.board.name, "flash", "static RAM")?;
    for section in &image.sections {
        let cell = |n: u64| if n == 0 { String::new() } else { n.to_string() };
        let (flash, ram) = (cell(section.flash), cell(section.ram));
        writeln!(out, "{:<16}{flash:>10}{ram:>12}", section.name)?;
    }
    let (flash, fixed) = (image.flash(), image.ram());
    let percent = |used: u64, of: u32| format!("{:.1}%", used as f64 * 100.0 / f64::from(of));
    writeln!(out, "{:<16}{flash:>10}{fixed:>12}", "total")?;
    writeln!(out, "{:<16}{:>10}{:>12}", "budget", flash_budget, ram_budget)?;
    let (of_flash, of_ram) = (percent(flash, flash_budget), percent(fixed, ram_budget));
    writeln!(out, "{:<16}{of_flash:>10}{of_ram:>12}", "used")?;
    let claimed = fixed + u64::from(board.stacks() + board.fast_size());
    writeln!(
        out,
        "RAM {}: {fixed} static, {} stacks, {} fast heap, {} spare",
        ram.size,
        board.stacks(),
        board.fast_size(),
        i64::from(ram.size) - claimed as i64,
    )?;
    let fits = flash <= u64::from(flash_budget) && fixed <= u64::from(ram_budget);
    Ok((out, fits))
}

/// Builds the firmware and lets QEMU run it until it ends.
fn run_board<'a>(board: &Board, mut args: impl Iterator<Item = &'a str>) -> Result<()> {
    board.build(None)?;
    let mut qemu = Qemu::new(&board.description, &board.elf(None)?)?;
    if std::io::stdin().is_terminal() {
        // In a terminal, Ctrl-C is the program's and QEMU's own escape ends it.
        qemu.serial = "mon:stdio".into();
        println!("Ctrl-A X ends QEMU; Ctrl-A Ctrl-A sends Ctrl-A.");
    }
    while let Some(option) = args.next() {
        let value = args.next().with_context(|| format!("{option} needs a value"))?;
        match option {
            "--append" => qemu.append = value.into(),
            "--serial" => qemu.serial = serial(value)?,
            "--disk" => {
                let base = board.description.flash.base.context("this board has no RAM disk")?;
                let loader = format!("loader,file={value},addr={base:#x},force-raw=on");
                qemu.extra.extend(["-device".into(), loader.into()]);
            }
            _ => bail!("unknown option {option}; usage:\n{USAGE}"),
        }
    }
    let status = Running::spawn(&mut qemu.command())?.wait()?;
    match status.success() {
        true => Ok(()),
        false => bail!("QEMU: {status}"),
    }
}

/// QEMU's name for one of our consoles.
fn serial(value: &str) -> Result<String> {
    match value.split_once(':') {
        None if value == "stdio" || value == "pty" => Ok(value.into()),
        Some(("tcp", port)) => {
            let port: u16 = port.parse().context("tcp: needs a port")?;
            Ok(format!("tcp:127.0.0.1:{port},server=on,wait=off,nodelay=on"))
        }
        _ => bail!("--serial is stdio, pty or tcp:PORT"),
    }
}

/// The self-tests that end by themselves, with what they must say and their exit code.
const SELFTESTS: [(&str, &str, i32); 14] = [
    ("memory", ": ok\r\n", 0),
    ("clock", ": ok\r\n", 0),
    ("disk", ": ok\r\n", 0),
    ("stack", ": ok\r\n", 0),
    ("entropy", ": ok\r\n", 0),
    ("files", ": ok\r\n", 0),
    ("heap", ": ok\r\n", 0),
    ("reset", ": ok\r\n", 0),
    ("overflow", "FAULT: stack overflow", 102),
    ("unmapped", "FAULT: access where nothing is, address c0000000", 102),
    ("undefined", "FAULT: undefined instruction", 102),
    ("divide", "FAULT: division by zero", 102),
    ("flash", "FAULT: forbidden memory access", 102),
    ("panic", "FAULT: undefined instruction", 102),
];

/// Runs every self-test of a board in its emulator.
fn selftest(board: &Board) -> Result<()> {
    board.build(Some("selftest"))?;
    let elf = board.elf(Some("selftest"))?;
    let mut failed = 0;
    for (name, expect, code) in SELFTESTS {
        let said = selftest_one(board, &elf, name)?;
        let passed = said.code == Some(code) && said.text.contains(expect);
        println!("{} {}", if passed { "ok  " } else { "FAIL" }, said.text.trim());
        failed += usize::from(!passed);
    }
    let text: Vec<u8> = (0..20_000u32).map(|i| 32 + (i * i % 95) as u8).chain([4]).collect();
    failed += usize::from(!selftest_with_input(board, &elf, "echo", &text, &text)?);
    let flood = [&[b'x'; 2000][..], &[3]].concat();
    failed += usize::from(!selftest_with_input(board, &elf, "interrupt", &flood, b": ok")?);
    match failed {
        0 => Ok(()),
        _ => bail!("{failed} self-tests failed"),
    }
}

/// How a self-test ended.
struct Said {
    text: String,
    /// The exit code; `None` if it did not end.
    code: Option<i32>,
}

/// Runs one self-test to its end.
fn selftest_one(board: &Board, elf: &Path, name: &str) -> Result<Said> {
    use std::io::Read;
    let mut qemu = Qemu::new(&board.description, elf)?;
    qemu.append = name.into();
    let (mut running, mut console) = qemu.connect()?;
    let status = running.wait_for(Duration::from_secs(60))?;
    drop(running);
    let mut said = Vec::new();
    console.read_to_end(&mut said)?;
    let text = String::from_utf8_lossy(&said).into_owned();
    Ok(Said { text, code: status.and_then(|status| status.code()) })
}

/// Runs a self-test that reads `input` and must answer `expect`; whether it passed.
fn selftest_with_input(
    board: &Board,
    elf: &Path,
    name: &str,
    input: &[u8],
    expect: &[u8],
) -> Result<bool> {
    use std::io::{Read, Write};
    let mut qemu = Qemu::new(&board.description, elf)?;
    qemu.append = name.into();
    let (mut running, mut console) = qemu.connect()?;
    console.set_read_timeout(Some(Duration::from_secs(30)))?;
    let mut sender = console.try_clone()?;
    let bytes = input.to_owned();
    let writer = std::thread::spawn(move || sender.write_all(&bytes));
    let mut came = Vec::new();
    // The firmware ends by itself, which closes the connection.
    console.read_to_end(&mut came).context(name.to_owned())?;
    writer.join().map_err(|_| anyhow!("the sender failed"))??;
    let status = running.wait_for(Duration::from_secs(20))?;
    let start = came.windows(7).position(|w| w == b"ready\r\n").map_or(0, |at| at + 7);
    let passed = status.is_some_and(|s| s.success()) && came[start..].starts_with(expect);
    println!("{} {name}, {} bytes came", if passed { "ok  " } else { "FAIL" }, came.len());
    Ok(passed)
}
