//! Random operations against a model in ordinary Rust.
