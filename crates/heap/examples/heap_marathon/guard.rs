//! Objects that must not move for a while.

use crate::course::Course;

/// Objects that are pinned at most.
const PINS: usize = 6;

impl Course {
    /// Pins an object, or lets one go.
    pub(crate) fn pin(&mut self) {
        if self.pins.len() >= PINS || self.random.below(2) == 0 {
            if !self.pins.is_empty() {
                let at = self.random.below(self.pins.len() as u32) as usize;
                let (pin, id, _) = self.pins.swap_remove(at);
                drop(pin);
                self.release(id);
            }
            return;
        }
        let Some(place) = self.full_place() else { return };
        let id = self.places[place as usize];
        let slot = self.push(place);
        if let Ok(pin) = self.heap.pin(slot) {
            let addr = pin.get(&self.heap).bits();
            self.pins.push((pin, id, addr));
            self.objects[id as usize].count += 1;
        }
        self.pop(1);
    }
}
