//! The interpreter: bytecode to effects.
//!
//! One loop runs all Python frames above the one it was started for; Python-to-Python calls push a
//! frame and go on in the same loop. The registers (`ip`, `sp`, `base`, `code`) live in [`Interp`];
//! `sp` is written back before anything that may look at the stack, and `code` is taken anew after
//! anything that may have moved objects.
//!
//! The dispatch is generated from `for_each_op!`: a new opcode without a method here does not
//! compile.

mod build;
mod calls;
mod fetch;
mod flow;
mod names;
mod operators;
mod unwind;

use crate::types::{code, function};
use crate::{PyResult, Raised, Vm};
use octopy_bytecode::for_each_op;
use octopy_bytecode::operator::BinaryOp;
use octopy_heap::{Local, Value, Window};

/// Why a handler of an instruction leaves the straight line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// An exception is pending.
    Raised,
    /// The frame that this run was started for has ended.
    Exit,
}

impl From<Raised> for Stop {
    #[inline(always)]
    fn from(_: Raised) -> Self {
        Self::Raised
    }
}

pub(crate) type Step = Result<(), Stop>;

/// The interpreter's registers.
pub(crate) struct Interp<'a> {
    vm: &'a mut Vm,
    /// Address of the next byte of code, as of `moves`.
    ip: u32,
    /// Address of the first free slot.
    sp: u32,
    /// Address of local 0.
    base: u32,
    /// Where the heap's space is.
    window: Window,
    /// Address of the code's first byte, as of `moves`.
    code: u32,
    moves: u32,
    /// Frames below this one belong to other runs.
    floor: usize,
    /// The exception is raised again: this place of the program has nothing to do with it.
    again: bool,
}

impl Vm {
    /// Runs the top frame to its end.
    pub(crate) fn run(&mut self) -> PyResult<()> {
        let floor = self.depth;
        execute(self, floor, false)
    }

    /// As [`Vm::run`], with the exception in `exception` raised where the frame stands.
    pub(crate) fn run_raising(&mut self, exception: Local) -> PyResult<()> {
        let floor = self.depth;
        let _ = self.raise_object(exception);
        execute(self, floor, true)
    }
}

/// The byte of `binary_op_multi` for an operator.
const fn binary(op: BinaryOp) -> u8 {
    0xd7 + op as u8
}

/// Where an instruction's method runs: the frequent ones in the loop, the others out of line.
macro_rules! place {
    ($self:ident, load_global $args:tt) => { $self.load_global $args };
    ($self:ident, load_attr $args:tt) => { $self.load_attr $args };
    ($self:ident, load_method $args:tt) => { $self.load_method $args };
    ($self:ident, store_attr $args:tt) => { $self.store_attr $args };
    ($self:ident, load_const_obj $args:tt) => { $self.load_const_obj $args };
    ($self:ident, load_const_string $args:tt) => { $self.load_const_string $args };
    ($self:ident, load_const_small_int $args:tt) => { $self.load_const_small_int $args };
    ($self:ident, load_fast_n $args:tt) => { $self.load_fast_n $args };
    ($self:ident, store_fast_n $args:tt) => { $self.store_fast_n $args };
    ($self:ident, load_deref $args:tt) => { $self.load_deref $args };
    ($self:ident, store_deref $args:tt) => { $self.store_deref $args };
    ($self:ident, build_tuple $args:tt) => { $self.build_tuple $args };
    ($self:ident, call_function $args:tt) => { $self.call_function $args };
    ($self:ident, call_method $args:tt) => { $self.call_method $args };
    ($self:ident, jump $args:tt) => { $self.jump $args };
    ($self:ident, pop_jump_if_true $args:tt) => { $self.pop_jump_if_true $args };
    ($self:ident, pop_jump_if_false $args:tt) => { $self.pop_jump_if_false $args };
    ($self:ident, for_iter $args:tt) => { $self.for_iter $args };
    ($self:ident, load_const_false $args:tt) => { $self.load_const_false $args };
    ($self:ident, load_const_none $args:tt) => { $self.load_const_none $args };
    ($self:ident, load_const_true $args:tt) => { $self.load_const_true $args };
    ($self:ident, load_null $args:tt) => { $self.load_null $args };
    ($self:ident, load_subscr $args:tt) => { $self.load_subscr $args };
    ($self:ident, store_subscr $args:tt) => { $self.store_subscr $args };
    ($self:ident, dup_top $args:tt) => { $self.dup_top $args };
    ($self:ident, dup_top_two $args:tt) => { $self.dup_top_two $args };
    ($self:ident, pop_top $args:tt) => { $self.pop_top $args };
    ($self:ident, rot_two $args:tt) => { $self.rot_two $args };
    ($self:ident, rot_three $args:tt) => { $self.rot_three $args };
    ($self:ident, get_iter_stack $args:tt) => { $self.get_iter_stack $args };
    ($self:ident, return_value $args:tt) => { $self.return_value $args };
    ($self:ident, load_const_small_int_multi $args:tt) => { $self.load_const_small_int_multi $args };
    ($self:ident, load_fast_multi $args:tt) => { $self.load_fast_multi $args };
    ($self:ident, store_fast_multi $args:tt) => { $self.store_fast_multi $args };
    ($self:ident, yield_value $args:tt) => { $self.yield_value $args };
    ($self:ident, unary_op_multi $args:tt) => { $self.unary_op_multi $args };
    ($self:ident, binary_op_multi $args:tt) => { $self.binary_op_multi $args };
    ($self:ident, $name:ident $args:tt) => { $self.apart(|interp| interp.$name $args) };
}

