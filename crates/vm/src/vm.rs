//! `Vm`: the state of one Python.

use crate::absent::AbsentBoard;
use crate::frame::{Frame, Handler, MAX_FRAMES, MAX_HANDLERS};
use crate::rom::Table;
use crate::types::dict;
use crate::{Float, PyResult, table};
use octopy_hal::{Attention, Board};
use octopy_heap::{Heap, Kind, Local, OutOfMemory, Root, Value};
use octopy_qstr::{Qstr, q};

/// How a VM is set up.
#[derive(Debug, Clone, Copy)]
pub struct Config {
    /// All tables: [`table::CORE`], then those of the modules; a table's number is its place.
    pub registry: &'static [&'static Table],
    /// The module whose rows are the builtin functions and types.
    pub builtins: &'static Table,
    /// Floats are 32-bit even if the build could do 64-bit.
    pub single_floats: bool,
    /// Console output gets CRLF for LF (boards, not scripts on a PC).
    pub cooked_console: bool,
    /// Deepest nesting of native calls into Python and of recursive natives (printing, comparing).
    pub native_depth: u16,
}

/// One Python: heap, stack, modules and the board it runs on.
///
/// SIZE: the order is kept, for what is used most has the shortest instructions at small offsets.
#[repr(C)]
pub struct Vm {
    pub(crate) depth: usize,
    pub(crate) n_handlers: usize,
    pub(crate) registry: &'static [&'static Table],
    pub(crate) roots: Roots,
    /// The heap and the value stack.
    pub heap: Heap,
    /// The hardware; absent while a program is read from it (see [`Vm::board`]).
    board: Option<&'static mut dyn Board>,
    absent: AbsentBoard,
    /// Set by interrupts, looked at on every backward jump.
    pub attention: &'static Attention,
    /// The mounted file systems and the current directory.
    pub mounts: octopy_fs::Mounts,
    /// How `input()` reads a line; set by the runtime.
    pub input_hook: Option<InputHook>,
    /// Runs between two instructions when [`Attention::raise_service`] asked for it; for modules.
    pub service_hook: Option<ServiceHook>,
    /// Who looks at the heap when [`Attention::raise_watch`] asked for it; on PCs.
    #[cfg(feature = "watch")]
    pub observer: Option<&'static dyn Observer>,
    pub(crate) builtins: &'static Table,
    pub(crate) single_floats: bool,
    pub(crate) cooked_console: bool,
    pub(crate) native_depth: u16,
    pub(crate) max_native_depth: u16,
    /// Where a name was found last time, by a hash of name and place: makes look-ups one compare.
    pub(crate) lookup_cache: [u8; LOOKUP_CACHE],
    /// `-O`: 1 drops asserts.
    pub(crate) optimise: u8,
    pub(crate) main_import: Option<Qstr>,
    pub(crate) importer: Option<crate::import::Importer>,
    pub(crate) module_attr: Option<crate::import::ModuleAttr>,
    pub(crate) module_store: Option<crate::import::ModuleStore>,
    /// The last identity number given to an instance.
    pub(crate) identities: u32,
    /// The last identity number given to a native with words of its own.
    pub(crate) natives: u16,
    pub(crate) handlers: [Handler; MAX_HANDLERS],
    pub(crate) frames: [Frame; MAX_FRAMES],
}

/// Reads one line from the console for `input()`, pushed as a string.
pub type InputHook = fn(&mut Vm) -> PyResult<Local>;
/// What modules do between two instructions; its exceptions are the running program's.
pub type ServiceHook = fn(&mut Vm) -> PyResult<()>;

/// Somebody outside who looks at the heap between two instructions, without changing anything.
#[cfg(feature = "watch")]
pub trait Observer {
    /// Looks.
    fn observe(&self, heap: &Heap);
}

pub(crate) const LOOKUP_CACHE: usize = 256;

