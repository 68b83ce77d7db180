//! A host for tests: keeps everything it is given, and verifies each code object.

use std::collections::HashMap;

use octopy_bytecode::disassemble::{Reference, disassemble_with};
use octopy_bytecode::lines::line_at;
use octopy_bytecode::verify::{Fault, Function, free_variables, survey, verify};
use octopy_qstr::{COUNT, Qstr};
use octopy_syntax::testing::VecStore;
use octopy_syntax::{Area, NameId, OutOfMemory, Store};

use crate::{CodeParts, Const, Host, Item};

/// A finished code object.
#[derive(Debug, Clone, Default)]
pub(crate) struct Code {
    pub(crate) name: String,
    pub(crate) first_line: u32,
    pub(crate) flags: u8,
    pub(crate) n_pos_args: u32,
    pub(crate) n_kwonly_args: u32,
    pub(crate) n_def_pos_args: u32,
    pub(crate) n_locals: u32,
    pub(crate) max_stack: u32,
    pub(crate) max_handlers: u32,
    pub(crate) arg_names: Vec<String>,
    pub(crate) cells: Vec<u32>,
    pub(crate) code: Vec<u8>,
    pub(crate) lines: Vec<u8>,
    pub(crate) children: Vec<Code>,
}

/// Names and constants of a module, and its code.
#[derive(Default)]
pub(crate) struct TestHost {
    pub(crate) store: VecStore,
    texts: Vec<Vec<u8>>,
    ids: HashMap<Vec<u8>, u16>,
    names: Vec<NameId>,
    pub(crate) consts: Vec<String>,
    open: Vec<Vec<Code>>,
    pub(crate) module: Option<Code>,
    /// The longest that each area ever was, if that is wanted.
    pub(crate) peaks: Option<[u32; Area::COUNT]>,
}

impl TestHost {
    fn text(&self, start: u32, len: u32) -> Vec<u8> {
        self.store.bytes(Area::Text)[start as usize..(start + len) as usize].to_vec()
    }

    fn note_peak(&mut self, area: Area) {
        let len = self.store.len(area);
        if let Some(peaks) = &mut self.peaks {
            let peak = &mut peaks[area as usize];
            *peak = len.max(*peak);
        }
    }

    fn name(&self, id: NameId) -> String {
        String::from_utf8_lossy(self.name_text(id)).into_owned()
    }

    fn words(&self, start: u32, count: u32) -> Vec<u32> {
        (start..start + count).map(|idx| self.store.word(Area::Misc, idx)).collect()
    }

    /// The code with what names and constants mean, and a line number where it changes.
    pub(crate) fn disassembly(&self, code: &Code) -> String {
        let mut out = String::new();
        disassemble_with(&code.code, &mut out, &mut |reference, out| match reference {
            Reference::Name(index) => write!(out, " {}", self.name(self.names[index as usize])),
            Reference::Const(index) => write!(out, " {}", self.consts[index as usize]),
            Reference::Child(index) => write!(out, " {}", code.children[index as usize].name),
        })
        .unwrap();
        out
    }

    /// The lines of all instructions.
    pub(crate) fn lines(&self, code: &Code) -> Vec<u32> {
        (0..code.code.len() as u32).map(|at| line_at(&code.lines, at)).collect()
    }

    /// Verifies a module's code and all that is inside it and can be run.
    fn check(&self, module: &Code) {
        let mut waiting = vec![(module, 0)];
        while let Some((code, n_free)) = waiting.pop() {
            let free = self.verified(code, n_free);
            waiting.extend(
                code.children.iter().zip(free).filter_map(|(child, free)| Some((child, free?))),
            );
        }
    }

    /// Verifies a code object with so many free variables; gives those of its children.
    fn verified(&self, code: &Code, n_free: u32) -> Vec<Option<u32>> {
        let cells: Vec<u8> = code.cells.iter().map(|&local| local as u8).collect();
        let stars = (code.flags & CodeParts::VAR_ARGS).count_ones()
            + (code.flags & CodeParts::VAR_KEYWORDS).count_ones();
        let function = Function {
            code: &code.code,
            n_names: self.names.len() as u32,
            n_consts: self.consts.len() as u32,
            n_children: code.children.len() as u32,
            n_params: code.n_pos_args + code.n_kwonly_args + stars,
            n_free,
            cells: &cells,
            is_generator: code.flags & CodeParts::GENERATOR != 0,
            max_state: code.n_locals + code.max_stack,
            max_handlers: code.max_handlers,
        };
        let text = |fault: Fault| format!("{}: {fault:?}\n{}", code.name, self.disassembly(code));
        let survey = survey(&function).map_err(text).unwrap();
        let mut scratch = vec![0; survey.words as usize];
        let mut scratch = &mut scratch[..];
        let figures = verify(&function, &survey, &mut scratch).map_err(text).unwrap();
        assert!(figures.n_locals <= code.n_locals, "{}: {figures:?}", code.name);
        (0..function.n_children).map(|child| free_variables(&scratch, child)).collect()
    }
}

