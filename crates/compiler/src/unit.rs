//! Unit: the code object under construction, and everything that writes to it.
//!
//! Its bytecode is the end of the Code area, its line table the end of the Lines area, its labels
//! the end of the Labels area; the outer unit's stand below, untouched.
//!
//! A label is two words, a fix-up is two words:
//!
//! ```text
//! label     offset in the code, or UNPLACED       first fix-up, or NONE
//! fix-up    offset of a jump that waits for it    next fix-up, or NONE
//! ```
//!
//! A jump forward takes the long form, because its distance is not known when it is written; a
//! jump backward takes the shortest. `relaxation` shortens what is left when the unit is complete
//! (COMPAT: without the feature `short-jumps` nothing does).

use core::convert::Infallible;

use octopy_bytecode::emit::{Sink, patch_jump, reserve_jump, write_jump_signed, write_uint};
use octopy_bytecode::lines::write_step;
use octopy_bytecode::operand::SMALL_MULTI_EXCESS;
use octopy_bytecode::operator::{BinaryOp, UnaryOp};
use octopy_bytecode::{ITERATOR_SLOTS, Opcode};
use octopy_qstr::q;
use octopy_syntax::{Area, ErrorKind, NameId, Span};

use crate::compiler::Compiler;
use crate::relaxation::{RELAXES, far_jump};
use crate::scope::{NONE, Scope, ScopeKind, SymbolKind};
use crate::workspace::Workspace;
use crate::{CodeParts, Host};

/// A place in the code that jumps can go to: an index into the Labels area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Label(u32);

const UNPLACED: u32 = u32::MAX;

/// The loop that `break` and `continue` mean.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Loop {
    pub(crate) break_label: Label,
    pub(crate) continue_label: Label,
    /// Exception handlers outside the loop.
    pub(crate) handlers: u32,
    /// Leaving it means to pop an iterator.
    pub(crate) pops_iterator: bool,
}

/// The code object under construction.
#[derive(Debug, Clone)]
pub(crate) struct Unit {
    pub(crate) scope: u32,
    pub(crate) kind: ScopeKind,
    pub(crate) innermost_loop: Option<Loop>,
    pub(crate) handlers: u32,
    stack: i32,
    max_stack: i32,
    max_handlers: u32,
    /// The instructions that follow are never reached: they are not written.
    dead: bool,
    pub(crate) code_start: u32,
    pub(crate) lines_start: u32,
    pub(crate) labels_start: u32,
    misc_start: u32,
    last_line: u32,
    last_line_offset: u32,
}

impl Unit {
    /// A unit at the end of the areas.
    pub(crate) fn new<H: Host + ?Sized>(
        host: &Workspace<'_, H>,
        scope: u32,
        kind: ScopeKind,
    ) -> Self {
        Self {
            scope,
            kind,
            innermost_loop: None,
            handlers: 0,
            stack: 0,
            max_stack: 0,
            max_handlers: 0,
            dead: false,
            code_start: host.len(Area::Code),
            lines_start: host.len(Area::Lines),
            labels_start: host.len(Area::Labels),
            misc_start: host.len(Area::Misc),
            last_line: 1,
            last_line_offset: 0,
        }
    }
}

/// Appends to an area of bytes; a failure is the workspace's.
pub(crate) struct AreaSink<'a, 'h, H: Host + ?Sized>(
    pub(crate) &'a mut Workspace<'h, H>,
    pub(crate) Area,
);

impl<H: Host + ?Sized> Sink for AreaSink<'_, '_, H> {
    type Error = Infallible;

    fn byte(&mut self, byte: u8) -> Result<(), Infallible> {
        self.0.push_byte(self.1, byte);
        Ok(())
    }
}

