//! Finding: the entry of a dict with a key, or with a name.
//!
//! Most keys are found by looking: names, other strings, ints. What only Python code can compare is
//! asked, and may change the dict meanwhile: whoever calls it looks at the dict again.

use super::storage::{index, name_hash, probe, scan};
use super::{MIXED, ORDERED, STATE, TABLE, flags, key_word, used, value_word};
use crate::types::exception;
use crate::{PyResult, Vm};
use octopy_heap::{Heap, Kind, Local, Value};
use octopy_qstr::Qstr;

/// The entry of a Table whose key is this word, searching one by one.
#[inline]
pub fn find_word(heap: &Heap, table: Value<'_>, key: Value<'_>) -> Option<u32> {
    (0..used(heap, table)).find(|&n| heap.word(table, key_word(n)) == key)
}

/// The entry of a names-only dict with this name.
#[inline]
pub fn find_name(heap: &Heap, dict: Value<'_>, name: Qstr) -> Option<u32> {
    let table = heap.word(dict, TABLE);
    if table.is_null() { None } else { find_name_in(heap, table, name) }
}

/// The entry of a names-only Table with this name.
#[inline]
fn find_name_in(heap: &Heap, table: Value<'_>, name: Qstr) -> Option<u32> {
    let key = Value::from_qstr(name.0);
    match index(heap, table) {
        Some(index) => probe_word(heap, table, index, name_hash(name), key),
        None => find_word(heap, table, key),
    }
}

/// The entry of a Table whose key is this word, by its index.
#[inline(never)]
fn probe_word(
    heap: &Heap,
    table: Value<'_>,
    index: Value<'_>,
    hash: u32,
    key: Value<'_>,
) -> Option<u32> {
    probe(heap, index, hash, |n| (heap.word(table, key_word(n)) == key).then_some(()))
        .map(|(n, ())| n)
}

impl Vm {
    /// The value of a name in a namespace (any dict).
    #[inline]
    pub fn lookup<'a>(&'a self, dict: Value<'a>, name: Qstr) -> Option<Value<'a>> {
        let table = self.heap.word(dict, TABLE);
        if table.is_null() {
            return None;
        }
        if self.heap.raw(table, STATE) & MIXED != 0 {
            return self.lookup_mixed(table, name);
        }
        let n = find_name_in(&self.heap, table, name)?;
        Some(self.heap.word(table, value_word(n)))
    }

    #[inline(never)]
    fn lookup_mixed<'a>(&'a self, table: Value<'a>, name: Qstr) -> Option<Value<'a>> {
        let text = self.name_text(name);
        let same = |n: u32| {
            let key = self.heap.word(table, key_word(n));
            key == Value::from_qstr(name.0) || self.text(key) == Some(text)
        };
        let n = match index(&self.heap, table) {
            None => (0..used(&self.heap, table)).find(|&n| same(n))?,
            Some(index) => {
                let hash = octopy_qstr::hash(text);
                probe(&self.heap, index, hash, |n| same(n).then_some(()))?.0
            }
        };
        Some(self.heap.word(table, value_word(n)))
    }

