//! Tests of littlefs over a flash in memory.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use octopy_hal::{DirId, Errno, FileId, FileKind, FileSystem, OpenMode, Seek};

mod damage;
mod power;

use super::{LittleFs, MountError};
use crate::RamFlash;

type Fs = LittleFs<RamFlash>;

const READ: OpenMode = OpenMode {
    read: true,
    write: false,
    create: false,
    exclusive: false,
    truncate: false,
    append: false,
};
const WRITE: OpenMode = OpenMode { read: false, write: true, create: true, truncate: true, ..READ };
const APPEND: OpenMode = OpenMode { truncate: false, append: true, ..WRITE };
const UPDATE: OpenMode = OpenMode { write: true, ..READ };

fn fresh(blocks: u32) -> Fs {
    let mut fs = LittleFs::new(RamFlash::new(blocks, 4096, 1));
    assert_eq!(fs.mount_or_format(), Ok(()));
    fs
}

/// Unmounts by pulling the plug, and mounts again.
fn remount(fs: Fs) -> Fs {
    let mut flash = fs.into_flash();
    assert_eq!(flash.violations(), 0, "the device was used against its rules");
    flash.restore_power();
    let mut fs = LittleFs::new(flash);
    assert_eq!(fs.mount(), Ok(()));
    fs
}

fn store(fs: &mut Fs, path: &str, data: &[u8]) -> Result<(), Errno> {
    let file = fs.open(path, WRITE)?;
    let written = fs.write(file, data);
    let closed = fs.close(file);
    assert_eq!(written?, data.len());
    closed
}

fn load(fs: &mut Fs, path: &str) -> Result<Vec<u8>, Errno> {
    let file = fs.open(path, READ)?;
    let mut all = Vec::new();
    let mut buf = [0; 300];
    let result = loop {
        match fs.read(file, &mut buf) {
            Ok(0) => break Ok(()),
            Ok(len) => all.extend_from_slice(&buf[..len]),
            Err(errno) => break Err(errno),
        }
    };
    fs.close(file)?;
    result.map(|()| all)
}

fn list(fs: &mut Fs, path: &str) -> Result<Vec<(String, FileKind, u64)>, Errno> {
    let dir = fs.open_dir(path)?;
    let mut all = Vec::new();
    let mut name = [0; 256];
    while let Some(entry) = fs.next_entry(dir, &mut name)? {
        let text = String::from_utf8_lossy(&name[..entry.name_len]).into_owned();
        all.push((text, entry.kind, entry.size));
    }
    all.sort_by(|lhs, rhs| lhs.0.cmp(&rhs.0));
    Ok(all)
}

fn names(fs: &mut Fs, path: &str) -> Vec<String> {
    list(fs, path).expect("a directory").into_iter().map(|(name, _, _)| name).collect()
}

/// Bytes that differ everywhere and between seeds.
fn noise(seed: u32, len: usize) -> Vec<u8> {
    let mut random = Random(u64::from(seed) + 1);
    (0..len).map(|_| random.next() as u8).collect()
}

/// xorshift64*.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u32 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32) as u32
    }

    fn below(&mut self, limit: u32) -> u32 {
        self.next() % limit
    }
}

#[test]
fn a_blank_device_gets_a_file_system_and_a_broken_one_does_not() {
    let mut fs = fresh(64);
    assert_eq!(names(&mut fs, "/"), ["boot.py", "main.py"]);
    assert!(load(&mut fs, "/boot.py").expect("boot.py").starts_with(b"# boot.py"));
    let flash = fs.into_flash();
    let mut broken = flash.clone();
    for block in 0..2 {
        broken.bytes_mut()[block * 4096..][..600].fill(0x5a);
    }
    let image = broken.bytes().to_vec();
    let mut fs = LittleFs::new(broken);
    assert_eq!(fs.mount_or_format(), Err(MountError::Broken));
    assert_eq!(fs.stat("/").map(|about| about.size), Err(Errno::NODEV));
    let broken = fs.into_flash();
    assert!(broken.bytes() == image, "a broken image stays as it is");
    let mut fs = LittleFs::new(broken);
    assert_eq!(fs.format(), Ok(()));
    assert_eq!(names(&mut fs, "/"), ["boot.py", "main.py"]);
}

