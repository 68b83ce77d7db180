//! Tests of the table and of everything derived from it.

use crate::Form;
use crate::disassemble::disassemble;
use crate::emit::{Sink, patch_jump, reserve_jump};
use crate::lines::{line_at, write_step};
use crate::operand::Unwinding;
use crate::operator::{BinaryOp, UnaryOp};
use crate::{Instruction, Opcode, VAR, decode};

#[derive(Default)]
struct Bytes(Vec<u8>);

impl Sink for Bytes {
    type Error = core::convert::Infallible;

    fn byte(&mut self, byte: u8) -> Result<(), Self::Error> {
        self.0.push(byte);
        Ok(())
    }
}

pub(crate) fn encode(code: &[Instruction]) -> Vec<u8> {
    let mut bytes = Bytes::default();
    for instruction in code {
        let Ok(()) = instruction.encode(&mut bytes);
    }
    bytes.0
}

#[test]
fn numbers_are_unique_and_ascend() {
    for pair in Opcode::ALL.windows(2) {
        assert!((pair[0].last()) < pair[1] as u8, "{:?} and {:?}", pair[0], pair[1]);
    }
}

#[test]
fn every_byte_is_one_opcode_or_none() {
    for byte in 0..=255_u8 {
        let owners: Vec<_> =
            Opcode::ALL.iter().filter(|&&op| (op as u8..=op.last()).contains(&byte)).collect();
        match Opcode::try_from(byte) {
            Ok(opcode) => assert_eq!(owners, [&opcode]),
            Err(()) => assert!(owners.is_empty()),
        }
    }
}

#[test]
fn every_opcode_has_words_for_it() {
    for opcode in Opcode::ALL {
        assert!(opcode.doc().contains("->"), "{opcode:?} has no stack picture");
        assert!(opcode.mnemonic().chars().all(|c| c.is_ascii_lowercase() || c == '_'));
    }
}

