//! A program as a tree of statements, which can be cut down.

use std::fmt::Write;

/// A statement: a line and, if it is a compound one, its clauses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The simple statement; of a compound one nothing.
    pub line: String,
    /// Clauses: the line that ends with a colon, and what stands below.
    pub clauses: Vec<(String, Vec<Statement>)>,
}

impl Statement {
    /// A simple statement.
    pub fn simple(line: impl Into<String>) -> Self {
        Self { line: line.into(), clauses: Vec::new() }
    }

    /// A compound statement of some clauses.
    pub fn compound(clauses: Vec<(String, Vec<Statement>)>) -> Self {
        Self { line: String::new(), clauses }
    }
}

/// Writes statements as Python.
pub fn text(statements: &[Statement]) -> String {
    let mut text = String::new();
    write_block(statements, 0, &mut text);
    text
}

fn write_block(statements: &[Statement], depth: usize, text: &mut String) {
    let indent = "    ".repeat(depth);
    if statements.is_empty() && depth > 0 {
        let _ = writeln!(text, "{indent}pass");
    }
    for statement in statements {
        if !statement.line.is_empty() {
            let _ = writeln!(text, "{indent}{}", statement.line);
        }
        for (head, body) in &statement.clauses {
            let _ = writeln!(text, "{indent}{head}");
            write_block(body, depth + 1, text);
        }
    }
}

/// The smallest program that can be had by leaving statements out, one after the other, for which
/// `fails` still holds.
pub fn minimise(
    program: &[Statement],
    fails: &mut impl FnMut(&[Statement]) -> bool,
) -> Vec<Statement> {
    let mut program = program.to_vec();
    loop {
        let mut smaller = false;
        let mut at = 0;
        while at < cuts(&program) {
            let mut candidate = program.clone();
            let mut left = at;
            cut(&mut candidate, &mut left);
            if candidate != program && fails(&candidate) {
                program = candidate;
                smaller = true;
            } else {
                at += 1;
            }
        }
        if !smaller {
            return program;
        }
    }
}

/// How many ways there are to cut a program: each statement can go, each clause but the first,
/// and each compound statement can be replaced by what is in it.
fn cuts(statements: &[Statement]) -> usize {
    let of = |statement: &Statement| {
        let bodies: usize = statement.clauses.iter().map(|(_, body)| cuts(body)).sum();
        1 + 2 * statement.clauses.len() + bodies
    };
    statements.iter().map(of).sum()
}

/// Makes the cut with this number; says whether it was one of these statements'.
fn cut(statements: &mut Vec<Statement>, left: &mut usize) -> bool {
    let mut at = 0;
    while at < statements.len() {
        if *left == 0 {
            statements.remove(at);
            return true;
        }
        *left -= 1;
        for clause in 0..statements[at].clauses.len() {
            match *left {
                0 => {
                    let (_, body) = statements[at].clauses[clause].clone();
                    statements.splice(at..=at, body);
                    return true;
                }
                1 if clause > 0 => {
                    statements[at].clauses.remove(clause);
                    return true;
                }
                1 => return true,
                _ => *left -= 2,
            }
        }
        for clause in 0..statements[at].clauses.len() {
            if cut(&mut statements[at].clauses[clause].1, left) {
                return true;
            }
        }
        at += 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Vec<Statement> {
        vec![
            Statement::simple("a = 1"),
            Statement::compound(vec![
                ("if a:".into(), vec![Statement::simple("b = 2"), Statement::simple("boom()")]),
                ("else:".into(), vec![Statement::simple("c = 3")]),
            ]),
            Statement::simple("d = 4"),
        ]
    }

    #[test]
    fn programs_are_written_with_indentation() {
        let expected = "a = 1\nif a:\n    b = 2\n    boom()\nelse:\n    c = 3\nd = 4\n";
        assert_eq!(text(&example()), expected);
        assert_eq!(text(&[Statement::compound(vec![("try:".into(), vec![])])]), "try:\n    pass\n");
    }

    #[test]
    fn what_does_not_matter_is_cut() {
        let least = minimise(&example(), &mut |program| text(program).contains("boom()"));
        assert_eq!(text(&least), "boom()\n");
        let least = minimise(&example(), &mut |program| text(program).contains("c = 3"));
        assert_eq!(text(&least), "c = 3\n");
        let whole = minimise(&example(), &mut |_| false);
        assert_eq!(whole, example());
    }
}
