//! `hashlib`: SHA-256, SHA-1 and MD5.
//!
//! The compression functions are RustCrypto's. What all three have in common, blocks of 64 bytes
//! and the padding with the length, is here, because the state lives in Python's heap.
//! Layout: NativeBytes with type; then algorithm, bytes hashed (two words), whether it is final,
//! eight words of state, and the block being filled.

use crate::table;
use octopy_vm::types::buffer::BufferLook;
use octopy_vm::{Kind, Local, Out, PrintKind, PyResult, Vm, class, module};

module! {
    /// Hashes.
    pub static HASHLIB = hashlib (table::HASHLIB) {
        __name__ = name (hashlib),
        /// An MD5 hash.
        md5 = function (md5, data),
        /// A SHA-1 hash.
        sha1 = function (sha1, data),
        /// A SHA-256 hash.
        sha256 = function (sha256, data),
    }
}

class! {
    /// A hash being computed.
    pub static HASH = hash (table::HASH) {
        slots { print: hash_print }
        /// The hash as bytes; nothing can be added after that.
        digest = method (digest, this),
        /// Adds data.
        update = method (update, this, data),
    }
}

/// An algorithm: how it starts, how it goes on, and how its result is written.
struct Algorithm {
    start: [u32; 8],
    /// Words of the result.
    words: usize,
    /// Whether words and the length are written least significant byte first.
    little: bool,
    compress: fn(&mut [u32; 8], &[u8; 64]),
}

/// The first state words of MD5 and SHA-1, and SHA-1's fifth.
const CHAIN: [u32; 5] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];

const ALGORITHMS: [Algorithm; 3] = [
    Algorithm {
        start: [CHAIN[0], CHAIN[1], CHAIN[2], CHAIN[3], 0, 0, 0, 0],
        words: 4,
        little: true,
        compress: |state, block| {
            if let Some(state) = state.first_chunk_mut() {
                md5::block_api::compress(state, core::slice::from_ref(block));
            }
        },
    },
    Algorithm {
        start: [CHAIN[0], CHAIN[1], CHAIN[2], CHAIN[3], CHAIN[4], 0, 0, 0],
        words: 5,
        little: false,
        compress: |state, block| {
            if let Some(state) = state.first_chunk_mut() {
                sha1::block_api::compress(state, core::slice::from_ref(block));
            }
        },
    },
    Algorithm {
        start: [
            0x6a09_e667,
            0xbb67_ae85,
            0x3c6e_f372,
            0xa54f_f53a,
            0x510e_527f,
            0x9b05_688c,
            0x1f83_d9ab,
            0x5be0_cd19,
        ],
        words: 8,
        little: false,
        compress: |state, block| {
            sha2::block_api::compress256(state, core::slice::from_ref(block));
        },
    },
];

const KIND: u32 = 1;
const LENGTH: u32 = 2;
const FINAL: u32 = 4;
const STATE: u32 = 5;
const BLOCK: u32 = 13;
const WORDS: u32 = BLOCK + 16;

fn md5(vm: &mut Vm, data: Option<Local>) -> PyResult<Local> {
    start(vm, 0, data)
}

fn sha1(vm: &mut Vm, data: Option<Local>) -> PyResult<Local> {
    start(vm, 1, data)
}

fn sha256(vm: &mut Vm, data: Option<Local>) -> PyResult<Local> {
    start(vm, 2, data)
}

fn start(vm: &mut Vm, kind: u32, data: Option<Local>) -> PyResult<Local> {
    let made = vm.alloc(Kind::NativeBytes, WORDS)?;
    let object = vm.heap.get(made);
    vm.heap.poke_raw(object, 0, u32::from(table::HASH));
    vm.heap.poke_raw(object, KIND, kind);
    if let Some(algorithm) = ALGORITHMS.get(kind as usize) {
        for (idx, word) in (STATE..).zip(algorithm.start) {
            vm.heap.poke_raw(object, idx, word);
        }
    }
    if let Some(data) = data {
        update(vm, made, data)?;
    }
    Ok(made)
}

fn hash_print(vm: &mut Vm, _this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    vm.write(out, b"<hash>")
}

/// The algorithm of a hash that is not final.
fn algorithm(vm: &mut Vm, this: Local) -> PyResult<&'static Algorithm> {
    let object = vm.heap.get(this);
    if vm.heap.raw(object, FINAL) != 0 {
        return Err(vm.raise_value("hash is final"));
    }
    match ALGORITHMS.get(vm.heap.raw(object, KIND) as usize) {
        Some(algorithm) => Ok(algorithm),
        None => Err(vm.bug("unknown hash")),
    }
}

/// Bytes hashed so far.
fn length(vm: &Vm, this: Local) -> u64 {
    let object = vm.heap.get(this);
    let (low, high) = (vm.heap.raw(object, LENGTH), vm.heap.raw(object, LENGTH + 1));
    u64::from(low) | u64::from(high) << 32
}

