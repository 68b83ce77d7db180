//! Paths as text: absolute, without `.`, `..` and double slashes.
//!
//! Everything here works in the caller's buffer and touches no file system.
//! There are no symbolic links, so `..` can be resolved by looking at the text alone.

use octopy_hal::Errno;

/// Longest normalised path in bytes; buffers of this size always suffice for one.
pub const PATH_MAX: usize = 512;

/// Writes the absolute form of `path` into `buf`, taking relative paths from `base`.
///
/// `base` is the current directory and is taken as absolute whether or not it starts with `/`.
/// The result starts with `/` and ends with one only if it is the root; `..` at the root stays there.
/// A NUL byte is refused with `EINVAL`, a path longer than `buf` with `ENAMETOOLONG`.
pub fn normalise<'b>(base: &str, path: &str, buf: &'b mut [u8]) -> Result<&'b str, Errno> {
    let mut len = 0;
    if !path.starts_with('/') {
        len = append(base, buf, len)?;
    }
    len = append(path, buf, len)?;
    if len == 0 {
        *buf.first_mut().ok_or(Errno::NAMETOOLONG)? = b'/';
        len = 1;
    }
    let text = buf.get(..len).ok_or(Errno::NAMETOOLONG)?;
    core::str::from_utf8(text).map_err(|_| Errno::INVAL)
}

/// The last component of a normalised path; empty for the root.
pub fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or("")
}

/// Appends the components of `path` to the normalised path in `buf[..len]`; gives the new length.
fn append(path: &str, buf: &mut [u8], mut len: usize) -> Result<usize, Errno> {
    if path.as_bytes().contains(&0) {
        return Err(Errno::INVAL);
    }
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => len = parent(buf, len),
            _ => {
                let end = len + 1 + part.len();
                let room = buf.get_mut(len..end).ok_or(Errno::NAMETOOLONG)?;
                let (slash, name) = room.split_at_mut(1);
                slash.fill(b'/');
                name.copy_from_slice(part.as_bytes());
                len = end;
            }
        }
    }
    Ok(len)
}

/// The length of `buf[..len]` without its last component.
fn parent(buf: &[u8], len: usize) -> usize {
    let text = buf.get(..len).unwrap_or(&[]);
    text.iter().rposition(|&byte| byte == b'/').unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(base: &str, path: &str, expect: &str) {
        let mut buf = [0; PATH_MAX];
        assert_eq!(normalise(base, path, &mut buf), Ok(expect), "{base} + {path}");
    }

    #[test]
    fn paths_become_absolute_and_plain() {
        check("/", "", "/");
        check("/", "/", "/");
        check("/", "//", "/");
        check("/flash", "", "/flash");
        check("/flash", "a", "/flash/a");
        check("/flash/", "a/", "/flash/a");
        check("flash", "./a/./b//c", "/flash/a/b/c");
        check("/flash/lib", "..", "/flash");
        check("/flash/lib", "../..", "/");
        check("/flash/lib", "../../../..", "/");
        check("/flash", "/sd/x", "/sd/x");
        check("/flash", "a/../b", "/flash/b");
        check("/flash", "a/b/../../c", "/flash/c");
        check("/", "...", "/...");
        check("/", "..a", "/..a");
        check("/", "дом/файл", "/дом/файл");
        check("/дом", "../ü", "/ü");
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let mut buf = [0; 8];
        assert_eq!(normalise("/", "abcdefg", &mut buf), Ok("/abcdefg"));
        assert_eq!(normalise("/", "abcdefgh", &mut buf), Err(Errno::NAMETOOLONG));
        assert_eq!(normalise("/", "", &mut []), Err(Errno::NAMETOOLONG));
        assert_eq!(normalise("/", "a\0b", &mut buf), Err(Errno::INVAL));
    }

    #[test]
    fn base_names_are_the_last_component() {
        assert_eq!(base_name("/"), "");
        assert_eq!(base_name("/a"), "a");
        assert_eq!(base_name("/a/b.py"), "b.py");
    }
}
