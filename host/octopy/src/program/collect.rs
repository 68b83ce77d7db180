//! `Collector`: a host for the compiler that keeps what it is given.

use std::collections::HashMap;

use octopy_compiler::{CodeParts, Const, Host, Item, Mode, compile_module};
use octopy_mpy::Prelude;
use octopy_qstr::{COUNT, Qstr};
use octopy_syntax::testing::VecStore;
use octopy_syntax::{Area, Failure, NameId, OutOfMemory, Store};

use super::decimal::decimal;
use super::numbering::{Numbering, Uses};
use super::{Constant, Function, Program};

/// Compiles a program.
pub(super) fn compile(source: &[u8], file: &str, optimise: u8) -> Result<Program, Failure> {
    let names = vec![file.as_bytes().to_vec()];
    let numbering = Numbering { names, ..Numbering::default() };
    let first = compile_numbered(source, optimise, numbering)?;
    let numbering = Numbering::of(&first.program, &first.uses);
    Ok(compile_numbered(source, optimise, numbering)?.program)
}

fn compile_numbered(
    source: &[u8],
    optimise: u8,
    numbering: Numbering,
) -> Result<Collector, Failure> {
    let mut collector = Collector { optimise, ..Collector::default() };
    let names = &mut collector.program.names;
    *names = numbering.names;
    collector.indexes = names.iter().cloned().zip(0..).collect();
    collector.places = numbering.consts;
    collector.n_placed = numbering.n_consts;
    collector.program.consts.resize(numbering.n_consts as usize, Constant::None);
    compile_module(source.iter(), &mut collector, Mode::File)?;
    Ok(collector)
}

#[derive(Default)]
struct Collector {
    optimise: u8,
    areas: VecStore,
    /// Names that are not known at build time; the first is number [`COUNT`].
    texts: Vec<Vec<u8>>,
    ids: HashMap<Vec<u8>, NameId>,
    /// Indexes of the program's names.
    indexes: HashMap<Vec<u8>, u32>,
    program: Program,
    /// The constants in the order in which they come.
    consts: Vec<Constant>,
    /// Where each is among them: equal ones are one.
    const_indexes: HashMap<Constant, usize>,
    /// The numbers of those whose number is known already; the others' follow, from `n_placed` on.
    places: Vec<Option<u32>>,
    n_placed: u32,
    /// The children so far of each open function, the innermost last.
    open: Vec<(Vec<Function>, Uses)>,
    /// The next name is a variable's.
    is_variable: bool,
    /// What the outermost function uses.
    uses: Uses,
}

impl Collector {
    fn text(&self, start: u32, len: u32) -> Vec<u8> {
        let text = self.areas.bytes(Area::Text);
        text.get(start as usize..(start + len) as usize).unwrap_or_default().to_vec()
    }

    fn number(&self, start: u32, len: u32, negative: bool) -> String {
        let sign = if negative { "-" } else { "" };
        format!("{sign}{}", String::from_utf8_lossy(&self.text(start, len)))
    }

    fn constant(&self, value: Const) -> Constant {
        match value {
            Const::Int { start, len, negative } => {
                let digits = decimal(&String::from_utf8_lossy(&self.text(start, len)));
                Constant::Int(if negative { format!("-{digits}") } else { digits })
            }
            Const::Float { start, len, negative } => {
                Constant::Float(self.number(start, len, negative))
            }
            Const::Imaginary { start, len } => {
                Constant::Complex(self.number(start, len, false) + "j")
            }
            Const::Str { start, len } => Constant::Str(self.text(start, len)),
            Const::Bytes { start, len } => Constant::Bytes(self.text(start, len)),
            Const::Ellipsis => Constant::Ellipsis,
            Const::Tuple { start, count } => Constant::Tuple(
                (0..count).map(|at| self.item(Item::read(self, start, at))).collect(),
            ),
        }
    }

    fn item(&self, item: Item) -> Constant {
        match item {
            Item::Int(value) => Constant::Int(value.to_string()),
            Item::Name(name) => Constant::Str(self.name_text(name).to_vec()),
            Item::Const(index) => {
                let constant = match index.checked_sub(self.n_placed) {
                    Some(index) => self.consts.get(index as usize),
                    None => self.program.consts.get(index as usize),
                };
                constant.cloned().unwrap_or(Constant::None)
            }
            Item::None => Constant::None,
            Item::False => Constant::False,
            Item::True => Constant::True,
        }
    }

    fn words(&self, start: u32, count: u32) -> Vec<u32> {
        (start..start + count).map(|at| self.areas.word(Area::Misc, at)).collect()
    }

    fn index_of(&mut self, name: NameId) -> Result<u32, OutOfMemory> {
        let text = self.name_text(name).to_vec();
        if let Some(index) = self.indexes.get(&text) {
            return Ok(*index);
        }
        let index = u32::try_from(self.program.names.len()).map_err(|_| OutOfMemory)?;
        self.program.names.push(text.clone());
        self.indexes.insert(text, index);
        Ok(index)
    }

