//! Verifier: whether code from outside can be run at all.
//!
//! Every byte must decode, every jump must land on the start of an instruction, the evaluation
//! stack and the handlers must have one depth at each instruction whichever way it is reached and
//! stay within the limits, and every index must be in range. Uses no memory but what the caller
//! lends: [`scratch_len`] words.
//!
//! What is deliberately left to the interpreter, because it depends on values: that
//! `store_comp` meets a collection, that an attribute is not null, that the integer which
//! `end_finally` and `with_cleanup` find was put there by unwinding, and what `rot_three` finds
//! third on a stack of two (MicroPython's `async with` does that where unwinding left one value
//! more than can be seen here). And it relies on one thing: that leaving a handler by
//! `unwind_jump` cuts the stack to what it was when the handler was entered.

use crate::disassemble::{Reference, reference};
use crate::effect::UNWIND_SLOTS;
use crate::operator::{BINARY_IN_BYTECODE, UNARY_IN_BYTECODE};
use crate::{ITERATOR_SLOTS, Instruction, Opcode, decode};

/// What the code may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Local variables.
    pub n_locals: u32,
    /// Slots of the evaluation stack.
    pub max_stack: u32,
    /// Nested exception handlers.
    pub max_handlers: u32,
    /// Names of the module.
    pub n_names: u32,
    /// Constants of the module.
    pub n_consts: u32,
    /// Children of the code object.
    pub n_children: u32,
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// The bytes are no instruction, or end in the middle of one.
    Instruction,
    /// A jump goes out of the code or into an instruction.
    Jump,
    /// The code can run off its end.
    End,
    /// More is popped than there is.
    Underflow,
    /// More is pushed than the limit allows.
    Overflow,
    /// Two ways meet with different depths.
    Depth,
    /// Handlers are left that were not entered, or nest too deep.
    Handlers,
    /// An index is out of range.
    Index,
    /// The scratch memory is too small, or the code too tangled.
    TooComplex,
}

/// What is wrong, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// Offset of the instruction.
    pub at: usize,
    /// What is wrong with it.
    pub kind: FaultKind,
}

/// How many words of scratch memory [`verify`] needs.
pub const fn scratch_len(code_len: usize) -> usize {
    2 * code_len
}

/// Passes over the code until nothing changes; a loop inside a loop needs one more.
const MAX_PASSES: usize = 200;

/// In the stack words: not the start of an instruction.
const INSIDE: u16 = u16::MAX;
/// In the stack words: not reached yet.
const UNREACHED: u16 = u16::MAX - 1;
/// Depths of the evaluation stack end here.
const DEEPEST: u32 = UNREACHED as u32 - 1;

/// In the handler words: no handler. Others are the offset of the innermost `setup_*`.
const NO_HANDLER: u16 = u16::MAX;

/// What is known at an instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    /// Depth of the evaluation stack.
    stack: u16,
    /// The innermost handler.
    handler: u16,
}

struct Verifier<'a> {
    code: &'a [u8],
    limits: &'a Limits,
    stacks: &'a mut [u16],
    handlers: &'a mut [u16],
    changed: bool,
}

/// Checks `code` against `limits`.
pub fn verify(code: &[u8], limits: &Limits, scratch: &mut [u16]) -> Result<(), Fault> {
    let too_complex = Fault { at: 0, kind: FaultKind::TooComplex };
    let (stacks, rest) = scratch.split_at_mut_checked(code.len()).ok_or(too_complex)?;
    let (handlers, _) = rest.split_at_mut_checked(code.len()).ok_or(too_complex)?;
    let mut verifier = Verifier { code, limits, stacks, handlers, changed: true };
    verifier.mark_instructions()?;
    verifier
        .meet(0, State { stack: 0, handler: NO_HANDLER })
        .map_err(|kind| Fault { at: 0, kind })?;
    for _ in 0..MAX_PASSES {
        if !verifier.changed {
            return Ok(());
        }
        verifier.changed = false;
        verifier.flow()?;
    }
    Err(too_complex)
}