#[test]
fn bytes_of_something_else_are_not_formatted() {
    for at in [5000, 9000, 64 * 4096 - 1] {
        let mut flash = RamFlash::new(64, 4096, 1);
        flash.bytes_mut()[at] = 0;
        assert_eq!(LittleFs::new(flash).mount_or_format(), Err(MountError::Broken), "{at}");
    }
    let zeros = RamFlash::from_bytes(vec![0; 64 * 4096], 4096, 1);
    assert_eq!(LittleFs::new(zeros).mount_or_format(), Err(MountError::Broken));
}

#[test]
fn unsuitable_devices_are_refused() {
    for (blocks, erase, program) in [(1, 4096, 1), (64, 64, 1), (64, 4096, 4096 * 2), (0, 4096, 1)]
    {
        let mut fs = LittleFs::new(RamFlash::new(blocks, erase, program));
        assert_eq!(fs.mount_or_format(), Err(MountError::Geometry), "{blocks} {erase} {program}");
    }
}

#[test]
fn other_geometries_work() {
    for (blocks, erase, program) in [(64, 256, 1), (64, 512, 8), (32, 4096, 128), (16, 65536, 4)] {
        let mut fs = LittleFs::new(RamFlash::new(blocks, erase, program));
        assert_eq!(fs.mount_or_format(), Ok(()), "{blocks} {erase} {program}");
        let data = noise(1, 3000);
        assert_eq!(store(&mut fs, "/x", &data), Ok(()));
        let mut fs = remount(fs);
        assert_eq!(load(&mut fs, "/x"), Ok(data));
    }
}

#[test]
fn files_keep_what_was_written() {
    let mut fs = fresh(256);
    for len in
        [0, 1, 31, 32, 33, 127, 128, 129, 511, 512, 513, 4095, 4096, 4097, 8184, 8192, 100_000]
    {
        let data = noise(len as u32, len);
        let path = format!("/f{len}");
        assert_eq!(store(&mut fs, &path, &data), Ok(()));
        assert_eq!(load(&mut fs, &path).as_ref(), Ok(&data));
        let about = fs.stat(&path).expect("it exists");
        assert_eq!((about.kind, about.size), (FileKind::File, len as u64));
    }
    let mut fs = remount(fs);
    for len in [0, 1, 129, 4097, 100_000] {
        assert_eq!(load(&mut fs, &format!("/f{len}")), Ok(noise(len as u32, len)));
    }
}

#[test]
fn modes_do_what_their_letters_say() {
    let mut fs = fresh(64);
    let exclusive = OpenMode { exclusive: true, ..WRITE };
    assert_eq!(fs.open("/a", READ), Err(Errno::NOENT));
    assert_eq!(fs.open("/a", UPDATE), Err(Errno::NOENT));
    let file = fs.open("/a", exclusive).expect("new");
    assert_eq!(fs.read(file, &mut [0; 4]), Err(Errno::BADF));
    assert_eq!(fs.write(file, b"hello"), Ok(5));
    assert_eq!(fs.close(file), Ok(()));
    assert_eq!(fs.close(file), Err(Errno::BADF));
    assert_eq!(fs.open("/a", exclusive), Err(Errno::EXIST));
    let file = fs.open("/a", APPEND).expect("there");
    assert_eq!(fs.seek(file, Seek::Start(0)), Ok(0));
    assert_eq!(fs.write(file, b" world"), Ok(6));
    assert_eq!(fs.close(file), Ok(()));
    assert_eq!(load(&mut fs, "/a").as_deref(), Ok(&b"hello world"[..]));
    let file = fs.open("/a", UPDATE).expect("there");
    assert_eq!(fs.seek(file, Seek::Start(4)), Ok(4));
    assert_eq!(fs.write(file, b"O-W"), Ok(3));
    assert_eq!(fs.seek(file, Seek::Current(-3)), Ok(4));
    let mut buf = [0; 4];
    assert_eq!(fs.read(file, &mut buf), Ok(4));
    assert_eq!(&buf, b"O-Wo");
    assert_eq!(fs.truncate(file, 6), Ok(()));
    assert_eq!(fs.seek(file, Seek::End(0)), Ok(6));
    assert_eq!(fs.close(file), Ok(()));
    assert_eq!(load(&mut fs, "/a").as_deref(), Ok(&b"hellO-"[..]));
    let file = fs.open("/a", READ).expect("there");
    assert_eq!(fs.write(file, b"x"), Err(Errno::BADF));
    assert_eq!(fs.truncate(file, 0), Err(Errno::BADF));
    assert_eq!(fs.close(file), Ok(()));
}

