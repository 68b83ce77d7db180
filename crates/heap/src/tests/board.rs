//! The board's programs, at the level of the heap.
