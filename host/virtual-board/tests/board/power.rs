//! Power fails in the middle of a write: at most that write is lost.

use std::cell::Cell;
use std::rc::Rc;

use octopy_fs::LittleFs;
use octopy_hal::{Errno, Flash};
use octopy_virtual_board::{FlashImage, FlashShape};

use crate::files::{content, put};
use crate::support::Folder;

const SHAPE: FlashShape = FlashShape { size: 256 * 1024, erase_size: 4096, program_size: 1 };

/// A flash whose power fails after a number of programs and erases, in the middle of one.
struct Failing {
    image: FlashImage,
    left: Rc<Cell<u32>>,
}

impl Failing {
    /// Whether the operation still happens; the one at zero happens by half.
    fn power(&self) -> Option<bool> {
        let left = self.left.get();
        self.left.set(left.saturating_sub(1));
        match left {
            0 => None,
            1 => Some(false),
            _ => Some(true),
        }
    }
}

impl Flash for Failing {
    fn size(&self) -> u32 {
        self.image.size()
    }

    fn erase_size(&self) -> u32 {
        self.image.erase_size()
    }

    fn program_size(&self) -> u32 {
        self.image.program_size()
    }

    fn read(&mut self, offset: u32, buf: &mut [u8]) -> Result<(), Errno> {
        self.image.read(offset, buf)
    }

    fn program(&mut self, offset: u32, data: &[u8]) -> Result<(), Errno> {
        match self.power().ok_or(Errno::IO)? {
            true => self.image.program(offset, data),
            false => self.image.program(offset, &data[..data.len() / 2]).and(Err(Errno::IO)),
        }
    }

    fn erase(&mut self, offset: u32, len: u32) -> Result<(), Errno> {
        match self.power().ok_or(Errno::IO)? {
            true => self.image.erase(offset, len),
            false => Err(Errno::IO),
        }
    }

    fn sync(&mut self) -> Result<(), Errno> {
        if self.left.get() == 0 { Err(Errno::IO) } else { Ok(()) }
    }
}

#[test]
fn at_most_the_interrupted_write_is_lost() {
    let folder = Folder::new("power");
    let path = folder.path("flash");
    let old = vec![1; 10_000];
    let new: Vec<u8> = (0..12_000u32).map(|n| (n % 239) as u8).collect();
    let mut cuts = 0;
    for after in 1.. {
        {
            let mut files = LittleFs::new(FlashImage::open(&path, SHAPE, true).unwrap());
            files.mount_or_format().unwrap();
            put(&mut files, "/a", &old).unwrap();
            put(&mut files, "/b", &old).unwrap();
        }
        let finished = {
            let image = FlashImage::open(&path, SHAPE, false).unwrap();
            let left = Rc::new(Cell::new(after));
            let mut files = LittleFs::new(Failing { image, left: Rc::clone(&left) });
            files.mount().unwrap();
            let result = put(&mut files, "/a", &new);
            assert_eq!(result.is_ok(), left.get() > 0, "cut {after}: {result:?}");
            result.is_ok()
        };
        let mut files = LittleFs::new(FlashImage::open(&path, SHAPE, false).unwrap());
        files.mount().unwrap_or_else(|error| panic!("cut {after}: {error:?}"));
        let a = content(&mut files, "/a").unwrap();
        assert!(a == new || (!finished && a == old), "cut {after}: {} bytes", a.len());
        assert!(content(&mut files, "/b").unwrap() == old, "cut {after}");
        put(&mut files, "/c", &new).unwrap();
        if finished {
            break;
        }
        cuts += 1;
    }
    assert!(cuts > 20, "only {cuts} operations were cut");
}
