//! Marking. (In progress: the collector's first part.)

pub(crate) const MARK_STACK: usize = 512;
