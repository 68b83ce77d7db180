//! Imports.

use octopy_bytecode::Instruction;
use octopy_qstr::q;
use octopy_syntax::{Area, Child, NameId, Node, NodeKind, Tree};

use crate::Host;
use crate::compiler::{Compiler, Outcome, name};
use crate::scope::ScopeKind;

/// The parts of an Alias.
struct Alias {
    /// The names of the path.
    path: Child,
    first: NameId,
    renamed: Option<NameId>,
}

impl<H: Host + ?Sized> Compiler<'_, H> {
    fn alias(&self, node: Node) -> Alias {
        let path = Child::of(node);
        let mut children = path;
        let first = Tree::name(self.first(node).1);
        while let Some((_, part)) = self.take(&mut children) {
            if part.kind == NodeKind::Absent {
                break;
            }
        }
        let renamed = self.take(&mut children).map(|(_, node)| Tree::name(node));
        Alias { path, first, renamed }
    }

    #[inline(never)]
    pub(crate) fn import(&mut self, node: Node) -> Outcome {
        let mut children = Child::of(node);
        while let Some((_, child)) = self.take(&mut children) {
            let alias = self.alias(child);
            self.load_int(0)?;
            self.load_none()?;
            self.import_path(alias.path)?;
            if alias.renamed.is_some() {
                // The import gives the outermost package; the name means the innermost.
                let mut path = alias.path;
                self.next(&mut path);
                while let Some((_, part)) = self.take(&mut path) {
                    if part.kind == NodeKind::Absent {
                        break;
                    }
                    self.load_attr(Tree::name(part))?;
                }
            }
            self.store_id(alias.renamed.unwrap_or(alias.first))?;
        }
        Ok(())
    }

    /// Imports the module of a path: Names up to an Absent or the end.
    fn import_path(&mut self, mut path: Child) -> Outcome {
        let start = self.host.len(Area::Text);
        let mut is_first = true;
        while let Some((_, part)) = self.take(&mut path) {
            if part.kind != NodeKind::Name {
                break;
            }
            if !is_first {
                self.host.push_byte(Area::Text, b'.')?;
            }
            is_first = false;
            self.push_name(Tree::name(part))?;
        }
        let path = self.host.intern_text(start)?;
        let name = self.host.name_index(path)?;
        self.op(Instruction::ImportName { name })
    }

    /// Appends the text of a name to the Text area.
    fn push_name(&mut self, name: NameId) -> Outcome {
        let mut idx = 0;
        while let Some(&byte) = self.host.name_text(name).get(idx) {
            self.host.push_byte(Area::Text, byte)?;
            idx += 1;
        }
        Ok(())
    }

    #[inline(never)]
    pub(crate) fn import_from(&mut self, node: Node) -> Outcome {
        let path = Child::of(node);
        let mut aliases = path;
        while let Some((_, part)) = self.take(&mut aliases) {
            if part.kind == NodeKind::Absent {
                break;
            }
        }
        let level = i32::try_from(node.aux).unwrap_or(i32::MAX);
        let mut first = aliases;
        let (_, first) = self.next(&mut first);
        if self.first(first).1.kind == NodeKind::Star {
            if self.unit.kind != ScopeKind::Module {
                return Err(self.wrong(node, "import * not at module level"));
            }
            self.load_int(level)?;
            self.load_string(name(q::star))?;
            self.op(Instruction::BuildTuple { count: 1 })?;
            self.import_path(path)?;
            return self.op(Instruction::ImportStar {});
        }
        self.load_int(level)?;
        let mut children = aliases;
        let mut count = 0;
        while let Some((_, child)) = self.take(&mut children) {
            self.load_string(self.alias(child).first)?;
            count += 1;
        }
        self.op(Instruction::BuildTuple { count })?;
        self.import_path(path)?;
        let mut children = aliases;
        while let Some((_, child)) = self.take(&mut children) {
            let alias = self.alias(child);
            let name = self.host.name_index(alias.first)?;
            self.op(Instruction::ImportFrom { name })?;
            self.store_id(alias.renamed.unwrap_or(alias.first))?;
        }
        self.pop_top()
    }
}
