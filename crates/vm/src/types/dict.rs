//! `dict`: ordered hash tables, for Python's dicts and for every namespace.
//!
//! ```text
//! Dict   values: Table, or NULL
//! Table  raw: entries used, and flags;  values: key 0, value 0, key 1, value 1, ..., then the
//!        index (a Buffer), if there is room for more than LINEAR entries
//! ```
//!
//! Entries stand in the order of insertion; a deleted one has the key DELETED. Up to
//! [`LINEAR`] entries are searched one by one; beyond, the index maps hashes to entries. A dict
//! without flags and entries needs no Table.
//!
//! INVARIANT `names-only`: while [`MIXED`] is not set, every key is an interned name, and the index
//! hashes the name's number. Comparing names is then comparing words, and no text is looked at.
//! The first other key sets MIXED and rebuilds the index with the hashes of contents.

mod find;
mod methods;
mod storage;

pub use find::{find_name, find_word};
pub use methods::DICT;
pub(crate) use methods::store_mapping;
pub use storage::{Part, index_size, next_entry};

use crate::types::exception;
use crate::{PyResult, Raised, Vm};
use octopy_heap::{Heap, Kind, Local, OutOfMemory, Value};
use octopy_qstr::Qstr;

/// Word of the Table.
pub const TABLE: u32 = 0;
/// Word of a Table: the flags, and from the bit [`USED_SHIFT`] on the entries used.
pub const STATE: u32 = 0;
/// Flag: some key is no name.
pub const MIXED: u32 = 1;
/// Flag: the dict compares as an OrderedDict.
pub const ORDERED: u32 = 1 << 1;
/// Flag: the dict must not be changed.
pub const FIXED: u32 = 1 << 2;
/// Flag: the last word of the Table is the index.
const INDEXED: u32 = 1 << 3;
/// Of the number of deleted entries of a Table without index, the lowest bit; others have theirs
/// in the index.
const DELETED_SHIFT: u32 = 4;
/// Flag: the keys are being hashed, which may call Python code; the dict must not be changed.
const BUSY: u32 = 1 << 8;
/// Of the number of entries used, the lowest bit.
pub const USED_SHIFT: u32 = 10;

/// Most entries without an index.
pub const LINEAR: u32 = 10;

/// Word of the key of entry `n` of a Table.
#[inline(always)]
pub const fn key_word(n: u32) -> u32 {
    1 + 2 * n
}

/// Word of the value of entry `n` of a Table.
#[inline(always)]
pub const fn value_word(n: u32) -> u32 {
    2 + 2 * n
}

/// Payload words of a Table without index with room for `capacity` entries.
#[inline(always)]
pub const fn table_words(capacity: u32) -> u32 {
    1 + 2 * capacity
}

/// Entries of a Table in use, deleted ones included.
#[inline(always)]
pub fn used(heap: &Heap, table: Value<'_>) -> u32 {
    heap.raw(table, STATE) >> USED_SHIFT
}

/// The word with the flags of a dict.
#[inline]
pub fn flags(heap: &Heap, dict: Value<'_>) -> u32 {
    let table = heap.word(dict, TABLE);
    if table.is_null() { 0 } else { heap.raw(table, STATE) }
}

/// A dict with room for `capacity` entries, pushed.
pub fn alloc(heap: &mut Heap, capacity: u32) -> Result<Local, OutOfMemory> {
    let dict = heap.alloc(Kind::Dict, 1)?;
    if capacity > 0 {
        let table = storage::alloc_table(heap, capacity)?;
        heap.poke(heap.get(dict), TABLE, heap.get(table));
        heap.set_sp(table.addr());
    }
    Ok(dict)
}

/// The number of live entries.
#[inline]
pub fn len(heap: &Heap, dict: Value<'_>) -> u32 {
    let table = heap.word(dict, TABLE);
    if table.is_null() { 0 } else { storage::live(heap, table) }
}