/// An instruction with operands made from `seed`, through the table.
macro_rules! samples {
    ($(
        $(#[doc = $doc:literal])*
        $first:literal $(..= $last:literal)? $snake:ident = $name:ident {
            $($field:ident: $kind:ident),*
        } : $pops:tt => $pushes:tt;
    )*) => {
        fn samples(seed: u32) -> Vec<Instruction> {
            vec![$(Instruction::$name { $($field: sample!($kind seed $name)),* }),*]
        }
    };
}

macro_rules! sample {
    (SmallInt $seed:ident $name:ident) => {
        $seed as i32
    };
    (JumpSigned $seed:ident $name:ident) => {
        ($seed % 0x8000) as i32 - 0x4000
    };
    (JumpUnsigned $seed:ident $name:ident) => {
        ($seed % 0x8000) as i32
    };
    (Unwind $seed:ident $name:ident) => {
        Unwinding { offset: ($seed % 0x8000) as i32 - 0x4001, handlers: $seed as u8 }
    };
    (Byte $seed:ident $name:ident) => {
        $seed as u8
    };
    (Multi $seed:ident $name:ident) => {
        $seed % (u32::from(Opcode::$name.last() - Opcode::$name as u8) + 1)
    };
    (SmallMulti $seed:ident $name:ident) => {
        ($seed % 64) as i32 - 16
    };
    ($kind:ident $seed:ident $name:ident) => {
        $seed
    };
}

crate::for_each_op! { samples! }

#[test]
fn everything_survives_encoding() {
    let mut seed = 1_u32;
    let edges = [0, 1, 63, 64, 65, 127, 128, 0x3fff, 0x4000, 0x4040, 0x7fff, u32::MAX, 1 << 31];
    let random = core::iter::from_fn(|| {
        seed ^= seed << 13;
        seed ^= seed >> 17;
        seed ^= seed << 5;
        Some(seed >> (seed & 31))
    });
    for seed in edges.into_iter().chain(random.take(2000)) {
        for instruction in samples(seed) {
            let bytes = encode(&[instruction]);
            assert_eq!(decode(&bytes, 0), Some((instruction, bytes.len())), "{bytes:x?}");
            assert_eq!(decode(&bytes[..bytes.len() - 1], 0), None, "cut short: {instruction:?}");
        }
    }
}

#[test]
fn stack_effects_agree_with_the_table() {
    for instruction in samples(2) {
        let (opcode, effect) = (instruction.opcode(), instruction.effect());
        if opcode.pops() != VAR {
            assert_eq!(effect.pops, u32::from(opcode.pops()), "{opcode:?}");
        }
        if opcode.pushes() != VAR {
            assert_eq!(effect.pushes, u32::from(opcode.pushes()), "{opcode:?}");
        }
    }
    let call = Instruction::CallMethodVarKw { counts: 2 | 3 << 8 };
    assert_eq!((call.effect().pops, call.effect().pushes), (2 + 2 + 6 + 1, 1));
}

#[test]
fn shapes_write_what_instructions_decode() {
    for &opcode in Opcode::ALL.iter().filter(|&&opcode| !(0x40..0x50).contains(&(opcode as u8))) {
        for operand in [0, 3, 200, 0x12345] {
            let mut bytes = Bytes::default();
            let operand = if opcode.form() == Form::Low { operand & 3 } else { operand };
            let Ok(()) = opcode.encode(operand, &mut bytes);
            if matches!(opcode, Opcode::MakeClosure | Opcode::MakeClosureDefargs) {
                bytes.0.push(7);
            }
            let (instruction, end) = decode(&bytes.0, 0).unwrap();
            assert_eq!((instruction.opcode(), end), (opcode, bytes.0.len()));
            assert_eq!(encode(&[instruction]), bytes.0);
        }
    }
}

#[test]
fn jumps_take_the_short_form_where_it_fits() {
    let length = |offset| encode(&[Instruction::Jump { offset }]).len();
    assert_eq!([length(-65), length(-64), length(63), length(64)], [3, 2, 2, 3]);
    let length = |offset| encode(&[Instruction::ForIter { offset }]).len();
    assert_eq!([length(0), length(127), length(128)], [2, 2, 3]);
}

#[test]
fn reserved_jumps_are_patched() {
    for (opcode, furthest) in [(Opcode::Jump, 0x3fff), (Opcode::ForIter, 0x7fff)] {
        let mut bytes = Bytes::default();
        let Ok(()) = reserve_jump(opcode, &mut bytes);
        bytes.0[1..].copy_from_slice(&patch_jump(opcode as u8, furthest).unwrap());
        let (instruction, end) = decode(&bytes.0, 0).unwrap();
        assert_eq!(instruction.jump().map(|jump| jump.offset), Some(furthest as i32));
        assert_eq!(end, 3);
        assert_eq!(patch_jump(opcode as u8, furthest + 1), None);
    }
}

#[test]
fn operators_have_micropythons_numbers() {
    assert_eq!(BinaryOp::InplaceAdd as u8, 14);
    assert_eq!(BinaryOp::Power as u8, 34);
    assert_eq!(BinaryOp::InplacePower.without_inplace(), BinaryOp::Power);
    assert_eq!(BinaryOp::Or.reversed(), Some(BinaryOp::ReverseOr));
    assert_eq!(BinaryOp::Power.reversed(), Some(BinaryOp::ReversePower));
    assert_eq!(BinaryOp::Divmod.reversed(), None);
    assert_eq!(BinaryOp::Is.reversed(), None);
    assert_eq!(UnaryOp::Not as u8, 3);
}

#[test]
fn lines_survive_encoding() {
    let steps = [(0, 1), (3, 1), (40, 2), (2, 7), (16, 300), (0, 5000), (1, 1)];
    let mut table = Bytes::default();
    for (bytes, lines) in steps {
        let Ok(()) = write_step(bytes, lines, &mut table);
    }
    let (mut offset, mut line) = (0, 1);
    for (bytes, lines) in steps {
        if bytes > 0 {
            assert_eq!(line_at(&table.0, offset + bytes - 1), line);
        }
        offset += bytes;
        line += lines;
    }
    assert_eq!(line_at(&table.0, offset), line);
    assert_eq!(line_at(&[], 7), 1);
    assert_eq!(line_at(&[0x80], 7), 1, "a table that is cut short");
}

#[test]
fn disassembly_shows_targets_and_names() {
    let code = encode(&[
        Instruction::LoadFastMulti { local: 3 },
        Instruction::PopJumpIfFalse { offset: 3 },
        Instruction::CallMethod { counts: 2 | 1 << 8 },
        Instruction::BinaryOpMulti { operator: 27 },
        Instruction::LoadConstSmallIntMulti { value: -5 },
    ]);
    let mut text = String::new();
    disassemble(&[&code[..], &[0xff]].concat(), &mut text).unwrap();
    assert_eq!(
        text,
        "0 load_fast 3\n1 pop_jump_if_false 6\n3 call_method 2 1\n6 binary_op __add__\n\
         7 load_const_small_int -5\n8 ?\n"
    );
}