/// The VM's own roots.
#[derive(Debug)]
pub(crate) struct Roots {
    /// The pending exception; NULL when none is.
    pub(crate) pending: Root,
    /// What `MemoryError` is made of when there is no memory: exception, arguments, text.
    pub(crate) memory_error: Root,
    /// `sys.modules`: a dict.
    pub(crate) modules: Root,
    /// The globals of `__main__`: a dict.
    pub(crate) main: Root,
    /// The names of the module or class body that is running: a dict.
    pub(crate) locals: Root,
    /// What empty lists have: Items without room.
    pub(crate) no_items: Root,
    /// The exceptions being handled, by handler: Words.
    pub(crate) handling: Root,
    /// The run-time names: Words of Str, by number from `octopy_qstr::COUNT`.
    pub(crate) names: Root,
    /// A hash index of `names`: a Buffer of u16.
    pub(crate) name_index: Root,
    /// Assigned builtins (`builtins.x = 1`), a dict or NULL.
    pub(crate) builtins: Root,
    /// Values of other crates, by number: `sys.path` and the like. A Words.
    pub(crate) state: Root,
}

/// Slots for values that modules keep between calls, in the VM's roots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum StateSlot {
    /// `sys.path`
    SysPath,
    /// `sys.argv`
    SysArgv,
    /// `sys.atexit` callback
    AtExit,
    /// `sys.ps1`
    Ps1,
    /// `sys.ps2`
    Ps2,
    /// Open files' objects and other things to close at soft reset.
    Files,
    /// The program being received by the raw REPL.
    ReplBuffer,
    /// `_` of the REPL.
    LastResult,
    /// The `micropython.schedule` queue.
    Schedule,
    /// Free for `modules`.
    Network,
    /// The state of `random`.
    Random,
    /// The number of the next event that `gc.log` prints; NULL while it does not.
    GcLog,
    /// Set while scheduled functions run.
    Scheduling,
    /// What the StopIteration that ended the last iteration carried; NULL if there was none.
    StopValue,
    /// Memory to give up for an exception when there is no other; NULL once that has happened.
    Reserve,
}

const STATE_SLOTS: u32 = 16;

impl Vm {
    /// A fresh Python on this heap and board.
    // SIZE: 12 bytes, with the other `new`.
    #[inline(never)]
    pub fn new(
        heap: Heap,
        board: &'static mut dyn Board,
        config: Config,
    ) -> Result<Self, OutOfMemory> {
        let null = |heap: &Heap| heap.root(Value::NULL);
        let roots = Roots {
            pending: null(&heap)?,
            memory_error: null(&heap)?,
            modules: null(&heap)?,
            main: null(&heap)?,
            locals: null(&heap)?,
            no_items: null(&heap)?,
            handling: null(&heap)?,
            names: null(&heap)?,
            name_index: null(&heap)?,
            builtins: null(&heap)?,
            state: null(&heap)?,
        };
        let attention = board.attention();
        let mut vm = Self {
            heap,
            board: Some(board),
            absent: AbsentBoard(attention),
            attention,
            mounts: octopy_fs::Mounts::new(),
            input_hook: None,
            service_hook: None,
            #[cfg(feature = "watch")]
            observer: None,
            registry: config.registry,
            builtins: config.builtins,
            single_floats: config.single_floats,
            cooked_console: config.cooked_console,
            frames: [Frame::EMPTY; MAX_FRAMES],
            depth: 0,
            handlers: [Handler::EMPTY; MAX_HANDLERS],
            n_handlers: 0,
            native_depth: 0,
            max_native_depth: config.native_depth,
            roots,
            lookup_cache: [0; LOOKUP_CACHE],
            optimise: 0,
            main_import: None,
            importer: None,
            module_attr: None,
            module_store: None,
            identities: 0,
            natives: 0,
        };
        vm.start()?;
        Ok(vm)
    }

    /// The hardware. While a program is being read from a file or the console the reader has it,
    /// and a board without any device stands in.
    // SIZE: not inlined at its fifty callers: 0.6 KB.
    #[inline(never)]
    pub fn board(&mut self) -> &mut dyn Board {
        match &mut self.board {
            Some(board) => &mut **board,
            None => &mut self.absent,
        }
    }

