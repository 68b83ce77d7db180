//! Programs that are made up: statements of every kind over variables of known types.
//!
//! A seed decides everything. The programs end: loops are over what is short, functions call only
//! earlier ones, and what is assigned is cut to a size.

use super::expression::Type;
use super::program::Statement;

/// What programs begin with: functions that cut values to a size, and a value for each variable.
pub const PRELUDE: &str = "\
def I(x):
    return x % 1000003 if isinstance(x, int) and abs(x) >> 70 else x
def S(x):
    if isinstance(x, list):
        return list(map(C, x[:8]))
    if isinstance(x, tuple):
        return tuple(map(C, x[:8]))
    return x[:30] if isinstance(x, (str, bytes)) else x
def C(x):
    return x if x is None or isinstance(x, (int, float, str, bytes)) else repr(x)[:20]
class E(Exception):
    pass
class M:
    def __init__(self, n):
        self.n = n
    def __enter__(self):
        print('enter', self.n)
        return self
    def __exit__(self, a, b, c):
        print('exit', self.n, a and a.__name__)
        return self.n % 2 == 1
def F(x):
    return x
i0, i1, i2 = 1, -7, 1 << 30
f0, f1, f2 = 0.5, -2.0, 1e5
b0, b1, b2 = True, False, True
s0, s1, s2 = 'abc', '', 'x y'
y0, y1, y2 = b'abc', b'', b'\\x80'
l0, l1, l2 = [1, 2, 3], [], ['a', 'b']
t0, t1, t2 = (1, 2), (), ('a', None)
d0, d1, d2 = {'a': 1}, {}, {1: 'x', 2: 'y'}
w = None
";

/// Numbers that a seed decides.
#[derive(Debug)]
pub struct Random(u64);

impl Random {
    /// A number below the limit.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit.max(1)
    }
}

/// Makes a program.
#[derive(Debug)]
pub struct Generator {
    /// What decides.
    pub random: Random,
    functions: Vec<String>,
    names: usize,
    in_loop: bool,
    in_function: bool,
}

impl Generator {
    /// The program of a number.
    pub fn program(seed: u64) -> Vec<Statement> {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        for _ in 0..8 {
            random.below(1);
        }
        let mut made = Self {
            random,
            functions: vec!["F".into()],
            names: 0,
            in_loop: false,
            in_function: false,
        };
        let count = 4 + made.random.below(8);
        let mut program = made.block(count, 3);
        program.push(Statement::simple("print(i0, f0, b0, s0, y0, l0, t0, d0)"));
        program
    }

    /// One of some texts.
    pub fn pick(&mut self, choices: &[&str]) -> String {
        choices[self.random.below(choices.len())].to_owned()
    }

    /// One of some types.
    pub fn pick_type(&mut self, choices: &[Type]) -> Type {
        choices[self.random.below(choices.len())]
    }

    /// A variable of a type.
    pub fn variable(&mut self, kind: Type) -> String {
        format!("{}{}", kind.letter(), self.random.below(3))
    }

    /// A variable of any type.
    pub fn any_variable(&mut self) -> String {
        let kind = self.any_type();
        self.variable(kind)
    }

    /// A function of one argument.
    pub fn function(&mut self) -> String {
        self.functions[self.random.below(self.functions.len())].clone()
    }

    fn name(&mut self, letter: char) -> String {
        self.names += 1;
        format!("{letter}{}", self.names)
    }

    fn block(&mut self, count: usize, depth: u32) -> Vec<Statement> {
        (0..count).map(|_| self.statement(depth)).collect()
    }

    fn body(&mut self, depth: u32) -> Vec<Statement> {
        let count = 1 + self.random.below(3);
        self.block(count, depth)
    }

    fn statement(&mut self, depth: u32) -> Statement {
        if depth == 0 || self.random.below(5) < 3 {
            return Statement::simple(self.simple());
        }
        let depth = depth - 1;
        match self.random.below(16) {
            0..3 => self.condition(depth),
            3..5 => self.for_loop(depth),
            5 => self.while_loop(depth),
            6..9 => self.try_statement(depth),
            9 => {
                let count = self.random.below(4);
                Statement::compound(vec![(format!("with M({count}) as m:"), self.body(depth))])
            }
            10..13 => self.definition(depth),
            13 => self.generator(depth),
            _ => self.class(depth),
        }
    }

