//! The mount table: which file system answers for a path, and the current directory.
//!
//! It knows names only: what a mount *is* stays with the caller, who gets a [`Mounted`] back and
//! passes the inner path on. Everything has a fixed size.
//! The root `/` is not a file system: listing it shows the mount points, unless one is mounted on
//! `/` itself, whose entries then come after them.

use octopy_hal::Errno;

use crate::path::{PATH_MAX, normalise};

/// How many file systems can be mounted at once.
pub const MOUNTS_MAX: usize = 8;

/// Longest mount point in bytes.
const POINT_MAX: usize = 32;

/// Which file system is behind a mount point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mounted {
    /// The board's own: `Board::files()`.
    Board,
    /// An object of Python, by its row in the caller's table.
    Object(u16),
}

/// Where a path leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'p> {
    /// The root `/` above all mount points.
    Root,
    /// Into a mounted file system.
    Inside {
        /// The file system.
        system: Mounted,
        /// The absolute path within it; `/` is its root.
        path: &'p str,
    },
}

#[derive(Debug, Clone, Copy)]
struct Mount {
    point: [u8; POINT_MAX],
    len: usize,
    system: Mounted,
}

impl Mount {
    fn point(&self) -> &str {
        let text = self.point.get(..self.len).unwrap_or(&[]);
        core::str::from_utf8(text).unwrap_or("")
    }

    /// The rest of an absolute path after the mount point, if it is under it.
    fn strip<'p>(&self, path: &'p str) -> Option<&'p str> {
        if self.point() == "/" {
            return Some(path);
        }
        match path.strip_prefix(self.point())? {
            "" => Some("/"),
            rest if rest.starts_with('/') => Some(rest),
            _ => None,
        }
    }
}

/// The mounted file systems and the current directory.
#[derive(Debug)]
pub struct Mounts {
    rows: [Option<Mount>; MOUNTS_MAX],
    current: [u8; PATH_MAX],
    current_len: usize,
}

impl Default for Mounts {
    fn default() -> Self {
        Self::new()
    }
}

impl Mounts {
    /// Nothing mounted, the current directory at the root.
    pub const fn new() -> Self {
        Self { rows: [None; MOUNTS_MAX], current: [b'/'; PATH_MAX], current_len: 1 }
    }

    /// The current directory: absolute and normalised.
    pub fn current(&self) -> &str {
        let text = self.current.get(..self.current_len).unwrap_or(&[]);
        core::str::from_utf8(text).unwrap_or("/")
    }

    /// Makes `path` the current directory; the caller has checked that it is one.
    pub fn set_current(&mut self, path: &str) -> Result<(), Errno> {
        let mut buf = [0; PATH_MAX];
        let text = normalise(self.current(), path, &mut buf)?;
        self.current
            .get_mut(..text.len())
            .ok_or(Errno::NAMETOOLONG)?
            .copy_from_slice(text.as_bytes());
        self.current_len = text.len();
        Ok(())
    }

    /// Mounts `system` at `point`, for example `/flash`; `EPERM` if the place is taken, as MicroPython says.
    pub fn mount(&mut self, point: &str, system: Mounted) -> Result<(), Errno> {
        let mut buf = [0; PATH_MAX];
        let point = normalise("/", point, &mut buf)?;
        if self.rows.iter().flatten().any(|row| row.point() == point) {
            return Err(Errno::PERM);
        }
        let mut text = [0; POINT_MAX];
        text.get_mut(..point.len()).ok_or(Errno::NAMETOOLONG)?.copy_from_slice(point.as_bytes());
        let row = self.rows.iter_mut().find(|row| row.is_none()).ok_or(Errno::NOMEM)?;
        *row = Some(Mount { point: text, len: point.len(), system });
        Ok(())
    }

    /// Forgets the mount at `point` and tells what was there; `EINVAL` if nothing was.
    ///
    /// The current directory goes to the root if it was inside.
    pub fn unmount(&mut self, point: &str) -> Result<Mounted, Errno> {
        let mut buf = [0; PATH_MAX];
        let point = normalise("/", point, &mut buf)?;
        let found = |row: &Option<Mount>| row.as_ref().is_some_and(|row| row.point() == point);
        let slot = self.rows.iter_mut().find(|row| found(row)).ok_or(Errno::INVAL)?;
        let row = slot.take().ok_or(Errno::INVAL)?;
        if row.strip(self.current()).is_some() {
            self.current_len = 1;
        }
        Ok(row.system)
    }

