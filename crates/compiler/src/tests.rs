//! Tests: source in, disassembly out; each code object is verified by the host as well.

mod host;

use host::TestHost;

use crate::{Mode, compile_module};

fn compile(source: &str, mode: Mode) -> TestHost {
    let mut host = TestHost::default();
    compile_module(source.as_bytes().iter(), &mut host, mode).unwrap();
    host
}

#[test]
fn a_module_returns_none() {
    let host = compile("", Mode::File);
    let module = host.module.as_ref().unwrap();
    assert_eq!(host.disassembly(module), "0 load_const_none\n1 return_value\n");
}