    fn tail(&self, area: Area, start: u32) -> Vec<u8> {
        self.areas.bytes(area).get(start as usize..).unwrap_or_default().to_vec()
    }
}

impl Store for Collector {
    fn len(&self, area: Area) -> u32 {
        self.areas.len(area)
    }

    fn word(&self, area: Area, index: u32) -> u32 {
        self.areas.word(area, index)
    }

    fn set_word(&mut self, area: Area, index: u32, word: u32) {
        self.areas.set_word(area, index, word);
    }

    fn push_word(&mut self, area: Area, word: u32) -> Result<(), OutOfMemory> {
        self.areas.push_word(area, word)
    }

    fn bytes(&self, area: Area) -> &[u8] {
        self.areas.bytes(area)
    }

    fn set_byte(&mut self, area: Area, index: u32, byte: u8) {
        self.areas.set_byte(area, index, byte);
    }

    fn push_byte(&mut self, area: Area, byte: u8) -> Result<(), OutOfMemory> {
        self.areas.push_byte(area, byte)
    }

    fn truncate(&mut self, area: Area, len: u32) {
        self.areas.truncate(area, len);
    }

    fn intern_text(&mut self, start: u32) -> Result<NameId, OutOfMemory> {
        let text = self.tail(Area::Text, start);
        self.areas.truncate(Area::Text, start);
        if let Some(qstr) = Qstr::find_rom(&text) {
            return Ok(NameId(qstr.0));
        }
        if let Some(id) = self.ids.get(&text) {
            return Ok(*id);
        }
        let number = usize::from(COUNT) + self.texts.len();
        let id = NameId(u16::try_from(number).map_err(|_| OutOfMemory)?);
        self.texts.push(text.clone());
        self.ids.insert(text, id);
        Ok(id)
    }

    fn name_text(&self, name: NameId) -> &[u8] {
        match Qstr(name.0).rom_text() {
            Some(text) => text.as_bytes(),
            None => self
                .texts
                .get(usize::from(name.0.saturating_sub(COUNT)))
                .map_or(b"?".as_slice(), Vec::as_slice),
        }
    }
}

impl Host for Collector {
    fn optimise(&self) -> u8 {
        self.optimise
    }

    fn segment(&self) -> u32 {
        u32::MAX
    }

    fn name_index(&mut self, name: NameId) -> Result<u32, OutOfMemory> {
        let index = self.index_of(name)?;
        let is_variable = std::mem::take(&mut self.is_variable);
        if let Some((_, uses)) = self.open.last_mut() {
            uses.names.push((index, is_variable));
        }
        Ok(index)
    }

    fn next_is_variable(&mut self) {
        self.is_variable = true;
    }

    fn const_index(&mut self, value: Const) -> Result<u32, OutOfMemory> {
        let constant = self.constant(value);
        let known = self.const_indexes.get(&constant).copied();
        let index = known.unwrap_or(self.consts.len());
        let place = self.places.get(index).copied().flatten();
        if let Some(slot) = place.and_then(|place| self.program.consts.get_mut(place as usize)) {
            *slot = constant.clone();
        }
        if known.is_none() {
            self.const_indexes.insert(constant.clone(), index);
            self.consts.push(constant);
        }
        let index = u32::try_from(index).map_err(|_| OutOfMemory)?;
        Ok(place.unwrap_or(self.n_placed + index))
    }

    fn open_code(&mut self) -> Result<(), OutOfMemory> {
        self.open.push(Default::default());
        Ok(())
    }

    fn close_code(&mut self, parts: &CodeParts) -> Result<u32, OutOfMemory> {
        let args = self.words(parts.arg_names_start, parts.n_pos_args + parts.n_kwonly_args);
        let arg_names = args.into_iter().map(|name| self.index_of(NameId(name as u16)));
        let arg_names = arg_names.collect::<Result<Vec<_>, _>>()?;
        let name = self.index_of(parts.name)?;
        let (children, mut uses) = self.open.pop().unwrap_or_default();
        uses.own = name;
        uses.parameters.clone_from(&arg_names);
        let cells = self.words(parts.cells_start, parts.n_cells);
        let function = Function {
            prelude: Prelude {
                n_state: (parts.n_locals + parts.max_stack).max(1),
                n_handlers: parts.max_handlers,
                flags: u32::from(parts.flags),
                n_pos_args: parts.n_pos_args,
                n_kwonly_args: parts.n_kwonly_args,
                n_def_pos_args: parts.n_def_pos_args,
                ..Prelude::default()
            },
            name,
            arg_names,
            lines: self.tail(Area::Lines, parts.lines_start),
            cells: cells.into_iter().map(|local| local as u8).collect(),
            code: self.tail(Area::Code, parts.code_start),
            children,
        };
        match self.open.last_mut() {
            Some((siblings, outer)) => {
                outer.inner.push(uses);
                siblings.push(function);
                u32::try_from(siblings.len() - 1).map_err(|_| OutOfMemory)
            }
            None => {
                self.program.module = function;
                self.uses = uses;
                Ok(0)
            }
        }
    }
}