    fn simple(&mut self) -> String {
        let kind = self.any_type();
        let target = self.variable(kind);
        match self.random.below(22) {
            0..6 => {
                let value = self.expression(kind, 3);
                match kind {
                    Type::Int => format!("{target} = I({value})"),
                    Type::Dict => format!(
                        "{target} = dict([(k, C(v)) for k, v in list(({value}).items())[:6]])"
                    ),
                    Type::Bool | Type::Float => format!("{target} = {value}"),
                    _ => format!("{target} = S({value})"),
                }
            }
            6..10 => format!("print({}, {})", self.any(3), self.any(2)),
            10 => {
                let (name, value) = (self.variable(Type::Int), self.expression(Type::Int, 2));
                format!(
                    "{name} {} {value} % 1000",
                    self.pick(&["+=", "-=", "|=", "^=", "//=", "%="])
                )
            }
            11 => {
                let list = self.variable(Type::List);
                let int = self.expression(Type::Int, 1);
                match self.random.below(8) {
                    0 => format!("{list}.append(C({}))", self.any(2)),
                    1 => format!("{list}.extend(map(C, {}))", self.expression(Type::Tuple, 2)),
                    2 => format!("{list}.insert({int}, C({}))", self.any(1)),
                    3 => format!("print({list}.pop({int}))"),
                    4 => format!("{list}.remove({})", self.any(1)),
                    5 => format!("{list}.sort({})", self.pick(&["", "key=repr", "reverse=True"])),
                    6 => format!("{list}.reverse()"),
                    _ => format!("print({list}.index({int}), {list}.count({int}))"),
                }
            }
            12 => {
                let dict = self.variable(Type::Dict);
                let key = self.any(1);
                match self.random.below(5) {
                    0 => format!("{dict}[{key}] = C({})", self.any(2)),
                    1 => format!(
                        "{dict}.update({{k: C(v) for k, v in {}.items()}})",
                        self.expression(Type::Dict, 1)
                    ),
                    2 => format!("print({dict}.pop({key}, None))"),
                    3 => format!("print({dict}.setdefault({key}, C({})))", self.any(1)),
                    _ => format!("del {dict}[{key}]"),
                }
            }
            13 => {
                let int = self.expression(Type::Int, 1);
                let list = self.variable(Type::List);
                format!("{list}[{int}] = C({})", self.any(2))
            }
            14 => {
                let (list, value) = (self.variable(Type::List), self.expression(Type::List, 2));
                let ends = self.pick(&["1:2", ":1", "1:", ":", "2:2", "-1:"]);
                match self.random.below(4) {
                    0 => format!("del {list}[{ends}]"),
                    _ => format!("{list}[{ends}] = S({value})"),
                }
            }
            15 => format!(
                "i0, i1 = {}, {}",
                self.expression(Type::Int, 1),
                self.expression(Type::Int, 1)
            ),
            16 => format!("w, *l1 = {}", self.expression(Type::Tuple, 2)),
            17 => format!("s0 += S({})", self.expression(Type::Str, 1)),
            18 if self.in_loop => self.pick(&["break", "continue"]),
            18 => format!("assert {}, 'no'", self.expression(Type::Bool, 2)),
            19 if self.in_function => format!("return {}", self.any(2)),
            19 => format!(
                "raise {}",
                self.pick(&["ValueError('v')", "E(1, 2)", "KeyError('k')", "E"])
            ),
            20 => format!("print({})", self.pick(&["*l0", "*t0, sep='-'", "s0, end=';\\n'", "w"])),
            _ => {
                let argument = self.any(2);
                format!("print({}({argument}))", self.function())
            }
        }
    }

    fn condition(&mut self, depth: u32) -> Statement {
        let mut clauses =
            vec![(format!("if {}:", self.expression(Type::Bool, 2)), self.body(depth))];
        if self.random.below(3) == 0 {
            clauses.push((format!("elif {}:", self.expression(Type::Bool, 2)), self.body(depth)));
        }
        if self.random.below(2) == 0 {
            clauses.push(("else:".into(), self.body(depth)));
        }
        Statement::compound(clauses)
    }

    fn in_loop(&mut self, depth: u32) -> Vec<Statement> {
        let before = std::mem::replace(&mut self.in_loop, true);
        let body = self.body(depth);
        self.in_loop = before;
        body
    }