impl Verifier<'_> {
    /// Marks where instructions start, and checks each by itself.
    fn mark_instructions(&mut self) -> Result<(), Fault> {
        self.stacks.fill(INSIDE);
        let mut at = 0;
        while at < self.code.len() {
            let Some((instruction, end)) = decode(self.code, at) else {
                return Err(Fault { at, kind: FaultKind::Instruction });
            };
            self.check_operands(instruction).map_err(|kind| Fault { at, kind })?;
            if let Some(stack) = self.stacks.get_mut(at) {
                *stack = UNREACHED;
            }
            at = end;
        }
        Ok(())
    }

    fn check_operands(&self, instruction: Instruction) -> Result<(), FaultKind> {
        let limits = self.limits;
        let (index, count) = match instruction {
            Instruction::LoadFastN { local }
            | Instruction::LoadDeref { local }
            | Instruction::StoreFastN { local }
            | Instruction::StoreDeref { local }
            | Instruction::DeleteFast { local }
            | Instruction::DeleteDeref { local }
            | Instruction::LoadFastMulti { local }
            | Instruction::StoreFastMulti { local } => (local, limits.n_locals),
            Instruction::UnaryOpMulti { operator } => (operator, UNARY_IN_BYTECODE),
            Instruction::BinaryOpMulti { operator } => (operator, BINARY_IN_BYTECODE),
            Instruction::BuildSlice { count } => (count.wrapping_sub(2), 2),
            Instruction::StoreComp { place } => (place & 3, 3),
            _ => match reference(instruction) {
                Some(Reference::Name(index)) => (index, limits.n_names),
                Some(Reference::Const(index)) => (index, limits.n_consts),
                Some(Reference::Child(index)) => (index, limits.n_children),
                None => return Ok(()),
            },
        };
        if index < count { Ok(()) } else { Err(FaultKind::Index) }
    }

    /// One pass over everything that was reached so far.
    fn flow(&mut self) -> Result<(), Fault> {
        let mut at = 0;
        while let Some((instruction, end)) = decode(self.code, at) {
            if let Some(state) = self.state(at) {
                self.step(at, end, instruction, state).map_err(|kind| Fault { at, kind })?;
            }
            at = end;
        }
        Ok(())
    }

    /// What is known at an instruction, if it was reached.
    fn state(&self, at: usize) -> Option<State> {
        let stack = *self.stacks.get(at)?;
        let handler = *self.handlers.get(at)?;
        (stack < UNREACHED).then_some(State { stack, handler })
    }

    /// Carries what is known before an instruction to those that may follow it.
    fn step(
        &mut self,
        at: usize,
        end: usize,
        instruction: Instruction,
        before: State,
    ) -> Result<(), FaultKind> {
        let effect = instruction.effect();
        let stack = u32::from(before.stack);
        let is_rotation = instruction.opcode() == Opcode::RotThree;
        if stack < if is_rotation { 2 } else { effect.pops } {
            return Err(FaultKind::Underflow);
        }
        if let Instruction::StoreComp { place } = instruction
            && place >> 2 >= stack
        {
            return Err(FaultKind::Underflow);
        }
        let after =
            if is_rotation { stack } else { stack + effect.pushes - effect.pops.min(stack) };
        self.check_height(after.max(stack + effect.headroom))?;

        let handler = match instruction.handlers() {
            0 => before.handler,
            1 => self.entered(at, before.handler)?,
            _ => self.state_at_setup(before.handler)?.handler,
        };
        if let Instruction::UnwindJump { unwind } = instruction {
            let state = self.unwound(before, unwind.handlers)?;
            return self.meet_jump(end, unwind.offset, state);
        }
        if let Some(jump) = instruction.jump() {
            let target = stack.checked_add_signed(jump.stack).ok_or(FaultKind::Underflow)?;
            if jump.handlers > 0 {
                self.check_height(target + UNWIND_SLOTS)?;
            }
            self.meet_jump(end, jump.offset, State { stack: target as u16, handler })?;
        }
        if instruction.ends_flow() {
            return Ok(());
        }
        self.meet(end, State { stack: after as u16, handler })
    }

    fn check_height(&self, height: u32) -> Result<(), FaultKind> {
        let fits = height <= self.limits.max_stack && height <= DEEPEST;
        if fits { Ok(()) } else { Err(FaultKind::Overflow) }
    }

    /// The state in front of the `setup_*` that entered a handler.
    fn state_at_setup(&self, handler: u16) -> Result<State, FaultKind> {
        if handler == NO_HANDLER {
            return Err(FaultKind::Handlers);
        }
        self.state(usize::from(handler)).ok_or(FaultKind::Handlers)
    }

    /// The handler that the `setup_*` at `at` enters inside `outer`.
    fn entered(&self, at: usize, outer: u16) -> Result<u16, FaultKind> {
        let entered = u16::try_from(at).ok().filter(|&handler| handler != NO_HANDLER);
        let mut depth = 1;
        let mut handler = outer;
        while handler != NO_HANDLER {
            depth += 1;
            handler = self.state_at_setup(handler)?.handler;
            if depth > self.limits.max_handlers {
                return Err(FaultKind::Handlers);
            }
        }
        if depth > self.limits.max_handlers {
            return Err(FaultKind::Handlers);
        }
        entered.ok_or(FaultKind::TooComplex)
    }

    /// The state after leaving so many handlers; the stack is then as it was before the `setup_*`
    /// of the last, less the manager of a `with`, less the iterator if that is left as well.
    fn unwound(&self, before: State, unwind: u8) -> Result<State, FaultKind> {
        let mut state = before;
        for _ in 0..unwind & 0x7f {
            let setup = usize::from(state.handler);
            state = self.state_at_setup(state.handler)?;
            if self.code.get(setup) == Some(&(Opcode::SetupWith as u8)) {
                state.stack = state.stack.checked_sub(1).ok_or(FaultKind::Underflow)?;
            }
        }
        if unwind & 0x80 != 0 {
            let slots = ITERATOR_SLOTS as u16;
            state.stack = state.stack.checked_sub(slots).ok_or(FaultKind::Underflow)?;
        }
        if state.stack > before.stack {
            return Err(FaultKind::Underflow);
        }
        Ok(state)
    }

    fn meet_jump(&mut self, end: usize, offset: i32, state: State) -> Result<(), FaultKind> {
        let target = end as i64 + i64::from(offset);
        match usize::try_from(target) {
            Ok(target) if target < self.code.len() => self.meet(target, state),
            _ => Err(FaultKind::Jump),
        }
    }

    /// Notes that `target` is reached in this state.
    fn meet(&mut self, target: usize, state: State) -> Result<(), FaultKind> {
        let (Some(stack), Some(handler)) =
            (self.stacks.get_mut(target), self.handlers.get_mut(target))
        else {
            return Err(FaultKind::End);
        };
        match *stack {
            INSIDE => Err(FaultKind::Jump),
            UNREACHED => {
                (*stack, *handler) = (state.stack, state.handler);
                self.changed = true;
                Ok(())
            }
            _ if (State { stack: *stack, handler: *handler }) == state => Ok(()),
            _ => Err(FaultKind::Depth),
        }
    }
}
