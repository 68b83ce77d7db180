//! Expressions that are made up, by type: mostly of what the type allows, now and then of another.

use super::generator::Generator;

/// The types that expressions are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    Int,
    Float,
    Bool,
    Str,
    Bytes,
    List,
    Tuple,
    Dict,
}

impl Type {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Int,
        Self::Float,
        Self::Bool,
        Self::Str,
        Self::Bytes,
        Self::List,
        Self::Tuple,
        Self::Dict,
    ];

    /// What its variables are called, before their number.
    pub fn letter(self) -> char {
        match self {
            Self::Int => 'i',
            Self::Float => 'f',
            Self::Bool => 'b',
            Self::Str => 's',
            Self::Bytes => 'y',
            Self::List => 'l',
            Self::Tuple => 't',
            Self::Dict => 'd',
        }
    }
}

const INTS: [&str; 16] = [
    "0",
    "1",
    "2",
    "3",
    "-1",
    "7",
    "10",
    "-13",
    "255",
    "536870911",
    "-536870912",
    "536870912",
    "2147483648",
    "4294967295",
    "9007199254740993",
    "1 << 64",
];
const FLOATS: [&str; 10] =
    ["0.0", "1.0", "-1.5", "0.1", "2.5", "1e10", "3.25", "-0.001", "1e-7", "123456.789"];
const STRINGS: [&str; 12] = [
    "''",
    "'a'",
    "'abc'",
    "'Hello World'",
    "' x '",
    "'a,b,,c'",
    "'\\xe9t\\xe9'",
    "'12'",
    "'%d'",
    "'{}'",
    "\"it's\"",
    "'line\\n'",
];
const BYTES: [&str; 6] = ["b''", "b'a'", "b'abc'", "b'\\x00\\xff'", "b'a b c'", "bytes(3)"];
const SPECS: [&str; 14] =
    ["", ":5", ":<5", ":>5", ":^7", ":05", ":+", ":x", ":b", ":o", ":,", ":.3f", ":10.2e", ":g"];

impl Generator {
    /// An expression of a type, mostly.
    pub fn expression(&mut self, kind: Type, depth: u32) -> String {
        let kind = if self.random.below(25) == 0 { self.any_type() } else { kind };
        if depth == 0 || self.random.below(4) == 0 {
            return self.leaf(kind);
        }
        let depth = depth - 1;
        if self.random.below(12) == 0 {
            return self.of_any_type(kind, depth);
        }
        match kind {
            Type::Int => self.int(depth),
            Type::Float => self.float(depth),
            Type::Bool => self.bool(depth),
            Type::Str => self.str(depth),
            Type::Bytes => self.bytes(depth),
            Type::List => self.list(depth),
            Type::Tuple => self.tuple(depth),
            Type::Dict => self.dict(depth),
        }
    }

    /// One of the types.
    pub fn any_type(&mut self) -> Type {
        Type::ALL[self.random.below(Type::ALL.len())]
    }

    /// An expression of any type.
    pub fn any(&mut self, depth: u32) -> String {
        let kind = self.any_type();
        self.expression(kind, depth)
    }

    fn leaf(&mut self, kind: Type) -> String {
        if self.random.below(3) > 0 {
            return self.variable(kind);
        }
        match kind {
            Type::Int => self.pick(&INTS),
            Type::Float => self.pick(&FLOATS),
            Type::Bool => self.pick(&["True", "False"]),
            Type::Str => self.pick(&STRINGS),
            Type::Bytes => self.pick(&BYTES),
            Type::List => self.pick(&["[]", "[1, 2, 3]", "[0]", "['b', 'a']", "[3, 1, 2, 1]"]),
            Type::Tuple => self.pick(&["()", "(1,)", "(1, 2)", "('a', 1, None)"]),
            Type::Dict => self.pick(&["{}", "{'a': 1}", "{1: 2, 'k': 'v'}", "{(1, 2): [3]}"]),
        }
    }

    /// What makes an expression of any type out of others.
    fn of_any_type(&mut self, kind: Type, depth: u32) -> String {
        let one = self.expression(kind, depth);
        match self.random.below(6) {
            0 => {
                let condition = self.expression(Type::Bool, depth);
                let other = self.expression(kind, depth);
                format!("({one} if {condition} else {other})")
            }
            1 => {
                let other = self.expression(kind, depth);
                format!("({one} {} {other})", self.pick(&["or", "and"]))
            }
            2 => {
                let other = self.expression(kind, depth);
                let int = self.expression(Type::Int, depth);
                format!("[{one}, {other}][{int} % 2]")
            }
            3 => format!("(lambda x, y=2: x)({one})"),
            4 => format!("(lambda *x: x)({one}, {})", self.leaf(kind)),
            _ => {
                let function = self.function();
                format!("{function}({one})")
            }
        }
    }