#[test]
fn seeking_past_the_end_leaves_zeros() {
    let mut fs = fresh(256);
    let file = fs.open("/hole", OpenMode { read: true, ..WRITE }).expect("new");
    assert_eq!(fs.write(file, b"abc"), Ok(3));
    assert_eq!(fs.seek(file, Seek::Start(20_000)), Ok(20_000));
    assert_eq!(fs.read(file, &mut [0; 4]), Ok(0));
    assert_eq!(fs.write(file, b"end"), Ok(3));
    assert_eq!(fs.truncate(file, 30_000), Ok(()));
    assert_eq!(fs.seek(file, Seek::End(-9999)), Ok(20_001));
    assert_eq!(fs.close(file), Ok(()));
    let mut expect = vec![0; 30_000];
    expect[..3].copy_from_slice(b"abc");
    expect[20_000..20_003].copy_from_slice(b"end");
    assert_eq!(load(&mut fs, "/hole"), Ok(expect));
}

#[test]
fn impossible_positions_are_refused() {
    let mut fs = fresh(64);
    let file = fs.open("/x", OpenMode { read: true, ..WRITE }).expect("new");
    for to in [
        Seek::Start(u64::MAX),
        Seek::Start(1 << 31),
        Seek::Start(1 << 32),
        Seek::Current(-1),
        Seek::Current(i64::MIN),
        Seek::Current(i64::MAX),
        Seek::End(-1),
        Seek::End(i64::MAX),
    ] {
        assert_eq!(fs.seek(file, to), Err(Errno::INVAL), "{to:?}");
    }
    assert_eq!(fs.seek(file, Seek::Start((1 << 31) - 1)), Ok((1 << 31) - 1));
    assert_eq!(fs.write(file, b"x"), Err(Errno::FBIG));
    assert_eq!(fs.truncate(file, 1 << 31), Err(Errno::INVAL));
    assert_eq!(fs.truncate(file, u64::MAX), Err(Errno::INVAL));
    assert_eq!(fs.close(file), Ok(()));
}

#[test]
fn directories_nest_and_refuse() {
    let mut fs = fresh(128);
    assert_eq!(fs.mkdir("/a"), Ok(()));
    assert_eq!(fs.mkdir("/a"), Err(Errno::EXIST));
    assert_eq!(fs.mkdir("/"), Err(Errno::EXIST));
    assert_eq!(fs.mkdir("/x/y"), Err(Errno::NOENT));
    assert_eq!(fs.mkdir("/boot.py/y"), Err(Errno::NOTDIR));
    assert_eq!(fs.mkdir("/a/b"), Ok(()));
    assert_eq!(store(&mut fs, "/a/b/f", b"1"), Ok(()));
    assert_eq!(fs.open("/a", READ), Err(Errno::ISDIR));
    assert_eq!(fs.open("/a", WRITE), Err(Errno::ISDIR));
    assert_eq!(fs.open("/", READ), Err(Errno::ISDIR));
    assert_eq!(fs.open_dir("/boot.py"), Err(Errno::NOTDIR));
    assert_eq!(fs.open_dir("/nothing"), Err(Errno::NOENT));
    assert_eq!(fs.rmdir("/a/b"), Err(Errno::NOTEMPTY));
    assert_eq!(fs.rmdir("/a/b/f"), Err(Errno::NOTDIR));
    assert_eq!(fs.remove("/a/b"), Err(Errno::ISDIR));
    assert_eq!(fs.remove("/a/b/nothing"), Err(Errno::NOENT));
    assert!(fs.rmdir("/").is_err());
    assert_eq!(fs.remove("/a/b/f"), Ok(()));
    assert_eq!(fs.rmdir("/a/b"), Ok(()));
    assert_eq!(names(&mut fs, "/a"), [""; 0]);
    assert_eq!(fs.rmdir("/a"), Ok(()));
    assert_eq!(names(&mut fs, "/"), ["boot.py", "main.py"]);
    let long = format!("/{}", "n".repeat(255));
    assert_eq!(store(&mut fs, &long, b"long"), Ok(()));
    assert_eq!(store(&mut fs, &format!("{long}n"), b""), Err(Errno::NAMETOOLONG));
    assert_eq!(load(&mut fs, &long).as_deref(), Ok(&b"long"[..]));
    assert_eq!(list(&mut fs, "/").expect("root").len(), 3);
}

