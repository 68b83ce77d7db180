//! The rules of instructions: the table's, and those that need more.

use super::FaultKind;
use super::async_with::form;
use super::handler::Purpose;
use super::kind::Kind;
use super::state::{State, Verifier};
use crate::{ITERATOR_SLOTS, Instruction, Opcode, decode};

impl Verifier<'_, '_> {
    /// Carries what is known before an instruction to those that may follow it. Gives the state
    /// behind it and where that is, if it goes on there.
    pub(super) fn step(
        &mut self,
        before: State,
        instruction: Instruction,
        end: u32,
    ) -> Result<Option<(State, u32)>, FaultKind> {
        let effect = instruction.effect();
        let nesting = self.nesting(before);
        self.note_height(before.depth + effect.headroom, nesting)?;
        let mut state = before;
        let mut end = end;
        match instruction {
            Instruction::UnwindJump { unwind } => {
                let state = self.unwound(before, unwind)?;
                self.meet_jump(end, unwind.offset, state)?;
            }
            Instruction::PopExceptJump { offset } => {
                let state = self.pop_except(before)?;
                self.meet_jump(end, offset, state)?;
            }
            Instruction::SetupWith { offset } => {
                self.pop_value(&mut state)?;
                self.push_values(&mut state, 1)?;
                self.push_kind(&mut state, Kind::MaybeNull)?;
                self.set_up(&mut state, Purpose::With, end, offset)?;
                self.push_values(&mut state, 1)?;
            }
            Instruction::SetupExcept { offset } => {
                self.set_up(&mut state, Purpose::Except, end, offset)?;
            }
            Instruction::SetupFinally { offset } => {
                self.set_up(&mut state, Purpose::Finally, end, offset)?;
            }
            Instruction::EndFinally {} => state = self.end_finally(before)?,
            Instruction::WithCleanup {} => {
                state = self.with_cleanup(before)?;
                // Between the two the stack is the interpreter's own.
                match decode(self.function.code, end as usize) {
                    Some((Instruction::EndFinally {}, next)) if !self.tables.is_target(end) => {
                        end = next as u32;
                    }
                    _ => return Err(FaultKind::Handlers),
                }
            }
            Instruction::ForIter { offset } => {
                self.check_iterator(before)?;
                let mut ended = before;
                ended.depth -= ITERATOR_SLOTS;
                ended.notes = self.notes_below(before.notes, ended.depth);
                self.meet_jump(end, offset, ended)?;
                self.push_values(&mut state, 1)?;
            }
            Instruction::JumpIfTrueOrPop { offset } | Instruction::JumpIfFalseOrPop { offset } => {
                self.pop_value(&mut state)?;
                let mut kept = state;
                self.push_values(&mut kept, 1)?;
                self.meet_jump(end, offset, kept)?;
            }
            Instruction::RotTwo {} if self.ends_async_with(before, end)? => return Ok(None),
            _ => {
                self.shuffle(&mut state, instruction)?;
                if let Some(jump) = instruction.jump() {
                    self.meet_jump(end, jump.offset, state)?;
                }
            }
        }
        if instruction.ends_flow() {
            return Ok(None);
        }
        debug_assert!(
            instruction.opcode() == Opcode::WithCleanup
                || state.depth + effect.pops == before.depth + effect.pushes,
            "{instruction:?}: {before:?} to {state:?}"
        );
        self.note_height(state.depth, self.nesting(state))?;
        Ok(Some((state, end)))
    }

    fn set_up(
        &mut self,
        state: &mut State,
        purpose: Purpose,
        end: u32,
        offset: i32,
    ) -> Result<(), FaultKind> {
        let target = end.checked_add_signed(offset).ok_or(FaultKind::Jump)?;
        let is_async = purpose == Purpose::Finally && form(self.function.code, target).is_some();
        self.enter(state, if is_async { Purpose::AsyncWith } else { purpose }, target)
    }

    /// What an instruction does to the stack when it does nothing else.
    fn shuffle(&mut self, state: &mut State, instruction: Instruction) -> Result<(), FaultKind> {
        match instruction {
            Instruction::LoadNull {} => self.push_kind(state, Kind::Null),
            Instruction::LoadMethod { .. } | Instruction::LoadSuperMethod { .. } => {
                self.pop_values(state, instruction.effect().pops)?;
                self.push_values(state, 1)?;
                self.push_kind(state, Kind::MaybeNull)
            }
            Instruction::GetIterStack {} => {
                self.pop_value(state)?;
                self.push_kind(state, Kind::Iterator(ITERATOR_SLOTS))
            }
            Instruction::PopTop {} => self.pop_any(state).map(|_| ()),
            Instruction::DupTop {} => {
                // The original stays what it is; it may be one that a handler began with.
                self.check_value(*state)?;
                self.push_values(state, 1)
            }
            Instruction::RotTwo {} => {
                let (b, a) = (self.pop_any(state)?, self.pop_any(state)?);
                self.push_again(state, b)?;
                self.push_again(state, a)
            }
            Instruction::RotThree {} => {
                let (c, b, a) = (self.pop_any(state)?, self.pop_any(state)?, self.pop_any(state)?);
                self.push_again(state, c)?;
                self.push_again(state, a)?;
                self.push_again(state, b)
            }
            Instruction::StoreAttr { .. } => {
                self.pop_value(state)?;
                self.pop_optional(state)
            }
            Instruction::StoreSubscr {} => {
                self.pop_values(state, 2)?;
                self.pop_optional(state)
            }
            Instruction::MakeFunctionDefargs { .. } => self.make(state, 0),
            Instruction::MakeClosureDefargs { cells, .. } => self.make(state, u32::from(cells)),
            Instruction::CallMethod { counts } => {
                self.pop_values(state, (counts & 0xff) + 2 * (counts >> 8 & 0xff))?;
                self.pop_self(state)?;
                self.pop_value(state)?;
                self.push_values(state, 1)
            }
            Instruction::CallFunctionVarKw { counts } => self.call_unpacking(state, counts, false),
            Instruction::CallMethodVarKw { counts } => self.call_unpacking(state, counts, true),
            Instruction::StoreComp { place } => {
                let below = (place >> 2).checked_add(1).ok_or(FaultKind::Underflow)?;
                let slot = state.depth.checked_sub(below).ok_or(FaultKind::Underflow)?;
                self.check_collection(*state, slot)?;
                self.pop_values(state, instruction.effect().pops)
            }
            _ => {
                let effect = instruction.effect();
                self.pop_values(state, effect.pops)?;
                self.push_values(state, effect.pushes)
            }
        }
    }

    fn make(&mut self, state: &mut State, cells: u32) -> Result<(), FaultKind> {
        self.pop_values(state, cells)?;
        self.pop_optional(state)?;
        self.pop_optional(state)?;
        self.push_values(state, 1)
    }

    fn call_unpacking(
        &mut self,
        state: &mut State,
        counts: u32,
        is_method: bool,
    ) -> Result<(), FaultKind> {
        self.pop_value(state)?;
        for _ in 0..counts >> 8 & 0xff {
            self.pop_value(state)?;
            self.pop_optional(state)?;
        }
        self.pop_values(state, counts & 0xff)?;
        if is_method {
            self.pop_self(state)?;
        }
        self.pop_value(state)?;
        self.push_values(state, 1)
    }
}
