//! RangeLoop: a `for` over a `range` that needs neither the range nor an iterator.

use octopy_qstr::q;
use octopy_syntax::{Node, NodeId, NodeKind};

use crate::Host;
use crate::constant::small_int;
use crate::workspace::Workspace;

/// A `for` over `range(...)` that needs no iterator.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RangeLoop {
    /// None is 0.
    pub(crate) start: NodeId,
    pub(crate) end: NodeId,
    pub(crate) step: i32,
}

/// Whether a `for` counts through a `range` with a step that is known, into a plain name.
pub(crate) fn range_loop<H: Host + ?Sized>(
    host: &Workspace<'_, H>,
    node: Node,
) -> Option<RangeLoop> {
    let [target, call] = host.parts(node);
    let call = host.node(call);
    if node.aux != 0 || host.kind(target) != NodeKind::Name || call.kind != NodeKind::Call {
        return None;
    }
    let [callee, arguments] = host.parts(call);
    if !host.is_name(callee, q::range) {
        return None;
    }
    let [first, second, third, more] = host.parts(host.node(arguments));
    let kind = host.kind(first);
    let is_plain =
        |kind| !matches!(kind, NodeKind::Keyword | NodeKind::Starred | NodeKind::DoubleStar);
    if !is_plain(kind) || first.is_none() || !more.is_none() {
        return None;
    }
    if second.is_none() {
        let range = RangeLoop { start: NodeId::NONE, end: first, step: 1 };
        return (kind != NodeKind::GeneratorExp).then_some(range);
    }
    let last = host.node(third);
    let step = match last.kind {
        NodeKind::Absent => 1,
        NodeKind::Int => small_int(last),
        _ => 0,
    };
    let known = step != 0 && is_plain(host.kind(second));
    known.then_some(RangeLoop { start: first, end: second, step })
}