    fn int(&mut self, depth: u32) -> String {
        let a = self.expression(Type::Int, depth);
        let b = self.expression(Type::Int, depth);
        match self.random.below(22) {
            0..5 => format!("({a} {} {b})", self.pick(&["+", "-", "*", "//", "%"])),
            5..7 => format!("({a} {} {b})", self.pick(&["&", "|", "^"])),
            7 => format!("({a} {} ({b} & 63))", self.pick(&["<<", ">>"])),
            8 => format!("({}{a})", self.pick(&["-", "~", "+"])),
            9 => format!("(({a}) & 31) ** (({b}) & 7)"),
            10 => {
                let kind = self.pick_type(&[Type::Str, Type::List, Type::Dict, Type::Tuple]);
                format!("len({})", self.expression(kind, depth))
            }
            11 => format!("{}({a}, {b})", self.pick(&["min", "max"])),
            12 => format!("abs({a})"),
            13 => format!("int({})", self.any(depth)),
            14 => format!("divmod({a}, {b})[{}]", self.random.below(2)),
            15 => format!("pow({a}, ({b}) & 15, 97)"),
            16 => format!("sum({})", self.expression(Type::List, depth)),
            17 => format!("{}[{a}]", self.expression(Type::List, depth)),
            18 => {
                let (s, t) = (self.expression(Type::Str, depth), self.expression(Type::Str, 0));
                format!("{s}.{}({t})", self.pick(&["find", "count", "rfind", "index"]))
            }
            19 => format!("{}.get({}, {a})", self.variable(Type::Dict), self.any(depth)),
            20 => format!("int({}, {})", self.expression(Type::Str, depth), self.random.below(20)),
            _ => format!("sum(x {} for x in range({a} % 9))", self.pick(&["* x", "+ 1", "% 3"])),
        }
    }

    fn float(&mut self, depth: u32) -> String {
        let a = self.expression(Type::Float, depth);
        let kind = self.pick_type(&[Type::Float, Type::Int]);
        let b = self.expression(kind, depth);
        match self.random.below(9) {
            0..4 => format!("({a} {} {b})", self.pick(&["+", "-", "*", "/", "//", "%"])),
            4 => format!("({b} / {a})"),
            5 => format!("float({b})"),
            6 => format!("round({a}, {})", self.random.below(4)),
            7 => format!("abs({a})"),
            _ => format!("{}({a}, {b})", self.pick(&["min", "max"])),
        }
    }

    fn bool(&mut self, depth: u32) -> String {
        let kind = self.any_type();
        let a = self.expression(kind, depth);
        let b = self.expression(kind, depth);
        match self.random.below(9) {
            0..3 => format!("({a} {} {b})", self.pick(&["<", ">", "==", "<=", ">=", "!="])),
            3 => format!("(not {a})"),
            4 => format!("({a} {} {})", self.pick(&["in", "not in"]), {
                let kind = self.pick_type(&[Type::List, Type::Tuple, Type::Dict, Type::Str]);
                self.expression(kind, depth)
            }),
            5 => {
                let (c, d) = (self.pick(&["<", "<=", "!="]), self.pick(&["<", ">=", "=="]));
                let other = self.expression(kind, 0);
                format!("({a} {c} {b} {d} {other})")
            }
            6 => {
                format!("isinstance({a}, {})", self.pick(&["int", "str", "(list, tuple)", "bool"]))
            }
            7 => format!("{}({})", self.pick(&["any", "all"]), self.expression(Type::List, depth)),
            _ => format!("bool({a})"),
        }
    }

    fn str(&mut self, depth: u32) -> String {
        let a = self.expression(Type::Str, depth);
        let b = self.expression(Type::Str, 0);
        let int = self.expression(Type::Int, depth);
        match self.random.below(16) {
            0 => format!("({a} + {b})"),
            1 => format!("({a} * ({int} % 4))"),
            2 => format!("{a}[{int}]"),
            3..5 => format!("{a}{}", self.slice(depth, false)),
            5 => format!("{a}.{}()", self.pick(&["upper", "lower", "strip", "lstrip", "rstrip"])),
            6 => format!("{a}.replace({b}, {})", self.expression(Type::Str, 0)),
            7 => format!("{b}.join({a}.split({}))", self.pick(&["", "','", "'a', 1", "None"])),
            8 => format!("{}({})", self.pick(&["str", "repr"]), self.any(depth)),
            9 => format!("'{{{}}}'.format({int})", self.pick(&SPECS)),
            10 => {
                let conversion = self.pick(&["%d", "%s", "%r", "%5.1f", "%x", "%-4s|", "%05d"]);
                format!("('{conversion}' % ({},))", self.any(depth))
            }
            11 => {
                let (name, int) = (self.any_variable(), self.variable(Type::Int));
                let end = self.pick(&["", "!r", "=", "!s:>6"]);
                format!("f'{{{name}{end}}}:{{{int} % 9:>3}}'")
            }
            12 => format!("chr({int} % 500)"),
            13 => format!("{a}.startswith({b}, {int} % 3) and {a}"),
            14 => format!("''.join(sorted({a}))"),
            _ => format!("{a}.partition({b})[{}]", self.random.below(3)),
        }
    }