#[test]
fn renaming_moves_and_replaces() {
    let mut fs = fresh(128);
    assert_eq!(fs.mkdir("/d"), Ok(()));
    assert_eq!(fs.mkdir("/e"), Ok(()));
    assert_eq!(store(&mut fs, "/d/f", b"one"), Ok(()));
    assert_eq!(store(&mut fs, "/g", &noise(1, 9000)), Ok(()));
    assert_eq!(fs.rename("/d/f", "/d/h"), Ok(()));
    assert_eq!(fs.rename("/d/h", "/e/h"), Ok(()));
    assert_eq!(fs.rename("/nothing", "/x"), Err(Errno::NOENT));
    assert_eq!(fs.rename("/g", "/e/h"), Ok(()));
    assert_eq!(load(&mut fs, "/e/h"), Ok(noise(1, 9000)));
    assert_eq!(fs.rename("/e/h", "/d"), Err(Errno::ISDIR));
    assert_eq!(fs.rename("/d", "/e/h"), Err(Errno::NOTDIR));
    assert_eq!(fs.rename("/d", "/e"), Err(Errno::NOTEMPTY));
    assert_eq!(fs.rename("/e", "/d"), Ok(()));
    assert_eq!(fs.rename("/d", "/d"), Ok(()));
    let mut fs = remount(fs);
    assert_eq!(names(&mut fs, "/"), ["boot.py", "d", "main.py"]);
    assert_eq!(load(&mut fs, "/d/h"), Ok(noise(1, 9000)));
}

#[test]
fn a_directory_is_not_moved_into_itself() {
    let mut fs = fresh(64);
    assert_eq!(fs.mkdir("/d"), Ok(()));
    assert_eq!(fs.mkdir("/d/e"), Ok(()));
    assert_eq!(fs.rename("/d", "/d/f"), Err(Errno::INVAL));
    assert_eq!(fs.rename("/d", "/d/e/f"), Err(Errno::INVAL));
    assert_eq!(fs.rename("/d", "/dd"), Ok(()));
    assert_eq!(names(&mut fs, "/dd"), ["e"]);
}

#[test]
fn many_files_are_open_at_once() {
    let mut fs = fresh(256);
    let mut open: Vec<FileId> = Vec::new();
    let refused = loop {
        match fs.open(&format!("/f{}", open.len()), WRITE) {
            Ok(file) => open.push(file),
            Err(errno) => break errno,
        }
    };
    assert_eq!(refused, Errno::MFILE);
    assert!(open.len() >= 8);
    for round in 0..50 {
        for (idx, &file) in open.iter().enumerate() {
            let line = format!("{round} {idx}\n");
            assert_eq!(fs.write(file, line.as_bytes()), Ok(line.len()));
        }
    }
    for &file in &open {
        assert_eq!(fs.close(file), Ok(()));
    }
    for idx in 0..open.len() {
        let expect: String = (0..50).map(|round| format!("{round} {idx}\n")).collect();
        assert_eq!(load(&mut fs, &format!("/f{idx}")), Ok(expect.into_bytes()));
    }
}

#[test]
fn listings_survive_changes() {
    let mut fs = fresh(128);
    for idx in 0..30 {
        assert_eq!(store(&mut fs, &format!("/f{idx:02}"), b"x"), Ok(()));
    }
    let first = fs.open_dir("/").expect("root");
    let mut seen = Vec::new();
    let mut name = [0; 256];
    while let Some(entry) = fs.next_entry(first, &mut name).expect("listing") {
        let text = String::from(core::str::from_utf8(&name[..entry.name_len]).expect("UTF-8"));
        if text.starts_with('f') {
            assert_eq!(fs.remove(&format!("/{text}")), Ok(()));
        }
        seen.push(text);
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 32);
    assert_eq!(names(&mut fs, "/"), ["boot.py", "main.py"]);
    assert_eq!(fs.next_entry(first, &mut name).err(), Some(Errno::BADF));
    let dirs: Vec<DirId> = (0..8).map(|_| fs.open_dir("/").expect("root")).collect();
    for dir in dirs {
        assert!(fs.next_entry(dir, &mut name).expect("listing").is_some());
        fs.close_dir(dir);
    }
    let dir = fs.open_dir("/").expect("root");
    assert_eq!(fs.next_entry(dir, &mut []).err(), Some(Errno::NAMETOOLONG));
}

