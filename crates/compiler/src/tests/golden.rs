//! Golden listings: `tests/golden/*.txt` hold a source and what it is compiled to.

use std::path::PathBuf;

use super::{compile, listing};
use crate::Mode;

fn check(name: &str) {
    let mut path = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    path.extend(["tests", "golden", name]);
    path.set_extension("txt");
    let text = std::fs::read_to_string(&path).unwrap();
    let (source, expected) = text.split_once("---\n").unwrap();
    let found = listing(&compile(source, Mode::File));
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, format!("{source}---\n{found}")).unwrap();
    } else {
        assert_eq!(found, expected, "{name}");
    }
}

macro_rules! golden {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            check(stringify!($name));
        })*
    };
}

golden! {
    assign asynchronous calls classes closures comprehensions control exceptions fold fstrings
    functions generators imports operators range with
}
