//! `Listing`: a host for the compiler that keeps what it is given, to be read by people.

use std::collections::HashMap;
use std::fmt::Write as _;

use octopy_bytecode::disassemble::{Reference, disassemble_with};
use octopy_bytecode::lines::line_at;
use octopy_compiler::{CodeParts, Const, Host, Item};
use octopy_qstr::{COUNT, Qstr};
use octopy_syntax::testing::VecStore;
use octopy_syntax::{Area, NameId, OutOfMemory, Store};

/// The names and constants of a module, and its code.
#[derive(Debug, Default)]
pub(super) struct Listing {
    areas: VecStore,
    /// Names that are not known at build time; the first is number [`COUNT`].
    texts: Vec<Vec<u8>>,
    ids: HashMap<Vec<u8>, NameId>,
    names: Vec<NameId>,
    consts: Vec<String>,
    /// The children so far of each open code object, the innermost last.
    open: Vec<Vec<Code>>,
    module: Option<Code>,
}

/// A finished code object.
#[derive(Debug)]
struct Code {
    name: String,
    parts: CodeParts,
    code: Vec<u8>,
    lines: Vec<u8>,
    children: Vec<Code>,
}

impl Listing {
    /// Every code object, outer ones first.
    pub(super) fn text(&self) -> String {
        let mut out = String::new();
        let mut waiting: Vec<&Code> = self.module.iter().collect();
        while let Some(code) = waiting.pop() {
            // Writing to a string cannot fail.
            let _ = self.write_code(code, &mut out);
            waiting.extend(code.children.iter().rev());
        }
        out
    }

    fn write_code(&self, code: &Code, out: &mut String) -> std::fmt::Result {
        let parts = &code.parts;
        if !out.is_empty() {
            out.push('\n');
        }
        writeln!(
            out,
            "{}, line {}, {} arguments, {} locals, stack {}, {} bytes:",
            code.name,
            parts.first_line,
            parts.n_pos_args + parts.n_kwonly_args,
            parts.n_locals,
            parts.max_stack,
            code.code.len()
        )?;
        let mut plain = String::new();
        disassemble_with(&code.code, &mut plain, &mut |reference, out| match reference {
            Reference::Name(index) => match self.names.get(index as usize) {
                Some(name) => write!(out, " {}", self.name(*name)),
                None => Ok(()),
            },
            Reference::Const(index) => match self.consts.get(index as usize) {
                Some(text) => write!(out, " {text}"),
                None => Ok(()),
            },
            Reference::Child(index) => match code.children.get(index as usize) {
                Some(child) => write!(out, " {}", child.name),
                None => Ok(()),
            },
        })?;
        let mut last = 0;
        for row in plain.lines() {
            let (offset, rest) = row.split_once(' ').unwrap_or((row, ""));
            let line = line_at(&code.lines, offset.parse().unwrap_or(0));
            let shown = if line == last { String::new() } else { line.to_string() };
            writeln!(out, "{shown:>6} {offset:>6}  {rest}")?;
            last = line;
        }
        Ok(())
    }

    fn name(&self, id: NameId) -> String {
        String::from_utf8_lossy(self.name_text(id)).into_owned()
    }

    fn literal(&self, start: u32, len: u32) -> String {
        let text = self.areas.bytes(Area::Text);
        let bytes = text.get(start as usize..(start + len) as usize).unwrap_or_default();
        String::from_utf8_lossy(bytes).into_owned()
    }

    fn quoted(&self, start: u32, len: u32) -> String {
        format!("'{}'", self.literal(start, len).escape_debug())
    }

    fn constant(&self, value: Const) -> String {
        let sign = |negative| if negative { "-" } else { "" };
        match value {
            Const::Int { start, len, negative } | Const::Float { start, len, negative } => {
                format!("{}{}", sign(negative), self.literal(start, len))
            }
            Const::Imaginary { start, len } => format!("{}j", self.literal(start, len)),
            Const::Str { start, len } => self.quoted(start, len),
            Const::Bytes { start, len } => format!("b{}", self.quoted(start, len)),
            Const::Ellipsis => "...".to_owned(),
            Const::Tuple { start, count } => {
                let items: Vec<String> =
                    (0..count).map(|at| self.item(Item::read(self, start, at))).collect();
                format!("({})", items.join(", "))
            }
        }
    }

    fn item(&self, item: Item) -> String {
        match item {
            Item::Int(value) => value.to_string(),
            Item::Name(name) => format!("'{}'", self.name(name).escape_debug()),
            Item::Const(index) => self.consts.get(index as usize).cloned().unwrap_or_default(),
            Item::None => "None".to_owned(),
            Item::False => "False".to_owned(),
            Item::True => "True".to_owned(),
        }
    }
}

impl Store for Listing {
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
        let text = self.areas.bytes(Area::Text).get(start as usize..).unwrap_or_default().to_vec();
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

impl Host for Listing {
    fn name_index(&mut self, name: NameId) -> Result<u32, OutOfMemory> {
        index_of(&mut self.names, name)
    }

    fn const_index(&mut self, value: Const) -> Result<u32, OutOfMemory> {
        let text = self.constant(value);
        index_of(&mut self.consts, text)
    }

    fn open_code(&mut self) -> Result<(), OutOfMemory> {
        self.open.push(Vec::new());
        Ok(())
    }

    fn close_code(&mut self, parts: &CodeParts) -> Result<u32, OutOfMemory> {
        let from = |area, start: u32| {
            self.areas.bytes(area).get(start as usize..).unwrap_or_default().to_vec()
        };
        let code = Code {
            name: self.name(parts.name),
            parts: *parts,
            code: from(Area::Code, parts.code_start),
            lines: from(Area::Lines, parts.lines_start),
            children: self.open.pop().unwrap_or_default(),
        };
        match self.open.last_mut() {
            Some(siblings) => {
                siblings.push(code);
                u32::try_from(siblings.len() - 1).map_err(|_| OutOfMemory)
            }
            None => {
                self.module = Some(code);
                Ok(0)
            }
        }
    }
}

/// The index of `value` in `all`, where it is put if it is new.
fn index_of<T: PartialEq>(all: &mut Vec<T>, value: T) -> Result<u32, OutOfMemory> {
    let at = all.iter().position(|known| *known == value).unwrap_or_else(|| {
        all.push(value);
        all.len() - 1
    });
    u32::try_from(at).map_err(|_| OutOfMemory)
}
