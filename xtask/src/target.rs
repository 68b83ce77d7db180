//! The target that firmware is built for: the compiler's own for the chip, cut down to size.
//!
//! SIZE: the stock target keeps a frame pointer in every function (15 KB), and its standard library
//! comes compiled for speed, with texts for panics (9 KB). So the target's description is the
//! compiler's, changed in one field, and `core` is compiled along with the firmware. Both are
//! unstable features of the compiler, which is why `rust-toolchain.toml` names one version of it.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What cargo is told beside the target.
const UNSTABLE: [&str; 2] = ["-Zjson-target-spec", "-Zbuild-std=core,compiler_builtins"];

/// What the compiler is told. A panic is an undefined instruction, which the fault report names.
const FLAGS: [&str; 6] = [
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    "-Zlocation-detail=none",
    "-Zfmt-debug=none",
    "-Cllvm-args=-arm-promote-constant",
    "-Clink-arg=--icf=all",
];

/// What firmware is compiled for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// The least flash.
    Size,
    /// The fewest instructions.
    Speed,
}

impl Aim {
    /// The features of the standard library, for cargo.
    fn std_features(self) -> &'static str {
        match self {
            Self::Size => "-Zbuild-std-features=compiler-builtins-mem,optimize_for_size",
            Self::Speed => "-Zbuild-std-features=compiler-builtins-mem",
        }
    }

    /// What the compiler is told beside [`FLAGS`].
    ///
    /// Even at opt-level "z" it makes copies of functions, and of branches, that save no bytes.
    fn flags(self) -> &'static [&'static str] {
        match self {
            Self::Size => &["-Cllvm-args=-inline-threshold=0 -phi-node-folding-threshold=1"],
            Self::Speed => &[],
        }
    }
}

/// Where cargo looks for the flags of a chip, as `boards/.cargo/config.toml` has them.
const CHIP: &str = r#"target.'cfg(target_os = "none")'"#;

/// A target, made of one that the compiler knows.
#[derive(Debug)]
pub struct Target {
    name: String,
    stock: String,
    aim: Aim,
}

impl Target {
    /// The target made of this one.
    ///
    /// The name keeps its beginning and end, where build scripts look for the architecture.
    pub fn from_stock(stock: &str, aim: Aim) -> Self {
        let name = match stock.rsplit_once('-') {
            Some((start, end)) => format!("{}-octopy-{end}", start.trim_end_matches("-none")),
            None => format!("{stock}-octopy"),
        };
        Self { name, stock: stock.to_owned(), aim }
    }

    /// Where the firmware of a cargo profile is, below a cargo target directory.
    pub fn output(&self, target_dir: &Path, profile: &str) -> PathBuf {
        target_dir.join(&self.name).join(profile)
    }

    /// Makes `cargo build` build for it.
    pub fn apply(&self, cargo: &mut Command, target_dir: &Path) -> Result<()> {
        let path = target_dir.join(format!("{}.json", self.name));
        std::fs::create_dir_all(target_dir)?;
        let spec = self.spec()?;
        // Written only if it changed, for cargo builds everything anew after that.
        if std::fs::read_to_string(&path).ok().as_ref() != Some(&spec) {
            std::fs::write(&path, spec)?;
        }
        cargo
            .env("RUSTC_BOOTSTRAP", "1")
            .arg("--target")
            .arg(path)
            .args(UNSTABLE)
            .arg(self.aim.std_features())
            .args(["--config", &format!("{CHIP}.rustflags={:?}", self.flags())]);
        Ok(())
    }

    /// What the compiler is told.
    fn flags(&self) -> Vec<&'static str> {
        [&FLAGS, self.aim.flags()].concat()
    }

    /// The compiler's description of the stock target, without frame pointers.
    fn spec(&self) -> Result<String> {
        let output = Command::new("rustc")
            .env("RUSTC_BOOTSTRAP", "1")
            .args(["-Zunstable-options", "--print=target-spec-json", "--target", &self.stock])
            .output()?;
        if !output.status.success() {
            bail!("rustc does not describe {}", self.stock);
        }
        let mut spec: serde_json::Value = serde_json::from_slice(&output.stdout)?;
        let fields = spec.as_object_mut().context("a target is a JSON object")?;
        fields.insert("frame-pointer".into(), "may-omit".into());
        fields.remove("metadata");
        Ok(serde_json::to_string_pretty(&spec)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spec_is_the_stock_one_without_frame_pointers() {
        let target = Target::from_stock("thumbv8m.main-none-eabihf", Aim::Size);
        assert_eq!(target.name, "thumbv8m.main-octopy-eabihf");
        let spec = target.spec().unwrap();
        assert!(spec.contains("\"frame-pointer\": \"may-omit\""), "{spec}");
        assert!(spec.contains("\"llvm-target\": \"thumbv8m.main-none-eabihf\""), "{spec}");
    }
}
