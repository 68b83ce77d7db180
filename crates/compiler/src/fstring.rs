//! F-strings: `f"{x}: {y:>{w}}"` is compiled as `"{}: {:>{}}".format(x, y, w)`.

use octopy_qstr::q;
use octopy_syntax::{Area, Child, Node, NodeKind};

use octopy_bytecode::Opcode;

use crate::Host;
use crate::compiler::{Compiler, name};

/// How deep format specifications nest.
const MAX_NESTING: u32 = 4;

/// The most arguments that a call can count.
const MAX_FIELDS: u32 = 0xff;

impl<H: Host + ?Sized> Compiler<'_, H> {
    #[inline(never)]
    pub(crate) fn fstring(&mut self, node: Node) {
        let start = self.host.len(Area::Text);
        let fields = self.format_text(node, 0);
        let len = self.host.len(Area::Text) - start;
        if fields == 0 {
            // The braces of a string without fields are doubled for nobody.
            self.halve_braces(start);
            let len = self.host.len(Area::Text) - start;
            self.load_str(start, len);
            self.host.truncate(Area::Text, start);
            return;
        }
        if fields > MAX_FIELDS {
            return self.wrong(node, "too many args");
        }
        self.load_str(start, len);
        self.host.truncate(Area::Text, start);
        self.load_method(name(q::format));
        self.format_arguments(node, 0);
        self.op_with(Opcode::CallMethod, fields)
    }

    /// Appends the format string to the Text area; says how many fields it has.
    #[inline(never)]
    fn format_text(&mut self, node: Node, nesting: u32) -> u32 {
        if nesting > MAX_NESTING {
            self.wrong(node, "invalid syntax");
        }
        if self.host.failed() {
            return 0;
        }
        let mut children = Child::of(node);
        let mut fields = 0;
        while let Some((_, part)) = self.take(&mut children) {
            if part.kind == NodeKind::Str {
                for idx in part.payload..part.payload + part.aux {
                    let byte = self.host.bytes(Area::Text).get(idx as usize).copied();
                    let byte = byte.unwrap_or(b'?');
                    self.host.push_text(byte);
                    if matches!(byte, b'{' | b'}') {
                        self.host.push_text(byte);
                    }
                }
                continue;
            }
            fields += 1;
            self.host.push_text(b'{');
            if part.aux != 0 {
                self.host.push_text(b'!');
                self.host.push_text(part.aux as u8);
            }
            let [_, format] = self.parts(part);
            let format = self.node(format);
            if format.kind != NodeKind::Absent {
                self.host.push_text(b':');
                fields += self.format_text(format, nesting + 1);
            }
            self.host.push_text(b'}');
        }
        fields
    }

    /// Makes double braces at the end of the Text area single.
    fn halve_braces(&mut self, start: u32) {
        let (mut from, mut to) = (start, start);
        while let Some(byte) = self.host.bytes(Area::Text).get(from as usize).copied() {
            self.host.set_byte(Area::Text, to, byte);
            to += 1;
            from += if matches!(byte, b'{' | b'}') { 2 } else { 1 };
        }
        self.host.truncate(Area::Text, to);
    }

    /// Loads the values of the fields, each before those of its own specification.
    #[inline(never)]
    fn format_arguments(&mut self, node: Node, nesting: u32) {
        let mut children = Child::of(node);
        while let Some((_, part)) = self.take(&mut children) {
            if part.kind == NodeKind::Str || nesting > MAX_NESTING {
                continue;
            }
            let [value, format] = self.parts(part);
            let format = self.node(format);
            self.expression(value);
            self.format_arguments(format, nesting + 1);
        }
    }
}
