//! For tests: a store of plain vectors, and a text form of trees.
//!
//! Only with the feature `std` (or in this crate's own tests).

use std::collections::HashMap;
use std::string::{String, ToString as _};
use std::vec::Vec;

use crate::{Area, Child, Failure, NameId, NodeId, NodeKind, OutOfMemory, Parser, Store, Tree};

/// A [`Store`] of vectors, whose names are numbered from 1 in order of appearance.
#[derive(Debug, Clone, Default)]
pub struct VecStore {
    words: [Vec<u32>; Area::COUNT],
    bytes: [Vec<u8>; Area::COUNT],
    names: Vec<Vec<u8>>,
    ids: HashMap<Vec<u8>, u16>,
    /// Pushes and new names that are still granted; `None` is no limit. For tests of running out
    /// of memory.
    pub budget: Option<u32>,
}

impl VecStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of `text` as a name.
    pub fn intern(&mut self, text: &[u8]) -> Result<NameId, OutOfMemory> {
        if let Some(&id) = self.ids.get(text) {
            return Ok(NameId(id));
        }
        self.spend()?;
        let id = u16::try_from(self.names.len() + 1).map_err(|_| OutOfMemory)?;
        self.names.push(text.to_vec());
        self.ids.insert(text.to_vec(), id);
        Ok(NameId(id))
    }

    fn spend(&mut self) -> Result<(), OutOfMemory> {
        match &mut self.budget {
            None => Ok(()),
            Some(0) => Err(OutOfMemory),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
        }
    }
}

impl Store for VecStore {
    fn len(&self, area: Area) -> u32 {
        let index = area as usize;
        (if area.is_bytes() { self.bytes[index].len() } else { self.words[index].len() }) as u32
    }

    fn word(&self, area: Area, index: u32) -> u32 {
        self.words[area as usize].get(index as usize).copied().unwrap_or(0)
    }

    fn set_word(&mut self, area: Area, index: u32, word: u32) {
        if let Some(place) = self.words[area as usize].get_mut(index as usize) {
            *place = word;
        }
    }

    fn push_word(&mut self, area: Area, word: u32) -> Result<(), OutOfMemory> {
        debug_assert!(!area.is_bytes());
        self.spend()?;
        self.words[area as usize].push(word);
        Ok(())
    }

    fn bytes(&self, area: Area) -> &[u8] {
        &self.bytes[area as usize]
    }

    fn set_byte(&mut self, area: Area, index: u32, byte: u8) {
        if let Some(place) = self.bytes[area as usize].get_mut(index as usize) {
            *place = byte;
        }
    }

    fn push_byte(&mut self, area: Area, byte: u8) -> Result<(), OutOfMemory> {
        debug_assert!(area.is_bytes());
        self.spend()?;
        self.bytes[area as usize].push(byte);
        Ok(())
    }

    fn truncate(&mut self, area: Area, len: u32) {
        self.words[area as usize].truncate(len as usize);
        self.bytes[area as usize].truncate(len as usize);
    }

    fn intern_text(&mut self, start: u32) -> Result<NameId, OutOfMemory> {
        let area = Area::Text as usize;
        let text = self.bytes[area].split_off((start as usize).min(self.bytes[area].len()));
        self.intern(&text)
    }

    fn name_text(&self, name: NameId) -> &[u8] {
        (name.0 as usize)
            .checked_sub(1)
            .and_then(|index| self.names.get(index))
            .map_or(b"", |text| text)
    }
}

/// The trees of all statements of `program`, one a line.
pub fn parse(program: &[u8]) -> Result<String, Failure> {
    let mut store = VecStore::new();
    let mut parser = Parser::new(program.iter());
    let mut out = String::new();
    while let Some(node) = parser.next_statement(&mut store)? {
        if !out.is_empty() {
            out.push('\n');
        }
        dump_into(&store, node, &mut out);
    }
    Ok(out)
}

/// The tree under `id` as one line: `(Kind:aux child...)`, leaves as what they stand for.
pub fn dump<S: Store + ?Sized>(store: &S, id: NodeId) -> String {
    let mut out = String::new();
    dump_into(store, id, &mut out);
    out
}

fn dump_into<S: Store + ?Sized>(store: &S, id: NodeId, out: &mut String) {
    let node = Tree::node(store, id);
    let text = |out: &mut String, prefix: &str, quoted: bool| {
        let (start, len) = (node.payload as usize, node.aux as usize);
        let bytes = store.bytes(Area::Text).get(start..start + len).unwrap_or(b"?");
        out.push_str(prefix);
        if quoted {
            out.push('\'');
        }
        match core::str::from_utf8(bytes) {
            Ok(text) if prefix != "b" => {
                out.push_str(&text.replace('\\', "\\\\").replace('\n', "\\n"))
            }
            _ => out.push_str(&bytes.escape_ascii().to_string()),
        }
        if quoted {
            out.push('\'');
        }
    };
    match node.kind {
        NodeKind::Absent => out.push('-'),
        NodeKind::Star => out.push('*'),
        NodeKind::Ellipsis => out.push_str("..."),
        NodeKind::Name => out.push_str(&String::from_utf8_lossy(store.name_text(Tree::name(node)))),
        NodeKind::Int => out.push_str(&std::format!("{}", node.payload)),
        NodeKind::IntText => text(out, "big:", false),
        NodeKind::Float => text(out, "float:", false),
        NodeKind::Imaginary => text(out, "imag:", false),
        NodeKind::Str => text(out, "", true),
        NodeKind::Bytes => text(out, "b", true),
        kind => {
            out.push('(');
            match kind {
                NodeKind::Binary | NodeKind::AugAssign => {
                    out.push_str(operator(Tree::BINARY_OPERATORS, node.aux));
                    if kind == NodeKind::AugAssign {
                        out.push('=');
                    }
                }
                NodeKind::CompareTail => {
                    out.push_str(operator(Tree::COMPARE_OPERATORS, node.aux));
                }
                NodeKind::Unary => out.push_str(operator(&["+", "-", "~"], node.aux)),
                NodeKind::FormatField if node.aux != 0 => {
                    out.push_str("FormatField!");
                    out.push(char::from_u32(node.aux).unwrap_or('?'));
                }
                _ => {
                    out.push_str(&std::format!("{kind:?}"));
                    if node.aux != 0 {
                        out.push_str(&std::format!(":{}", node.aux));
                    }
                }
            }
            let mut children = Child::of(node);
            while let Some((child, _)) = children.take(store) {
                out.push(' ');
                dump_into(store, child, out);
            }
            out.push(')');
        }
    }
}

fn operator(table: &[&'static str], index: u32) -> &'static str {
    table.get(index as usize).copied().unwrap_or("?")
}
