//! Cycles: collections of the old objects that go on while the program runs.
//!
//! `in_slices.rs` makes them. Builds without the feature `incremental`, for boards with little
//! flash, have `at_once.rs` instead: the same functions, as if there never were a cycle.

#[cfg(not(feature = "incremental"))]
mod at_once;
#[cfg(feature = "incremental")]
mod in_slices;

#[cfg(feature = "incremental")]
pub(crate) use crate::chart::Chart;
#[cfg(not(feature = "incremental"))]
pub(crate) use at_once::{Border, Census, Chart, Cycle, SURVIVORS};
#[cfg(feature = "incremental")]
pub(crate) use in_slices::{Border, Census, Cycle, SURVIVORS};
