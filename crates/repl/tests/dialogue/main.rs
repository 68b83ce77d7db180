//! The REPL by its bytes: what a host sends, and what it must get.

mod editing;
mod robustness;
mod toy;
mod transcripts;
