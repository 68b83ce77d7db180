//! Classes: the body is a function that fills the class's dict.

use octopy_bytecode::Opcode;
use octopy_qstr::q;
use octopy_syntax::Node;

use crate::Host;
use crate::compiler::{Compiler, name};
use crate::scope::{Scope, SymbolKind};

impl<H: Host + ?Sized> Compiler<'_, H> {
    /// Leaves a class on the stack.
    #[inline(never)]
    pub(crate) fn class(&mut self, node: Node) {
        let [id, arguments, body] = self.parts(node);
        let id = self.host.name(id);
        let scope = Scope::of(node);
        self.op(Opcode::LoadBuildClass);

        let outer = self.begin_unit(scope);
        self.load_id(name(q::__name__));
        self.store_id(name(q::__module__));
        self.load_string(id);
        self.store_id(name(q::__qualname__));
        self.statement(body);
        // The body returns the cell that methods find their class in, if any of them uses it.
        let cell = scope
            .find(&self.host, name(q::__class__))
            .filter(|symbol| symbol.kind(&self.host) == SymbolKind::Cell);
        match cell {
            Some(symbol) => self.load_fast(symbol.local(&self.host)),
            None => self.load_none(),
        }
        self.return_value();
        let child = self.end_unit(outer, id, node);

        self.make_function(child, scope, false);
        self.load_string(id);
        self.call(self.node(arguments), false, 2)
    }
}
