//! `vm`.
#![no_std]