impl<H: Host + ?Sized> Compiler<'_, H> {
    /// Where the next instruction of the unit will be.
    pub(crate) fn here(&self) -> u32 {
        self.host.len(Area::Code) - self.unit.code_start
    }

    /// Notes that the stack grows by so many slots without an instruction saying so.
    pub(crate) fn adjust(&mut self, slots: i32) {
        self.unit.stack += slots;
        self.unit.max_stack = self.unit.max_stack.max(self.unit.stack);
    }

    /// Writes an instruction that has no operand.
    pub(crate) fn op(&mut self, opcode: Opcode) {
        self.op_with(opcode, 0)
    }

    /// Writes an instruction with a number.
    pub(crate) fn op_with(&mut self, opcode: Opcode, operand: u32) {
        self.op_counting(opcode, operand, operand)
    }

    /// Writes an instruction with a name.
    pub(crate) fn op_name(&mut self, opcode: Opcode, name: NameId) {
        let name = self.host.name_index(name);
        self.op_with(opcode, name)
    }

    /// Writes an instruction that is no jump; `count` says how many slots it takes or leaves.
    #[inline(never)]
    pub(crate) fn op_counting(&mut self, opcode: Opcode, operand: u32, count: u32) {
        let effect = opcode.effect(count);
        let highest = self.unit.stack + effect.headroom as i32;
        self.unit.max_stack = self.unit.max_stack.max(highest);
        self.adjust(effect.pushes as i32 - effect.pops as i32);
        if !self.unit.dead {
            let Ok(()) = opcode.encode(operand, &mut AreaSink(&mut self.host, Area::Code));
            self.unit.dead = opcode.ends_flow();
        }
    }

    /// Writes a second operand.
    pub(crate) fn operand_byte(&mut self, byte: u8) {
        if !self.unit.dead {
            self.host.push_byte(Area::Code, byte);
        }
    }

    pub(crate) fn load_none(&mut self) {
        self.op(Opcode::LoadConstNone)
    }

    pub(crate) fn pop_top(&mut self) {
        self.op(Opcode::PopTop)
    }

    pub(crate) fn dup_top(&mut self) {
        self.op(Opcode::DupTop)
    }

    pub(crate) fn return_value(&mut self) {
        self.op(Opcode::ReturnValue)
    }

    pub(crate) fn load_int(&mut self, value: i32) {
        let excess = value.wrapping_add(SMALL_MULTI_EXCESS) as u32;
        if excess < 64 {
            self.op_with(Opcode::LoadConstSmallIntMulti, excess)
        } else {
            self.op_with(Opcode::LoadConstSmallInt, value as u32)
        }
    }

    /// Loads the string that a name spells.
    pub(crate) fn load_string(&mut self, name: NameId) {
        self.op_name(Opcode::LoadConstString, name)
    }

    pub(crate) fn load_attr(&mut self, name: NameId) {
        self.op_name(Opcode::LoadAttr, name)
    }

    pub(crate) fn load_method(&mut self, name: NameId) {
        self.op_name(Opcode::LoadMethod, name)
    }

    /// Loads a global, whatever the program calls so elsewhere.
    pub(crate) fn load_global(&mut self, name: NameId) {
        self.op_name(Opcode::LoadGlobal, name)
    }

    pub(crate) fn unary_op(&mut self, operator: UnaryOp) {
        self.op_with(Opcode::UnaryOpMulti, operator as u32)
    }

    pub(crate) fn binary_op(&mut self, operator: BinaryOp) {
        self.op_with(Opcode::BinaryOpMulti, operator as u32)
    }

    /// Loads a local by its number.
    pub(crate) fn load_fast(&mut self, local: u32) {
        let opcode = if local < 16 { Opcode::LoadFastMulti } else { Opcode::LoadFastN };
        self.op_with(opcode, local)
    }

    /// Does with a variable what the opcode does that belongs to where the variable is.
    #[inline(never)]
    fn access(&mut self, name: NameId, opcodes: &[Opcode; 5]) {
        let [early_local, local, cell, global, other] = *opcodes;
        let (kind, number) = match Scope(self.unit.scope).find(&self.host, name) {
            Some(symbol) => (symbol.kind(&self.host), symbol.local(&self.host)),
            None => (SymbolKind::GlobalImplicit, 0),
        };
        match kind {
            SymbolKind::Local if number < 16 => self.op_with(early_local, number),
            SymbolKind::Local => self.op_with(local, number),
            SymbolKind::Cell | SymbolKind::Free => self.op_with(cell, number),
            _ => {
                let is_global = kind == SymbolKind::GlobalExplicit;
                self.host.host().next_is_variable();
                self.op_name(if is_global { global } else { other }, name)
            }
        }
    }

    pub(crate) fn load_id(&mut self, name: NameId) {
        const OPCODES: [Opcode; 5] = [
            Opcode::LoadFastMulti,
            Opcode::LoadFastN,
            Opcode::LoadDeref,
            Opcode::LoadGlobal,
            Opcode::LoadName,
        ];
        self.access(name, &OPCODES)
    }

    pub(crate) fn store_id(&mut self, name: NameId) {
        const OPCODES: [Opcode; 5] = [
            Opcode::StoreFastMulti,
            Opcode::StoreFastN,
            Opcode::StoreDeref,
            Opcode::StoreGlobal,
            Opcode::StoreName,
        ];
        self.access(name, &OPCODES)
    }

    pub(crate) fn delete_id(&mut self, name: NameId) {
        const OPCODES: [Opcode; 5] = [
            Opcode::DeleteFast,
            Opcode::DeleteFast,
            Opcode::DeleteDeref,
            Opcode::DeleteGlobal,
            Opcode::DeleteName,
        ];
        self.access(name, &OPCODES)
    }

    /// Makes a label that is not placed yet.
    pub(crate) fn label(&mut self) -> Label {
        let label = Label(self.host.len(Area::Labels));
        self.host.push_word(Area::Labels, UNPLACED);
        self.host.push_word(Area::Labels, NONE);
        label
    }

    /// Places a label here: the next instruction can be reached again.
    #[inline(never)]
    pub(crate) fn place(&mut self, label: Label) {
        self.unit.dead = false;
        let here = self.here();
        self.host.set_word(Area::Labels, label.0, here);
        let mut fixup = self.host.word(Area::Labels, label.0 + 1);
        while fixup != NONE && !self.host.failed() {
            let jump = self.host.word(Area::Labels, fixup);
            fixup = self.host.word(Area::Labels, fixup + 1);
            let at = self.unit.code_start + jump;
            let opcode = self.host.byte(Area::Code, at);
            let distance = here - (jump + 3);
            let [low, high] = match patch_jump(opcode, distance) {
                Some(operand) => operand,
                None => {
                    let Some([marked, low, high]) = far_jump(opcode, distance as i32) else {
                        return self.far();
                    };
                    self.host.set_byte(Area::Code, at, marked);
                    [low, high]
                }
            };
            self.host.set_byte(Area::Code, at + 1, low);
            self.host.set_byte(Area::Code, at + 2, high);
        }
    }

    /// Puts a label away on the Misc area.
    pub(crate) fn push_label(&mut self, label: Label) {
        self.host.push_word(Area::Misc, label.0);
    }

    /// Takes the label that was put away last.
    pub(crate) fn pop_label(&mut self) -> Label {
        let last = self.host.len(Area::Misc).saturating_sub(1);
        let label = Label(self.host.word(Area::Misc, last));
        self.host.truncate(Area::Misc, last);
        label
    }

    /// A jump is too far for its encoding.
    pub(crate) fn far(&mut self) {
        let span = Span { line: self.unit.last_line, column: 1 };
        self.host.fail(ErrorKind::TooLarge("bytecode overflow"), span);
    }

    /// Writes a jump, which changes the stack by `slots`.
    #[inline(never)]
    pub(crate) fn jump_op(&mut self, opcode: Opcode, slots: i32, label: Label) {
        self.adjust(slots);
        if self.unit.dead || self.host.failed() {
            return;
        }
        let here = self.here();
        let target = self.host.word(Area::Labels, label.0);
        if target == UNPLACED {
            let Ok(()) = reserve_jump(opcode, &mut AreaSink(&mut self.host, Area::Code));
            let fixup = self.host.len(Area::Labels);
            let next = self.host.word(Area::Labels, label.0 + 1);
            self.host.push_word(Area::Labels, here);
            self.host.push_word(Area::Labels, next);
            self.host.set_word(Area::Labels, label.0 + 1, fixup);
            return;
        }
        let back = target as i32 - (here as i32 + 2);
        let offset = if back >= -0x40 { back } else { back - 1 };
        if offset < -0x4000 {
            let Some(bytes) = far_jump(opcode as u8, offset) else {
                return self.far();
            };
            return bytes.into_iter().for_each(|byte| self.host.push_byte(Area::Code, byte));
        }
        self.host.push_byte(Area::Code, opcode as u8);
        let Ok(()) = write_jump_signed(offset, &mut AreaSink(&mut self.host, Area::Code));
    }

    pub(crate) fn jump(&mut self, label: Label) {
        self.jump_op(Opcode::Jump, 0, label);
        self.unit.dead = true;
    }

    /// Pops a value and jumps if its truth is `condition`.
    pub(crate) fn pop_jump_if(&mut self, condition: bool, label: Label) {
        let opcode = if condition { Opcode::PopJumpIfTrue } else { Opcode::PopJumpIfFalse };
        self.jump_op(opcode, -1, label)
    }

    /// Jumps and keeps the value if its truth is `condition`, else pops it.
    pub(crate) fn jump_if_or_pop(&mut self, condition: bool, label: Label) {
        let opcode = if condition { Opcode::JumpIfTrueOrPop } else { Opcode::JumpIfFalseOrPop };
        self.jump_op(opcode, -1, label)
    }

    /// Leaves so many handlers, pops the iterator of a `for` if asked to, and jumps.
    pub(crate) fn unwind_jump(&mut self, label: Label, handlers: u32, pops_iterator: bool) {
        if handlers == 0 {
            if pops_iterator {
                let stack = self.unit.stack;
                for _ in 0..ITERATOR_SLOTS {
                    self.pop_top();
                }
                self.unit.stack = stack;
            }
            return self.jump(label);
        }
        self.jump_op(Opcode::UnwindJump, 0, label);
        let flag = if pops_iterator { 0x80 } else { 0 };
        self.operand_byte(flag | handlers.min(0x7f) as u8);
        self.unit.dead = true;
    }

    /// Enters an exception handler, which will be placed at `label`.
    pub(crate) fn setup(&mut self, opcode: Opcode, label: Label) {
        self.jump_op(opcode, if opcode == Opcode::SetupWith { 2 } else { 0 }, label);
        self.unit.handlers += 1;
        self.unit.max_handlers = self.unit.max_handlers.max(self.unit.handlers);
    }

    /// Ends the innermost handler's own code.
    pub(crate) fn end_finally(&mut self) {
        self.unit.handlers = self.unit.handlers.saturating_sub(1);
        self.op(Opcode::EndFinally)
    }

    /// Leaves the innermost handler and jumps.
    pub(crate) fn pop_except_jump(&mut self, label: Label) {
        self.jump_op(Opcode::PopExceptJump, 0, label);
        self.unit.dead = true;
    }

    /// Makes the instructions that follow belong to a line.
    pub(crate) fn set_line(&mut self, line: u32) {
        if line > self.unit.last_line && self.host.optimise() < 3 {
            let here = self.here();
            let bytes = here - self.unit.last_line_offset;
            let lines = line - self.unit.last_line;
            let mut sink = AreaSink(&mut self.host, Area::Lines);
            if RELAXES {
                let Ok(()) = write_uint(bytes, &mut sink);
                let Ok(()) = write_uint(lines, &mut sink);
            } else {
                let Ok(()) = write_step(bytes, lines, &mut sink);
            }
            self.unit.last_line_offset = here;
            self.unit.last_line = line;
        }
    }

    /// Hands the finished unit to the host and drops its part of the areas. Gives its number
    /// among the children of the outer unit.
    #[inline(never)]
    pub(crate) fn close_unit(&mut self, name: NameId, first_line: u32) -> u32 {
        let scope = Scope(self.unit.scope);
        let lines_start = self.unit.lines_start;
        if RELAXES {
            self.relax();
        }
        let mut parts = CodeParts {
            name,
            first_line,
            flags: 0,
            n_pos_args: 0,
            n_kwonly_args: 0,
            n_def_pos_args: 0,
            n_locals: 0,
            max_stack: self.unit.max_stack.max(0) as u32,
            max_handlers: self.unit.max_handlers,
            arg_names_start: self.host.len(Area::Misc),
            cells_start: self.host.len(Area::Misc),
            n_cells: 0,
            code_start: self.unit.code_start,
            lines_start: self.unit.lines_start,
        };
        if scope.0 != NONE {
            parts.flags = scope.flags(&self.host) & CodeParts::ALL_FLAGS;
            parts.n_pos_args = scope.n_pos_args(&self.host);
            parts.n_kwonly_args = scope.n_kwonly_args(&self.host);
            parts.n_def_pos_args = scope.n_def_pos_args(&self.host);
            parts.n_locals = scope.n_locals(&self.host);
            for local in 0..parts.n_pos_args + parts.n_kwonly_args {
                let name = scope.parameter(&self.host, local).unwrap_or(NameId(q::star.0));
                self.push_misc(u32::from(name.0));
            }
            parts.cells_start = self.host.len(Area::Misc);
            parts.n_cells = scope.push_cells(&mut self.host);
        }
        let child = self.host.close_code(&parts);
        self.host.truncate(Area::Code, self.unit.code_start);
        self.host.truncate(Area::Lines, lines_start);
        self.host.truncate(Area::Labels, self.unit.labels_start);
        self.host.truncate(Area::Misc, self.unit.misc_start);
        child
    }
}
