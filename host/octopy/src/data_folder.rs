//! `data_folder`: where this user's octopy keeps its files.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::{Result, bail};

/// The folder, which may not exist yet.
pub fn data_folder() -> Result<PathBuf> {
    match place(|name| env::var_os(name), cfg!(target_os = "macos")) {
        Some(folder) => Ok(folder),
        None => bail!("there is no HOME to keep the flash image in; say where with --flash FILE"),
    }
}

/// The rules of the XDG base directories, and Apple's.
fn place(variable: impl Fn(&str) -> Option<OsString>, apple: bool) -> Option<PathBuf> {
    let absolute = |name| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let data = absolute("XDG_DATA_HOME").or_else(|| {
        let inside = if apple { "Library/Application Support" } else { ".local/share" };
        absolute("HOME").map(|home| home.join(inside))
    });
    data.map(|data| data.join("octopy"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        #[track_caller]
        fn check(variables: &[(&str, &str)], apple: bool, expect: Option<&str>) {
            let found = place(
                |name| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| value.into()),
                apple,
            );
            assert_eq!(found, expect.map(PathBuf::from));
        }
        check(&[("XDG_DATA_HOME", "/d"), ("HOME", "/h")], false, Some("/d/octopy"));
        check(&[("HOME", "/h")], false, Some("/h/.local/share/octopy"));
        check(&[("HOME", "/h")], true, Some("/h/Library/Application Support/octopy"));
        // Relative and empty values do not count.
        check(&[("XDG_DATA_HOME", "d"), ("HOME", "/h")], false, Some("/h/.local/share/octopy"));
        check(&[("HOME", "")], false, None);
        check(&[], false, None);
    }
}
