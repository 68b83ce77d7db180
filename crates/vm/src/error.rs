//! `Raised`: the proof that a Python exception is pending.

/// A Python exception is pending in the `Vm`. Only `vm.raise_*` makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct Raised(pub(crate) ());

/// What everything that may raise returns.
pub type PyResult<T> = Result<T, Raised>;
