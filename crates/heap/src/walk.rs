//! Walking over all objects: what is left of a kind, for those who keep something for its objects.

use crate::{Heap, Kind, Value};

impl Heap {
    /// Calls `visit` with every object. Right after [`Heap::collect`] these are exactly the ones
    /// that are alive; otherwise also those that died since.
    pub fn for_each_object(&self, visit: &mut dyn FnMut(Value<'_>)) {
        for idx in 0..self.region_count() {
            let region = self.region(idx);
            let mut addr = region.base;
            while addr < region.top {
                let header = self.header(addr);
                if header.kind() != Kind::Filler && !self.is_unswept(addr, header) {
                    visit(Value::from_bits(addr));
                }
                addr += header.size();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::heap_of;
    use crate::{Kind, RegionClass, RegionSpec};

    #[test]
    fn after_a_collection_the_living_are_found() {
        let region =
            |name, base| RegionSpec { name, base, size: 4096, class: RegionClass::Fast, dma: true };
        let mut heap = heap_of(&[region("a", 0x1000), region("b", 0x2000)], 2048);
        let mark = heap.sp();
        for words in 1..=200 {
            let made = heap.alloc(Kind::Tuple, 4);
            assert!(made.is_ok(), "{words}");
            if words % 3 != 0 {
                heap.set_sp(heap.sp() - 4);
            }
        }
        let count = |heap: &crate::Heap| {
            let mut count = 0;
            heap.for_each_object(&mut |object| {
                assert!(heap.is_kind(object, Kind::Tuple));
                count += 1;
            });
            count
        };
        assert!(count(&heap) > 66);
        heap.collect();
        assert_eq!(count(&heap), 66);
        heap.set_sp(mark);
        heap.collect();
        assert_eq!(count(&heap), 0);
    }
}
