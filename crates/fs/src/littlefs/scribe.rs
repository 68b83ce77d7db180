//! `Scribe`: writes one commit into a metadata log.

use octopy_hal::{Errno, Flash};

use super::change::Source;
use super::crc::{self, crc};
use super::disk::{CORRUPT, Disk};
use super::pen::Pen;
use super::tag::{NO_ID, Tag, kind};

#[derive(Debug)]
pub(super) struct Scribe {
    pen: Pen,
    last: Tag,
    sum: u32,
    begin: u32,
}

impl Scribe {
    /// Goes on after the last commit of a log.
    pub(super) fn resume(block: u32, off: u32, last: Tag) -> Self {
        Self { pen: Pen::new(block, off), last, sum: crc::START, begin: off }
    }

    /// Starts a log in an erased block.
    pub(super) fn start<F: Flash>(
        disk: &mut Disk<F>,
        block: u32,
        revision: u32,
    ) -> Result<Self, Errno> {
        disk.erase(block)?;
        let mut this = Self::resume(block, 0, Tag::FIRST);
        this.write(disk, &revision.to_le_bytes())?;
        Ok(this)
    }

    fn write<F: Flash>(&mut self, disk: &mut Disk<F>, bytes: &[u8]) -> Result<(), Errno> {
        self.sum = crc(self.sum, bytes);
        self.pen.put(disk, bytes)
    }

    /// Writes a tag with its data; `ENOSPC` if the block is full.
    pub(super) fn put<F: Flash>(
        &mut self,
        disk: &mut Disk<F>,
        tag: Tag,
        source: Source<'_>,
    ) -> Result<(), Errno> {
        // The end of the commit needs 8 bytes more.
        if self.pen.off + tag.span() + 8 > disk.block_size {
            return Err(Errno::NOSPC);
        }
        self.tag(disk, tag)?;
        match source {
            Source::Bytes(bytes) => self.write(disk, bytes),
            Source::Disk { block, off, len } => {
                let mut buf = [0; 32];
                let mut done = 0;
                while done < len {
                    let step = (len - done).min(buf.len() as u32);
                    let part = buf.get_mut(..step as usize).unwrap_or(&mut []);
                    disk.read(block, off.saturating_add(done), part)?;
                    self.write(disk, part)?;
                    done += step;
                }
                Ok(())
            }
        }
    }

    fn tag<F: Flash>(&mut self, disk: &mut Disk<F>, tag: Tag) -> Result<(), Errno> {
        let stored = (tag.0 ^ self.last.0).to_be_bytes();
        self.last = tag;
        self.write(disk, &stored)
    }

    /// Ends the commit; gives the log's new end and the tag that the next one is xored with.
    pub(super) fn finish<F: Flash>(mut self, disk: &mut Disk<F>) -> Result<(u32, Tag), Errno> {
        let (size, unit) = (disk.block_size, disk.unit);
        let end = disk.round_up((self.pen.off + 20).min(size));
        // The first bit of what follows decides whether the next tag looks valid; erased flash has
        // it set, anything else is made to look erased by flipping the bit in the chain.
        let mut first = [0xff];
        if end + unit <= size {
            disk.read(self.pen.block, end, &mut first)?;
            let sum = disk.crc(self.pen.block, end, unit, crc::START)?;
            self.tag(disk, Tag::new(kind::FORWARD_CRC, NO_ID, 8))?;
            self.write(disk, &unit.to_le_bytes())?;
            self.write(disk, &sum.to_le_bytes())?;
        }
        let flip = u16::from(first[0] & 0x80 == 0);
        let tag = Tag::new(kind::CRC + flip, NO_ID, end - self.pen.off - 4);
        self.tag(disk, tag)?;
        let (sum, at) = (self.sum, self.pen.off);
        self.pen.put(disk, &sum.to_le_bytes())?;
        self.pen.flush(disk)?;
        // What counts is what is on the flash.
        let block = self.pen.block;
        let stored = disk.crc(block, self.begin, at - self.begin, crc::START)?;
        if stored != sum || disk.word(block, at)? != sum {
            return Err(CORRUPT);
        }
        Ok((end, tag.chain()))
    }
}
