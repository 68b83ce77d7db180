//! What happens seldom: collections by name, settings, the lock.

use crate::course::Course;

impl Course {
    /// One of them.
    pub(crate) fn seldom(&mut self) {
        for (pin, _, addr) in &self.pins {
            assert_eq!(pin.get(&self.heap).bits(), *addr, "a pinned object has moved");
        }
        let info = self.heap.info();
        assert_eq!(info.free + info.used, info.total);
        assert!(u64::from(info.used) >= self.live, "{} bytes alive in {info:?}", self.live);
        match self.random.below(16) {
            0 => {
                self.heap.collect();
                assert_eq!(u64::from(self.heap.info().used), self.live, "of the bytes alive");
            }
            1 => self.heap.set_enabled(false),
            2 | 3 => self.heap.set_enabled(true),
            4 => {
                self.heap.lock();
                for _ in 0..20 {
                    self.step();
                }
                self.heap.unlock();
            }
            5 => self.heap.set_threshold(0),
            6 => {
                let bytes = self.largest / 16 + self.random.below(self.largest / 8);
                self.heap.set_threshold(bytes);
            }
            7 => {
                while let Some((pin, id, _)) = self.pins.pop() {
                    drop(pin);
                    self.release(id);
                }
            }
            8..=10 => {
                // Mostly below nine tenths, so that not every request has everything moved.
                let limit = if self.random.below(8) == 0 { 99 } else { 90 };
                self.target = u64::from(self.random.below(limit)) * u64::from(self.largest) / 100;
            }
            11 => self.heap.compact(),
            _ => {}
        }
    }
}