#[test]
fn soft_reset_closes_everything_and_writes_back() {
    let mut fs = fresh(128);
    let file = fs.open("/log", WRITE).expect("new");
    assert_eq!(fs.write(file, b"last words"), Ok(10));
    let dir = fs.open_dir("/").expect("root");
    fs.close_all();
    assert_eq!(fs.write(file, b"x"), Err(Errno::BADF));
    assert_eq!(fs.next_entry(dir, &mut [0; 256]).err(), Some(Errno::BADF));
    assert_eq!(load(&mut fs, "/log").as_deref(), Ok(&b"last words"[..]));
    let other = fs.open("/other", WRITE).expect("new");
    assert_ne!(other, file);
    assert_eq!(fs.close(other), Ok(()));
}

#[test]
fn a_full_flash_says_so_and_keeps_the_rest() {
    let mut fs = fresh(64);
    let data = noise(7, 20_000);
    let mut kept = 0;
    let refused = loop {
        match store(&mut fs, &format!("/f{kept}"), &data) {
            Ok(()) => kept += 1,
            Err(errno) => break errno,
        }
    };
    assert_eq!(refused, Errno::NOSPC);
    assert!(kept >= 10, "{kept}");
    for idx in 0..kept {
        assert_eq!(load(&mut fs, &format!("/f{idx}")).as_ref(), Ok(&data));
    }
    let mut fs = remount(fs);
    for idx in 0..kept {
        assert_eq!(load(&mut fs, &format!("/f{idx}")).as_ref(), Ok(&data));
    }
    assert_eq!(fs.remove("/f0"), Ok(()));
    assert_eq!(store(&mut fs, "/again", &data), Ok(()));
    assert_eq!(load(&mut fs, "/again").as_ref(), Ok(&data));
}

#[test]
fn statvfs_counts_blocks() {
    let mut fs = fresh(256);
    let before = fs.statvfs("/").expect("mounted");
    assert_eq!((before.block_size, before.blocks, before.name_max), (4096, 256, 255));
    assert_eq!(before.free_blocks, 254);
    assert_eq!(store(&mut fs, "/x", &noise(1, 40_000)), Ok(()));
    let after = fs.statvfs("/").expect("mounted");
    assert_eq!(before.free_blocks - after.free_blocks, 10);
    assert_eq!(fs.remove("/x"), Ok(()));
    assert_eq!(fs.statvfs("/").expect("mounted").free_blocks, before.free_blocks);
}

#[test]
fn a_megabyte_comes_back_identical() {
    let mut fs = fresh(4096);
    let data = noise(3, 1 << 20);
    let file = fs.open("/big", WRITE).expect("new");
    for part in data.chunks(1000) {
        assert_eq!(fs.write(file, part), Ok(part.len()));
    }
    assert_eq!(fs.close(file), Ok(()));
    let mut fs = remount(fs);
    assert!(load(&mut fs, "/big").as_ref() == Ok(&data));
    let file = fs.open("/big", READ).expect("there");
    let mut random = Random(5);
    for _ in 0..200 {
        let at = random.below(1 << 20) as usize;
        assert_eq!(fs.seek(file, Seek::Start(at as u64)), Ok(at as u64));
        let mut buf = [0; 64];
        let len = fs.read(file, &mut buf).expect("readable");
        assert_eq!(buf[..len], data[at..at + len]);
    }
    assert_eq!(fs.close(file), Ok(()));
}

