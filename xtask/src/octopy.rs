//! The `octopy` command that the other commands try things on.

use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::Command;

/// Where cargo builds.
pub fn target_dir() -> Result<PathBuf> {
    Ok(match std::env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => std::env::current_dir()?.join(dir),
        None => crate::root().join("target"),
    })
}

/// Builds `octopy`; where it is.
pub fn built() -> Result<PathBuf> {
    build(&[])?;
    Ok(target_dir()?.join("debug/octopy"))
}

/// Builds an optimised `octopy`; where it is.
pub fn built_release() -> Result<PathBuf> {
    build(&["--release"])?;
    Ok(target_dir()?.join("release/octopy"))
}

/// Builds an `octopy` in which every allocation moves every object; where it is.
pub fn built_with_zeal() -> Result<PathBuf> {
    let directory = target_dir()?.join("debug");
    let zeal = directory.join("octopy-zeal");
    build(&["--features", "zeal"])?;
    std::fs::copy(directory.join("octopy"), &zeal)?;
    // Cargo calls both by one name; the usual one shall not be found to be the slow one.
    build(&[])?;
    Ok(zeal)
}

fn build(options: &[&str]) -> Result<()> {
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .current_dir(crate::root())
        .env("CARGO_TARGET_DIR", target_dir()?)
        .args(["build", "--quiet", "--package", "octopy"])
        .args(options)
        .status()
        .context("cargo")?;
    if !status.success() {
        bail!("octopy does not build");
    }
    Ok(())
}
