//! Tests of the PC's files.

use super::*;

const READ: OpenMode = OpenMode {
    read: true,
    write: false,
    create: false,
    exclusive: false,
    truncate: false,
    append: false,
};
const WRITE: OpenMode = OpenMode { write: true, create: true, truncate: true, read: false, ..READ };
const APPEND: OpenMode = OpenMode { truncate: false, append: true, ..WRITE };
const EXCLUSIVE: OpenMode = OpenMode { truncate: false, exclusive: true, ..WRITE };
const UPDATE: OpenMode = OpenMode { write: true, ..READ };

/// A folder for one test, removed afterwards.
struct Folder(String);

impl Folder {
    fn new(test: &str) -> Self {
        let path = std::env::temp_dir().join(format!("octopy-files-{}-{test}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path.into_os_string().into_string().unwrap())
    }

    fn path(&self, name: &str) -> String {
        format!("{}/{name}", self.0)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

fn put(files: &mut HostFiles, path: &str, mode: OpenMode, data: &[u8]) {
    let file = files.open(path, mode).unwrap();
    assert_eq!(files.write(file, data), Ok(data.len()));
    files.close(file).unwrap();
}

fn content(files: &mut HostFiles, path: &str) -> Vec<u8> {
    let file = files.open(path, READ).unwrap();
    let (mut all, mut buf) = (Vec::new(), [0; 5]);
    loop {
        match files.read(file, &mut buf).unwrap() {
            0 => break,
            n => all.extend_from_slice(&buf[..n]),
        }
    }
    files.close(file).unwrap();
    all
}

fn listing(files: &mut HostFiles, path: &str) -> Vec<(String, FileKind, u64)> {
    let dir = files.open_dir(path).unwrap();
    let (mut all, mut name) = (Vec::new(), [0; 255]);
    while let Some(entry) = files.next_entry(dir, &mut name).unwrap() {
        let name = std::str::from_utf8(&name[..entry.name_len]).unwrap();
        all.push((name.to_owned(), entry.kind, entry.size));
    }
    assert_eq!(files.next_entry(dir, &mut name).err(), Some(Errno::BADF), "closed by its end");
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

#[test]
fn modes_do_what_open_says() {
    let folder = Folder::new("modes");
    let mut files = HostFiles::new();
    let path = folder.path("ünï 日本 \"q\" 'x'.txt");
    assert_eq!(files.open(&path, READ), Err(Errno::NOENT));
    assert_eq!(files.open(&path, UPDATE), Err(Errno::NOENT));
    put(&mut files, &path, WRITE, b"hello");
    put(&mut files, &path, APPEND, b" world");
    assert_eq!(content(&mut files, &path), b"hello world");
    assert_eq!(files.open(&path, EXCLUSIVE), Err(Errno::EXIST));
    put(&mut files, &path, UPDATE, b"J");
    assert_eq!(content(&mut files, &path), b"Jello world");
    put(&mut files, &path, WRITE, b"");
    assert_eq!(content(&mut files, &path), b"");
    put(&mut files, &folder.path("new"), EXCLUSIVE, b"x");
    assert_eq!(files.open(&folder.0, READ), Err(Errno::ISDIR));
    assert_eq!(files.open(&folder.0, WRITE), Err(Errno::ISDIR));
    assert_eq!(files.open(&folder.path("new/x"), READ), Err(Errno::NOTDIR));
}

#[test]
fn seek_and_truncate() {
    let folder = Folder::new("seek");
    let mut files = HostFiles::new();
    let path = folder.path("f");
    put(&mut files, &path, WRITE, b"0123456789");
    let file = files.open(&path, UPDATE).unwrap();
    let mut buf = [0; 2];
    assert_eq!(files.seek(file, Seek::End(-3)), Ok(7));
    assert_eq!((files.read(file, &mut buf), &buf), (Ok(2), b"78"));
    assert_eq!(files.seek(file, Seek::Current(-4)), Ok(5));
    assert_eq!((files.read(file, &mut buf), &buf), (Ok(2), b"56"));
    assert_eq!(files.seek(file, Seek::Start(1)), Ok(1));
    assert_eq!((files.read(file, &mut buf), &buf), (Ok(2), b"12"));
    assert_eq!(files.seek(file, Seek::Current(-10)), Err(Errno::INVAL));
    files.truncate(file, 4).unwrap();
    files.flush(file).unwrap();
    assert_eq!(files.stat(&path).unwrap().size, 4);
}

#[test]
fn folders_are_made_listed_renamed_and_removed() {
    let folder = Folder::new("folders");
    let mut files = HostFiles::new();
    let (a, b) = (folder.path("ä"), folder.path("日"));
    files.mkdir(&a).unwrap();
    assert_eq!(files.mkdir(&a), Err(Errno::EXIST));
    put(&mut files, &folder.path("ä/file"), WRITE, b"abc");
    assert_eq!(listing(&mut files, &folder.0), [("ä".to_owned(), FileKind::Directory, 0)],);
    assert_eq!(files.rmdir(&a), Err(Errno::NOTEMPTY));
    files.rename(&a, &b).unwrap();
    assert_eq!(listing(&mut files, &b), [("file".to_owned(), FileKind::File, 3)]);
    assert_eq!(files.stat(&b).unwrap().kind, FileKind::Directory);
    assert!(files.stat(&folder.path("日/file")).unwrap().modified > 1_700_000_000);
    assert_eq!(files.stat(&a).err(), Some(Errno::NOENT));
    files.remove(&folder.path("日/file")).unwrap();
    assert_eq!(files.remove(&folder.path("日/file")), Err(Errno::NOENT));
    files.rmdir(&b).unwrap();
    assert_eq!(listing(&mut files, &folder.0), []);
    assert_eq!(files.open_dir(&b), Err(Errno::NOENT));
}

#[test]
fn ids_are_used_again_and_stale_ones_refused() {
    let folder = Folder::new("ids");
    let mut files = HostFiles::new();
    let path = folder.path("f");
    put(&mut files, &path, WRITE, b"x");
    let first = files.open(&path, READ).unwrap();
    let second = files.open(&path, READ).unwrap();
    assert_ne!(first, second);
    files.close(first).unwrap();
    assert_eq!(files.close(first), Err(Errno::BADF));
    assert_eq!(files.read(first, &mut [0]), Err(Errno::BADF));
    assert_eq!(files.open(&path, READ), Ok(first));
    let dir = files.open_dir(&folder.0).unwrap();
    files.close_dir(dir);
    assert_eq!(files.next_entry(dir, &mut [0; 255]).err(), Some(Errno::BADF));
    files.close_all();
    assert_eq!(files.read(second, &mut [0]), Err(Errno::BADF));
}

#[test]
fn a_name_that_does_not_fit_is_an_error() {
    let folder = Folder::new("name");
    let mut files = HostFiles::new();
    put(&mut files, &folder.path("four"), WRITE, b"");
    let dir = files.open_dir(&folder.0).unwrap();
    assert_eq!(files.next_entry(dir, &mut [0; 3]).err(), Some(Errno::NAMETOOLONG));
}

#[test]
fn statvfs_tells_a_plausible_disk() {
    let mut files = HostFiles::new();
    let disk = files.statvfs("/").unwrap();
    assert!(disk.block_size >= 512 && disk.blocks > disk.free_blocks && disk.name_max >= 14);
    assert_eq!(files.statvfs("/no such folder").err(), Some(Errno::NOENT));
}
