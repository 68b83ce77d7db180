//! The code of an `async with`, recognised as a whole.
//!
//! It finds one value or two above the manager, tells which by looking at them, and shuffles them:
//! no rule about kinds covers that. Both compilers write it in one form only, so that form is what
//! is allowed; its instructions are reached in no other way than from its own start, from
//! [`Form::entry`] when the body has run through.

use super::FaultKind;
use super::handler::Purpose;
use super::state::{State, Verifier};
use crate::operator::BinaryOp;
use crate::{Instruction, decode};

/// Where the parts of the code are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Form {
    /// Where it goes on when the body has run through.
    pub(super) entry: u32,
    /// Its last instruction.
    pub(super) last: u32,
    /// Behind it.
    pub(super) end: u32,
}

/// Stack that it needs above the handler's: manager, exception or two, and a call of `__aexit__`.
pub(super) const HEIGHT: u32 = 7;

/// Reads instructions one after the other.
struct Steps<'a> {
    code: &'a [u8],
    at: usize,
}

impl Steps<'_> {
    /// The next instruction.
    fn next(&mut self) -> Option<Instruction> {
        let (instruction, end) = decode(self.code, self.at)?;
        self.at = end;
        Some(instruction)
    }

    /// Whether these come next.
    fn takes(&mut self, expected: &[Instruction]) -> bool {
        expected.iter().all(|&instruction| self.next() == Some(instruction))
    }

    /// The target of the jump that comes next.
    fn target(&mut self, is_jump: impl Fn(Instruction) -> bool) -> Option<u32> {
        let instruction = self.next().filter(|&instruction| is_jump(instruction))?;
        let target = self.at as i64 + i64::from(instruction.jump()?.offset);
        u32::try_from(target).ok()
    }

    /// The call of `__aexit__` and the wait for it.
    fn awaits_exit(&mut self) -> bool {
        self.takes(&[
            Instruction::CallMethod { counts: 3 },
            Instruction::GetIter {},
            Instruction::LoadConstNone {},
            Instruction::YieldFrom {},
        ])
    }
}

/// The form at `start`, if that is what is there.
pub(super) fn form(code: &[u8], start: u32) -> Option<Form> {
    use Instruction::{
        DupTop, EndFinally, Jump, LoadAttr, LoadConstNone, LoadGlobal, LoadMethod, PopJumpIfFalse,
        PopTop, RotThree, RotTwo,
    };
    let exception_match = Instruction::BinaryOpMulti { operator: BinaryOp::ExceptionMatch as u32 };
    let is_pop_jump = |instruction| matches!(instruction, PopJumpIfFalse { .. });
    let steps = &mut Steps { code, at: start as usize };
    let is_method = |steps: &mut Steps<'_>| matches!(steps.next(), Some(LoadMethod { .. }));

    let asks = steps.takes(&[DupTop {}])
        && matches!(steps.next(), Some(LoadGlobal { .. }))
        && steps.takes(&[exception_match]);
    let unwinding = steps.target(is_pop_jump).filter(|_| asks)?;
    // An exception: it is passed, and swallowed or raised again.
    let passes = steps.takes(&[DupTop {}, RotThree {}, RotTwo {}])
        && is_method(steps)
        && steps.takes(&[RotThree {}, RotThree {}, DupTop {}])
        && matches!(steps.next(), Some(LoadAttr { .. }))
        && steps.takes(&[RotTwo {}, LoadConstNone {}])
        && steps.awaits_exit();
    let raises = steps.target(is_pop_jump).filter(|_| passes)?;
    let swallows = steps.takes(&[PopTop {}, LoadConstNone {}]);
    let goes = steps.target(|instruction| matches!(instruction, Jump { .. }))?;
    // Unwinding, or nothing at all.
    let is_next = unwinding == steps.at as u32;
    let shuffles = steps.takes(&[RotThree {}, RotThree {}]);
    let entry = steps.at as u32;
    let leaves = is_method(steps)
        && steps.takes(&[LoadConstNone {}, DupTop {}, DupTop {}])
        && steps.awaits_exit()
        && steps.takes(&[PopTop {}]);
    let last = steps.at as u32;
    let ends = steps.takes(&[EndFinally {}]) && raises == last && goes == last;
    (swallows && is_next && shuffles && leaves && ends).then_some(Form {
        entry,
        last,
        end: steps.at as u32,
    })
}

impl Verifier<'_, '_> {
    /// The handler of an `async with` was entered: its code is closed to everything else, and what
    /// follows it is reached.
    pub(super) fn enter_async_with(&mut self, state: State) -> Result<(), FaultKind> {
        let handler = self.innermost(state)?;
        let form = form(self.function.code, handler.target).ok_or(FaultKind::Handlers)?;
        if !self.function.is_generator {
            return Err(FaultKind::Yield);
        }
        // The manager is its own.
        let mut below = State { handler: handler.outer, ..state };
        self.pop_value(&mut below)?;
        self.note_height(handler.base + HEIGHT, handler.nesting)?;
        self.check_sides(self.at, handler.target, handler.outer)?;
        self.check_sides(self.at, form.end, handler.outer)?;
        for at in handler.target..form.end {
            self.tables.close(at)?;
        }
        self.meet(form.end, self.left(state, handler))
    }

    /// The end of the body of an `async with`: `load_const_none, rot_two, jump` to the entry. True if
    /// that is what stands at the `rot_two` that ends at `end`.
    pub(super) fn ends_async_with(&self, state: State, end: u32) -> Result<bool, FaultKind> {
        let Some(handler) = self.tables.handler(state.handler) else { return Ok(false) };
        if handler.purpose != Purpose::AsyncWith || state.depth != handler.base + 1 {
            return Ok(false);
        }
        let form = form(self.function.code, handler.target).ok_or(FaultKind::Handlers)?;
        let steps = &mut Steps { code: self.function.code, at: end as usize };
        let target = steps.target(|instruction| matches!(instruction, Instruction::Jump { .. }));
        let is_whole = self.loads_none
            && !self.tables.is_target(self.at)
            && !self.tables.is_target(end)
            && target == Some(form.entry);
        if !is_whole {
            return Err(FaultKind::Handlers);
        }
        self.check_sides(self.at, handler.target, handler.outer)?;
        Ok(true)
    }
}