/// Sets a name in a namespace that is known to hold names only.
pub fn store_name(
    heap: &mut Heap,
    dict: Local,
    name: Qstr,
    value: Local,
) -> Result<(), OutOfMemory> {
    let object = heap.get(dict);
    if let Some(n) = find_name(heap, object, name) {
        heap.poke(heap.word(object, TABLE), value_word(n), heap.get(value));
        return Ok(());
    }
    let mark = heap.sp();
    let key = heap.push(Value::from_qstr(name.0))?;
    let res = storage::insert(heap, dict, key, value, storage::name_hash(name));
    heap.set_sp(mark);
    res
}

impl Vm {
    /// Sets a name in a namespace (any dict).
    pub fn store_name(&mut self, dict: Local, name: Qstr, value: Local) -> PyResult<()> {
        if flags(&self.heap, self.heap.get(dict)) & (MIXED | FIXED) != 0 {
            let mark = self.mark();
            let key = self.push(Value::from_qstr(name.0))?;
            let res = self.dict_store(dict, key, value);
            self.release(mark);
            return res;
        }
        store_name(&mut self.heap, dict, name, value).map_err(|error| self.raise_memory(error))
    }

    /// Deletes a name from a namespace; false if it was not there.
    pub fn delete_name(&mut self, dict: Local, name: Qstr) -> PyResult<bool> {
        let mark = self.mark();
        let key = self.push(Value::from_qstr(name.0))?;
        let res = self.dict_delete(dict, key);
        self.release(mark);
        res
    }

    /// `dict[key] = value`
    pub fn dict_store(&mut self, dict: Local, key: Local, value: Local) -> PyResult<()> {
        self.check_changeable(dict)?;
        #[cfg(feature = "quick-lookup")]
        if let Some(n) = self.dict_find_quickly(self.heap.get(dict), self.heap.get(key)) {
            self.dict_set_value(dict, n, value);
            return Ok(());
        }
        let mark = self.mark();
        let mut key = key;
        // A string that exists as a name is stored as the name: namespaces stay names-only.
        let look = self.heap.get(key);
        if look.as_qstr().is_none()
            && let Some(name) = self.text(look).and_then(|text| self.find_name(text))
        {
            key = self.push(Value::from_qstr(name.0))?;
        }
        match self.heap.get(key).as_qstr() {
            Some(number) if !self.dict_is_mixed(dict) => {
                let res = store_name(&mut self.heap, dict, Qstr(number), value);
                res.map_err(|error| self.raise_memory(error))?;
            }
            _ => self.dict_store_hashed(dict, key, value)?,
        }
        self.release(mark);
        Ok(())
    }

    /// As [`Vm::dict_store`], for a dict that is mixed or a key that is no name.
    fn dict_store_hashed(&mut self, dict: Local, key: Local, value: Local) -> PyResult<()> {
        // Whatever is called here may change the dict, so that each step looks at it again.
        let hash = self.key_hash(dict, key)?;
        if self.dict_is_mixed(dict)
            && let Some(n) = self.dict_find_hashed(dict, key, hash)?
        {
            self.dict_set_value(dict, n, value);
            return Ok(());
        }
        if !self.dict_is_mixed(dict) {
            self.dict_flag(dict, MIXED)?;
            self.dict_reindex(dict)?;
        }
        if storage::is_full(&self.heap, self.heap.get(dict)) {
            self.dict_grow_mixed(dict)?;
        }
        storage::insert(&mut self.heap, dict, key, value, hash)
            .map_err(|error| self.raise_memory(error))
    }

    fn dict_is_mixed(&self, dict: Local) -> bool {
        flags(&self.heap, self.heap.get(dict)) & MIXED != 0
    }

    /// Changes the value of entry `n`.
    fn dict_set_value(&self, dict: Local, n: u32, value: Local) {
        let table = self.heap.word(self.heap.get(dict), TABLE);
        self.heap.poke(table, value_word(n), self.heap.get(value));
    }

    /// Makes room in a mixed dict; the new index needs every key's hash. If one has none any more,
    /// the dict stays as it was.
    fn dict_grow_mixed(&mut self, dict: Local) -> PyResult<()> {
        let mark = self.mark();
        let old = self.push_word(dict, TABLE)?;
        storage::grow_table(&mut self.heap, dict).map_err(|error| self.raise_memory(error))?;
        let res = self.dict_reindex(dict);
        if res.is_err() {
            self.heap.poke(self.heap.get(dict), TABLE, self.heap.get(old));
        }
        self.release(mark);
        res
    }

