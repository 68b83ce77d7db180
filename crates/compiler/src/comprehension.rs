//! Comprehensions: functions that get an iterator as their argument.

use octopy_bytecode::{ITERATOR_SLOTS, Opcode};
use octopy_qstr::q;
use octopy_syntax::{Area, Child, NameId, Node, NodeKind};

use crate::Host;
use crate::compiler::{Compiler, name};
use crate::scope::Scope;

/// What `store_comp` is told about a kind of comprehension: its type, and how many slots an item
/// takes.
const fn collection(kind: NodeKind) -> (u32, u32) {
    match kind {
        NodeKind::DictComp => (1, 2),
        NodeKind::SetComp => (2, 1),
        _ => (0, 1),
    }
}

const fn unit_name(kind: NodeKind) -> NameId {
    name(match kind {
        NodeKind::ListComp => q::listcomp_,
        NodeKind::SetComp => q::setcomp_,
        NodeKind::DictComp => q::dictcomp_,
        _ => q::genexpr_,
    })
}

impl<H: Host + ?Sized> Compiler<'_, H> {
    /// Leaves the collection or generator on the stack.
    #[inline(never)]
    pub(crate) fn comprehension(&mut self, node: Node) {
        let scope = Scope::of(node);
        let is_generator = node.kind == NodeKind::GeneratorExp;
        let outer = self.begin_unit(scope);
        self.set_line(node.span.line);
        match node.kind {
            NodeKind::ListComp => self.op_with(Opcode::BuildList, 0),
            NodeKind::SetComp => self.op_with(Opcode::BuildSet, 0),
            NodeKind::DictComp => self.op_with(Opcode::BuildMap, 0),
            _ => {}
        }
        if is_generator {
            // An iterator object in the four slots of an iterator.
            self.op(Opcode::LoadNull);
            self.load_id(name(q::empty));
            self.op(Opcode::LoadNull);
            self.op(Opcode::LoadNull);
        } else {
            self.load_id(name(q::empty));
            self.op(Opcode::GetIterStack);
        }
        self.clauses(node);
        if is_generator {
            self.load_none();
        }
        self.return_value();
        let child = self.end_unit(outer, unit_name(node.kind), node);

        self.make_function(child, scope, false);
        let [_, clause] = self.parts(node);
        let clause = self.node(clause);
        let [_, iterable] = self.parts(clause);
        self.expression(iterable);
        if is_generator {
            self.op(Opcode::GetIter);
        }
        self.op_with(Opcode::CallFunction, 1)
    }

    /// The loops, the conditions, and the item in the middle.
    #[inline(never)]
    fn clauses(&mut self, node: Node) {
        let base = self.host.len(Area::Misc);
        let mut children = Child::of(node);
        let element = self.next(&mut children);
        let element_node = self.node(element);
        let mut loops = 0;
        while let Some((_, clause)) = self.take(&mut children) {
            if clause.aux == 1 {
                return self.wrong(clause, "invalid syntax");
            }
            let mut parts = Child::of(clause);
            let target = self.next(&mut parts);
            let iterable = self.next(&mut parts);
            if loops > 0 {
                self.expression(iterable);
                self.op(Opcode::GetIterStack);
            }
            loops += 1;
            let top = self.label();
            let end = self.label();
            self.push_label(top);
            self.push_label(end);
            self.place(top);
            self.jump_op(Opcode::ForIter, 1, end);
            self.store(target);
            while let Some((condition, _)) = self.take(&mut parts) {
                self.condition(condition, false, top);
            }
        }
        if element_node.kind == NodeKind::Pair {
            self.value_and_key(element_node);
        } else {
            self.expression(element);
        }
        if node.kind == NodeKind::GeneratorExp {
            self.op(Opcode::YieldValue);
            self.pop_top();
        } else {
            // The collection is below the iterators of all loops and the item.
            let (kind, slots) = collection(node.kind);
            let below = ITERATOR_SLOTS * loops + slots;
            self.op_with(Opcode::StoreComp, below << 2 | kind);
        }
        while self.host.len(Area::Misc) > base {
            let end = self.pop_label();
            let top = self.pop_label();
            self.jump(top);
            self.place(end);
            self.adjust(-(ITERATOR_SLOTS as i32));
        }
    }
}