#[test]
fn two_hundred_files_live_in_one_directory() {
    let mut fs = fresh(512);
    assert_eq!(fs.mkdir("/many"), Ok(()));
    for idx in 0..200 {
        assert_eq!(
            store(&mut fs, &format!("/many/file{idx}"), &noise(idx, idx as usize * 3)),
            Ok(())
        );
    }
    let mut fs = remount(fs);
    assert_eq!(list(&mut fs, "/many").expect("there").len(), 200);
    for idx in (0..200).step_by(2) {
        assert_eq!(fs.remove(&format!("/many/file{idx}")), Ok(()));
    }
    let mut fs = remount(fs);
    assert_eq!(list(&mut fs, "/many").expect("there").len(), 100);
    for idx in (1..200).step_by(2) {
        let data = load(&mut fs, &format!("/many/file{idx}"));
        assert_eq!(data, Ok(noise(idx, idx as usize * 3)));
    }
}

fn populated() -> RamFlash {
    let mut fs = fresh(64);
    assert_eq!(fs.mkdir("/lib"), Ok(()));
    assert_eq!(store(&mut fs, "/small", b"small"), Ok(()));
    assert_eq!(store(&mut fs, "/lib/big", &noise(1, 10_000)), Ok(()));
    assert_eq!(store(&mut fs, "/lib/victim", &noise(2, 5_000)), Ok(()));
    fs.into_flash()
}

#[test]
fn random_work_agrees_with_a_model() {
    for seed in 1..=6 {
        let mut random = Random(seed);
        let mut model: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        let mut fs = fresh(96);
        for dir in 0..3 {
            assert_eq!(fs.mkdir(&format!("/d{dir}")), Ok(()));
        }
        for step in 0..500 {
            let path = format!("/d{}/f{}", random.below(3), random.below(8));
            let limit = if random.below(4) == 0 { 12_000 } else { 300 };
            let len = random.below(limit) as usize;
            let data = noise(random.next(), len);
            match random.below(10) {
                0..=3 => match store(&mut fs, &path, &data) {
                    Ok(()) => drop(model.insert(path, data)),
                    Err(errno) => {
                        assert_eq!(errno, Errno::NOSPC);
                        // Opening for writing has already emptied or made the file, or not.
                        match load(&mut fs, &path) {
                            Ok(now) => drop(model.insert(path, now)),
                            Err(_) => drop(model.remove(&path)),
                        }
                    }
                },
                4 => {
                    let removed = fs.remove(&path).is_ok();
                    assert_eq!(removed, model.remove(&path).is_some());
                }
                5 => {
                    let to = format!("/d{}/f{}", random.below(3), random.below(8));
                    let moved = fs.rename(&path, &to).is_ok();
                    match model.remove(&path) {
                        Some(data) => assert!(moved && (model.insert(to, data), true).1),
                        None => assert!(!moved),
                    }
                }
                6 | 7 => {
                    if let Some(old) = model.get_mut(&path) {
                        let at = random.below(old.len() as u32 + 1) as usize;
                        let file = fs.open(&path, UPDATE).expect("there");
                        assert_eq!(fs.seek(file, Seek::Start(at as u64)), Ok(at as u64));
                        let written = fs.write(file, &data);
                        let cut = random.below(old.len() as u32 + 1) as usize;
                        let truncated = written.and_then(|_| fs.truncate(file, cut as u64));
                        let closed = fs.close(file);
                        if truncated.is_ok() && closed.is_ok() {
                            old.resize(old.len().max(at + data.len()), 0);
                            old[at..at + data.len()].copy_from_slice(&data);
                            old.truncate(cut);
                            old.resize(cut, 0);
                        } else {
                            let now = load(&mut fs, &path).expect("readable");
                            assert!(now == *old, "a failed change changes nothing");
                        }
                    }
                }
                8 => assert_eq!(load(&mut fs, &path).ok().as_ref(), model.get(&path)),
                _ if step % 7 == 0 => fs = remount(fs),
                _ => {}
            }
        }
        let mut fs = remount(fs);
        for (path, data) in &model {
            assert!(load(&mut fs, path).as_ref() == Ok(data), "seed {seed}: {path}");
        }
        let count: usize = (0..3).map(|dir| names(&mut fs, &format!("/d{dir}")).len()).sum();
        assert_eq!(count, model.len());
    }
}

