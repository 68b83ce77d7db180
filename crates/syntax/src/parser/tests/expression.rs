//! Tests of expressions.

use super::{check_error, check_expression as check};

#[test]
fn atoms() {
    check("None, True, False, ..., __debug__", "(Tuple (None) (True) (False) ... (True))");
    check("()", "(Tuple:1)");
    check("(a)", "a");
    check("(a,)", "(Tuple:1 a)");
    check("a,", "(Tuple a)");
    check("(a, *b,)", "(Tuple:1 a (Starred b))");
    check("[]", "(List)");
    check("[a, *b,]", "(List a (Starred b))");
    check("{}", "(Dict)");
    check("{a: b, **c, d: e,}", "(Dict (Pair a b) (DoubleStar c) (Pair d e))");
    check("{**c}", "(Dict (DoubleStar c))");
    check("{a, *b,}", "(Set a (Starred b))");
    check("été", "été");
    check(
        "(yield), (yield a, b), (yield from c)",
        "(Tuple (Yield) (Yield (Tuple a b)) (YieldFrom c))",
    );
    for wrong in ["(", ")", "(a", "[a,", "{a:", "(,)", "(a b)", "[a](", "a.1", "a.", "*", "x.if"] {
        check_error(wrong, "invalid syntax");
    }
    check_error("{1: 2, 3}", "expecting key:value for dict");
    check_error("{1, 2: 3}", "expecting just a value for set");
}

#[test]
fn operators_by_precedence() {
    check("a | b ^ c & d", "(| a (^ b (& c d)))");
    check("a << b + c * d", "(<< a (+ b (* c d)))");
    check("a - b - c", "(- (- a b) c)");
    check("a - (b - c)", "(- a (- b c))");
    check("a // b / c % d @ e", "(@ (% (/ (// a b) c) d) e)");
    check("a >> b << c", "(<< (>> a b) c)");
    check("-a ** -b ** c", "(- (** a (- (** b c))))");
    check("a ** b ** c", "(** a (** b c))");
    check("+-~a", "(+ (- (~ a)))");
    check("-a.b[c](d) * e", "(* (- (Call (Subscript (Attribute a b) c) (Arguments d))) e)");
    check("await a.b ** c", "(** (Await (Attribute a b)) c)");
    for wrong in
        ["a +", "* a *", "a not b", "a ** not b", "1 + not b", "a <> b", "a ? b", "a = = b"]
    {
        check_error(wrong, "invalid syntax");
    }
}

#[test]
fn tests() {
    check("not a == b", "(Not (Compare a (== b)))");
    check("not not a", "(Not (Not a))");
    check("a or b or c and d and e", "(Or a b (And c d e))");
    check("(a or b) or c", "(Or (Or a b) c)");
    check("a < b <= c", "(Compare a (< b) (<= c))");
    check("(a < b) > c", "(Compare (Compare a (< b)) (> c))");
    check("a in b not in c is d is not e", "(Compare a (in b) (not in c) (is d) (is not e))");
    check("a >= b != c == d", "(Compare a (>= b) (!= c) (== d))");
    check("a if b else c", "(Conditional b a c)");
    check("a if b else c if d else e", "(Conditional b a (Conditional d c e))");
    check("(a if b else c) if d else e", "(Conditional d (Conditional b a c) e)");
    check(
        "a if b else lambda: c if d else e",
        "(Conditional b a (Lambda (Parameters) (Conditional d c e)))",
    );
    check("(a := b), (c := d if e else f)", "(Tuple (Walrus a b) (Walrus c (Conditional e d f)))");
    for wrong in [
        "a if b",
        "if a else b",
        "a := b",
        "a not",
        "a is",
        "a is not not b",
        "a and",
        "x if y else z = 1 2",
    ] {
        check_error(wrong, "invalid syntax");
    }
    check_error("(a.b := c)", "can't assign to expression");
}

#[test]
fn calls() {
    check("f()()", "(Call (Call f (Arguments)) (Arguments))");
    check("f(a, *b, c=d, **e,)", "(Call f (Arguments a (Starred b) (Keyword c d) (DoubleStar e)))");
    check("f(*a or b)", "(Call f (Arguments (Starred (Or a b))))");
    check("f(a := b)", "(Call f (Arguments (Walrus a b)))");
    check("f(a for a in b)", "(Call f (Arguments (GeneratorExp a (Comprehension a b))))");
    check("f(**a, b=c)", "(Call f (Arguments (DoubleStar a) (Keyword b c)))");
    check_error("f(a=1, 2)", "positional arg after keyword arg");
    check_error("f(**a, 2)", "positional arg after **");
    check_error("f(a=1, *b)", "* arg after kwarg");
    check_error("f(**a, *b)", "* arg after **");
    check_error("f(1=2)", "LHS of keyword arg must be an id");
    for wrong in ["f(,)", "f(a,,b)", "f(a b)", "f(*)", "f(a=)", "f(a", "f(a=b for c in d)"] {
        check_error(wrong, "invalid syntax");
    }
}

#[test]
fn subscripts() {
    check("a[b]", "(Subscript a b)");
    check("a[b,]", "(Subscript a (Tuple b))");
    check("a[:]", "(Subscript a (Slice - - -))");
    check("a[::]", "(Subscript a (Slice - - -))");
    check("a[b:]", "(Subscript a (Slice b - -))");
    check("a[:b]", "(Subscript a (Slice - b -))");
    check("a[::b]", "(Subscript a (Slice - - b))");
    check("a[b:c:d]", "(Subscript a (Slice b c d))");
    check("a[b:c:]", "(Subscript a (Slice b c -))");
    check("a[b::d, ..., :e]", "(Subscript a (Tuple (Slice b - d) ... (Slice - e -)))");
    for wrong in ["a[]", "a[,]", "a[:::]", "a[b c]", "a[b:c d]", "a[b", "a[*b]"] {
        check_error(wrong, "invalid syntax");
    }
}

#[test]
fn comprehensions() {
    check("[a for b in c]", "(ListComp a (Comprehension b c))");
    check(
        "{a for b, *c in d or e if f if g for h in i}",
        "(SetComp a (Comprehension (Tuple b (Starred c)) (Or d e) f g) (Comprehension h i))",
    );
    check("{a: b for c in d}", "(DictComp (Pair a b) (Comprehension c d))");
    check("(a async for b in c)", "(GeneratorExp a (Comprehension:1 b c))");
    check("[a := b for b in c]", "(ListComp (Walrus a b) (Comprehension b c))");
    check(
        "[a if b else c for d.e in f if lambda: g]",
        "(ListComp (Conditional b a c) (Comprehension (Attribute d e) f (Lambda (Parameters) g)))",
    );
    for wrong in
        ["[a for b]", "[a for b in]", "[for a in b]", "[a for b in c if]", "[a, b for c in d]"]
    {
        check_error(wrong, "invalid syntax");
    }
}

#[test]
fn lambdas() {
    check("lambda: a", "(Lambda (Parameters) a)");
    check(
        "lambda a, b=c, *d, e, f=g, **h: i",
        "(Lambda (Parameters (Parameter a - -) (Parameter b c -) (StarParameter d -) \
         (Parameter e - -) (Parameter f g -) (DoubleStarParameter h -)) i)",
    );
    check(
        "lambda a: lambda b: c",
        "(Lambda (Parameters (Parameter a - -)) (Lambda (Parameters (Parameter b - -)) c))",
    );
    for wrong in ["lambda", "lambda a b: c", "lambda a: ", "lambda (a): b", "lambda x, *a, *: 1"] {
        check_error(wrong, "invalid syntax");
    }
}
