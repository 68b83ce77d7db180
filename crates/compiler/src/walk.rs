//! Walk: the parts of a node in the order in which its code runs.
//!
//! Both passes before the last visit a statement with a stack of items in the Misc area instead of
//! by recursion. An item is a node and its [`Role`]; [`push_parts`] replaces a node by its parts.
//! The order matters, because locals are numbered in the order in which they are met.

use octopy_syntax::{Area, Child, Node, NodeId, NodeKind, OutOfMemory, Tree};

use crate::Host;
use crate::compiler::pop_misc;
use crate::control::range_loop;
use crate::fold::truth;
use crate::function::is_built_in_decorator;

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
pub(crate) fn push<H: Host + ?Sized>(
    host: &mut H,
    id: NodeId,
    role: Role,
) -> Result<(), OutOfMemory> {
    if id.is_none() {
        return Ok(());
    }
    host.push_word(Area::Misc, id.0 | (role as u32) << NODE_BITS)
}

/// Takes the last item above `base`.
pub(crate) fn pop<H: Host + ?Sized>(host: &mut H, base: u32) -> Option<(NodeId, Role)> {
    let word = pop_misc(host, base)?;
    let role = Role::ALL.get((word >> NODE_BITS) as usize).copied().unwrap_or(Role::Load);
    Some((NodeId(word & ((1 << NODE_BITS) - 1)), role))
}

/// Turns around the items from `start` on, so that the first is taken first.
pub(crate) fn reverse<H: Host + ?Sized>(host: &mut H, start: u32) {
    let end = host.len(Area::Misc);
    for idx in 0..end.saturating_sub(start) / 2 {
        let (low, high) = (start + idx, end - 1 - idx);
        let (first, last) = (host.word(Area::Misc, low), host.word(Area::Misc, high));
        host.set_word(Area::Misc, low, last);
        host.set_word(Area::Misc, high, first);
    }
}

/// Pushes all children of a node.
fn push_children<H: Host + ?Sized>(
    host: &mut H,
    mut children: Child,
    role: Role,
) -> Result<(), OutOfMemory> {
    while let Some((id, _)) = children.take(host) {
        push(host, id, role)?;
    }
    Ok(())
}

/// The number of the next child; none if there is none.
fn next<H: Host + ?Sized>(host: &H, children: &mut Child) -> NodeId {
    children.take(host).map_or(NodeId::NONE, |(id, _)| id)
}

