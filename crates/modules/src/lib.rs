//! `modules`.
#![no_std]
