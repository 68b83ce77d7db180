//! `heap`.
#![no_std]
