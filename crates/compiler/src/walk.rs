//! Walk: the parts of a node in the order in which its code runs.
//!
//! Both passes before the last visit a statement with a stack of items in the Misc area instead of
//! by recursion. An item is a node and its [`Role`]; [`push_parts`] replaces a node by its parts.
//! The order matters, because locals are numbered in the order in which they are met.

use octopy_syntax::{Area, Child, Node, NodeId, NodeKind};

use crate::Host;
use crate::compiler::pop_misc;
use crate::constant::truth;
use crate::range_loop::range_loop;
use crate::workspace::Workspace;

/// What a visited node is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Role {
    /// A statement, or an expression whose value is taken.
    Load,
    /// A target.
    Store,
    /// The name of a `:=`.
    WalrusStore,
    /// The target of an augmented assignment, after its value was taken.
    AugmentedStore,
    /// What `del` deletes.
    Delete,
    /// The inside of a function, class or comprehension, which is another scope.
    Define,
    /// All parts of the node were visited.
    Leave,
}

impl Role {
    const ALL: [Self; 7] = [
        Self::Load,
        Self::Store,
        Self::WalrusStore,
        Self::AugmentedStore,
        Self::Delete,
        Self::Define,
        Self::Leave,
    ];
}

/// The bits of an item that are the node's number.
const NODE_BITS: u32 = 28;

/// Appends an item.
pub(crate) fn push<H: Host + ?Sized>(host: &mut Workspace<'_, H>, id: NodeId, role: Role) {
    if id.is_none() {
        return;
    }
    host.push_word(Area::Misc, id.0 | (role as u32) << NODE_BITS)
}

/// Takes the last item above `base`.
pub(crate) fn pop<H: Host + ?Sized>(
    host: &mut Workspace<'_, H>,
    base: u32,
) -> Option<(NodeId, Role)> {
    let word = pop_misc(host, base)?;
    let role = Role::ALL.get((word >> NODE_BITS) as usize).copied().unwrap_or(Role::Load);
    Some((NodeId(word & ((1 << NODE_BITS) - 1)), role))
}

/// Turns around the items from `start` on, so that the first is taken first.
pub(crate) fn reverse<H: Host + ?Sized>(host: &mut Workspace<'_, H>, start: u32) {
    let end = host.len(Area::Misc);
    for idx in 0..end.saturating_sub(start) / 2 {
        let (low, high) = (start + idx, end - 1 - idx);
        let (first, last) = (host.word(Area::Misc, low), host.word(Area::Misc, high));
        host.set_word(Area::Misc, low, last);
        host.set_word(Area::Misc, high, first);
    }
}

/// Pushes all children of a node.
fn push_children<H: Host + ?Sized>(host: &mut Workspace<'_, H>, mut children: Child, role: Role) {
    while let Some((id, _)) = host.take(&mut children) {
        push(host, id, role);
    }
}

