//! `repl`.
#![no_std]