    /// A dict with room for `capacity` entries, pushed.
    pub fn alloc_dict(&mut self, capacity: u32) -> PyResult<Local> {
        alloc(&mut self.heap, capacity).map_err(|error| self.raise_memory(error))
    }

    /// Gives a dict a flag.
    pub fn dict_flag(&mut self, dict: Local, flag: u32) -> PyResult<()> {
        if self.heap.word(self.heap.get(dict), TABLE).is_null() {
            let res = storage::grow_table(&mut self.heap, dict);
            res.map_err(|error| self.raise_memory(error))?;
        }
        let table = self.heap.word(self.heap.get(dict), TABLE);
        self.heap.poke_raw(table, STATE, self.heap.raw(table, STATE) | flag);
        Ok(())
    }

    /// Builds the index of a mixed dict from the hashes of its keys.
    fn dict_reindex(&mut self, dict: Local) -> PyResult<()> {
        let mark = self.mark();
        let table = self.push_word(dict, TABLE)?;
        let look = self.heap.get(table);
        let res = match storage::index(&self.heap, look) {
            None => Ok(()),
            Some(index) => {
                storage::clear_index(&self.heap, index);
                let state = self.heap.raw(look, STATE);
                self.heap.poke_raw(look, STATE, state | BUSY);
                let res = self.dict_index_keys(dict, table);
                self.heap.poke_raw(self.heap.get(table), STATE, state);
                res
            }
        };
        self.release(mark);
        res
    }

    fn dict_index_keys(&mut self, dict: Local, table: Local) -> PyResult<()> {
        for n in 0..used(&self.heap, self.heap.get(table)) {
            let mark = self.mark();
            let key = self.push_word(table, key_word(n))?;
            if self.heap.get(key) != Value::DELETED {
                let hash = self.key_hash(dict, key)?;
                storage::index_entry(&self.heap, self.heap.get(table), hash, n);
            }
            self.release(mark);
        }
        Ok(())
    }

    /// Deletes a key; false if it was not there.
    pub fn dict_delete(&mut self, dict: Local, key: Local) -> PyResult<bool> {
        self.check_changeable(dict)?;
        match self.dict_find(dict, key)? {
            Some(n) => {
                storage::remove(&self.heap, self.heap.get(dict), n);
                Ok(true)
            }
            None => Ok(false),
        }
    }

    /// That a dict may be changed.
    fn check_changeable(&mut self, dict: Local) -> PyResult<()> {
        if flags(&self.heap, self.heap.get(dict)) & (FIXED | BUSY) == 0 {
            return Ok(());
        }
        Err(self.raise_type("dict is read-only"))
    }

    /// The error when Python code that was asked about a key, or a set's member, changes the
    /// container.
    #[cold]
    pub(in crate::types) fn raise_changed(&mut self) -> Raised {
        self.raise(&exception::RUNTIME_ERROR, "changed during search")
    }

    /// A copy of a dict, pushed.
    pub fn dict_copy(&mut self, dict: Local) -> PyResult<Local> {
        let live = len(&self.heap, self.heap.get(dict));
        let copy = self.alloc_dict(live.max(1))?;
        self.dict_update(copy, dict)?;
        Ok(copy)
    }

    /// Stores every entry of dict `from` in `dict`.
    pub fn dict_update(&mut self, dict: Local, from: Local) -> PyResult<()> {
        let mut n = 0;
        loop {
            self.stop_if_interrupted()?;
            let mark = self.mark();
            let (step, key) = next_entry(self, from, n, Part::Key)?;
            let Some(key) = key else {
                self.release(mark);
                return Ok(());
            };
            let (_, value) = next_entry(self, from, n, Part::Value)?;
            if let Some(value) = value {
                self.dict_store(dict, key, value)?;
            }
            n += step;
            self.release(mark);
        }
    }
}
