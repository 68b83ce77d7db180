//! `Tree`: the syntax tree of one statement, as four words a node in a [`Store`].
//!
//! ```text
//! word 0   kind (bits 0-7)  aux (bits 8-31)
//! word 1   line (bits 0-19) column (bits 20-31, saturating)
//! word 2   first child, or the payload of a leaf
//! word 3   next sibling
//! ```
//!
//! Ids count nodes from 1; 0 is "no node". A child list is in source order unless said otherwise.
//! "a?" below is an optional child: where it can be absent in the middle, it is an `Absent` node.

use crate::{Area, NameId, OutOfMemory, Span, Store};

/// A node's number; 0 is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NodeId(pub u32);

impl NodeId {
    /// No node.
    pub const NONE: Self = Self(0);

    /// Whether this is no node.
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }
}

macro_rules! node_kinds {
    ($($(#[doc = $doc:literal])* $name:ident,)*) => {
        /// The kinds of nodes, with their children in order.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        #[allow(missing_docs, reason = "keywords that are whole statements say it all")]
        pub enum NodeKind { $($(#[doc = $doc])* $name),* }

        impl NodeKind {
            const ALL: &'static [Self] = &[$(Self::$name),*];
        }
    };
}

node_kinds! {
    /// Stands for an optional child that is not there.
    Absent,

    // Statements.
    /// A list of statements: the body of anything. A top-level line of simple statements is one
    /// too, even if it has only one; a top-level compound statement stands alone. In a block,
    /// lines like `a; b` are not nested.
    Block,
    /// expression
    ExprStmt,
    /// target, target..., value: `a = b = v` has targets `a`, `b` and value last.
    Assign,
    /// target, value; aux is the operator, an index into [`crate::Tree::BINARY_OPERATORS`].
    AugAssign,
    /// target, annotation, value?
    AnnAssign,
    /// expression?
    Return,
    /// exception?, cause?
    Raise,
    Pass,
    Break,
    Continue,
    /// target...
    Del,
    /// Name...
    Global,
    /// Name...
    Nonlocal,
    /// condition, message?
    Assert,
    /// Alias...
    Import,
    /// Module path as Names (none for `from . import`), then Alias... after an `Absent` separator,
    /// which is always there; `*` is an Alias whose only child is `Star`. aux is the number of
    /// leading dots.
    ImportFrom,
    /// Name (dotted: several Names), then with `as`: an `Absent` and the as-Name
    Alias,
    /// `*` of an import.
    Star,
    /// condition, Block, else-part? (a Block, or an If for `elif`). A chain of `elif`s may be
    /// thousands long: walk it in a loop.
    If,
    /// condition, Block, else Block?
    While,
    /// target, iterable, Block, else Block?; aux 1 for `async for`
    For,
    /// Block, Handler..., else Block or Absent, finally Block or Absent (always both present)
    Try,
    /// type or Absent, Name or Absent, Block
    Handler,
    /// WithItem..., Block; aux 1 for `async with`
    With,
    /// expression, target?
    WithItem,
    /// decorator expressions..., then FunctionDef or ClassDef
    Decorated,
    /// Name, Parameters, returns-annotation or Absent, Block; aux 1 for `async def`
    FunctionDef,
    /// Name, Arguments, Block
    ClassDef,

    // Parameters.
    /// Parameter, StarParameter, DoubleStarParameter, KeywordOnlyMark and PositionalOnlyMark in
    /// order. The parser has checked the order, and that defaults follow each other; equal names
    /// it has not.
    Parameters,
    /// Name, default or Absent, annotation or Absent
    Parameter,
    /// Name, annotation or Absent: `*args`
    StarParameter,
    /// Name, annotation or Absent: `**kwargs`
    DoubleStarParameter,
    /// The bare `*`.
    KeywordOnlyMark,
    /// The bare `/`.
    PositionalOnlyMark,

    // Expressions.
    /// Payload is the NameId.
    Name,
    /// Payload is the value, 0 to 2^29-1. Larger ones are `IntText`.
    Int,
    /// Payload is the start in the Text area, aux the length: the literal as written, without `_`.
    IntText,
    /// Payload and aux as IntText: a decimal floating-point literal without `_`.
    Float,
    /// Payload and aux as IntText: the literal without `j` or `_`.
    Imaginary,
    /// Payload is the start in the Text area, aux the length: decoded UTF-8. Adjacent literals
    /// are joined.
    Str,
    /// As Str, for bytes.
    Bytes,
    /// Str and FormatField... in any order (two Strs in a row too): an f-string, adjacent literals
    /// joined. One without fields is a Str, except as a format-spec, which may also be empty.
    FString,
    /// expression, format-spec FString or Absent; aux is the conversion (`r`, `s`, `a`) or 0.
    /// For `{x=}` the parser puts a Str with the text before it and sets aux to `r` if no spec or
    /// conversion is given.
    FormatField,
    None,
    True,
    False,
    Ellipsis,
    /// element...; aux 1 if it was in parentheses
    Tuple,
    /// element... An element of a List, Set or Tuple may be a Starred, which only targets allow.
    List,
    /// element... (a Set has at least one)
    Set,
    /// Pair or DoubleStar... (an element of a Set is neither: the parser has checked)
    Dict,
    /// key, value
    Pair,
    /// element, Comprehension...: the result of each is ListComp, SetComp, or GeneratorExp
    ListComp,
    /// As ListComp.
    SetComp,
    /// As ListComp.
    GeneratorExp,
    /// Pair, Comprehension...
    DictComp,
    /// target, iterable, condition...: one `for` with its `if`s; aux 1 for `async for`
    Comprehension,
    /// operand, operand; aux is an index into [`crate::Tree::BINARY_OPERATORS`]. `a + b + c` is
    /// deep on the left and may be thousands of terms long: walk the left side in a loop. So are
    /// Call, Attribute and Subscript in a chain of them.
    Binary,
    /// operand; aux is 0 `+`, 1 `-`, 2 `~`
    Unary,
    /// operand
    Not,
    /// operand... (two or more)
    And,
    /// operand... (two or more)
    Or,
    /// operand, then CompareTail...: `a < b < c` has two tails
    Compare,
    /// operand; aux is an index into [`crate::Tree::COMPARE_OPERATORS`].
    CompareTail,
    /// condition, then, else: `then if condition else else` (children in *this* order). A chain
    /// of them through `else` may be thousands long.
    Conditional,
    /// Parameters, body
    Lambda,
    /// callee, Arguments
    Call,
    /// expression, Keyword, Starred and DoubleStar... in source order. The parser has checked it:
    /// positional before keyword, `*` before keyword and `**`.
    Arguments,
    /// Name, value
    Keyword,
    /// `*expression`
    Starred,
    /// `**expression`
    DoubleStar,
    /// object, Name
    Attribute,
    /// object, index (a Slice, or a Tuple of them)
    Subscript,
    /// start, stop, step, each or Absent (always three)
    Slice,
    /// value?
    Yield,
    /// iterable
    YieldFrom,
    /// expression
    Await,
    /// Name, value: `name := value`
    Walrus,
}

/// A node read out of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// 24 bits whose meaning depends on the kind.
    pub aux: u32,
    /// Where it starts.
    pub span: Span,
    /// The payload of a leaf, or the number of the first child.
    pub payload: u32,
    /// The next sibling.
    pub next: NodeId,
}

/// A span in one word: the line in bits 0 to 19, the column in the others, both saturating.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place(u32);

impl Place {
    /// The start of a source.
    pub(crate) const START: Self = Self(1 | 1 << 20);

    pub(crate) fn of(span: Span) -> Self {
        Self(span.line.min(0xf_ffff) | span.column.min(0xfff) << 20)
    }

    pub(crate) const fn span(self) -> Span {
        Span { line: self.0 & 0xf_ffff, column: self.0 >> 20 }
    }
}

/// The children of a node, in order.
#[derive(Debug, Clone, Copy)]
pub struct Child(pub NodeId);

const WORDS: u32 = 4;

/// Reading and writing nodes in the Tree area of a [`Store`].
#[derive(Debug)]
pub struct Tree;

impl Tree {
    /// Operators of Binary and AugAssign, by aux. The order is that of MicroPython's
    /// BINARY_OP numbers from `|` on: or xor and lshift rshift add sub mul matmul floordiv truediv mod pow.
    pub const BINARY_OPERATORS: &'static [&'static str] =
        &["|", "^", "&", "<<", ">>", "+", "-", "*", "@", "//", "/", "%", "**"];
    /// Operators of CompareTail, by aux.
    pub const COMPARE_OPERATORS: &'static [&'static str] =
        &["<", ">", "==", "<=", ">=", "!=", "in", "not in", "is", "is not"];

    /// Appends a node.
    pub(crate) fn add<S: Store + ?Sized>(
        store: &mut S,
        kind: NodeKind,
        aux: u32,
        place: Place,
        payload: u32,
    ) -> Result<NodeId, OutOfMemory> {
        let id = store.len(Area::Tree) / WORDS + 1;
        store.push_word(Area::Tree, kind as u32 | aux << 8)?;
        store.push_word(Area::Tree, place.0)?;
        store.push_word(Area::Tree, payload)?;
        store.push_word(Area::Tree, 0)?;
        Ok(NodeId(id))
    }

    /// Reads a node; an impossible id reads as `Absent`.
    pub fn node<S: Store + ?Sized>(store: &S, id: NodeId) -> Node {
        let [head, place, payload, next] = store.words(Area::Tree, Self::place(id));
        let kind = NodeKind::ALL.get((head & 0xff) as usize).copied().unwrap_or(NodeKind::Absent);
        Node { kind, aux: head >> 8, span: Place(place).span(), payload, next: NodeId(next) }
    }

    /// Reads the next sibling of a node.
    pub fn next<S: Store + ?Sized>(store: &S, id: NodeId) -> NodeId {
        NodeId(store.word(Area::Tree, Self::place(id).wrapping_add(3)))
    }

    /// Where a node starts in the Tree area; behind its end for no node.
    const fn place(id: NodeId) -> u32 {
        id.0.wrapping_sub(1).wrapping_mul(WORDS)
    }

    /// Sets the payload (first child) of a node.
    pub fn set_payload<S: Store + ?Sized>(store: &mut S, id: NodeId, payload: u32) {
        store.set_word(Area::Tree, Self::place(id) + 2, payload);
    }

    /// Sets the next sibling of a node.
    pub fn set_next<S: Store + ?Sized>(store: &mut S, id: NodeId, next: NodeId) {
        store.set_word(Area::Tree, Self::place(id) + 3, next.0);
    }

    /// Sets a node's kind and aux, keeping everything else.
    pub fn set_kind<S: Store + ?Sized>(store: &mut S, id: NodeId, kind: NodeKind, aux: u32) {
        store.set_word(Area::Tree, Self::place(id), kind as u32 | aux << 8);
    }

    /// The name of a Name node.
    pub fn name(node: Node) -> NameId {
        NameId(node.payload as u16)
    }
}

impl Child {
    /// The children of `node`.
    pub fn of(node: Node) -> Self {
        Self(NodeId(node.payload))
    }

    /// Takes the next child.
    pub fn take<S: Store + ?Sized>(&mut self, store: &S) -> Option<(NodeId, Node)> {
        if self.0.is_none() {
            return None;
        }
        let id = self.0;
        let node = Tree::node(store, id);
        self.0 = node.next;
        Some((id, node))
    }
}