/// Pushes the parts of a node that belong to the scope that it is in, the first to run first.
/// Branches that are never compiled are left out if `live_only`.
pub(crate) fn push_parts<H: Host + ?Sized>(
    host: &mut H,
    id: NodeId,
    role: Role,
    live_only: bool,
) -> Result<(), OutOfMemory> {
    let node = Tree::node(host, id);
    let mut children = Child::of(node);
    match role {
        Role::Define => return push_inside(host, node),
        Role::WalrusStore | Role::AugmentedStore | Role::Leave => return Ok(()),
        Role::Store | Role::Delete => match node.kind {
            NodeKind::Tuple | NodeKind::List | NodeKind::Starred => {
                return push_children(host, children, role);
            }
            _ => {}
        },
        Role::Load => {}
    }
    match node.kind {
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
        | NodeKind::Nonlocal => Ok(()),
        NodeKind::Attribute => {
            let object = next(host, &mut children);
            push(host, object, Role::Load)
        }
        NodeKind::Keyword => {
            next(host, &mut children);
            let value = next(host, &mut children);
            push(host, value, Role::Load)
        }
        NodeKind::Pair => {
            let key = next(host, &mut children);
            let value = next(host, &mut children);
            push(host, value, Role::Load)?;
            push(host, key, Role::Load)
        }
        NodeKind::Walrus => {
            let name = next(host, &mut children);
            let value = next(host, &mut children);
            push(host, value, Role::Load)?;
            push(host, name, Role::WalrusStore)
        }
        NodeKind::Assign => {
            let start = host.len(Area::Misc);
            push_children(host, children, Role::Store)?;
            // The value comes last in the tree and first in time.
            if let Some((value, _)) = pop(host, start) {
                reverse(host, start);
                push(host, value, Role::Load)?;
                reverse(host, start);
            }
            Ok(())
        }
        NodeKind::AugAssign => {
            let target = next(host, &mut children);
            let value = next(host, &mut children);
            push(host, target, Role::Load)?;
            push(host, value, Role::Load)?;
            push(host, target, Role::AugmentedStore)
        }
        NodeKind::AnnAssign => {
            let target = next(host, &mut children);
            next(host, &mut children);
            let value = next(host, &mut children);
            if value.is_none() {
                return Ok(());
            }
            push(host, value, Role::Load)?;
            push(host, target, Role::Store)
        }
        NodeKind::Del => push_children(host, children, Role::Delete),
        NodeKind::Import => push_children(host, children, Role::Store),
        NodeKind::ImportFrom => {
            while let Some((alias, node)) = children.take(host) {
                if node.kind == NodeKind::Alias {
                    push(host, alias, Role::Store)?;
                }
            }
            Ok(())
        }
        NodeKind::Alias => {
            let mut bound = next(host, &mut children);
            while let Some((part, node)) = children.take(host) {
                if node.kind == NodeKind::Absent {
                    let renamed = next(host, &mut children);
                    bound = if renamed.is_none() { bound } else { renamed };
                } else if bound.is_none() {
                    bound = part;
                }
            }
            push(host, bound, Role::Store)
        }
        NodeKind::If => {
            let condition = next(host, &mut children);
            let body = next(host, &mut children);
            let otherwise = next(host, &mut children);
            let known = truth(host, condition).filter(|_| live_only);
            if known != Some(false) {
                push(host, condition, Role::Load)?;
                push(host, body, Role::Load)?;
            }
            if known != Some(true) {
                push(host, otherwise, Role::Load)?;
            }
            Ok(())
        }
        NodeKind::While => {
            let condition = next(host, &mut children);
            let body = next(host, &mut children);
            let otherwise = next(host, &mut children);
            if !live_only || truth(host, condition) != Some(false) {
                push(host, body, Role::Load)?;
                push(host, condition, Role::Load)?;
            }
            push(host, otherwise, Role::Load)
        }
        NodeKind::For => {
            let target = next(host, &mut children);
            let iterable = next(host, &mut children);
            let body = next(host, &mut children);
            let otherwise = next(host, &mut children);
            match range_loop(host, node).filter(|_| live_only) {
                Some(range) => {
                    push(host, range.end, Role::Load)?;
                    push(host, range.start, Role::Load)?;
                }
                None => push(host, iterable, Role::Load)?,
            }
            push(host, target, Role::Store)?;
            push(host, body, Role::Load)?;
            push(host, otherwise, Role::Load)
        }
        NodeKind::Handler => {
            let class = next(host, &mut children);
            let name = next(host, &mut children);
            let body = next(host, &mut children);
            push(host, class, Role::Load)?;
            push(host, name, Role::Store)?;
            push(host, body, Role::Load)?;
            push(host, name, Role::Delete)
        }
        NodeKind::WithItem => {
            let manager = next(host, &mut children);
            let target = next(host, &mut children);
            push(host, manager, Role::Load)?;
            push(host, target, Role::Store)
        }
        NodeKind::Decorated => {
            while let Some((part, _)) = children.take(host) {
                if !is_built_in_decorator(host, part) {
                    push(host, part, Role::Load)?;
                }
            }
            Ok(())
        }
        NodeKind::FunctionDef => {
            let name = next(host, &mut children);
            let parameters = next(host, &mut children);
            push_defaults(host, parameters)?;
            push(host, id, Role::Define)?;
            push(host, name, Role::Store)
        }
        NodeKind::Lambda => {
            let parameters = next(host, &mut children);
            push_defaults(host, parameters)?;
            push(host, id, Role::Define)
        }
        NodeKind::ClassDef => {
            let name = next(host, &mut children);
            let arguments = next(host, &mut children);
            push(host, id, Role::Define)?;
            push(host, arguments, Role::Load)?;
            push(host, name, Role::Store)
        }
        NodeKind::ListComp | NodeKind::SetComp | NodeKind::DictComp | NodeKind::GeneratorExp => {
            push(host, id, Role::Define)?;
            next(host, &mut children);
            let clause = next(host, &mut children);
            let mut parts = Child::of(Tree::node(host, clause));
            next(host, &mut parts);
            let iterable = next(host, &mut parts);
            push(host, iterable, Role::Load)
        }
        _ => push_children(host, children, Role::Load),
    }
}

/// Pushes a node to visit, or the inside of one that has a scope.
pub(crate) fn push_parts_or_self<H: Host + ?Sized>(
    host: &mut H,
    id: NodeId,
    role: Role,
) -> Result<(), OutOfMemory> {
    if role != Role::Define {
        return push(host, id, role);
    }
    let start = host.len(Area::Misc);
    push_parts(host, id, role, true)?;
    reverse(host, start);
    Ok(())
}

/// Pushes the default values of parameters.
fn push_defaults<H: Host + ?Sized>(host: &mut H, parameters: NodeId) -> Result<(), OutOfMemory> {
    let mut children = Child::of(Tree::node(host, parameters));
    while let Some((_, parameter)) = children.take(host) {
        if parameter.kind == NodeKind::Parameter {
            let mut parts = Child::of(parameter);
            next(host, &mut parts);
            let default = next(host, &mut parts);
            push(host, default, Role::Load)?;
        }
    }
    Ok(())
}

/// Pushes the inside of a node that has a scope of its own.
fn push_inside<H: Host + ?Sized>(host: &mut H, node: Node) -> Result<(), OutOfMemory> {
    let mut children = Child::of(node);
    match node.kind {
        NodeKind::FunctionDef | NodeKind::ClassDef | NodeKind::Lambda => {
            let mut last = NodeId::NONE;
            while let Some((id, _)) = children.take(host) {
                last = id;
            }
            push(host, last, Role::Load)
        }
        _ => {
            let element = next(host, &mut children);
            let mut outermost = true;
            while let Some((_, clause)) = children.take(host) {
                let mut parts = Child::of(clause);
                let target = next(host, &mut parts);
                let iterable = next(host, &mut parts);
                if !outermost {
                    push(host, iterable, Role::Load)?;
                }
                outermost = false;
                push(host, target, Role::Store)?;
                push_children(host, parts, Role::Load)?;
            }
            push(host, element, Role::Load)
        }
    }
}
