//! `Raised`: the proof that a Python exception is pending.

/// A Python exception is pending in the `Vm`. Only `vm.raise_*` makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct Raised(pub(crate) ());

/// What everything that may raise returns.
pub type PyResult<T> = Result<T, Raised>;

/// What a result holds, where it is.
///
/// SIZE: `?` copies it to another place on the stack, which for four words and more is most of the
/// call.
#[inline(always)]
pub fn held<T>(res: &PyResult<T>) -> PyResult<&T> {
    match res {
        Ok(value) => Ok(value),
        Err(raised) => Err(*raised),
    }
}
