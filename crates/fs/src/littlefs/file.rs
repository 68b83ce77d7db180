//! `OpenFile`: content that is read, and written beside the old content until it is committed.
//!
//! Small content is held in memory and lives in the metadata. Bigger content is a chain of blocks;
//! writing makes new blocks (the *draft*), and the rest of the old chain is copied behind what was
//! written when the draft is finished. Nothing that the device knows of is ever overwritten.

use octopy_hal::{Errno, Flash, OpenMode, Seek};

use super::LittleFs;
use super::chain::{Chain, Spot, pointers};
use super::change::Change;
use super::disk::{CACHE, CORRUPT, Disk};
use super::pair::{Meta, NO_BLOCK, is_null, pair_bytes};
use super::pen::Pen;
use super::place::Place;
use super::tag::kind;
use super::{MODIFIED, Target, There, held};

/// Where the content is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Body {
    /// In the pen's buffer; this many bytes.
    Held(u32),
    /// In the metadata, and too big for the buffer; this many bytes. Only others write such files.
    Inline(u32),
    /// In blocks.
    Chain(Chain),
}

impl Body {
    fn size(self) -> u32 {
        match self {
            Body::Held(size) | Body::Inline(size) => size,
            Body::Chain(chain) => chain.size,
        }
    }
}

/// A chain that is being written; its last block is the pen's.
#[derive(Debug, Clone, Copy)]
struct Draft {
    /// Which block of the file the pen is in.
    index: u32,
    /// The block before, if there is one.
    before: u32,
}

#[derive(Debug)]
pub(super) struct OpenFile {
    mode: OpenMode,
    pub(super) place: Place,
    /// True while the entry is being renamed.
    pub(super) moving: bool,
    body: Body,
    /// True if `body` is not what the entry says.
    dirty: bool,
    /// Why writing has failed; the entry keeps its old content then.
    failed: Option<Errno>,
    /// The position; with a draft, also its size.
    pos: u32,
    draft: Option<Draft>,
    pen: Pen,
    /// A block of the chain and which one it is, to read on without a search.
    hint: Option<(u32, u32)>,
}

impl OpenFile {
    fn size(&self) -> u32 {
        match self.draft {
            Some(_) => self.body.size().max(self.pos),
            None => self.body.size(),
        }
    }

    /// Calls `mark` for every block that must not be given away while the file is open.
    pub(super) fn walk<F: Flash>(
        &self,
        disk: &mut Disk<F>,
        mark: &mut dyn FnMut(u32),
    ) -> Result<(), Errno> {
        if let Body::Chain(Chain { head, size }) = self.body
            && let Some(last) = size.checked_sub(1)
        {
            disk.walk_chain(head, Spot::of(last, disk.block_size).index, mark)?;
        }
        if let Some(draft) = self.draft {
            mark(self.pen.block);
            if let Some(index) = draft.index.checked_sub(1) {
                disk.walk_chain(draft.before, index, mark)?;
            }
        }
        Ok(())
    }
}

impl<F: Flash> LittleFs<F> {
    pub(super) fn open_file(&mut self, path: &str, mode: OpenMode) -> Result<u16, Errno> {
        if !self.files.has_room() {
            return Err(Errno::MFILE);
        }
        let file = if mode.write {
            self.transaction(|this| this.find_or_create(path, mode))?
        } else {
            self.find_or_create(path, mode)?
        };
        self.files.insert(file)
    }

    fn find_or_create(&mut self, path: &str, mode: OpenMode) -> Result<OpenFile, Errno> {
        let mut file = OpenFile {
            mode,
            place: Place::GONE,
            moving: false,
            body: Body::Held(0),
            dirty: mode.write && mode.truncate,
            failed: None,
            pos: 0,
            draft: None,
            pen: Pen::new(NO_BLOCK, 0),
            hint: None,
        };
        let mut target = self.resolve(path);
        let &mut Target { there, ref mut meta, id } = held(&mut target)?;
        match there {
            There::Root | There::Entry(kind::DIRECTORY) => return Err(Errno::ISDIR),
            There::Entry(_) if mode.exclusive => return Err(Errno::EXIST),
            There::Entry(_) => {
                file.place = Place { pair: meta.pair, id };
                if !file.dirty {
                    file.body = load_body(&mut self.disk, meta, id, &mut file.pen)?;
                }
            }
            There::Missing if mode.write && mode.create => {
                let name = crate::path::base_name(path).as_bytes();
                let put = |kind, bytes| Change::Put { kind, id, bytes };
                let changes =
                    [Change::Create(id), put(kind::FILE, name), put(kind::INLINE_STRUCT, &[])];
                self.commit(meta, &changes)?;
                file.place.id = id;
                file.place.settle(&mut self.disk, meta)?;
                // The time is set when it is closed.
                file.dirty = true;
            }
            There::Missing => return Err(Errno::NOENT),
        }
        Ok(file)
    }

