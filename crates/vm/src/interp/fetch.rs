//! Fetching instructions and operands.
//!
//! Code has been verified (or written by our own compiler), so nothing here can run off its end.

use super::Interp;
use octopy_bytecode::operand::{self, Unwinding};

/// An operand, fetched from the running code. The encodings are those of `bytecode::operand`,
/// whose readers work on slices; tests check that both agree.
pub(super) trait Fetch {
    type Value;
    fn fetch(interp: &mut Interp<'_>, low: u32) -> Self::Value;
}

impl Interp<'_> {
    #[inline(always)]
    pub(super) fn fetch_byte(&mut self) -> u8 {
        let byte = self.window.of(&self.vm.heap).byte_at(self.ip);
        self.ip += 1;
        byte
    }

    #[inline(always)]
    pub(super) fn fetch_operand<K: Fetch>(&mut self, low: u32) -> K::Value {
        K::fetch(self, low)
    }

    #[inline(always)]
    fn fetch_uint(&mut self) -> u32 {
        let byte = self.fetch_byte();
        let mut value = u32::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return value;
        }
        loop {
            let byte = self.fetch_byte();
            value = value << 7 | u32::from(byte & 0x7f);
            if byte & 0x80 == 0 {
                return value;
            }
        }
    }

    #[inline(always)]
    fn fetch_int(&mut self) -> i32 {
        let first = self.window.of(&self.vm.heap).byte_at(self.ip);
        let mut value = if first & 0x40 != 0 { -1_i32 } else { 0 };
        loop {
            let byte = self.fetch_byte();
            value = value << 7 | i32::from(byte & 0x7f);
            if byte & 0x80 == 0 {
                return value;
            }
        }
    }

    #[inline(always)]
    fn fetch_jump(&mut self, short: i32, long: i32) -> i32 {
        let low = self.fetch_byte();
        if low & 0x80 == 0 {
            return i32::from(low) - short;
        }
        let high = self.fetch_byte();
        (i32::from(low & 0x7f) | i32::from(high) << 7) - long
    }
}

macro_rules! fetches {
    ($($kind:ident -> $value:ty: |$interp:pat_param, $low:pat_param| $read:expr;)*) => {
        $(impl Fetch for operand::$kind {
            type Value = $value;
            #[inline(always)]
            fn fetch($interp: &mut Interp<'_>, $low: u32) -> $value {
                $read
            }
        })*
    };
}

fetches! {
    ConstIndex -> u32: |interp, _| interp.fetch_uint();
    ChildIndex -> u32: |interp, _| interp.fetch_uint();
    NameIndex -> u32: |interp, _| interp.fetch_uint();
    Local -> u32: |interp, _| interp.fetch_uint();
    Uint -> u32: |interp, _| interp.fetch_uint();
    SmallInt -> i32: |interp, _| interp.fetch_int();
    JumpSigned -> i32: |interp, _| interp.fetch_jump(0x40, 0x4000);
    JumpUnsigned -> i32: |interp, _| interp.fetch_jump(0, 0);
    Unwind -> Unwinding: |interp, _| {
        let offset = interp.fetch_jump(0x40, 0x4000) - 1;
        let handlers = interp.fetch_byte();
        Unwinding { offset, handlers }
    };
    Byte -> u8: |interp, _| interp.fetch_byte();
    Multi -> u32: |_, low| low;
    SmallMulti -> i32: |_, low| low as i32 - operand::SMALL_MULTI_EXCESS;
}
