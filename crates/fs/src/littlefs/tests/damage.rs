//! Damage: flipped bits, hostile images and dead devices end in errors.

use octopy_hal::{Errno, FileSystem};

use super::{Random, WRITE, fresh, list, load, noise, populated, store};
use crate::littlefs::crc::{START, crc};
use crate::littlefs::tag::{Class, Tag};
use crate::{LittleFs, MountError, RamFlash, Wound};

/// Uses a file system in every way; any answer is right, but a crash and a long wait are not.
fn use_everything(flash: RamFlash) {
    let mut fs = LittleFs::new(flash);
    if fs.mount_or_format().is_ok() {
        let _ = list(&mut fs, "/");
        let _ = list(&mut fs, "/lib");
        let _ = load(&mut fs, "/lib/big");
        let _ = load(&mut fs, "/lib/victim");
        let _ = store(&mut fs, "/lib/new", &[1; 5000]);
        let _ = fs.mkdir("/lib/dir");
        let _ = fs.rename("/lib/new", "/moved");
        let _ = fs.remove("/lib/victim");
        let _ = fs.statvfs("/");
    }
}

#[test]
fn damaged_images_end_in_errors() {
    let base = populated();
    let mut random = Random(99);
    for _ in 0..1500 {
        let mut flash = base.clone();
        for _ in 0..1 + random.below(4) {
            let block = random.below(2) * random.below(12);
            let at = (block * 4096 + random.below(400)) as usize;
            flash.bytes_mut()[at] ^= 1 << random.below(8);
        }
        use_everything(flash);
    }
}

/// Makes the checksums of a metadata block right again; `tags` are in the undamaged block.
fn reseal(block: &mut [u8], tags: &[u8]) {
    let word = |bytes: &[u8], at: usize| bytes.get(at..at + 4).map(<[u8]>::to_vec);
    let (mut off, mut last, mut sum) = (4, Tag::FIRST, crc(START, &block[..4]));
    while let Some(stored) = word(tags, off) {
        let tag = Tag(u32::from_be_bytes([stored[0], stored[1], stored[2], stored[3]]) ^ last.0);
        let end = off + tag.span() as usize;
        if !tag.is_valid() || end > block.len() {
            return;
        }
        if tag.class() == Class::Crc {
            sum = crc(sum, &block[off..off + 4]);
            block[off + 4..off + 8].copy_from_slice(&sum.to_le_bytes());
            sum = START;
        } else {
            sum = crc(sum, &block[off..end]);
        }
        (off, last) = (end, tag.chain());
    }
}

#[test]
fn hostile_images_end_in_errors() {
    let base = populated();
    let mut random = Random(7);
    for _ in 0..3000 {
        let mut flash = base.clone();
        for _ in 0..1 + random.below(3) {
            let at = (random.below(6) * 4096 + 4 + random.below(500)) as usize;
            let byte = random.next() as u8;
            let flipped = flash.bytes()[at] ^ 1 << (byte & 7);
            flash.bytes_mut()[at] = if random.below(2) == 0 { byte } else { flipped };
        }
        for (block, tags) in flash.bytes_mut().chunks_mut(4096).zip(base.bytes().chunks(4096)) {
            if block != tags {
                reseal(block, tags);
            }
        }
        use_everything(flash);
    }
}

#[test]
fn a_dead_device_is_an_error_and_nothing_more() {
    let mut fs = fresh(64);
    let file = fs.open("/x", WRITE).expect("new");
    assert_eq!(fs.write(file, &noise(1, 3_000)), Ok(3_000));
    let mut flash = fs.into_flash();
    flash.cut_power(3, Wound::Torn);
    let mut fs = LittleFs::new(flash);
    assert_eq!(fs.mount(), Ok(()));
    let file = fs.open("/y", WRITE).expect("new");
    let mut refused = None;
    for _ in 0..20 {
        refused = refused.or(fs.write(file, &noise(1, 3_000)).err());
    }
    assert_eq!(refused, Some(Errno::IO));
    // The write has said so; closing a file that failed says nothing more.
    assert_eq!(fs.close(file), Ok(()));
    assert!(fs.mkdir("/d").is_err());
    assert!(fs.stat("/boot.py").is_err());
    fs.close_all();
    assert_eq!(fs.mount(), Err(MountError::Device(Errno::IO)));
}