    pub(super) fn read_file(&mut self, id: u16, buf: &mut [u8]) -> Result<usize, Errno> {
        let file = self.files.peek(id)?;
        if !file.mode.read {
            return Err(Errno::BADF);
        }
        self.finish_draft(id)?;
        let file = self.files.peek(id)?;
        let mut done = 0;
        while let Some(room) = buf.get_mut(done..)
            && !room.is_empty()
        {
            let len = read_body(&mut self.disk, file, file.pos, room)?;
            if len == 0 {
                break;
            }
            file.pos += len;
            done += len as usize;
        }
        Ok(done)
    }

    pub(super) fn write_file(&mut self, id: u16, data: &[u8]) -> Result<usize, Errno> {
        let file = self.files.peek(id)?;
        if !file.mode.write {
            return Err(Errno::BADF);
        }
        if let Some(errno) = file.failed {
            return Err(errno);
        }
        let size = file.size();
        if file.mode.append && file.pos != size {
            self.seek_file(id, Seek::End(0))?;
        }
        let file = self.files.peek(id)?;
        if u64::from(file.pos) + data.len() as u64 > u64::from(self.file_max) {
            return Err(Errno::FBIG);
        }
        if data.is_empty() {
            return Ok(0);
        }
        let gap = file.pos.saturating_sub(size);
        if gap > 0 {
            file.pos = size;
        }
        let written = self.write_zeros(id, gap).and_then(|()| self.write_on(id, data));
        if let Err(errno) = written {
            self.fail(id, errno);
        }
        written.map(|()| data.len())
    }

    /// Remembers that writing has failed, and goes back to what the device has.
    fn fail(&mut self, id: u16, errno: Errno) {
        let Ok(file) = self.files.peek(id) else { return };
        file.failed = Some(errno);
        file.draft = None;
        file.dirty = false;
        file.hint = None;
        let Place { pair, id } = file.place;
        let meta = if is_null(pair) { Err(CORRUPT) } else { self.disk.fetch(pair) };
        let body = meta.and_then(|meta| load_body(&mut self.disk, &meta, id, &mut file.pen));
        file.body = body.unwrap_or(Body::Held(0));
    }

    fn write_zeros(&mut self, id: u16, len: u32) -> Result<(), Errno> {
        let zeros = [0; CACHE];
        let mut left = len as usize;
        while left > 0 {
            let part = zeros.get(..left.min(CACHE)).unwrap_or(&zeros);
            self.write_on(id, part)?;
            left -= part.len();
        }
        Ok(())
    }

    /// Writes at the position, which is not after the end.
    fn write_on(&mut self, id: u16, data: &[u8]) -> Result<(), Errno> {
        let inline_max = self.inline_max;
        let file = self.files.peek(id)?;
        let end = file.pos + data.len() as u32;
        if let (Body::Held(size), None) = (file.body, file.draft)
            && end.max(size) <= inline_max
        {
            let room = file.pen.buf.get_mut(file.pos as usize..end as usize).ok_or(CORRUPT)?;
            room.copy_from_slice(data);
            file.body = Body::Held(end.max(size));
            file.dirty = true;
            file.pos = end;
            return Ok(());
        }
        self.move_out(id)?;
        self.write_draft(id, data)
    }