#[test]
fn absurd_paths_are_refused() {
    let mut fs = fresh(64);
    let deep = "/x".repeat(1 << 20);
    assert_eq!(fs.open(&deep, WRITE), Err(Errno::NOENT));
    assert_eq!(fs.open_dir(&deep), Err(Errno::NOENT));
    let long = format!("/{}", "x".repeat(1 << 20));
    assert_eq!(fs.open(&long, WRITE), Err(Errno::NAMETOOLONG));
    assert_eq!(fs.stat(&long).err(), Some(Errno::NAMETOOLONG));
    assert_eq!(fs.open_dir(&long), Err(Errno::NAMETOOLONG));
    assert_eq!(fs.mkdir(&long), Err(Errno::NAMETOOLONG));
    assert_eq!(fs.rename("/boot.py", &long), Err(Errno::NAMETOOLONG));
    assert_eq!(fs.remove("/boot.py\0"), Err(Errno::INVAL));
    assert_eq!(fs.open("/a\0b", WRITE), Err(Errno::INVAL));
    assert_eq!(fs.open("/", WRITE), Err(Errno::ISDIR));
    assert_eq!(fs.open("", READ), Err(Errno::ISDIR));
    // Not normalised, which is the caller's part.
    for path in ["/.", "/..", "/boot.py/..", "/./boot.py"] {
        assert!(fs.stat(path).is_err(), "{path}");
        assert!(fs.mkdir(path).is_err(), "{path}");
        assert!(fs.rename("/boot.py", path).is_err(), "{path}");
    }
    assert_eq!(names(&mut fs, "/"), ["boot.py", "main.py"]);
}

#[test]
fn a_file_can_be_removed_while_it_is_open() {
    let mut fs = fresh(64);
    let data = noise(1, 6_000);
    assert_eq!(store(&mut fs, "/a", &data), Ok(()));
    let reader = fs.open("/a", READ).expect("there");
    let writer = fs.open("/a", UPDATE).expect("there");
    let mut buf = [0; 1000];
    assert_eq!(fs.read(reader, &mut buf), Ok(1000));
    assert_eq!(fs.write(writer, &noise(2, 500)), Ok(500));
    assert_eq!(fs.remove("/a"), Ok(()));
    // What the open ids answer now is littlefs' business, but nothing else may suffer.
    let _ = fs.read(reader, &mut buf);
    let _ = fs.write(writer, &noise(3, 500));
    let _ = fs.close(reader);
    let _ = fs.close(writer);
    assert_eq!(fs.mkdir("/d"), Ok(()));
    let dir = fs.open_dir("/d").expect("there");
    assert_eq!(fs.rmdir("/d"), Ok(()));
    let _ = fs.next_entry(dir, &mut buf);
    fs.close_dir(dir);
    assert_eq!(store(&mut fs, "/b", &data), Ok(()));
    let mut fs = remount(fs);
    assert_eq!(names(&mut fs, "/"), ["b", "boot.py", "main.py"]);
    assert_eq!(load(&mut fs, "/b"), Ok(data));
}

#[test]
fn a_hundred_directories_are_found_again() {
    let mut fs = fresh(512);
    for idx in 0..100 {
        assert_eq!(fs.mkdir(&format!("/d{idx}")), Ok(()));
        assert_eq!(fs.mkdir(&format!("/d{idx}/e")), Ok(()));
    }
    let mut fs = remount(fs);
    assert_eq!(names(&mut fs, "/").len(), 102);
    for idx in 0..100 {
        assert_eq!(store(&mut fs, &format!("/d{idx}/e/f"), b"deep"), Ok(()));
        assert_eq!(fs.rename(&format!("/d{idx}/e"), &format!("/e{idx}")), Ok(()));
        assert_eq!(fs.rmdir(&format!("/d{idx}")), Ok(()));
    }
    let mut fs = remount(fs);
    for idx in 0..100 {
        assert_eq!(load(&mut fs, &format!("/e{idx}/f")).as_deref(), Ok(&b"deep"[..]));
        assert_eq!(fs.remove(&format!("/e{idx}/f")), Ok(()));
        assert_eq!(fs.rmdir(&format!("/e{idx}")), Ok(()));
    }
    assert_eq!(names(&mut fs, "/"), ["boot.py", "main.py"]);
    // Pairs that were split are not joined again, only empty ones go.
    assert!(fs.statvfs("/").expect("mounted").free_blocks >= 510 - 2);
}