impl Store for TestHost {
    fn len(&self, area: Area) -> u32 {
        self.store.len(area)
    }

    fn word(&self, area: Area, index: u32) -> u32 {
        self.store.word(area, index)
    }

    fn set_word(&mut self, area: Area, index: u32, word: u32) {
        self.store.set_word(area, index, word);
    }

    fn push_word(&mut self, area: Area, word: u32) -> Result<(), OutOfMemory> {
        self.store.push_word(area, word)?;
        self.note_peak(area);
        Ok(())
    }

    fn bytes(&self, area: Area) -> &[u8] {
        self.store.bytes(area)
    }

    fn set_byte(&mut self, area: Area, index: u32, byte: u8) {
        self.store.set_byte(area, index, byte);
    }

    fn push_byte(&mut self, area: Area, byte: u8) -> Result<(), OutOfMemory> {
        self.store.push_byte(area, byte)?;
        self.note_peak(area);
        Ok(())
    }

    fn truncate(&mut self, area: Area, len: u32) {
        self.store.truncate(area, len);
    }

    fn intern_text(&mut self, start: u32) -> Result<NameId, OutOfMemory> {
        let text = self.store.bytes(Area::Text)[start as usize..].to_vec();
        self.store.truncate(Area::Text, start);
        if let Some(qstr) = Qstr::find_rom(&text) {
            return Ok(NameId(qstr.0));
        }
        if let Some(&id) = self.ids.get(&text) {
            return Ok(NameId(id));
        }
        let id = COUNT + self.texts.len() as u16;
        self.texts.push(text.clone());
        self.ids.insert(text, id);
        Ok(NameId(id))
    }

    fn name_text(&self, name: NameId) -> &[u8] {
        match Qstr(name.0).rom_text() {
            Some(text) => text.as_bytes(),
            None => &self.texts[usize::from(name.0 - COUNT)],
        }
    }
}

impl Host for TestHost {
    fn name_index(&mut self, name: NameId) -> Result<u32, OutOfMemory> {
        let found = self.names.iter().position(|&known| known == name);
        Ok(found.unwrap_or_else(|| {
            self.names.push(name);
            self.names.len() - 1
        }) as u32)
    }

    fn const_index(&mut self, value: Const) -> Result<u32, OutOfMemory> {
        let text = |start, len| String::from_utf8_lossy(&self.text(start, len)).into_owned();
        let sign = |negative| if negative { "-" } else { "" };
        let value = match value {
            Const::Int { start, len, negative } => {
                format!("{}{}", sign(negative), text(start, len))
            }
            Const::Float { start, len, negative } => {
                format!("{}{}", sign(negative), text(start, len))
            }
            Const::Imaginary { start, len } => format!("{}j", text(start, len)),
            Const::Str { start, len } => format!("{:?}", text(start, len)),
            Const::Bytes { start, len } => format!("b{:?}", text(start, len)),
            Const::Ellipsis => "...".to_owned(),
            Const::Tuple { start, count } => {
                let items = (0..count).map(|idx| match Item::read(self, start, idx) {
                    Item::Int(value) => value.to_string(),
                    Item::Name(name) => format!("{:?}", self.name(name)),
                    Item::Const(index) => self.consts[index as usize].clone(),
                    other => format!("{other:?}"),
                });
                format!("({})", items.collect::<Vec<_>>().join(", "))
            }
        };
        let found = self.consts.iter().position(|known| *known == value);
        Ok(found.unwrap_or_else(|| {
            self.consts.push(value);
            self.consts.len() - 1
        }) as u32)
    }

    fn open_code(&mut self) -> Result<(), OutOfMemory> {
        self.open.push(Vec::new());
        Ok(())
    }

    fn close_code(&mut self, parts: &CodeParts) -> Result<u32, OutOfMemory> {
        let n_names = parts.n_pos_args + parts.n_kwonly_args;
        let names = self.words(parts.arg_names_start, n_names);
        let code = Code {
            name: self.name(parts.name),
            first_line: parts.first_line,
            flags: parts.flags,
            n_pos_args: parts.n_pos_args,
            n_kwonly_args: parts.n_kwonly_args,
            n_def_pos_args: parts.n_def_pos_args,
            n_locals: parts.n_locals,
            max_stack: parts.max_stack,
            max_handlers: parts.max_handlers,
            arg_names: names.iter().map(|&name| self.name(NameId(name as u16))).collect(),
            cells: self.words(parts.cells_start, parts.n_cells),
            code: self.store.bytes(Area::Code)[parts.code_start as usize..].to_vec(),
            lines: self.store.bytes(Area::Lines)[parts.lines_start as usize..].to_vec(),
            children: self.open.pop().unwrap(),
        };
        match self.open.last_mut() {
            Some(siblings) => {
                siblings.push(code);
                Ok(siblings.len() as u32 - 1)
            }
            None => {
                self.check(&code);
                self.module = Some(code);
                Ok(0)
            }
        }
    }
}