    /// As [`Vm::lookup`], remembering the entry for the next time at this place of the program.
    #[inline(always)]
    pub(crate) fn lookup_cached<'a>(
        &'a self,
        dict: Value<'a>,
        name: Qstr,
        place: u32,
    ) -> Option<Value<'a>> {
        let table = self.heap.word(dict, TABLE);
        if table.is_null() {
            return None;
        }
        let guess = self.guess(place);
        if guess < used(&self.heap, table)
            && self.heap.word(table, key_word(guess)) == Value::from_qstr(name.0)
        {
            return Some(self.heap.word(table, value_word(guess)));
        }
        self.lookup(dict, name)
    }

    /// `dict[key]`, pushed; `None` if the key is not there.
    pub fn dict_get(&mut self, dict: Local, key: Local) -> PyResult<Option<Local>> {
        match self.dict_find(dict, key)? {
            Some(n) => {
                let table = self.heap.word(self.heap.get(dict), TABLE);
                match self.heap.push(self.heap.word(table, value_word(n))) {
                    Ok(slot) => Ok(Some(slot)),
                    Err(_) => Err(self.raise_recursion()),
                }
            }
            None => Ok(None),
        }
    }

    /// The entry of a dict with this key, if looking is enough to find it. `None` says nothing, for
    /// an equal key may be there (`True` for 1).
    #[inline(never)]
    pub(crate) fn dict_find_quickly(&self, dict: Value<'_>, key: Value<'_>) -> Option<u32> {
        let table = self.heap.word(dict, TABLE);
        if table.is_null() {
            return None;
        }
        let Some(index) = index(&self.heap, table) else {
            // Looking for other objects may call their methods.
            let is_plain = !key.is_ref() || self.heap.is_kind(key, Kind::Str);
            return if is_plain { find_word(&self.heap, table, key) } else { None };
        };
        let hash = match (key.as_small(), key.as_qstr()) {
            (Some(small), _) => small as u32,
            #[cfg(feature = "quick-lookup")]
            _ if self.heap.raw(table, STATE) & MIXED != 0 => {
                return self.find_text(table, index, key, self.text(key)?)?;
            }
            (_, Some(name)) if self.heap.raw(table, STATE) & MIXED == 0 => name_hash(Qstr(name)),
            _ => return None,
        };
        probe_word(&self.heap, table, index, hash, key)
    }

    /// The entry of a Table whose keys are not names only with this text. `None` if a key is in the
    /// way that can only be compared by calling it.
    #[cfg(feature = "quick-lookup")]
    #[inline(never)]
    fn find_text(
        &self,
        table: Value<'_>,
        index: Value<'_>,
        key: Value<'_>,
        text: &[u8],
    ) -> Option<Option<u32>> {
        let test = |n: u32| {
            let candidate = self.heap.word(table, key_word(n));
            match self.same_text(candidate, key, text) {
                Some(false) => None,
                answer => Some(answer),
            }
        };
        match probe(&self.heap, index, octopy_qstr::hash(text), test) {
            Some((n, answer)) => answer.map(|_| Some(n)),
            None => Some(None),
        }
    }

    /// Whether a key is this one, which has this text, where that can be told by looking.
    #[cfg(feature = "quick-lookup")]
    #[inline(always)]
    fn same_text(&self, candidate: Value<'_>, key: Value<'_>, text: &[u8]) -> Option<bool> {
        if candidate == key {
            return Some(true);
        }
        match self.text(candidate) {
            Some(other) => Some(other == text),
            None => (!candidate.is_ref()).then_some(false),
        }
    }

    /// The entry with this key.
    pub fn dict_find(&mut self, dict: Local, key: Local) -> PyResult<Option<u32>> {
        let mixed = flags(&self.heap, self.heap.get(dict)) & MIXED != 0;
        let look = self.heap.get(key);
        if !mixed {
            let name = match look.as_qstr() {
                Some(number) => Some(Qstr(number)),
                None => self.text(look).and_then(|text| self.find_name(text)),
            };
            return match name {
                Some(name) => Ok(find_name(&self.heap, self.heap.get(dict), name)),
                None => {
                    // Unhashable keys are an error even where nothing can be found, unless nothing
                    // is there at all.
                    if !self.heap.word(self.heap.get(dict), TABLE).is_null() {
                        self.key_hash(dict, key)?;
                    }
                    Ok(None)
                }
            };
        }
        #[cfg(feature = "quick-lookup")]
        if let Some(text) = self.text(look)
            && let table = self.heap.word(self.heap.get(dict), TABLE)
            && let Some(index) = index(&self.heap, table)
            && let Some(found) = self.find_text(table, index, look, text)
        {
            return Ok(found);
        }
        let hash = self.key_hash(dict, key)?;
        self.dict_find_hashed(dict, key, hash)
    }

    /// The hash of a key. COMPAT: an OrderedDict also takes keys that have none, as it searches one
    /// by one in MicroPython.
    pub(super) fn key_hash(&mut self, dict: Local, key: Local) -> PyResult<u32> {
        match self.hash(key) {
            Err(_)
                if flags(&self.heap, self.heap.get(dict)) & ORDERED != 0
                    && self.pending_is(&exception::TYPE_ERROR) =>
            {
                self.clear_exception();
                Ok(0)
            }
            hash => hash,
        }
    }

    /// The entry of a mixed dict with this key. Nothing has been called since it was found.
    pub(super) fn dict_find_hashed(
        &mut self,
        dict: Local,
        key: Local,
        hash: u32,
    ) -> PyResult<Option<u32>> {
        let mut from = 0;
        loop {
            // Candidates are found by looking only; those that need Python code to compare are
            // compared outside, then the search goes on behind them.
            let object = self.heap.get(dict);
            let table = self.heap.word(object, TABLE);
            if table.is_null() {
                return Ok(None);
            }
            let look = self.heap.get(key);
            let heap = &self.heap;
            let mut skip = from;
            let test = |n: u32| {
                let candidate = heap.word(table, key_word(n));
                match self.same_key(candidate, look) {
                    Some(true) => Some(true),
                    Some(false) => None,
                    None if skip > 0 => {
                        skip -= 1;
                        None
                    }
                    None => Some(false),
                }
            };
            let found = match index(heap, table) {
                None => scan(heap, table, test),
                Some(index) => probe(heap, index, hash, test),
            };
            match found {
                None => return Ok(None),
                Some((n, true)) => return Ok(Some(n)),
                Some((n, false)) => {
                    let mark = self.mark();
                    let table = self.push_word(dict, TABLE)?;
                    let candidate = self.push_word(table, key_word(n))?;
                    let state = self.heap.raw(self.heap.get(table), STATE);
                    let equal = self.equal(candidate, key)?;
                    let look = self.heap.get(table);
                    let is_as_before = self.heap.word(self.heap.get(dict), TABLE) == look
                        && self.heap.raw(look, STATE) == state
                        && self.heap.word(look, key_word(n)) == self.heap.get(candidate);
                    self.release(mark);
                    if !is_as_before {
                        // COMPAT: CPython begins anew, and compares only what has the same hash.
                        return Err(self.raise_changed());
                    }
                    if equal {
                        return Ok(Some(n));
                    }
                    from += 1;
                }
            }
        }
    }

    /// Whether two keys are equal, where that can be told by looking.
    #[inline]
    fn same_key(&self, a: Value<'_>, b: Value<'_>) -> Option<bool> {
        if a == b {
            return Some(true);
        }
        if a == Value::DELETED || Value::both_small(a, b) {
            return Some(false);
        }
        match (self.text(a), self.text(b)) {
            (Some(a), Some(b)) => Some(a == b),
            (Some(_), None) if b.as_immediate().is_some() => Some(false),
            (None, Some(_)) if a.as_immediate().is_some() => Some(false),
            _ => None,
        }
    }
}
