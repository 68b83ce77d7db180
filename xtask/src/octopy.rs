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

/// Builds `octopy` with features; where it is. Each set of features has a place of its own, so that
/// they do not replace each other.
pub fn built(features: &[&str]) -> Result<PathBuf> {
    let mut directory = target_dir()?;
    if !features.is_empty() {
        directory = directory.join(features.join("-"));
    }
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .current_dir(crate::root())
        .env("CARGO_TARGET_DIR", &directory)
        .args(["build", "--quiet", "--package", "octopy", "--features", &features.join(",")])
        .status()
        .context("cargo")?;
    if !status.success() {
        bail!("octopy does not build");
    }
    Ok(directory.join("debug/octopy"))
}