    /// Moves content that is not in blocks into a chain.
    fn move_out(&mut self, id: u16) -> Result<(), Errno> {
        let file = self.files.peek(id)?;
        let size = match file.body {
            Body::Chain(_) => return Ok(()),
            _ if file.draft.is_some() => return Ok(()),
            body => body.size(),
        };
        let pos = file.pos;
        // The pen's buffer is needed for the draft.
        let held = file.pen.buf;
        let body =
            core::mem::replace(&mut file.body, Body::Chain(Chain { head: NO_BLOCK, size: 0 }));
        file.pos = 0;
        match body {
            Body::Held(size) => {
                self.write_draft(id, held.get(..size as usize).ok_or(CORRUPT)?)?;
            }
            _ => {
                let Place { pair, id: entry } = file.place;
                let mut done = 0;
                while done < size {
                    let mut buf = [0; 32];
                    let part = buf.get_mut(..(size - done).min(32) as usize).ok_or(CORRUPT)?;
                    read_inline(&mut self.disk, Place { pair, id: entry }, done, part)?;
                    self.write_draft(id, part)?;
                    done += part.len() as u32;
                }
            }
        }
        if pos != size {
            self.end_draft(id)?;
            self.files.peek(id)?.pos = pos;
        }
        Ok(())
    }

    /// Writes into the draft, which ends at the position; starts one if there is none.
    fn write_draft(&mut self, id: u16, data: &[u8]) -> Result<(), Errno> {
        let block_size = self.disk.block_size;
        let mut rest = data;
        while !rest.is_empty() {
            let file = self.files.peek(id)?;
            if file.draft.is_none() || file.pen.off == block_size {
                self.next_block(id)?;
            }
            let file = self.files.peek(id)?;
            let (part, after) = rest.split_at(rest.len().min((block_size - file.pen.off) as usize));
            file.pen.put(&mut self.disk, part)?;
            file.pos += part.len() as u32;
            rest = after;
        }
        Ok(())
    }

    /// Goes on to a new block at the end of the draft, or starts a draft at the position.
    fn next_block(&mut self, id: u16) -> Result<(), Errno> {
        // All blocks in use can be reached from entries and open files.
        self.window.checkpoint(self.disk.blocks);
        let fresh = self.allocate()?;
        self.disk.erase(fresh)?;
        let file = self.files.peek(id)?;
        let disk = &mut self.disk;
        let (index, before) = match (file.draft, file.body) {
            (Some(draft), _) => (draft.index + 1, file.pen.block),
            (None, Body::Chain(chain)) if file.pos > 0 => {
                let (block, spot) = disk.find_block(chain, file.pos - 1)?;
                let used = spot.off + 1;
                if used < disk.block_size {
                    // The block is used in part: the draft's first block begins as a copy of it.
                    file.pen.place(fresh, 0);
                    copy(disk, &mut file.pen, block, used)?;
                    let before = if spot.index > 0 { disk.word(block, 0)? } else { NO_BLOCK };
                    file.draft = Some(Draft { index: spot.index, before });
                    return Ok(());
                }
                (spot.index + 1, block)
            }
            (None, _) => (0, NO_BLOCK),
        };
        file.pen.place(fresh, 0);
        let mut pointer = before;
        for level in 0..pointers(index) {
            if level > 0 {
                pointer = disk.word(pointer, 4 * (level - 1))?;
            }
            file.pen.put(disk, &pointer.to_le_bytes())?;
        }
        file.draft = Some(Draft { index, before });
        Ok(())
    }

    /// Makes the draft, if there is one, the content.
    fn finish_draft(&mut self, id: u16) -> Result<(), Errno> {
        let finished = self.end_draft(id);
        if let Err(errno) = finished {
            self.fail(id, errno);
        }
        finished
    }

    fn end_draft(&mut self, id: u16) -> Result<(), Errno> {
        let file = self.files.peek(id)?;
        if file.draft.is_none() {
            return Ok(());
        }
        let pos = file.pos;
        // What comes after in the old content.
        loop {
            let file = self.files.peek(id)?;
            let mut buf = [0; CACHE];
            let len = read_body(&mut self.disk, file, file.pos, &mut buf)?;
            let Some(part) = buf.get(..len as usize).filter(|part| !part.is_empty()) else { break };
            self.write_draft(id, part)?;
        }
        let file = self.files.peek(id)?;
        file.pen.flush(&mut self.disk)?;
        file.body = Body::Chain(Chain { head: file.pen.block, size: file.pos });
        file.draft = None;
        file.hint = None;
        file.dirty = true;
        file.pos = pos;
        Ok(())
    }

