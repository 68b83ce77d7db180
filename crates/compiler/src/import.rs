//! Imports.

use octopy_bytecode::Opcode;
use octopy_qstr::q;
use octopy_syntax::{Area, Child, NameId, Node, NodeKind, Tree};

use crate::Host;
use crate::compiler::{Compiler, name};
use crate::scope::ScopeKind;

impl<H: Host + ?Sized> Compiler<'_, H> {
    /// The name that an Alias binds: the one after `as`, or the first of its path.
    fn bound(&self, alias: Node) -> NameId {
        let renamed = self.host.after_separator(Child::of(alias)).0;
        self.host.name(if renamed.is_none() { self.first(alias) } else { renamed })
    }

    #[inline(never)]
    pub(crate) fn import(&mut self, node: Node) {
        let mut children = Child::of(node);
        while let Some((_, alias)) = self.take(&mut children) {
            self.load_int(0);
            self.load_none();
            self.import_path(Child::of(alias));
            if !self.host.after_separator(Child::of(alias)).0.is_none() {
                // The import gives the outermost package; the name means the innermost.
                let mut path = Child::of(alias);
                self.next(&mut path);
                while let Some((_, part)) = self.take(&mut path) {
                    if part.kind == NodeKind::Absent {
                        break;
                    }
                    self.load_attr(Tree::name(part));
                }
            }
            self.store_id(self.bound(alias));
        }
    }

    /// Imports the module of a path: Names up to an Absent or the end.
    fn import_path(&mut self, mut path: Child) {
        let start = self.host.len(Area::Text);
        let mut is_first = true;
        while let Some((_, part)) = self.take(&mut path) {
            if part.kind != NodeKind::Name {
                break;
            }
            if !is_first {
                self.host.push_text(b'.');
            }
            is_first = false;
            self.push_name(Tree::name(part));
        }
        let path = self.host.intern_text(start);
        self.op_name(Opcode::ImportName, path)
    }

    /// Appends the text of a name to the Text area.
    fn push_name(&mut self, name: NameId) {
        let mut idx = 0;
        while let Some(&byte) = self.host.name_text(name).get(idx) {
            self.host.push_text(byte);
            idx += 1;
        }
    }

    #[inline(never)]
    pub(crate) fn import_from(&mut self, node: Node) {
        let path = Child::of(node);
        let aliases = self.host.after_separator(path);
        let level = i32::try_from(node.aux).unwrap_or(i32::MAX);
        let first = self.node(aliases.0);
        if self.host.kind(self.first(first)) == NodeKind::Star {
            if self.unit.kind != ScopeKind::Module {
                return self.wrong(node, "import * not at module level");
            }
            self.load_int(level);
            self.load_string(name(q::star));
            self.op_with(Opcode::BuildTuple, 1);
            self.import_path(path);
            return self.op(Opcode::ImportStar);
        }
        self.load_int(level);
        let mut children = aliases;
        let mut count = 0;
        while let Some((_, child)) = self.take(&mut children) {
            self.load_string(self.host.name(self.first(child)));
            count += 1;
        }
        self.op_with(Opcode::BuildTuple, count);
        self.import_path(path);
        let mut children = aliases;
        while let Some((_, child)) = self.take(&mut children) {
            self.op_name(Opcode::ImportFrom, self.host.name(self.first(child)));
            self.store_id(self.bound(child));
        }
        self.pop_top()
    }
}