/// Pushes the parts of a node that belong to the scope that it is in, the first to run first.
/// Branches that are never compiled are left out if `live_only`.
pub(crate) fn push_parts<H: Host + ?Sized>(
    host: &mut Workspace<'_, H>,
    id: NodeId,
    role: Role,
    live_only: bool,
) {
    let node = host.node(id);
    let mut children = Child::of(node);
    match (role, node.kind) {
        (Role::Define, _) => return push_inside(host, node),
        (Role::WalrusStore | Role::AugmentedStore | Role::Leave, _) => return,
        (Role::Store | Role::Delete, NodeKind::Tuple | NodeKind::List | NodeKind::Starred) => {
            return push_children(host, children, role);
        }
        _ => {}
    }
    let parts: [NodeId; 4] = host.parts(node);
    let [first, second, third, _] = parts;
    let order: &[(usize, Role)] = match node.kind {
        NodeKind::Absent
        | NodeKind::Name
        | NodeKind::Int
        | NodeKind::IntText
        | NodeKind::Float
        | NodeKind::Imaginary
        | NodeKind::Str
        | NodeKind::Bytes
        | NodeKind::Ellipsis
        | NodeKind::Global
        | NodeKind::Nonlocal => &[],
        NodeKind::Attribute => &[(0, Role::Load)],
        NodeKind::Keyword => &[(1, Role::Load)],
        NodeKind::Pair => &[(1, Role::Load), (0, Role::Load)],
        NodeKind::Walrus => &[(1, Role::Load), (0, Role::WalrusStore)],
        NodeKind::AugAssign => &[(0, Role::Load), (1, Role::Load), (0, Role::AugmentedStore)],
        NodeKind::AnnAssign if third.is_none() => &[],
        NodeKind::AnnAssign => &[(2, Role::Load), (0, Role::Store)],
        NodeKind::Handler => {
            &[(0, Role::Load), (1, Role::Store), (2, Role::Load), (1, Role::Delete)]
        }
        NodeKind::WithItem => &[(0, Role::Load), (1, Role::Store)],
        NodeKind::If => match truth(host, first).filter(|_| live_only) {
            Some(true) => &[(0, Role::Load), (1, Role::Load)],
            Some(false) => &[(2, Role::Load)],
            None => &[(0, Role::Load), (1, Role::Load), (2, Role::Load)],
        },
        NodeKind::While if live_only && truth(host, first) == Some(false) => &[(2, Role::Load)],
        NodeKind::While => &[(1, Role::Load), (0, Role::Load), (2, Role::Load)],
        NodeKind::For => {
            match range_loop(host, node).filter(|_| live_only) {
                Some(range) => {
                    push(host, range.end, Role::Load);
                    push(host, range.start, Role::Load);
                }
                None => push(host, second, Role::Load),
            }
            &[(0, Role::Store), (2, Role::Load), (3, Role::Load)]
        }
        NodeKind::FunctionDef => {
            push_defaults(host, second);
            push(host, id, Role::Define);
            &[(0, Role::Store)]
        }
        NodeKind::Lambda => {
            push_defaults(host, first);
            push(host, id, Role::Define);
            &[]
        }
        NodeKind::ClassDef => {
            push(host, id, Role::Define);
            &[(1, Role::Load), (0, Role::Store)]
        }
        NodeKind::ListComp | NodeKind::SetComp | NodeKind::DictComp | NodeKind::GeneratorExp => {
            push(host, id, Role::Define);
            let [_, iterable] = host.parts(host.node(second));
            push(host, iterable, Role::Load);
            &[]
        }
        NodeKind::Assign => {
            let start = host.len(Area::Misc);
            push_children(host, children, Role::Store);
            // The value comes last in the tree and first in time.
            if let Some((value, _)) = pop(host, start) {
                reverse(host, start);
                push(host, value, Role::Load);
                reverse(host, start);
            }
            &[]
        }
        NodeKind::ImportFrom => {
            // The names of the path are no variables; they end with a separator.
            push_children(host, host.after_separator(children), Role::Store);
            &[]
        }
        NodeKind::Alias => {
            // The name after `as`, or the first of the path.
            let renamed = host.after_separator(children).0;
            push(host, if renamed.is_none() { first } else { renamed }, Role::Store);
            &[]
        }
        NodeKind::Decorated => {
            while let Some((part, _)) = host.take(&mut children) {
                if !host.is_built_in_decorator(part) {
                    push(host, part, Role::Load);
                }
            }
            &[]
        }
        NodeKind::Del => return push_children(host, children, Role::Delete),
        NodeKind::Import => return push_children(host, children, Role::Store),
        _ => return push_children(host, children, Role::Load),
    };
    for &(part, role) in order {
        push(host, parts.get(part).copied().unwrap_or(NodeId::NONE), role);
    }
}

/// Pushes a node to visit, or the inside of one that has a scope.
pub(crate) fn push_parts_or_self<H: Host + ?Sized>(
    host: &mut Workspace<'_, H>,
    id: NodeId,
    role: Role,
) {
    if role != Role::Define {
        return push(host, id, role);
    }
    let start = host.len(Area::Misc);
    push_parts(host, id, role, true);
    reverse(host, start);
}

/// Pushes the default values of parameters.
fn push_defaults<H: Host + ?Sized>(host: &mut Workspace<'_, H>, parameters: NodeId) {
    let mut children = Child::of(host.node(parameters));
    while let Some((_, parameter)) = host.take(&mut children) {
        if parameter.kind == NodeKind::Parameter {
            let [_, default] = host.parts(parameter);
            push(host, default, Role::Load);
        }
    }
}

/// Pushes the inside of a node that has a scope of its own.
fn push_inside<H: Host + ?Sized>(host: &mut Workspace<'_, H>, node: Node) {
    let mut children = Child::of(node);
    match node.kind {
        NodeKind::FunctionDef | NodeKind::ClassDef | NodeKind::Lambda => {
            let mut last = NodeId::NONE;
            while let Some((id, _)) = host.take(&mut children) {
                last = id;
            }
            push(host, last, Role::Load)
        }
        _ => {
            let element = children.0;
            host.take(&mut children);
            let mut outermost = true;
            while let Some((_, clause)) = host.take(&mut children) {
                let [target, iterable, conditions] = host.parts(clause);
                if !outermost {
                    push(host, iterable, Role::Load);
                }
                outermost = false;
                push(host, target, Role::Store);
                push_children(host, Child(conditions), Role::Load);
            }
            push(host, element, Role::Load)
        }
    }
}
