//! `fs`.
#![no_std]