    /// Heap and hardware at once, for devices that read into Python's memory.
    #[inline]
    pub fn heap_and_board(&mut self) -> (&mut Heap, &mut dyn Board) {
        let board: &mut dyn Board = match &mut self.board {
            Some(board) => &mut **board,
            None => &mut self.absent,
        };
        (&mut self.heap, board)
    }

    /// Lends the hardware to `body`, which compiles from it.
    pub fn lend_board<R>(&mut self, body: impl FnOnce(&mut Self, &mut dyn Board) -> R) -> R {
        match self.board.take() {
            Some(board) => {
                let res = body(self, &mut *board);
                self.board = Some(board);
                res
            }
            None => {
                let mut absent = AbsentBoard(self.attention);
                body(self, &mut absent)
            }
        }
    }

    /// Whether every table stands at its number; the runtime's tests ask this once.
    pub fn registry_is_sound(&self) -> bool {
        self.registry.iter().enumerate().all(|(place, table)| usize::from(table.id) == place)
    }

    /// Forgets everything for a soft reset: heap, modules, names, frames.
    pub fn reset(&mut self) -> Result<(), OutOfMemory> {
        self.heap.reset();
        self.mounts = octopy_fs::Mounts::new();
        self.depth = 0;
        self.n_handlers = 0;
        self.native_depth = 0;
        self.optimise = 0;
        // The heap lets every root hold None; here an empty one holds null.
        let Roots {
            pending,
            memory_error,
            modules,
            main,
            locals,
            no_items,
            handling,
            names,
            name_index,
            builtins,
            state,
        } = &self.roots;
        for root in [
            pending,
            memory_error,
            modules,
            main,
            locals,
            no_items,
            handling,
            names,
            name_index,
            builtins,
            state,
        ] {
            root.set(&self.heap, Value::NULL);
        }
        self.start()
    }

    fn start(&mut self) -> Result<(), OutOfMemory> {
        let base = self.heap.sp();
        let state = self.heap.alloc(Kind::Words, STATE_SLOTS)?;
        self.roots.state.set(&self.heap, self.heap.get(state));
        let items = self.heap.alloc(Kind::Items, 1)?;
        self.roots.no_items.set(&self.heap, self.heap.get(items));
        self.start_names()?;
        self.start_exceptions()?;
        let modules = dict::alloc(&mut self.heap, 4)?;
        self.roots.modules.set(&self.heap, self.heap.get(modules));
        let main = dict::alloc(&mut self.heap, 8)?;
        self.roots.main.set(&self.heap, self.heap.get(main));
        self.roots.locals.set(&self.heap, self.heap.get(main));
        let handling = self.heap.alloc(Kind::Words, MAX_HANDLERS as u32)?;
        self.roots.handling.set(&self.heap, self.heap.get(handling));
        let name = self.heap.push(Value::from_qstr(q::__main__.0))?;
        dict::store_name(&mut self.heap, main, q::__name__, name)?;
        self.start_main_module(main)?;
        self.heap.set_sp(base);
        self.restock();
        Ok(())
    }

    /// Keeps memory for an exception, unless that is kept already or memory is short.
    pub(crate) fn restock(&mut self) {
        /// Words: an exception with arguments, a long text, a traceback.
        const RESERVE: u32 = 72;
        let is_kept = !self.peek_state(StateSlot::Reserve).is_null();
        if is_kept || self.heap.lock_depth() > 0 || self.heap.info().free < 64 * RESERVE {
            return;
        }
        if let Ok(reserve) = self.heap.alloc(Kind::Buffer, RESERVE) {
            self.set_state(StateSlot::Reserve, reserve);
            self.release(reserve.addr());
        }
    }

