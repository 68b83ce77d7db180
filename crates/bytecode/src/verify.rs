//! Verifier: whether code from outside can be run at all.
//!
//! The interpreter checks nothing of what is proven here:
//!
//! - every byte that is reached decodes, every index is in range, every jump lands on an
//!   instruction, and no way leads off the end;
//! - at each instruction the stack has one height, and each of its slots one *kind*, whichever way
//!   the instruction is reached: a value, a null (and where one may be), a part of an iterator, the
//!   cause of a `finally`. What takes a value never finds another kind;
//! - exception handlers are left as they were entered, their code never reaches below the stack
//!   that they were entered with, and a handler's code lies behind its target while the code that it
//!   guards lies before: the interpreter tells them apart by that;
//! - cells are only used by the instructions for cells, and locals only by those for locals; a
//!   function is only ever made with one number of cells, which are then its first locals;
//! - only generators yield.
//!
//! What depends on values is checked where it happens: that `make_closure` finds cells, that
//! `store_comp` and `store_map` find a collection of the right type, and that defaults are a tuple
//! of the right length.
//!
//! Most rules are the table's pops and pushes; `rules` has those that need more. Each instruction
//! is visited once. The memory is lent by the caller: [`survey`] says how much.

mod async_with;
mod handler;
mod kind;
mod rules;
mod scratch;
mod state;
mod survey;

#[cfg(test)]
mod tests;

pub use scratch::Scratch;
pub use survey::{Survey, survey};

use scratch::Tables;
use state::{State, Verifier};

/// A function, as far as the verifier must know it.
#[derive(Debug, Clone, Copy)]
pub struct Function<'a> {
    /// Its bytecode.
    pub code: &'a [u8],
    /// Names of the module.
    pub n_names: u32,
    /// Constants of the module.
    pub n_consts: u32,
    /// Functions inside it.
    pub n_children: u32,
    /// Parameters, free variables and stars included: the first locals.
    pub n_params: u32,
    /// Free variables, which come first: cells of the surrounding function.
    pub n_free: u32,
    /// Locals that become cells.
    pub cells: &'a [u8],
    /// Whether it may yield.
    pub is_generator: bool,
    /// Most locals and stack slots together.
    pub max_state: u32,
    /// Most nested handlers.
    pub max_handlers: u32,
}

impl Function<'_> {
    fn is_cell(&self, local: u32) -> bool {
        local < self.n_free || self.cells.iter().any(|&cell| u32::from(cell) == local)
    }
}

/// What the code needs to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// Local variables.
    pub n_locals: u32,
    /// Slots of the evaluation stack, what unwinding puts there included.
    pub max_stack: u32,
    /// Nested exception handlers.
    pub max_handlers: u32,
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
    /// More is needed than the limits allow.
    Overflow,
    /// Two ways meet with different stacks.
    Depth,
    /// An instruction finds something else on the stack than it takes.
    Kind,
    /// Handlers are not left as they were entered, or nest too deep.
    Handlers,
    /// An index is out of range.
    Index,
    /// A cell is used as a local, or the other way round, or a closure gets too few.
    Cell,
    /// A yield outside a generator.
    Yield,
    /// The scratch memory is too small.
    Scratch,
}

/// What is wrong, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// Offset of the instruction.
    pub at: usize,
    /// What is wrong with it.
    pub kind: FaultKind,
}

/// Checks a function. `survey` is what [`survey`] said of it, `scratch` at least
/// [`Survey::words`] words, all zero. Afterwards [`free_variables`] can be asked.
pub fn verify(
    function: &Function<'_>,
    survey: &Survey,
    scratch: &mut dyn Scratch,
) -> Result<Figures, Fault> {
    let tables = Tables::new(survey, function, scratch);
    let mut verifier = Verifier::new(function, tables);
    verifier.mark()?;
    verifier.meet(0, State::START).map_err(|kind| Fault { at: 0, kind })?;
    while let Some(target) = verifier.tables.take_pending() {
        verifier.run_from(target)?;
    }
    let figures = Figures {
        n_locals: survey.n_locals,
        max_stack: verifier.max_height,
        max_handlers: verifier.max_handlers,
    };
    if survey.n_locals + verifier.max_depth > function.max_state {
        return Err(Fault { at: 0, kind: FaultKind::Overflow });
    }
    Ok(figures)
}

/// How many free variables a function inside the one that was verified has: as many as the code
/// makes closures of it with. `None` if no code makes a function of it at all.
pub fn free_variables(scratch: &dyn Scratch, child: u32) -> Option<u32> {
    scratch.word(child).checked_sub(1)
}