    fn for_loop(&mut self, depth: u32) -> Statement {
        let (target, values) = match self.random.below(5) {
            0 => ("i2".to_owned(), format!("range({} % 5)", self.expression(Type::Int, 1))),
            1 => ("i2".to_owned(), self.pick(&["range(3)", "range(5, 0, -2)", "range(2, 9, 3)"])),
            2 => ("w".to_owned(), format!("S(list({}))", self.expression(Type::List, 2))),
            3 => ("w, s2".to_owned(), "list(d2.items())".to_owned()),
            _ => ("s2".to_owned(), format!("S({})", self.expression(Type::Str, 1))),
        };
        let values = if self.random.below(2) == 0 {
            format!("list({values})[:4]")
        } else {
            format!("tuple({values})[:3]")
        };
        let mut clauses = vec![(format!("for {target} in {values}:"), self.in_loop(depth))];
        if self.random.below(4) == 0 {
            clauses.push(("else:".into(), self.body(depth)));
        }
        Statement::compound(clauses)
    }

    fn while_loop(&mut self, depth: u32) -> Statement {
        let name = self.name('n');
        let mut body = vec![Statement::simple(format!("{name} -= 1"))];
        body.extend(self.in_loop(depth));
        let count = 1 + self.random.below(4);
        let head = format!("while {name} > 0:");
        let mut clauses = vec![(format!("for {name} in ({count},):"), vec![])];
        let mut inner = vec![(head, body)];
        if self.random.below(4) == 0 {
            inner.push(("else:".into(), self.body(depth)));
        }
        clauses[0].1.push(Statement::compound(inner));
        Statement::compound(clauses)
    }

    fn try_statement(&mut self, depth: u32) -> Statement {
        let mut clauses = vec![("try:".to_owned(), self.body(depth))];
        let caught = self.pick(&[
            "Exception",
            "(ValueError, TypeError)",
            "E",
            "LookupError",
            "ArithmeticError",
            "TypeError",
        ]);
        let has_finally = self.random.below(3) == 0;
        if !has_finally || self.random.below(3) > 0 {
            let mut handler = vec![Statement::simple("print('caught', type(e).__name__)")];
            handler.extend(self.body(depth));
            if self.random.below(6) == 0 {
                handler.push(Statement::simple("raise"));
            }
            clauses.push((format!("except {caught} as e:"), handler));
            if self.random.below(4) == 0 {
                clauses.push(("else:".into(), self.body(depth)));
            }
        }
        if has_finally {
            clauses.push(("finally:".into(), self.body(depth)));
        }
        Statement::compound(clauses)
    }

    /// A body in which `return` may stand and no loop outside can be left.
    fn function_body(&mut self, depth: u32, globals: bool) -> Vec<Statement> {
        let before = (self.in_loop, self.in_function);
        (self.in_loop, self.in_function) = (false, true);
        let mut body = Vec::new();
        if globals {
            body.push(Statement::simple("global i0, i1, i2, s0, s2, l0, l1, l2, w, d2, f0, b0"));
        }
        body.extend(self.body(depth));
        (self.in_loop, self.in_function) = before;
        body
    }

    fn definition(&mut self, depth: u32) -> Statement {
        let name = self.name('g');
        let parameters = self.pick(&["x", "x, y=2", "x, *args", "x, *, k=3, **kw", "x=1, *a, **k"]);
        let globals = self.random.below(2) == 0;
        let mut body = self.function_body(depth, globals);
        if self.random.below(3) == 0 {
            let mut inner = vec![Statement::simple("nonlocal x"), Statement::simple("x = (x, 1)")];
            inner.push(Statement::simple(format!("return {}", self.any(1))));
            body.insert(0, Statement::compound(vec![("def inner():".into(), inner)]));
            body.push(Statement::simple("print(S(repr(x)), inner(), S(repr(x)))"));
        }
        body.push(Statement::simple(format!(
            "return {}",
            self.pick(&["x", "(x, 1)", "[x]", "None"])
        )));
        self.functions.push(name.clone());
        Statement::compound(vec![(format!("def {name}({parameters}):"), body)])
    }