    /// Finds what answers for `path`; `buf` holds the result's text.
    ///
    /// The root leads to [`Place::Root`] even if something is mounted on it.
    /// `ENODEV` if no mount point is above the path.
    pub fn resolve<'b>(&self, path: &str, buf: &'b mut [u8]) -> Result<Place<'b>, Errno> {
        let path = normalise(self.current(), path, buf)?;
        if path == "/" {
            return Ok(Place::Root);
        }
        let rows = self.rows.iter().flatten();
        let best = rows.filter(|row| row.strip(path).is_some()).max_by_key(|row| row.len);
        let row = best.ok_or(Errno::NODEV)?;
        let path = row.strip(path).ok_or(Errno::NODEV)?;
        Ok(Place::Inside { system: row.system, path })
    }

    /// The mount points with what is mounted there, in the order of mounting.
    pub fn points(&self) -> impl Iterator<Item = (&str, Mounted)> {
        self.rows.iter().flatten().map(|row| (row.point(), row.system))
    }

    /// The `n`th name that a listing of `/` shows: mount points without their slash.
    pub fn root_name(&self, n: usize) -> Option<&str> {
        let points = self.points().filter(|(point, _)| *point != "/");
        points.map(|(point, _)| point.trim_start_matches('/')).nth(n)
    }

    /// What is mounted on `/` itself, if anything.
    pub fn root_system(&self) -> Option<Mounted> {
        self.points().find(|(point, _)| *point == "/").map(|(_, system)| system)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(mounts: &Mounts, path: &str, expect: Result<Place<'_>, Errno>) {
        let mut buf = [0; PATH_MAX];
        assert_eq!(mounts.resolve(path, &mut buf), expect, "{path}");
    }

    fn inside(system: Mounted, path: &str) -> Result<Place<'_>, Errno> {
        Ok(Place::Inside { system, path })
    }

    #[test]
    fn paths_lead_to_mounts() {
        let mut mounts = Mounts::new();
        check(&mounts, "/", Ok(Place::Root));
        check(&mounts, "/flash", Err(Errno::NODEV));
        assert_eq!(mounts.mount("/flash", Mounted::Board), Ok(()));
        assert_eq!(mounts.mount("/flash/", Mounted::Object(1)), Err(Errno::PERM));
        assert_eq!(mounts.mount("/sd", Mounted::Object(7)), Ok(()));
        check(&mounts, "/flash", inside(Mounted::Board, "/"));
        check(&mounts, "/flash/a/../b", inside(Mounted::Board, "/b"));
        check(&mounts, "/flash2", Err(Errno::NODEV));
        check(&mounts, "/sd/x", inside(Mounted::Object(7), "/x"));
        check(&mounts, "flash/x", inside(Mounted::Board, "/x"));
        assert_eq!(mounts.root_name(0), Some("flash"));
        assert_eq!(mounts.root_name(1), Some("sd"));
        assert_eq!(mounts.root_name(2), None);
    }

    #[test]
    fn a_mount_on_the_root_answers_last() {
        let mut mounts = Mounts::new();
        assert_eq!(mounts.mount("/", Mounted::Object(0)), Ok(()));
        assert_eq!(mounts.mount("/flash", Mounted::Board), Ok(()));
        check(&mounts, "/", Ok(Place::Root));
        check(&mounts, "/x/y", inside(Mounted::Object(0), "/x/y"));
        check(&mounts, "/flash/y", inside(Mounted::Board, "/y"));
        assert_eq!(mounts.root_system(), Some(Mounted::Object(0)));
        assert_eq!(mounts.root_name(0), Some("flash"));
        assert_eq!(mounts.root_name(1), None);
    }

    #[test]
    fn the_current_directory_follows() {
        let mut mounts = Mounts::new();
        assert_eq!(mounts.mount("/flash", Mounted::Board), Ok(()));
        assert_eq!(mounts.current(), "/");
        assert_eq!(mounts.set_current("flash/lib"), Ok(()));
        assert_eq!(mounts.current(), "/flash/lib");
        check(&mounts, "x.py", inside(Mounted::Board, "/lib/x.py"));
        assert_eq!(mounts.set_current(".."), Ok(()));
        assert_eq!(mounts.current(), "/flash");
        check(&mounts, "", inside(Mounted::Board, "/"));
        check(&mounts, "..", Ok(Place::Root));
        assert_eq!(mounts.unmount("/sd"), Err(Errno::INVAL));
        assert_eq!(mounts.unmount("/flash"), Ok(Mounted::Board));
        assert_eq!(mounts.current(), "/");
    }

    #[test]
    fn the_table_is_bounded() {
        let mut mounts = Mounts::new();
        let points = ["/a", "/b", "/c", "/d", "/e", "/f", "/g", "/h"];
        for point in points {
            assert_eq!(mounts.mount(point, Mounted::Board), Ok(()));
        }
        assert_eq!(mounts.mount("/i", Mounted::Board), Err(Errno::NOMEM));
        assert_eq!(mounts.unmount("/c"), Ok(Mounted::Board));
        let long = "/0123456789012345678901234567890123456789";
        assert_eq!(mounts.mount(long, Mounted::Board), Err(Errno::NAMETOOLONG));
    }
}