/// The bytes of an instruction, one by one, as a pattern.
///
/// `match` compiles values to a jump table but ranges to comparisons, and needs neither comparison
/// nor offset before the table when the values are all that a byte has.
#[rustfmt::skip]
macro_rules! bytes {
    ($name:ident $byte:literal) => { $byte };
    (load_const_small_int_multi $first:literal $last:literal) => {
        0x70 | 0x71 | 0x72 | 0x73 | 0x74 | 0x75 | 0x76 | 0x77 | 0x78 | 0x79 | 0x7a | 0x7b
        | 0x7c | 0x7d | 0x7e | 0x7f | 0x80 | 0x81 | 0x82 | 0x83 | 0x84 | 0x85 | 0x86 | 0x87
        | 0x88 | 0x89 | 0x8a | 0x8b | 0x8c | 0x8d | 0x8e | 0x8f | 0x90 | 0x91 | 0x92 | 0x93
        | 0x94 | 0x95 | 0x96 | 0x97 | 0x98 | 0x99 | 0x9a | 0x9b | 0x9c | 0x9d | 0x9e | 0x9f
        | 0xa0 | 0xa1 | 0xa2 | 0xa3 | 0xa4 | 0xa5 | 0xa6 | 0xa7 | 0xa8 | 0xa9 | 0xaa | 0xab
        | 0xac | 0xad | 0xae | 0xaf
    };
    (load_fast_multi $first:literal $last:literal) => {
        0xb0 | 0xb1 | 0xb2 | 0xb3 | 0xb4 | 0xb5 | 0xb6 | 0xb7 | 0xb8 | 0xb9 | 0xba | 0xbb
        | 0xbc | 0xbd | 0xbe | 0xbf
    };
    (store_fast_multi $first:literal $last:literal) => {
        0xc0 | 0xc1 | 0xc2 | 0xc3 | 0xc4 | 0xc5 | 0xc6 | 0xc7 | 0xc8 | 0xc9 | 0xca | 0xcb
        | 0xcc | 0xcd | 0xce | 0xcf
    };
    (unary_op_multi $first:literal $last:literal) => {
        0xd0 | 0xd1 | 0xd2 | 0xd3
    };
    (binary_op_multi $first:literal $last:literal) => {
        0xd7 | 0xd8 | 0xd9 | 0xda | 0xdb | 0xdc | 0xdd | 0xde | 0xdf | 0xe0 | 0xe1 | 0xe2
        | 0xe3 | 0xe4 | 0xe5 | 0xe6 | 0xe7 | 0xe8 | 0xe9 | 0xea | 0xeb | 0xec | 0xed | 0xee
        | 0xef | 0xf0 | 0xf1 | 0xf2 | 0xf3 | 0xf4 | 0xf5 | 0xf6 | 0xf7 | 0xf8 | 0xf9
    };
    (unused) => {
        0x00 | 0x01 | 0x02 | 0x03 | 0x04 | 0x05 | 0x06 | 0x07 | 0x08 | 0x09 | 0x0a | 0x0b
        | 0x0c | 0x0d | 0x0e | 0x0f | 0x1d | 0x1e | 0x1f | 0x38 | 0x39 | 0x3a | 0x3b | 0x3c
        | 0x3d | 0x3e | 0x3f | 0x41 | 0x4c | 0x4d | 0x4e | 0x4f | 0x60 | 0x61 | 0x6a | 0x6b
        | 0x6c | 0x6d | 0x6e | 0x6f | 0xd4 | 0xd5 | 0xd6 | 0xfa | 0xfb | 0xfc | 0xfd | 0xfe
        | 0xff
    };
}