    fn generator(&mut self, depth: u32) -> Statement {
        let name = self.name('h');
        let mut body = vec![Statement::simple("r = yield x")];
        body.extend(self.function_body(depth, false));
        body.push(Statement::simple(self.pick(&[
            "yield from [1, x]",
            "yield r",
            "yield from F((2, 3))",
        ])));
        let mut clauses = vec![(format!("def {name}(x):"), body)];
        let user = format!("{name}u");
        let uses = [
            format!("return list({name}(x))"),
            format!("return [S(repr(v)) for v in {name}(x)][:5]"),
            format!("v = {name}(x); return (next(v), v.send(x))"),
            format!("v = {name}(x); next(v); v.close(); return list(v)"),
            format!("v = {name}(x); next(v); return v.throw(E(x))"),
        ];
        let chosen = self.random.below(uses.len());
        let uses = uses[chosen].split("; ").map(Statement::simple).collect();
        clauses.push((format!("def {user}(x):"), uses));
        self.functions.push(user);
        Statement::compound(clauses)
    }

    fn class(&mut self, depth: u32) -> Statement {
        let name = self.name('C');
        let base = self.pick(&["", "(object)", "(M)", "(list)", "(dict)", "(E)", "(int)", "(str)"]);
        let method =
            |head: &str, body: Vec<Statement>| Statement::compound(vec![(head.to_owned(), body)]);
        let mut body = Vec::new();
        let heads = [
            "def method(self, x=1):",
            "def __len__(self):",
            "def __add__(self, x):",
            "def __radd__(self, x):",
            "def __getitem__(self, x):",
            "def __eq__(self, x):",
            "def __lt__(self, x):",
            "def __call__(self, x=0):",
            "def __str__(self):",
            "def __contains__(self, x):",
            "def __getattr__(self, x):",
            "def __bool__(self):",
        ];
        for _ in 0..1 + self.random.below(3) {
            let head = self.pick(&heads);
            let value = match head.as_str() {
                head if head.contains("__len__") => self.pick(&["3", "0", "i0 % 5"]),
                head if head.contains("__str__") => "'<C>'".to_owned(),
                head if head.contains("__getattr__") => "len(x)".to_owned(),
                head if head.contains("__getitem__") => "('a', 'b', 'c')[x]".to_owned(),
                head if head.contains("__bool__") => "False".to_owned(),
                _ => format!("S(repr({}))", self.any(1)),
            };
            body.push(method(&head, vec![Statement::simple(format!("return {value}"))]));
        }
        if self.random.below(3) == 0 {
            let property = vec![Statement::simple(format!("return {}", self.any(1)))];
            body.push(Statement::simple("@property"));
            body.push(method("def value(self):", property));
        }
        if self.random.below(4) == 0 {
            body.push(Statement::simple("@staticmethod"));
            body.push(method("def static(x):", self.function_body(depth.min(1), false)));
        }
        let user = format!("{name}u");
        let make = match base.as_str() {
            "(M)" | "(int)" => format!("c = {name}(4)"),
            "(list)" => format!("c = {name}([1, 2])"),
            "(dict)" => format!("c = {name}({{1: 2}})"),
            "(str)" => format!("c = {name}('ab')"),
            _ => format!("c = {name}()"),
        };
        let mut uses = vec![Statement::simple(make)];
        for _ in 0..1 + self.random.below(3) {
            let used = self.pick(&[
                "c.method(x)",
                "len(c)",
                "c + x",
                "x + c",
                "c[1]",
                "c == x",
                "c < x",
                "c(x)",
                "len(str(c)) > 0",
                "x in c",
                "c.value",
                "bool(c)",
                "c.absent",
                "isinstance(c, M)",
                "c.static(1)",
                "c != x",
                "list(c)",
                "hasattr(c, 'n')",
                "c[0:1]",
                "not c",
            ]);
            let line = format!("print(S(repr({used})))");
            uses.push(match self.random.below(2) {
                0 => Statement::simple(line),
                _ => Statement::compound(vec![
                    ("try:".into(), vec![Statement::simple(line)]),
                    (
                        "except Exception as e:".into(),
                        vec![Statement::simple("print(type(e).__name__)")],
                    ),
                ]),
            });
        }
        uses.push(Statement::simple("return x"));
        self.functions.push(user.clone());
        Statement::compound(vec![
            (format!("class {name}{base}:"), body),
            (format!("def {user}(x):"), uses),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::differential::program::text;

    #[test]
    fn a_seed_decides() {
        assert_eq!(text(&Generator::program(5)), text(&Generator::program(5)));
        assert_ne!(text(&Generator::program(5)), text(&Generator::program(6)));
    }
}
