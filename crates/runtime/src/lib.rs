//! `runtime`.
#![no_std]
