//! `bytecode`.
#![no_std]