    fn bytes(&mut self, depth: u32) -> String {
        let a = self.expression(Type::Bytes, depth);
        let b = self.expression(Type::Bytes, 0);
        match self.random.below(7) {
            0 => format!("({a} + {b})"),
            1 => format!("{a}{}", self.slice(depth, false)),
            2 => format!("{}.encode()", self.expression(Type::Str, depth)),
            3 => format!("bytes([x % 256 for x in {}])", self.expression(Type::List, depth)),
            4 => format!("({a} * ({} % 3))", self.expression(Type::Int, depth)),
            5 => format!("bytes(bytearray(b'' + {a}))"),
            _ => format!("{a}.replace({b}, b'-')"),
        }
    }

    fn list(&mut self, depth: u32) -> String {
        let a = self.expression(Type::List, depth);
        let int = self.expression(Type::Int, depth);
        match self.random.below(17) {
            0 => format!("[{}, {int}]", self.any(depth)),
            1 => format!("({a} + {})", self.expression(Type::List, depth)),
            2 => format!("({a} * ({int} % 3))"),
            3..5 => format!("{a}{}", self.slice(depth, true)),
            5 => format!("sorted({a}{})", self.pick(&["", ", reverse=True", ", key=repr"])),
            6 => format!("list(range({int} % 7, {} % 9))", self.expression(Type::Int, depth)),
            7 => format!("list({}({a}))", self.pick(&["reversed", "enumerate", "tuple", "iter"])),
            8 => format!("list(zip({a}, {}))", self.expression(Type::Str, depth)),
            9 => format!(
                "list(map({}, {a}))",
                self.pick(&["str", "repr", "lambda x: x * 2", "bool"])
            ),
            10 => format!("list(filter(None, {a}))"),
            11 => {
                let condition = self.pick(&["", " if x", " if x != 1", " for y in (1, 2)"]);
                format!("[{} for x in {a}{condition}]", self.pick(&["x", "(x, x)", "-x", "[x]"]))
            }
            12 => {
                format!("{}.split({})", self.expression(Type::Str, depth), self.pick(&["", "'a'"]))
            }
            13 => format!(
                "list({}.{}())",
                self.variable(Type::Dict),
                self.pick(&["keys", "values", "items"])
            ),
            14 => format!("list({})", self.any(depth)),
            15 => format!("[{int}, {}]", self.expression(Type::Tuple, depth)),
            _ => format!("sorted({{x for x in {a}}}, key=repr)"),
        }
    }

    fn tuple(&mut self, depth: u32) -> String {
        let a = self.expression(Type::Tuple, depth);
        match self.random.below(6) {
            0 => format!("({}, {})", self.any(depth), self.any(depth)),
            1 => format!("({a} + {})", self.expression(Type::Tuple, depth)),
            2 => format!("{a}{}", self.slice(depth, false)),
            3 => format!("tuple({})", self.expression(Type::List, depth)),
            4 => format!("divmod({}, {})", self.expression(Type::Int, depth), self.leaf(Type::Int)),
            _ => format!("tuple(x for x in {a})"),
        }
    }

    fn dict(&mut self, depth: u32) -> String {
        match self.random.below(5) {
            0 => format!("{{{}: {}}}", self.any(depth), self.any(depth)),
            1 => format!("dict(a={}, b={})", self.any(depth), self.any(0)),
            2 => format!(
                "{{x: {} for x in {}}}",
                self.pick(&["x", "1", "[x]"]),
                self.expression(Type::List, depth)
            ),
            3 => format!(
                "dict(zip({}, {}))",
                self.expression(Type::Str, depth),
                self.expression(Type::List, depth)
            ),
            _ => format!("dict({}, k={})", self.variable(Type::Dict), self.any(depth)),
        }
    }

    /// A slice. MicroPython knows steps of lists only.
    fn slice(&mut self, depth: u32, steps: bool) -> String {
        let mut part = |odds| match self.random.below(odds) {
            0 => self.expression(Type::Int, depth.min(1)),
            1 => self.pick(&["1", "2", "-1", "-2", "0"]),
            _ => String::new(),
        };
        let (start, stop) = (part(4), part(4));
        match part(9) {
            step if step.is_empty() || !steps => format!("[{start}:{stop}]"),
            step => format!("[{start}:{stop}:{step}]"),
        }
    }
}
