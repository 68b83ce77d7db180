//! Tests of the flash image.

use super::*;

const SHAPE: FlashShape = FlashShape { size: 64 * 1024, erase_size: 4096, program_size: 256 };

/// A folder for one test, removed afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = std::env::temp_dir().join(format!("octopy-flash-{}-{test}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn open(&self) -> FlashImage {
        FlashImage::open(&self.0.join("image"), SHAPE, false).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

fn bytes(flash: &mut FlashImage, offset: u32, len: usize) -> Vec<u8> {
    let mut buf = vec![0x55; len];
    flash.read(offset, &mut buf).unwrap();
    buf
}

#[test]
fn a_fresh_image_is_erased_everywhere() {
    let folder = Folder::new("fresh");
    let mut flash = folder.open();
    assert_eq!(bytes(&mut flash, 0, 64 * 1024), vec![0xff; 64 * 1024]);
}

#[test]
fn what_was_programmed_is_there_after_reopening() {
    let folder = Folder::new("persist");
    let mut flash = folder.open();
    flash.program(3 * 256, &[1; 256]).unwrap();
    flash.program(40_960, &[2; 512]).unwrap();
    // Dropped without sync, as when the process is killed.
    drop(flash);
    let mut flash = folder.open();
    let all = bytes(&mut flash, 0, 64 * 1024);
    for (at, byte) in all.iter().enumerate() {
        let expect = match at {
            768..1024 => 1,
            40_960..41_472 => 2,
            _ => 0xff,
        };
        assert_eq!(*byte, expect, "at {at}");
    }
    let mut flash2 = flash.clone();
    flash2.erase(0, 4096).unwrap();
    assert_eq!(bytes(&mut flash, 0, 4096), [0xff; 4096], "a clone is the same device");
    flash.erase(0, 64 * 1024).unwrap();
    assert_eq!(bytes(&mut flash, 0, 64 * 1024), vec![0xff; 64 * 1024]);
}

#[test]
fn programming_needs_erased_bytes() {
    let folder = Folder::new("strict");
    let mut flash = folder.open();
    flash.program(256, &[0xf0; 256]).unwrap();
    assert_eq!(flash.program(256, &[0; 256]), Err(Errno::IO));
    assert_eq!(flash.program(0, &[0; 512]), Err(Errno::IO));
    assert_eq!(bytes(&mut flash, 0, 512), [[0xff; 256], [0xf0; 256]].concat());
    flash.erase(0, 4096).unwrap();
    flash.program(256, &[0; 256]).unwrap();
}

#[test]
fn ranges_and_alignment_are_checked() {
    let folder = Folder::new("range");
    let mut flash = folder.open();
    assert_eq!(flash.program(1, &[0; 256]), Err(Errno::INVAL));
    assert_eq!(flash.program(0, &[0; 255]), Err(Errno::INVAL));
    assert_eq!(flash.program(64 * 1024, &[0; 256]), Err(Errno::INVAL));
    assert_eq!(flash.program(u32::MAX - 255, &[0; 256]), Err(Errno::INVAL));
    assert_eq!(flash.erase(256, 4096), Err(Errno::INVAL));
    assert_eq!(flash.erase(0, 256), Err(Errno::INVAL));
    assert_eq!(flash.erase(61_440, 8192), Err(Errno::INVAL));
    assert_eq!(flash.read(65_535, &mut [0; 2]), Err(Errno::INVAL));
    assert_eq!(flash.read(65_535, &mut [0; 1]), Ok(()));
    assert_eq!(flash.read(65_536, &mut []), Ok(()));
}

#[test]
fn one_board_at_a_time_and_fresh_starts_over() {
    let folder = Folder::new("lock");
    let path = folder.0.join("image");
    let mut flash = folder.open();
    flash.program(0, &[7; 256]).unwrap();
    for fresh in [false, true] {
        let error = FlashImage::open(&path, SHAPE, fresh).unwrap_err();
        assert!(error.to_string().contains("in use by another board"), "{error}");
    }
    assert_eq!(bytes(&mut flash, 0, 256), [7; 256], "a refused board erases nothing");
    drop(flash);
    let mut flash = FlashImage::open(&path, SHAPE, true).unwrap();
    assert_eq!(bytes(&mut flash, 0, 256), [0xff; 256]);
}

#[test]
fn a_file_that_cannot_be_this_flash_is_refused() {
    let folder = Folder::new("big");
    let path = folder.0.join("image");
    std::fs::write(&path, vec![0; 64 * 1024 + 1]).unwrap();
    let error = FlashImage::open(&path, SHAPE, false).unwrap_err();
    assert!(error.to_string().contains("has 65537 bytes"), "{error}");
    let error = FlashImage::open(&folder.0, SHAPE, false).unwrap_err();
    assert!(error.to_string().contains("cannot open the flash image"), "{error}");
}
