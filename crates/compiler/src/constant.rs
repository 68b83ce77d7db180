//! Constants: what the compiler knows of a value without running anything.

use octopy_syntax::{Node, NodeId, NodeKind};

use crate::Host;
use crate::workspace::Workspace;

/// Strings up to this length become names, as in MicroPython.
pub(crate) const INTERNED_LEN: u32 = 10;

/// In the aux of IntText and Float: the value is negative.
pub(crate) const NEGATIVE: u32 = 1 << 23;

/// The payload of an Ellipsis node that stands for an object of the constant table.
pub(crate) const FALSE_OBJECT: u32 = 1;
pub(crate) const TRUE_OBJECT: u32 = 2;

/// The value of an Int node.
pub(crate) fn small_int(node: Node) -> i32 {
    let value = node.payload as i32;
    if node.aux == 1 { -value } else { value }
}

/// Whether a condition is true, if that is known now.
pub(crate) fn truth<H: Host + ?Sized>(host: &Workspace<'_, H>, id: NodeId) -> Option<bool> {
    let node = host.node(id);
    match node.kind {
        NodeKind::Int => Some(node.payload != 0),
        NodeKind::IntText | NodeKind::True => Some(true),
        NodeKind::False | NodeKind::None => Some(false),
        NodeKind::Str | NodeKind::Bytes => Some(node.aux != 0),
        NodeKind::Ellipsis if node.aux == 0 => Some(true),
        NodeKind::Ellipsis if node.payload != 0 => Some(node.payload == TRUE_OBJECT),
        _ => None,
    }
}

/// Whether a node is a value that stands for itself.
pub(crate) fn is_constant(kind: NodeKind) -> bool {
    matches!(
        kind,
        NodeKind::Int
            | NodeKind::IntText
            | NodeKind::Float
            | NodeKind::Imaginary
            | NodeKind::Str
            | NodeKind::Bytes
            | NodeKind::None
            | NodeKind::True
            | NodeKind::False
            | NodeKind::Ellipsis
    )
}
