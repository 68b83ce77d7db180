//! A virtual board from outside: its console, its files, its power cord.

mod files;
mod power;
mod pty;
mod support;
mod tcp;
