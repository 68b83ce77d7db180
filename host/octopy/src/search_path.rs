//! `search_path`: `sys.path` of a program on the PC.

use std::env;
use std::path::Path;

/// Where modules are looked for when MICROPYPATH does not say.
const DEFAULT: &str = ".frozen:~/.micropython/lib:/usr/lib/micropython";

/// `sys.path`: `first`, then the entries of MICROPYPATH.
pub fn search_path(first: &str) -> Vec<String> {
    let text = |name| env::var_os(name).map(|value| value.to_string_lossy().into_owned());
    entries(first, text("MICROPYPATH").as_deref(), text("HOME").as_deref())
}

/// The folder of the program at `path`, links followed: the first entry of its `sys.path`.
pub fn folder_of(path: &str) -> std::io::Result<String> {
    let file = Path::new(path).canonicalize()?;
    let folder = file.parent().unwrap_or(Path::new("/")).to_string_lossy().into_owned();
    // As in C, where the last slash and what follows is cut off.
    Ok(if folder == "/" { String::new() } else { folder })
}

fn entries(first: &str, path: Option<&str>, home: Option<&str>) -> Vec<String> {
    let path = path.unwrap_or(DEFAULT);
    // An empty first entry stands for `first`, which is there already.
    let path = path.strip_prefix(':').unwrap_or(path);
    let mut all = vec![first.to_owned()];
    if !path.is_empty() {
        all.extend(path.split(':').map(|entry| match (entry.strip_prefix("~/"), home) {
            (Some(rest), Some(home)) => format!("{home}/{rest}"),
            _ => entry.to_owned(),
        }));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn micropypath() {
        #[track_caller]
        fn check(path: Option<&str>, home: Option<&str>, expect: &[&str]) {
            assert_eq!(entries("/s", path, home), expect);
        }
        let home = Some("/h");
        check(None, home, &["/s", ".frozen", "/h/.micropython/lib", "/usr/lib/micropython"]);
        check(None, None, &["/s", ".frozen", "~/.micropython/lib", "/usr/lib/micropython"]);
        check(Some(""), home, &["/s"]);
        check(Some(":"), home, &["/s"]);
        check(Some("a:b"), home, &["/s", "a", "b"]);
        check(Some(":a:~/b:~c"), home, &["/s", "a", "/h/b", "~c"]);
        check(Some("a::"), home, &["/s", "a", "", ""]);
    }

    #[test]
    fn the_folder_of_a_program_is_absolute() {
        let folder = std::env::temp_dir().canonicalize().unwrap();
        let file = folder.join(format!("octopy-path-{}.py", std::process::id()));
        std::fs::write(&file, "").unwrap();
        let found = folder_of(file.to_str().unwrap());
        std::fs::remove_file(&file).unwrap();
        assert_eq!(found.unwrap(), folder.to_str().unwrap());
        assert!(folder_of("/no/such/file.py").is_err());
    }
}