    pub(super) fn seek_file(&mut self, id: u16, to: Seek) -> Result<u64, Errno> {
        let file_max = self.file_max;
        let file = self.files.peek(id)?;
        let target = match to {
            Seek::Start(at) => i64::try_from(at).ok(),
            Seek::Current(by) => i64::from(file.pos).checked_add(by),
            Seek::End(by) => i64::from(file.size()).checked_add(by),
        };
        let target = target.and_then(|at| u32::try_from(at).ok()).filter(|&at| at <= file_max);
        let target = target.ok_or(Errno::INVAL)?;
        if target != file.pos {
            self.finish_draft(id)?;
            self.files.peek(id)?.pos = target;
        }
        Ok(u64::from(target))
    }

    pub(super) fn truncate_file(&mut self, id: u16, size: u64) -> Result<(), Errno> {
        let file = self.files.peek(id)?;
        if !file.mode.write {
            return Err(Errno::BADF);
        }
        if let Some(errno) = file.failed {
            return Err(errno);
        }
        let size = u32::try_from(size).ok().filter(|&size| size <= self.file_max);
        let size = size.ok_or(Errno::INVAL)?;
        self.finish_draft(id)?;
        let pos = self.files.peek(id)?.pos;
        let done = self.resize(id, size);
        if let Err(errno) = done {
            self.fail(id, errno);
        }
        self.files.peek(id)?.pos = pos;
        done
    }

    fn resize(&mut self, id: u16, size: u32) -> Result<(), Errno> {
        let inline_max = self.inline_max;
        let file = self.files.peek(id)?;
        let old = file.body.size();
        if size > old {
            file.pos = old;
            self.write_zeros(id, size - old)?;
            return self.end_draft(id);
        }
        if size == old {
            return Ok(());
        }
        if let Body::Inline(_) = file.body {
            file.pos = 0;
            self.move_out(id)?;
            self.end_draft(id)?;
        }
        let file = self.files.peek(id)?;
        file.body = match file.body {
            Body::Chain(chain) if size > inline_max => {
                let (head, _) = self.disk.find_block(chain, size - 1)?;
                Body::Chain(Chain { head, size })
            }
            Body::Chain(_) => {
                let mut held = [0; CACHE];
                let room = held.get_mut(..size as usize).ok_or(CORRUPT)?;
                let len = read_body(&mut self.disk, file, 0, room)?;
                file.pen.buf = held;
                Body::Held(len)
            }
            _ => Body::Held(size),
        };
        file.hint = None;
        file.dirty = true;
        Ok(())
    }

    /// Makes the entry say what the file's content is.
    pub(super) fn sync_file(&mut self, id: u16) -> Result<(), Errno> {
        self.finish_draft(id)?;
        let file = self.files.peek(id)?;
        if !file.dirty || is_null(file.place.pair) {
            return Ok(());
        }
        self.disk.flash.sync()?;
        let done = self.transaction(|this| this.commit_file(id));
        match done {
            Ok(()) => self.files.peek(id)?.dirty = false,
            Err(errno) => self.fail(id, errno),
        }
        done
    }

    fn commit_file(&mut self, id: u16) -> Result<(), Errno> {
        let now = self.now().to_le_bytes();
        let file = self.files.peek(id)?;
        let (place, content) = (file.place, file.pen.buf);
        let chain;
        let (kind, bytes) = match file.body {
            Body::Held(size) => (kind::INLINE_STRUCT, content.get(..size as usize).ok_or(CORRUPT)?),
            Body::Chain(Chain { head, size }) => {
                chain = pair_bytes([head, size]);
                (kind::CHAIN_STRUCT, &chain[..])
            }
            // Content that stayed where it is needs no commit.
            Body::Inline(_) => return Ok(()),
        };
        let mut meta = self.disk.fetch(place.pair);
        let meta = held(&mut meta)?;
        let changes = [
            Change::Put { kind, id: place.id, bytes },
            Change::Put { kind: kind::USER_ATTR + MODIFIED, id: place.id, bytes: &now },
        ];
        // A board without a clock leaves the time alone.
        let changes = if now == [0; 8] { changes.get(..1) } else { changes.get(..) };
        self.commit(meta, changes.unwrap_or(&[]))?;
        self.disk.flash.sync()
    }