    /// The exception being handled by handler `n`.
    pub(crate) fn handling(&self, n: usize) -> Value<'_> {
        self.heap.word(self.roots.handling.get(&self.heap), n as u32)
    }

    /// Sets the exception being handled by handler `n`.
    pub(crate) fn set_handling(&self, n: usize, exception: Value<'_>) {
        self.heap.poke(self.roots.handling.get(&self.heap), n as u32, exception);
    }

    /// The exception that the innermost `except` is handling, pushed.
    pub fn handled_exception(&mut self) -> PyResult<Option<Local>> {
        for at in (0..self.n_handlers).rev() {
            if self.handlers.get(at).is_some_and(|handler| handler.active)
                && !self.handling(at).is_null()
            {
                let slot = self.push(Value::NULL)?;
                self.heap.set(slot, self.handling(at));
                return Ok(Some(slot));
            }
        }
        Ok(None)
    }

    /// The remembered entry for a place of the program.
    #[inline(always)]
    pub(crate) fn guess(&self, place: u32) -> u32 {
        u32::from(self.lookup_cache[(place as usize) & (LOOKUP_CACHE - 1)])
    }

    /// Remembers an entry for a place of the program.
    #[inline(always)]
    pub(crate) fn remember(&mut self, place: u32, entry: u32) {
        self.lookup_cache[(place as usize) & (LOOKUP_CACHE - 1)] = entry as u8;
    }

    /// The globals of `__main__`, pushed.
    pub fn main_globals(&mut self) -> PyResult<Local> {
        let slot = self.push(Value::NULL)?;
        self.heap.set(slot, self.roots.main.get(&self.heap));
        Ok(slot)
    }

    /// A value kept by a module between calls, pushed; NULL if it was never set.
    pub fn state(&mut self, state: StateSlot) -> PyResult<Local> {
        let slot = self.push(Value::NULL)?;
        let words = self.roots.state.get(&self.heap);
        self.heap.set(slot, self.heap.word(words, state as u32));
        Ok(slot)
    }

    /// A look at a value kept by a module; NULL if it was never set.
    pub fn peek_state(&self, state: StateSlot) -> Value<'_> {
        self.heap.word(self.roots.state.get(&self.heap), state as u32)
    }

    /// Keeps a value for a module.
    pub fn set_state(&mut self, state: StateSlot, value: Local) {
        let words = self.roots.state.get(&self.heap);
        self.heap.poke(words, state as u32, self.heap.get(value));
    }

    /// Pushes a value; raises RuntimeError when the stack is full.
    #[inline(never)]
    pub fn push(&mut self, value: Value<'static>) -> PyResult<Local> {
        match self.heap.try_push(value) {
            Some(slot) => Ok(slot),
            None => Err(self.raise_recursion()),
        }
    }

    /// Pushes a copy of the value in `slot`.
    #[inline(always)]
    pub fn copy<T: ?Sized>(&mut self, slot: Local<T>) -> PyResult<Local<T>> {
        self.copy_any(slot.any()).map(Local::assume)
    }

    #[inline(never)]
    fn copy_any(&mut self, slot: Local) -> PyResult<Local> {
        match self.heap.try_push(self.heap.get(slot)) {
            Some(copy) => Ok(copy),
            None => Err(self.raise_recursion()),
        }
    }

    /// Pushes word `idx` of the object in `slot`.
    #[inline(always)]
    pub fn push_word<T: ?Sized>(&mut self, slot: Local<T>, idx: u32) -> PyResult<Local> {
        self.push_word_any(slot.any(), idx)
    }

    #[inline(never)]
    fn push_word_any(&mut self, slot: Local, idx: u32) -> PyResult<Local> {
        match self.heap.try_push(self.heap.word(self.heap.get(slot), idx)) {
            Some(slot) => Ok(slot),
            None => Err(self.raise_recursion()),
        }
    }

    /// Allocates an object with zeroed payload and pushes it; raises MemoryError.
    #[inline(never)]
    pub fn alloc(&mut self, kind: Kind, words: u32) -> PyResult<Local> {
        let made = self.heap.alloc_here(kind, words);
        #[cfg(feature = "weak")]
        if self.heap.has_weak_loss() {
            self.attention.raise_service();
        }
        match made {
            Ok(slot) => Ok(slot),
            Err(error) => Err(self.raise_memory(error)),
        }
    }

    /// Allocates storage with room for `needed` words in place of one of `words` words, and pushes
    /// it: half as much again where that fits, less in tight memory. A Buffer is not cleared: what
    /// lies behind its content is never seen.
    ///
    /// It never grows by less than a 64th, or else adding to something large word by word would
    /// copy all of it each time.
    pub(crate) fn alloc_grown(&mut self, kind: Kind, words: u32, needed: u32) -> PyResult<Local> {
        let mut shares = [1, 3, 6].into_iter();
        loop {
            let wanted = needed.max(words + (words >> shares.next().unwrap_or(6)));
            let grown = match kind {
                Kind::Buffer => self.heap.alloc_raw(kind, wanted),
                _ => self.heap.alloc(kind, wanted),
            };
            match grown {
                Ok(slot) => return Ok(slot),
                Err(_) if shares.len() > 0 => {}
                Err(error) => return Err(self.raise_memory(error)),
            }
        }
    }

    /// The stack height, to go back to with [`Vm::release`]: for natives that loop.
    #[inline(always)]
    pub fn mark(&self) -> u32 {
        self.heap.sp()
    }

    /// Drops every slot pushed since `mark`.
    #[inline(always)]
    pub fn release(&mut self, mark: u32) {
        self.heap.set_sp(mark);
    }

    /// Drops every slot pushed since `mark` but keeps the value of `slot`, which becomes the first
    /// one after `mark`.
    #[inline(always)]
    pub fn keep<T: ?Sized>(&mut self, mark: u32, slot: Local<T>) -> Local<T> {
        let kept = Local::at(mark);
        self.heap.set(kept, self.heap.get(slot));
        self.heap.set_sp(mark + 4);
        kept
    }

    /// Runs `body` one native level deeper; raises RuntimeError when that is too deep. Every native
    /// that may recurse through Python data (printing, comparing, calling) goes through this.
    pub fn nested<R>(&mut self, body: impl FnOnce(&mut Self) -> PyResult<R>) -> PyResult<R> {
        if self.native_depth >= self.max_native_depth {
            return Err(self.raise_recursion());
        }
        self.stop_if_interrupted()?;
        self.native_depth += 1;
        let res = body(self);
        self.native_depth -= 1;
        res
    }

    /// Rounds to the width that this VM's floats have.
    #[inline]
    pub fn round_float(&self, float: Float) -> Float {
        #[cfg(feature = "double")]
        if self.single_floats {
            return f64::from(float as f32);
        }
        float
    }

    /// Sets the optimisation level of `-O` and `micropython.opt_level`.
    pub fn set_optimise(&mut self, level: u8) {
        self.optimise = level;
    }

    /// The optimisation level.
    pub fn optimise(&self) -> u8 {
        self.optimise
    }

    /// The module with this full name becomes `__main__` when it is loaded (`-m`).
    pub fn set_main_import(&mut self, name: Option<Qstr>) {
        self.main_import = name;
    }

    /// What [`Self::set_main_import`] was told.
    pub fn main_import(&self) -> Option<Qstr> {
        self.main_import
    }

    /// Whether floats are 32-bit.
    pub fn has_single_floats(&self) -> bool {
        self.single_floats || cfg!(not(feature = "double"))
    }

    /// `Config::builtins`.
    pub fn builtins_table(&self) -> &'static Table {
        self.builtins
    }

    /// The table of a native type of the core, by its number in [`table`].
    pub fn core_table(&self, id: u16) -> &'static Table {
        self.registry.get(usize::from(id)).copied().unwrap_or(table::CORE[0])
    }

    /// The name that `Qstr` stands for, as a value.
    pub fn name_value(name: Qstr) -> Value<'static> {
        Value::from_qstr(name.0)
    }
}

impl core::fmt::Debug for Vm {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Vm").field("depth", &self.depth).finish_non_exhaustive()
    }
}
