//! `test --fail-allocations`: allocation k of a script fails, for every k.
//!
//! The work is done by `script_memory`, a test of the crate `octopy`, in one process.

use anyhow::{Context, Result, bail};
use std::process::Command;

/// The command.
pub fn run(args: &[String]) -> Result<()> {
    // Everything, unless a sample is asked for.
    let (mut sample, mut seed, mut filter) = ("0", "1", "");
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let mut value = || args.next().with_context(|| format!("{arg} needs a value"));
        match arg.as_str() {
            "--sample" => sample = value()?,
            "--seed" => seed = value()?,
            _ if arg.starts_with('-') => bail!("unknown option {arg}; usage:\n{}", super::USAGE),
            _ => filter = arg,
        }
    }
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .current_dir(crate::root())
        .env("CARGO_TARGET_DIR", crate::octopy::target_dir()?)
        .env("OCTOPY_FAIL_SAMPLE", sample)
        .env("OCTOPY_FAIL_SEED", seed)
        .env("OCTOPY_FAIL_FILTER", filter)
        .args(["test", "--quiet", "--release", "--package", "octopy"])
        .args(["--config", "profile.release.debug-assertions=true"])
        .args([
            "--config",
            "profile.release.lto=\"off\"",
            "--config",
            "profile.release.codegen-units=16",
        ])
        .args(["--test", "script_memory", "--", "--nocapture"])
        .status()
        .context("cargo")?;
    if !status.success() {
        bail!("a script does not survive that an allocation fails");
    }
    Ok(())
}