macro_rules! dispatch {
    ($(
        $(#[doc = $doc:literal])*
        $from:literal $(..= $to:literal)? $name:ident = $camel:ident { $($operand:ident : $kind:ident),* } : $pops:tt => $pushes:tt;
    )*) => {
        impl Interp<'_> {
            /// Executes one instruction.
            #[inline(always)]
            #[allow(unreachable_patterns, reason = "frequent instructions stand before the table")]
            #[allow(clippy::manual_range_patterns, reason = "values make a jump table, ranges do not")]
            fn step(&mut self, op: u8) -> Step {
                match op {
            OP_ADD | OP_IADD => self.fast_add(),
            OP_SUB | OP_ISUB => self.fast_subtract(),
            OP_MUL | OP_IMUL => self.fast_multiply(),
            OP_LT => self.fast_less(),
            OP_GT => self.fast_more(),
            OP_LE => self.fast_less_equal(),
            OP_GE => self.fast_more_equal(),
            OP_EQ => self.fast_equal(),
            $(bytes!($name $from $($to)?) => {
                $(let $operand = self.fetch_operand::<octopy_bytecode::operand::$kind>(u32::from(op) - $from);)*
                place! { self, $name ($($operand),*) }
            })*
            bytes!(unused) => Err(self.vm.bug("unknown opcode").into()),
                }
            }
        }
    };
}

for_each_op! { dispatch! }

const OP_ADD: u8 = binary(BinaryOp::Add);
const OP_IADD: u8 = binary(BinaryOp::InplaceAdd);
const OP_SUB: u8 = binary(BinaryOp::Subtract);
const OP_ISUB: u8 = binary(BinaryOp::InplaceSubtract);
const OP_MUL: u8 = binary(BinaryOp::Multiply);
const OP_IMUL: u8 = binary(BinaryOp::InplaceMultiply);
const OP_LT: u8 = binary(BinaryOp::Less);
const OP_GT: u8 = binary(BinaryOp::More);
const OP_LE: u8 = binary(BinaryOp::LessEqual);
const OP_GE: u8 = binary(BinaryOp::MoreEqual);
const OP_EQ: u8 = binary(BinaryOp::Equal);

impl<'a> Interp<'a> {
    #[inline(always)]
    fn start(vm: &'a mut Vm, floor: usize) -> Self {
        let (sp, window) = (vm.heap.sp(), vm.heap.window());
        let mut interp =
            Self { ip: 0, sp, base: 0, window, code: 0, moves: 0, floor, again: false, vm };
        interp.enter_top();
        interp
    }

