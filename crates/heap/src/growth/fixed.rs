//! Memory of a fixed size: the other half of the seam that `on_demand.rs` describes.

use crate::Heap;

#[allow(clippy::unused_self, reason = "the signatures are those of `on_demand.rs`")]
impl Heap {
    #[inline(always)]
    pub(crate) const fn fit_size(&mut self) {}

    #[inline(always)]
    pub(crate) const fn grows(&self) -> bool {
        false
    }

    #[inline(always)]
    pub(crate) const fn grow_for(&mut self, _size: u32) -> bool {
        false
    }
}
