//! `octopy`.
fn main() {}
