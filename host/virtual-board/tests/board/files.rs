//! `/flash` on the flash image.

use octopy_hal::{Board, Errno, FileKind, FileSystem, OpenMode};
use octopy_virtual_board::{ExternalRam, Port, Setup, VirtualBoard};

use crate::support::Folder;

const READ: OpenMode = OpenMode {
    read: true,
    write: false,
    create: false,
    exclusive: false,
    truncate: false,
    append: false,
};
const WRITE: OpenMode = OpenMode { read: false, write: true, create: true, truncate: true, ..READ };

pub fn put(files: &mut dyn FileSystem, path: &str, data: &[u8]) -> Result<(), Errno> {
    let file = files.open(path, WRITE)?;
    let written = files.write(file, data);
    let closed = files.close(file);
    if written? != data.len() {
        return Err(Errno::NOSPC);
    }
    closed
}

pub fn content(files: &mut dyn FileSystem, path: &str) -> Result<Vec<u8>, Errno> {
    let file = files.open(path, READ)?;
    let (mut all, mut buf) = (Vec::new(), [0; 4096]);
    loop {
        match files.read(file, &mut buf)? {
            0 => break,
            n => all.extend_from_slice(&buf[..n]),
        }
    }
    files.close(file)?;
    Ok(all)
}

#[test]
fn files_survive_the_board() {
    let folder = Folder::new("files-survive");
    let port = || Port::Pty(None);
    let big: Vec<u8> = (0..1_000_000u32).map(|n| (n % 241) as u8).collect();
    {
        let mut board = folder.board(port());
        let files = board.files().unwrap();
        for path in ["/boot.py", "/main.py"] {
            assert_eq!(files.stat(path).unwrap().kind, FileKind::File, "{path}");
        }
        files.mkdir("/acc").unwrap();
        put(files, "/acc/ünï 日本 \"q\" 'x'.py", b"print(1)").unwrap();
        put(files, "/big", &big).unwrap();
        assert!(files.stat("/big").unwrap().modified > 1_700_000_000);
    }
    let mut board = folder.board(port());
    let files = board.files().unwrap();
    assert_eq!(content(files, "/acc/ünï 日本 \"q\" 'x'.py").unwrap(), b"print(1)");
    assert!(content(files, "/big").unwrap() == big);
    let disk = files.statvfs("/").unwrap();
    assert_eq!((disk.block_size, disk.blocks), (4096, 4096));
}

#[test]
fn a_full_flash_says_so_and_goes_on() {
    let folder = Folder::new("files-full");
    let mut board = folder.board(Port::Pty(None));
    let files = board.files().unwrap();
    put(files, "/keep", b"kept").unwrap();
    let chunk = vec![7; 1 << 20];
    let mut n = 0;
    let error = loop {
        match put(files, &format!("/{n}"), &chunk) {
            Ok(()) => n += 1,
            Err(error) => break error,
        }
    };
    assert_eq!((n, error), (15, Errno::NOSPC));
    assert_eq!(content(files, "/keep").unwrap(), b"kept");
    files.remove("/0").unwrap();
    put(files, "/again", &chunk).unwrap();
    assert!(content(files, "/again").unwrap() == chunk);
}

#[test]
fn a_broken_image_is_explained_and_left_alone() {
    let folder = Folder::new("files-broken");
    let flash = folder.path("flash");
    std::fs::write(&flash, b"not a file system".repeat(1000)).unwrap();
    let before = std::fs::read(&flash).unwrap();
    let mut setup = Setup {
        port: Port::Pty(None),
        flash: flash.clone(),
        fresh: false,
        external_ram: ExternalRam::Sound,
    };
    let error = VirtualBoard::new(&setup).err().unwrap().to_string();
    assert!(error.contains("does not hold a sound file system; --fresh erases it"), "{error}");
    assert_eq!(std::fs::read(&flash).unwrap(), before);
    setup.fresh = true;
    let mut board = VirtualBoard::new(&setup).unwrap();
    assert!(board.files().unwrap().stat("/main.py").is_ok());
}

#[test]
fn two_boards_do_not_share_a_flash() {
    let folder = Folder::new("files-shared");
    let _board = folder.board(Port::Pty(None));
    let setup = Setup {
        port: Port::Pty(None),
        flash: folder.path("flash"),
        fresh: true,
        external_ram: ExternalRam::Sound,
    };
    let error = VirtualBoard::new(&setup).err().unwrap().to_string();
    assert!(error.contains("in use by another board"), "{error}");
}
