//! `cargo xtask qstr NAME...`: adds build-time names to `crates/qstr/src/list.rs`.

use std::collections::BTreeMap;
use std::fs;

const KEYWORDS: &[&str] = &[
    "as", "break", "const", "continue", "crate", "else", "enum", "extern", "false", "fn", "for",
    "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref", "return",
    "self", "Self", "static", "struct", "super", "trait", "true", "type", "unsafe", "use", "where",
    "while", "async", "await", "dyn", "abstract", "become", "box", "do", "final", "macro",
    "override", "priv", "typeof", "unsized", "virtual", "yield", "try", "gen",
];

/// Adds each argument, `TEXT` or `constant=TEXT`, and rewrites the list in sorted order.
pub fn run(args: &[String]) -> Result<(), String> {
    let path = crate::root().join("crates/qstr/src/list.rs");
    let source = fs::read_to_string(&path).map_err(|e| e.to_string())?;
    let (head, body) =
        source.split_once("crate::qstrs! {\n").ok_or("list.rs has no qstrs! block")?;
    let mut names: BTreeMap<Vec<u8>, (String, String)> = BTreeMap::new();
    for line in body.lines() {
        let Some((name, text)) = line.trim().trim_end_matches(',').split_once(" = ") else {
            continue;
        };
        let text = text.trim_matches('"');
        names.insert(text.as_bytes().to_vec(), (name.to_string(), text.to_string()));
    }
    for arg in args {
        let (name, text) = match arg.split_once('=') {
            Some((name, text)) if !name.is_empty() && !text.is_empty() => (name.to_string(), text),
            _ => (constant(arg)?, arg.as_str()),
        };
        names.entry(text.as_bytes().to_vec()).or_insert((name, text.to_string()));
    }
    let mut out = format!("{head}crate::qstrs! {{\n");
    for (name, text) in names.values() {
        out.push_str(&format!("    {name} = \"{text}\",\n"));
    }
    out.push_str("}\n");
    fs::write(&path, out).map_err(|e| e.to_string())
}

fn constant(text: &str) -> Result<String, String> {
    let plain = text.chars().all(|c| c == '_' || c.is_ascii_alphanumeric())
        && !text.starts_with(|c: char| c.is_ascii_digit());
    if !plain {
        return Err(format!("{text:?} is no identifier: write constant=TEXT"));
    }
    Ok(if KEYWORDS.contains(&text) { format!("{text}_") } else { text.to_string() })
}
