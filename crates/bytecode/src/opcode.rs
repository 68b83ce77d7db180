//! Opcode and Instruction: the table as Rust types.

use crate::emit::Sink;
use crate::operand::{
    Byte, ChildIndex, ConstIndex, JumpSigned, JumpUnsigned, Local, Multi, NameIndex, Operand,
    SmallInt, SmallMulti, Uint, Unwind,
};

/// A number of operands or slots, or [`VAR`] where it depends on operands.
macro_rules! count {
    (var) => {
        VAR
    };
    ($n:literal) => {
        $n
    };
}

/// In [`Opcode::POPS`] and [`Opcode::PUSHES`]: it depends on the operands.
pub const VAR: u8 = 0xff;

macro_rules! first_or {
    ($first:literal) => {
        $first
    };
    ($first:literal $last:literal) => {
        $last
    };
}

macro_rules! types {
    ($(
        $(#[doc = $doc:literal])*
        $first:literal $(..= $last:literal)? $snake:ident = $name:ident {
            $($field:ident: $kind:ident),*
        } : $pops:tt => $pushes:tt;
    )*) => {
        /// The opcodes. Its number is the first byte of the instruction; where an opcode carries
        /// an operand, the first of its range.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Opcode { $($(#[doc = $doc])* $name = $first),* }

        impl Opcode {
            /// All opcodes, in order of their numbers.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The last byte that means this opcode.
            pub const fn last(self) -> u8 {
                match self { $(Self::$name => first_or!($first $($last)?)),* }
            }

            /// The name as it is written in a disassembly.
            pub const fn mnemonic(self) -> &'static str {
                match self { $(Self::$name => stringify!($snake)),* }
            }

            /// What the table says about it.
            pub const fn doc(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),*)),* }
            }

            /// How many slots it pops, or [`VAR`].
            pub const fn pops(self) -> u8 {
                match self { $(Self::$name => count!($pops)),* }
            }

            /// How many slots it pushes, or [`VAR`].
            pub const fn pushes(self) -> u8 {
                match self { $(Self::$name => count!($pushes)),* }
            }
        }

        impl TryFrom<u8> for Opcode {
            type Error = ();

            fn try_from(byte: u8) -> Result<Self, ()> {
                match byte {
                    $($first $(..= $last)? => Ok(Self::$name),)*
                    _ => Err(()),
                }
            }
        }

        /// An instruction with its operands.
        #[derive(Debug, Clone, Copy, PartialEq)]
        #[allow(missing_docs, reason = "the operands are described with the opcode")]
        pub enum Instruction {
            $($(#[doc = $doc])* $name { $($field: <$kind as Operand>::Value),* }),*
        }

        impl Instruction {
            /// Its opcode.
            pub const fn opcode(self) -> Opcode {
                match self { $(Self::$name { .. } => Opcode::$name),* }
            }

            /// Writes it. An operand that does not fit its encoding is cut short: see
            /// [`crate::emit`] for what fits.
            #[allow(unused_variables, reason = "not every instruction has operands")]
            pub fn encode<S: Sink + ?Sized>(self, sink: &mut S) -> Result<(), S::Error> {
                match self {
                    $(Self::$name { $($field),* } => {
                        sink.byte($first $(+ <$kind as Operand>::low($field))*)?;
                        $(<$kind as Operand>::encode($field, sink)?;)*
                        Ok(())
                    })*
                }
            }

            /// Calls `visit` with the name and the value of each operand.
            #[allow(unused_variables, reason = "not every instruction has operands")]
            pub fn operands<E>(
                self,
                visit: &mut dyn FnMut(&'static str, &dyn core::fmt::Debug) -> Result<(), E>,
            ) -> Result<(), E> {
                match self {
                    $(Self::$name { $($field),* } => {
                        $(visit(stringify!($kind), &$field)?;)*
                        Ok(())
                    })*
                }
            }
        }

        /// Decodes the instruction at `at`, and says where the next one starts.
        #[allow(unused_variables, reason = "not every instruction has operands")]
        pub fn decode(code: &[u8], at: usize) -> Option<(Instruction, usize)> {
            let byte = *code.get(at)?;
            let mut end = at + 1;
            let instruction = match byte {
                $($first $(..= $last)? => {
                    let low = byte - $first;
                    Instruction::$name { $($field: $kind::decode(low, code, &mut end)?),* }
                })*
                _ => return None,
            };
            Some((instruction, end))
        }
    };
}

crate::for_each_op! { types! }