    pub(super) fn close_file(&mut self, id: u16) -> Result<(), Errno> {
        let synced = self.sync_file(id);
        self.files.take(id)?;
        synced
    }
}

/// Finds out where an entry's content is, and takes it into the pen's buffer if it is small.
fn load_body<F: Flash>(
    disk: &mut Disk<F>,
    meta: &Meta,
    id: u16,
    pen: &mut Pen,
) -> Result<Body, Errno> {
    match disk.structure(meta, id)? {
        Some((tag, off)) if tag.kind() == kind::CHAIN_STRUCT => {
            let [head, size] = disk.two_words(meta.pair[0], off)?;
            Ok(if size == 0 { Body::Held(0) } else { Body::Chain(Chain { head, size }) })
        }
        Some((tag, off)) if tag.kind() == kind::INLINE_STRUCT => {
            let size = tag.len();
            let Some(room) = pen.buf.get_mut(..size as usize) else {
                return Ok(Body::Inline(size));
            };
            disk.read(meta.pair[0], off, room)?;
            Ok(Body::Held(size))
        }
        _ => Err(CORRUPT),
    }
}

/// Reads content that is in the metadata.
fn read_inline<F: Flash>(
    disk: &mut Disk<F>,
    place: Place,
    pos: u32,
    buf: &mut [u8],
) -> Result<(), Errno> {
    if is_null(place.pair) {
        return Err(Errno::IO);
    }
    let mut meta = disk.fetch(place.pair);
    let meta = held(&mut meta)?;
    let (tag, off) = disk.structure(meta, place.id)?.ok_or(CORRUPT)?;
    let end = u64::from(pos) + buf.len() as u64;
    if tag.kind() != kind::INLINE_STRUCT || end > u64::from(tag.len()) {
        return Err(Errno::IO);
    }
    disk.read(meta.pair[0], off + pos, buf)
}

/// Reads what is at `pos`, up to the end of a block; 0 at the end of the content.
fn read_body<F: Flash>(
    disk: &mut Disk<F>,
    file: &mut OpenFile,
    pos: u32,
    buf: &mut [u8],
) -> Result<u32, Errno> {
    let left = file.body.size().saturating_sub(pos);
    let len = left.min(u32::try_from(buf.len()).unwrap_or(u32::MAX));
    if len == 0 {
        return Ok(0);
    }
    let mut room = buf.get_mut(..len as usize).ok_or(CORRUPT)?;
    match file.body {
        Body::Held(_) => {
            let held = file.pen.buf.get(pos as usize..(pos + len) as usize).ok_or(CORRUPT)?;
            room.copy_from_slice(held);
        }
        Body::Inline(_) => read_inline(disk, file.place, pos, room)?,
        Body::Chain(chain) => {
            let spot = Spot::of(pos, disk.block_size);
            let block = match file.hint {
                Some((block, index)) if index == spot.index => block,
                _ => disk.find_block(chain, pos)?.0,
            };
            file.hint = Some((block, spot.index));
            let rest = (disk.block_size - spot.off) as usize;
            if rest < room.len() {
                room = room.get_mut(..rest).ok_or(CORRUPT)?;
            }
            disk.read(block, spot.off, room)?;
        }
    }
    Ok(room.len() as u32)
}

/// Puts the first `len` bytes of a block under the pen.
fn copy<F: Flash>(disk: &mut Disk<F>, pen: &mut Pen, block: u32, len: u32) -> Result<(), Errno> {
    let mut buf = [0; 32];
    let mut done = 0;
    while done < len {
        let part = buf.get_mut(..(len - done).min(32) as usize).ok_or(CORRUPT)?;
        disk.read(block, done, part)?;
        pen.put(disk, part)?;
        done += part.len() as u32;
    }
    Ok(())
}
