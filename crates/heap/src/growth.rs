//! Growth: whether a heap of one region has as many bytes as its program needs.
//!
//! On a PC it can: `on_demand.rs`. A board's memory has the size that it has: `fixed.rs` has the same
//! functions, as if there never were more.

#[cfg(not(feature = "reserve"))]
mod fixed;
#[cfg(feature = "reserve")]
mod on_demand;

#[cfg(feature = "reserve")]
pub(crate) use on_demand::Growth;
