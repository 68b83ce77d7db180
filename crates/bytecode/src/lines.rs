//! Lines: the table from code offsets to source lines.
//!
//! MicroPython's encoding. The table is a run of steps, each "so many bytes of code further, so
//! many lines further", starting at offset 0 and line 1:
//!
//! ```text
//! 0LLBBBBB            up to 31 bytes and 3 lines
//! 1LLLBBBB LLLLLLLL   up to 15 bytes and 2047 lines (the low eight bits in the second byte)
//! ```

use crate::emit::Sink;

/// Writes a step of so many bytes and lines.
pub fn write_step<S: Sink + ?Sized>(
    mut bytes: u32,
    mut lines: u32,
    sink: &mut S,
) -> Result<(), S::Error> {
    while bytes > 0 || lines > 0 {
        if lines <= 6 || bytes > 0xf {
            let step = bytes.min(0x1f);
            // Lines may only be counted once all bytes are.
            let rows = if step < bytes { 0 } else { lines.min(3) };
            sink.byte((step | rows << 5) as u8)?;
            bytes -= step;
            lines -= rows;
        } else {
            let step = bytes.min(0xf);
            let rows = lines.min(0x7ff);
            sink.byte((0x80 | step | rows >> 4 & 0x70) as u8)?;
            sink.byte(rows as u8)?;
            bytes -= step;
            lines -= rows;
        }
    }
    Ok(())
}

/// The source line of the instruction at a code offset.
pub fn line_at(table: &[u8], offset: u32) -> u32 {
    let mut rest = offset;
    let mut line = 1_u32;
    let mut bytes = table.iter().map(|&byte| u32::from(byte));
    while let Some(first) = bytes.next() {
        let (step, rows) = if first & 0x80 == 0 {
            (first & 0x1f, first >> 5)
        } else {
            (first & 0xf, first << 4 & 0x700 | bytes.next().unwrap_or(0))
        };
        if rest < step {
            break;
        }
        rest -= step;
        line = line.saturating_add(rows);
    }
    line
}
