//! `random`: pseudo-random numbers by xoshiro128++, seeded by the board.
//!
//! The state is a NativeBytes in the VM's state: type, then four words.

use octopy_vm::types::exception;
use octopy_vm::{Float, Kind, Local, PyResult, StateSlot, Vm, module};

module! {
    /// Pseudo-random numbers; not for secrets.
    pub static RANDOM = random (crate::table::RANDOM) {
        __name__ = name (random),
        /// An item of a sequence.
        choice = function (choice, sequence),
        /// An integer of so many random bits, up to 32.
        getrandbits = function (getrandbits, bits),
        /// An integer from `a` to `b`, both included.
        randint = function (randint, a, b),
        /// A float from 0 to 1, 1 excluded.
        random = function (random),
        /// An item of `range(start, stop, step)`.
        randrange = function (randrange, start, stop, step),
        /// Starts the sequence that belongs to a number, or a fresh one.
        seed = function (seed, number),
        /// A float from `a` to `b`.
        uniform = function (uniform, a, b),
    }
}

/// The state, pushed; made and seeded by the board if there is none.
fn state(vm: &mut Vm) -> PyResult<Local> {
    let state = vm.state(StateSlot::Random)?;
    if !vm.heap.get(state).is_null() {
        return Ok(state);
    }
    let mut bytes = [0_u8; 8];
    vm.board().entropy(&mut bytes);
    start(vm, u64::from_le_bytes(bytes))
}

/// A state from a seed, kept and pushed.
fn start(vm: &mut Vm, mut seed: u64) -> PyResult<Local> {
    let state = vm.alloc(Kind::NativeBytes, 5)?;
    vm.heap.poke_raw(vm.heap.get(state), 0, u32::from(RANDOM.id));
    for idx in 1..5 {
        // splitmix64 spreads the seed's bits and never gives four zeros.
        seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = seed;
        word = (word ^ word >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ word >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        vm.heap.poke_raw(vm.heap.get(state), idx, (word >> 32) as u32);
    }
    vm.set_state(StateSlot::Random, state);
    Ok(state)
}

/// The next 32 random bits.
fn bits(vm: &mut Vm) -> PyResult<u32> {
    let mark = vm.mark();
    let state = state(vm)?;
    let object = vm.heap.get(state);
    let [mut a, mut b, mut c, mut d] = [1, 2, 3, 4].map(|idx| vm.heap.raw(object, idx));
    let result = a.wrapping_add(d).rotate_left(7).wrapping_add(a);
    let shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = d.rotate_left(11);
    for (idx, word) in [a, b, c, d].into_iter().enumerate() {
        vm.heap.poke_raw(object, idx as u32 + 1, word);
    }
    vm.release(mark);
    Ok(result)
}

/// A number below `count`, all equally likely.
fn below(vm: &mut Vm, count: u64) -> PyResult<u64> {
    let wide = count > u64::from(u32::MAX);
    let mask = count.next_power_of_two().wrapping_sub(1);
    loop {
        let mut number = u64::from(bits(vm)?);
        if wide {
            number |= u64::from(bits(vm)?) << 32;
        }
        if number & mask < count {
            return Ok(number & mask);
        }
    }
}

fn seed(vm: &mut Vm, number: Option<Local>) -> PyResult<()> {
    let mut seed = [0_u8; 8];
    match number.filter(|number| !vm.heap.get(*number).is_none()) {
        Some(number) => seed = vm.to_i64(number)?.to_le_bytes(),
        None => vm.board().entropy(&mut seed),
    }
    start(vm, u64::from_le_bytes(seed)).map(|_| ())
}

fn getrandbits(vm: &mut Vm, count: i32) -> PyResult<u32> {
    match u32::try_from(count) {
        Ok(0) => Ok(0),
        Ok(count @ 1..=32) => Ok(bits(vm)? >> (32 - count)),
        Ok(_) => Err(vm.raise_value("bits must be 32 or less")),
        Err(_) => Err(vm.raise_value("bits must be non-negative")),
    }
}

#[cold]
fn empty_range(vm: &mut Vm) -> octopy_vm::Raised {
    vm.raise_value("empty range")
}

fn randint(vm: &mut Vm, a: Local, b: Local) -> PyResult<i64> {
    let (a, b) = (vm.to_i64(a)?, vm.to_i64(b)?);
    if a > b {
        return Err(empty_range(vm));
    }
    let span = (b.wrapping_sub(a) as u64).wrapping_add(1);
    let offset = if span == 0 { u64::from(bits(vm)?) } else { below(vm, span)? };
    Ok(a.wrapping_add(offset as i64))
}

fn randrange(vm: &mut Vm, start: Local, stop: Option<Local>, step: Option<Local>) -> PyResult<i64> {
    let first = vm.to_i64(start)?;
    let (start, stop) = match stop {
        Some(stop) => (first, vm.to_i64(stop)?),
        None => (0, first),
    };
    let step = match step {
        Some(step) => vm.to_i64(step)?,
        None => 1,
    };
    let span = if step > 0 { stop.wrapping_sub(start) } else { start.wrapping_sub(stop) };
    if step == 0 || span <= 0 {
        return Err(empty_range(vm));
    }
    let count = (span as u64).div_ceil(step.unsigned_abs());
    let idx = below(vm, count)? as i64;
    Ok(start.wrapping_add(idx.wrapping_mul(step)))
}

fn choice(vm: &mut Vm, sequence: Local) -> PyResult<Local> {
    let count = vm.len_of(sequence)?;
    if count == 0 {
        return Err(vm.raise(&exception::INDEX_ERROR, "cannot choose from an empty sequence"));
    }
    let idx = below(vm, u64::from(count))?;
    let index = vm.alloc_int(idx as i64)?;
    vm.subscript(sequence, index)
}

fn random(vm: &mut Vm) -> PyResult<Float> {
    // As many bits as a mantissa has, so that rounding never gives 1.
    if vm.has_single_floats() {
        let bits = bits(vm)? >> 8;
        return Ok(bits as Float * (1.0 / 16_777_216.0));
    }
    let number = u64::from(bits(vm)?) << 21 | u64::from(bits(vm)? >> 11);
    Ok(number as Float * (1.0 / 9_007_199_254_740_992.0))
}

fn uniform(vm: &mut Vm, a: Float, b: Float) -> PyResult<Float> {
    let part = random(vm)?;
    Ok(vm.round_float(a + (b - a) * part))
}