    /// Runs the rarer part of an instruction out of line, with a copy of the registers: theirs stay
    /// registers in the loop because no reference to them ever leaves it.
    #[inline(always)]
    fn apart(&mut self, body: impl FnOnce(&mut Interp<'_>) -> Step) -> Step {
        let mut other = Interp {
            vm: &mut *self.vm,
            ip: self.ip,
            sp: self.sp,
            base: self.base,
            window: self.window,
            code: self.code,
            moves: self.moves,
            floor: self.floor,
            again: self.again,
        };
        let step = out_of_line(body, &mut other);
        self.again = other.again;
        let (ip, sp, base, code, moves) = (other.ip, other.sp, other.base, other.code, other.moves);
        (self.ip, self.sp, self.base, self.code, self.moves) = (ip, sp, base, code, moves);
        step
    }

    /// Loads the registers from the top frame and the heap's stack pointer.
    #[inline(always)]
    fn enter_top(&mut self) {
        let frame = self.vm.frames[self.vm.depth - 1];
        self.base = frame.base;
        self.sp = self.vm.heap.sp();
        self.load_code(frame.pc);
    }

    /// Takes the address of the running code anew, to go on at this offset.
    #[inline(always)]
    fn load_code(&mut self, pc: u32) {
        let heap = self.window.of(&self.vm.heap);
        let code = heap.word(heap.get(self.function()), function::CODE_WORD);
        self.code = self.vm.heap.data_address(heap.word(code, code::BYTES));
        self.moves = self.vm.heap.moves();
        self.jump_to(pc);
    }

    /// Offset of the next byte in the running code.
    #[inline(always)]
    fn pc(&self) -> u32 {
        self.ip - self.code
    }

    #[inline(always)]
    fn jump_to(&mut self, pc: u32) {
        self.ip = self.code + pc;
    }

    /// The slot of the running function.
    #[inline(always)]
    fn function(&self) -> Local {
        Local::at(self.base - 4)
    }

    /// The slot `n` below the top; 1 is the top itself.
    #[inline(always)]
    fn below(&self, n: u32) -> Local {
        Local::at(self.sp - 4 * n)
    }

    /// The first free slot.
    #[inline(always)]
    fn top(&self) -> Local {
        Local::at(self.sp)
    }

    /// Pushes a value that is no reference.
    #[inline(always)]
    fn push(&mut self, value: Value<'static>) -> Step {
        self.window.of(&self.vm.heap).set(self.top(), value);
        self.sp += 4;
        Ok(())
    }

    /// Writes the stack pointer back, before anything that may use the stack.
    #[inline(always)]
    fn sync(&self) {
        self.vm.heap.set_sp(self.sp);
    }

    /// Takes the code's address anew if objects have moved.
    #[inline(always)]
    fn refresh(&mut self) {
        if self.vm.heap.moves() != self.moves {
            self.load_code(self.pc());
        }
    }

    /// Replaces the top `n` values by the one in `result`, which is above them.
    #[inline(always)]
    fn replace(&mut self, n: u32, result: Local) -> Step {
        let to = self.below(n);
        let heap = self.window.of(&self.vm.heap);
        heap.set(to, heap.get(result));
        self.sp = to.addr() + 4;
        self.refresh();
        Ok(())
    }
}

#[inline(never)]
fn out_of_line(body: impl FnOnce(&mut Interp<'_>) -> Step, interp: &mut Interp<'_>) -> Step {
    body(interp)
}

/// Runs until the frame at `floor` has ended.
fn execute(vm: &mut Vm, floor: usize, raising: bool) -> PyResult<()> {
    let mut interp = Interp::start(vm, floor);
    if raising {
        interp.apart(|interp| interp.find_handler()).map_err(|_| Raised(()))?;
    }
    // Fetched at the end of a turn: the address after an opcode is then all that an instruction needs.
    let mut op = interp.fetch_byte();
    loop {
        if let Err(stop) = interp.step(op) {
            match stop {
                Stop::Exit => return Ok(()),
                Stop::Raised => {
                    interp.apart(|interp| interp.find_handler()).map_err(|_| Raised(()))?;
                }
            }
        }
        op = interp.fetch_byte();
    }
}

#[cfg(test)]
mod tests {
    use octopy_bytecode::Opcode;

    /// Whether a byte is one of an instruction's.
    fn is(byte: u8, opcode: Opcode) -> bool {
        (opcode as u8..=opcode.last()).contains(&byte)
    }

    #[test]
    #[allow(clippy::manual_range_patterns, reason = "the lists are what is tested")]
    fn bytes_are_listed_as_the_instructions_have_them() {
        for byte in 0..=u8::MAX {
            let is_used = Opcode::ALL.iter().any(|&opcode| is(byte, opcode));
            assert_eq!(matches!(byte, bytes!(unused)), !is_used, "{byte:#04x}");
            let listed = [
                matches!(byte, bytes!(load_const_small_int_multi 0 0)),
                matches!(byte, bytes!(load_fast_multi 0 0)),
                matches!(byte, bytes!(store_fast_multi 0 0)),
                matches!(byte, bytes!(unary_op_multi 0 0)),
                matches!(byte, bytes!(binary_op_multi 0 0)),
            ];
            let multi = [
                Opcode::LoadConstSmallIntMulti,
                Opcode::LoadFastMulti,
                Opcode::StoreFastMulti,
                Opcode::UnaryOpMulti,
                Opcode::BinaryOpMulti,
            ];
            assert_eq!(listed, multi.map(|opcode| is(byte, opcode)), "{byte:#04x}");
        }
    }
}