#[test]
fn a_directory_shrinks_as_it_grew() {
    let mut fs = fresh(512);
    assert_eq!(fs.mkdir("/d"), Ok(()));
    let before = fs.statvfs("/").expect("mounted").free_blocks;
    for idx in 0..500 {
        assert_eq!(store(&mut fs, &format!("/d/{}", idx * 7919 % 500), b"x"), Ok(()));
    }
    assert!(fs.statvfs("/").expect("mounted").free_blocks < before);
    let listed = list(&mut fs, "/d").expect("there");
    assert_eq!(listed.len(), 500);
    for idx in 0..500 {
        assert_eq!(fs.remove(&format!("/d/{}", idx * 31 % 500)), Ok(()));
    }
    assert_eq!(fs.statvfs("/").expect("mounted").free_blocks, before);
    assert_eq!(fs.rmdir("/d"), Ok(()));
}

#[test]
fn a_small_file_is_rewritten_a_thousand_times() {
    let mut fs = fresh(64);
    for idx in 0..1000 {
        assert_eq!(store(&mut fs, "/f", format!("{idx}").as_bytes()), Ok(()));
        if idx % 50 == 0 {
            fs = remount(fs);
        }
    }
    assert_eq!(load(&mut fs, "/f").as_deref(), Ok(&b"999"[..]));
}

#[test]
fn the_time_of_modification_is_kept() {
    let mut fs = fresh(64);
    assert_eq!(fs.stat("/boot.py").expect("there").modified, 0);
    fs.set_clock(|| 1_700_000_000_123_456_789);
    assert_eq!(store(&mut fs, "/small", b"x"), Ok(()));
    assert_eq!(store(&mut fs, "/big", &noise(1, 5_000)), Ok(()));
    let empty = fs.open("/empty", WRITE).expect("new");
    assert_eq!(fs.close(empty), Ok(()));
    assert_eq!(fs.rename("/big", "/moved"), Ok(()));
    let mut fs = remount(fs);
    for path in ["/small", "/moved", "/empty"] {
        assert_eq!(fs.stat(path).expect("there").modified, 1_700_000_000, "{path}");
    }
    // Without a clock the old time stays.
    assert_eq!(store(&mut fs, "/small", b"y"), Ok(()));
    assert_eq!(fs.stat("/small").expect("there").modified, 1_700_000_000);
    assert_eq!(fs.stat("/boot.py").expect("there").modified, 0);
}

#[test]
fn a_file_stays_open_while_it_is_renamed() {
    let mut fs = fresh(64);
    assert_eq!(fs.mkdir("/d"), Ok(()));
    for (from, to) in [("/a", "/z"), ("/z", "/b"), ("/b", "/d/b"), ("/d/b", "/main.py")] {
        let file = fs.open(from, APPEND).expect("opens");
        assert_eq!(fs.write(file, from.as_bytes()), Ok(from.len()));
        assert_eq!(fs.rename(from, to), Ok(()));
        assert_eq!(fs.write(file, to.as_bytes()), Ok(to.len()));
        assert_eq!(fs.close(file), Ok(()));
        assert_eq!(fs.stat(from).err(), Some(Errno::NOENT));
    }
    let all = load(&mut fs, "/main.py");
    assert_eq!(all.as_deref(), Ok(&b"/a/z/z/b/b/d/b/d/b/main.py"[..]));
}

#[test]
fn a_reader_keeps_its_content_while_another_writes() {
    let mut fs = fresh(64);
    let old = noise(1, 30_000);
    assert_eq!(store(&mut fs, "/f", &old), Ok(()));
    let reader = fs.open("/f", READ).expect("there");
    for round in 0..20 {
        assert_eq!(store(&mut fs, "/f", &noise(round, 20_000)), Ok(()));
    }
    assert_eq!(fs.remove("/f"), Ok(()));
    assert_eq!(store(&mut fs, "/g", &noise(99, 60_000)), Ok(()));
    let mut all = vec![0; 30_000];
    assert_eq!(fs.read(reader, &mut all), Ok(30_000));
    assert!(all == old);
    assert_eq!(fs.close(reader), Ok(()));
}
