//! Power cuts: the device dies at every program and erase operation in turn.

use alloc::format;

use octopy_hal::{Errno, FileSystem};

use super::{Fs, UPDATE, fresh, load, noise, populated, remount, store};
use crate::{LittleFs, RamFlash, Wound};

/// Runs `work` with power failing at operation 0, 1, 2, … until it gets through; checks after each.
fn cut_everywhere(
    start: &RamFlash,
    work: impl Fn(&mut Fs) -> Result<(), Errno>,
    check: impl Fn(&mut Fs, bool),
) {
    for wound in [Wound::Lost, Wound::Torn, Wound::Done] {
        for after in 0.. {
            let mut flash = start.clone();
            flash.cut_power(after, wound);
            let mut fs = LittleFs::new(flash);
            assert_eq!(fs.mount(), Ok(()));
            let done = work(&mut fs).is_ok();
            let flash = fs.into_flash();
            let alive = !flash.is_dead();
            assert!(done || !alive, "failed by itself after {after}");
            let mut flash = flash;
            flash.restore_power();
            let mut fs = LittleFs::new(flash);
            assert_eq!(fs.mount(), Ok(()), "after {after} {wound:?}");
            check(&mut fs, done);
            // It can be written again, which repairs what is to be repaired.
            assert_eq!(store(&mut fs, "/after", b"power is back"), Ok(()));
            let mut fs = remount(fs);
            check(&mut fs, done);
            assert_eq!(load(&mut fs, "/after").as_deref(), Ok(&b"power is back"[..]));
            if alive {
                break;
            }
        }
    }
}

fn check_bystanders(fs: &mut Fs) {
    assert_eq!(load(fs, "/small").as_deref(), Ok(&b"small"[..]));
    assert_eq!(load(fs, "/lib/big"), Ok(noise(1, 10_000)));
    assert!(load(fs, "/boot.py").is_ok());
}

#[test]
fn power_cuts_during_a_new_file() {
    cut_everywhere(
        &populated(),
        |fs| store(fs, "/lib/new", &noise(3, 9_000)),
        |fs, done| {
            check_bystanders(fs);
            assert_eq!(load(fs, "/lib/victim"), Ok(noise(2, 5_000)));
            match load(fs, "/lib/new") {
                Ok(data) if data.is_empty() => assert!(!done),
                Ok(data) => assert_eq!(data, noise(3, 9_000)),
                Err(errno) => assert!(!done && errno == Errno::NOENT, "{errno:?}"),
            }
        },
    );
}

#[test]
fn power_cuts_during_an_overwrite_keep_old_or_new() {
    cut_everywhere(
        &populated(),
        |fs| {
            let file = fs.open("/lib/victim", UPDATE)?;
            let written = fs.write(file, &noise(4, 4_500));
            fs.close(file)?;
            written.map(|_| ())
        },
        |fs, done| {
            check_bystanders(fs);
            let data = load(fs, "/lib/victim").expect("the file is there");
            let mut new = noise(4, 4_500);
            new.extend_from_slice(&noise(2, 5_000)[4_500..]);
            assert!(data == new || (!done && data == noise(2, 5_000)));
        },
    );
}

#[test]
fn power_cuts_during_directory_work() {
    cut_everywhere(
        &populated(),
        |fs| {
            fs.mkdir("/dir")?;
            fs.rename("/lib/victim", "/dir/moved")?;
            fs.remove("/dir/moved")?;
            fs.rmdir("/dir")
        },
        |fs, done| {
            check_bystanders(fs);
            let old = load(fs, "/lib/victim");
            let moved = load(fs, "/dir/moved");
            assert!(old.is_err() || moved.is_err(), "never in two places");
            for data in [old, moved].into_iter().flatten() {
                assert_eq!(data, noise(2, 5_000));
                assert!(!done);
            }
            assert!(!done || fs.stat("/dir").is_err());
        },
    );
}

#[test]
fn power_cuts_during_the_first_format() {
    for wound in [Wound::Lost, Wound::Torn, Wound::Done] {
        for after in 0.. {
            let mut flash = RamFlash::new(16, 4096, 1);
            flash.cut_power(after, wound);
            let mut fs = LittleFs::new(flash);
            let formatted = fs.mount_or_format().is_ok();
            let mut flash = fs.into_flash();
            flash.restore_power();
            let mut fs = LittleFs::new(flash);
            assert_eq!(fs.mount_or_format(), Ok(()), "after {after} {wound:?}");
            assert_eq!(store(&mut fs, "/x", b"x"), Ok(()));
            if formatted {
                break;
            }
        }
    }
}

#[test]
fn blocks_are_not_lost_to_power_cuts() {
    let mut flash = populated();
    for round in 0..60 {
        flash.cut_power(round % 23, Wound::Torn);
        let mut fs = LittleFs::new(flash);
        assert_eq!(fs.mount(), Ok(()));
        // What it says does not matter here.
        let _ = store(&mut fs, "/lib/victim", &noise(round as u32, 9_000));
        let _ = fs.mkdir("/junk");
        let _ = fs.rmdir("/junk");
        flash = fs.into_flash();
        flash.restore_power();
    }
    let mut fs = LittleFs::new(flash);
    assert_eq!(fs.mount(), Ok(()));
    let _ = fs.rmdir("/junk");
    assert_eq!(store(&mut fs, "/lib/victim", b""), Ok(()));
    let free = fs.statvfs("/").expect("mounted").free_blocks;
    assert!(free >= 64 - 4 - 3 - 2, "{free}");
    check_bystanders(&mut fs);
}

#[test]
fn power_cuts_in_a_directory_of_several_pairs() {
    let mut fs = fresh(96);
    assert_eq!(fs.mkdir("/many"), Ok(()));
    for idx in 0..70 {
        assert_eq!(store(&mut fs, &format!("/many/file{idx:02}"), &noise(idx, 40)), Ok(()));
    }
    assert_eq!(fs.mkdir("/many/old"), Ok(()));
    let free = fs.statvfs("/").expect("mounted").free_blocks;
    cut_everywhere(
        &fs.into_flash(),
        |fs| {
            fs.mkdir("/many/new")?;
            fs.rename("/many/new", "/many/old")?;
            fs.rename("/many/file69", "/moved")?;
            // One of the pairs becomes empty and goes.
            for idx in 0..50 {
                fs.remove(&format!("/many/file{idx:02}"))?;
            }
            fs.rename("/moved", "/many/file00")
        },
        |fs, done| {
            for idx in 50..69 {
                let data = load(fs, &format!("/many/file{idx}"));
                assert_eq!(data, Ok(noise(idx, 40)));
            }
            let places = ["/many/file69", "/moved", "/many/file00"];
            let found = places.map(|path| load(fs, path).is_ok_and(|data| data == noise(69, 40)));
            assert_eq!(found.iter().filter(|found| **found).count(), 1);
            assert!(!done || found[2]);
            assert!(fs.stat("/many/old").is_ok());
            let used = free - fs.statvfs("/").expect("mounted").free_blocks.min(free);
            assert!(used <= 4, "{used} blocks were lost");
        },
    );
}