fn set_length(vm: &Vm, this: Local, length: u64) {
    let object = vm.heap.get(this);
    vm.heap.poke_raw(object, LENGTH, length as u32);
    vm.heap.poke_raw(object, LENGTH + 1, (length >> 32) as u32);
}

fn state(vm: &Vm, this: Local) -> [u32; 8] {
    let mut state = [0; 8];
    for (idx, word) in (STATE..).zip(&mut state) {
        *word = vm.heap.raw(vm.heap.get(this), idx);
    }
    state
}

fn set_state(vm: &Vm, this: Local, state: [u32; 8]) {
    for (idx, word) in (STATE..).zip(state) {
        vm.heap.poke_raw(vm.heap.get(this), idx, word);
    }
}

/// The block being filled.
fn block(vm: &Vm, this: Local) -> [u8; 64] {
    let bytes = vm.heap.raw_bytes(vm.heap.get(this), BLOCK);
    bytes.first_chunk().copied().unwrap_or([0; 64])
}

fn set_block(vm: &mut Vm, this: Local, block: &[u8; 64]) {
    if let Some(bytes) = vm.heap.bytes_mut(this, BLOCK).first_chunk_mut() {
        *bytes = *block;
    }
}

fn update(vm: &mut Vm, this: Local, data: Local) -> PyResult<()> {
    let algorithm = algorithm(vm, this)?;
    let look = vm.buffer_of(data)?;
    let length = length(vm, this);
    let mut state = state(vm, this);
    let mut block = block(vm, this);
    let mut filled = (length % 64) as usize;
    let mut rest: BufferLook = look;
    while rest.len > 0 {
        vm.stop_if_interrupted()?;
        let room = block.get_mut(filled..).unwrap_or_default();
        let mut count = 0;
        for (to, from) in room.iter_mut().zip(vm.buffer_bytes(&rest)) {
            *to = *from;
            count += 1;
        }
        if count == 0 {
            break;
        }
        filled += count;
        rest = rest.from(count as u32);
        if filled == block.len() {
            (algorithm.compress)(&mut state, &block);
            filled = 0;
        }
    }
    set_state(vm, this, state);
    set_block(vm, this, &block);
    set_length(vm, this, length.wrapping_add(u64::from(look.len - rest.len)));
    Ok(())
}

fn digest(vm: &mut Vm, this: Local) -> PyResult<Local> {
    let algorithm = algorithm(vm, this)?;
    let length = length(vm, this);
    let result = finish(algorithm, state(vm, this), block(vm, this), length);
    let made = vm.alloc_bytes(result.get(..algorithm.words * 4).unwrap_or_default())?;
    vm.heap.poke_raw(vm.heap.get(this), FINAL, 1);
    Ok(made)
}

/// Pads the last block: a one bit, zeros, and the length in bits.
fn finish(
    algorithm: &Algorithm,
    mut state: [u32; 8],
    mut block: [u8; 64],
    length: u64,
) -> [u8; 32] {
    let filled = (length % 64) as usize;
    for (at, byte) in block.iter_mut().enumerate().skip(filled) {
        *byte = if at == filled { 0x80 } else { 0 };
    }
    if filled >= 56 {
        (algorithm.compress)(&mut state, &block);
        block = [0; 64];
    }
    let bits = length.wrapping_mul(8);
    let bits = if algorithm.little { bits.to_le_bytes() } else { bits.to_be_bytes() };
    if let Some(end) = block.last_chunk_mut() {
        *end = bits;
    }
    (algorithm.compress)(&mut state, &block);
    let mut result = [0; 32];
    for (to, word) in result.chunks_exact_mut(4).zip(state) {
        to.copy_from_slice(&if algorithm.little { word.to_le_bytes() } else { word.to_be_bytes() });
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: usize, data: &[u8], expect: &[u8]) {
        let algorithm = &ALGORITHMS[kind];
        let mut state = algorithm.start;
        let mut block = [0; 64];
        let mut chunks = data.chunks_exact(64);
        for chunk in &mut chunks {
            block.copy_from_slice(chunk);
            (algorithm.compress)(&mut state, &block);
        }
        block[..chunks.remainder().len()].copy_from_slice(chunks.remainder());
        let result = finish(algorithm, state, block, data.len() as u64);
        assert_eq!(&result[..algorithm.words * 4], expect, "{kind} {}", data.len());
    }

    #[test]
    fn hashes_are_those_of_the_crates() {
        use sha2::Digest;
        let data = [0x5a; 200];
        for len in [0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 200] {
            let data = &data[..len];
            check(0, data, &md5::Md5::digest(data));
            check(1, data, &sha1::Sha1::digest(data));
            check(2, data, &sha2::Sha256::digest(data));
        }
    }
}
