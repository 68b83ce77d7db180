//! A QEMU plugin: how often each guest instruction is executed, or what memory is accessed.
//!
//! `-plugin libinstruction_profile.so,out=FILE` writes one line `ADDRESS COUNT` (address in
//! hexadecimal) per executed instruction when the emulator ends. Counts are exact and do not
//! depend on the PC. `cargo xtask icount --profile` builds it and sums up by function.
//!
//! With `memory=BASE:SIZE:LINE:CLOCK` it counts accesses of one memory as well: see `memory.rs`;
//! `cargo xtask icount --model` makes cycles of them. What it counts by time comes first then, and
//! a line `@` before the other lines, which have bursts as a third column.
//!
//! Only the few functions of QEMU's plugin interface (version 1) that it needs are declared here,
//! so that no header is.

mod memory;

use std::collections::BTreeMap;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::io::Write;
use std::sync::Mutex;

/// The version of the interface, which QEMU looks up by this name.
#[unsafe(no_mangle)]
#[allow(non_upper_case_globals, reason = "QEMU's name")]
pub static qemu_plugin_version: c_int = 1;

/// A block of guest code as QEMU translates it.
#[repr(C)]
struct Block(u8);

/// An instruction of a block.
#[repr(C)]
struct Instruction(u8);

/// The inline operation "add an immediate".
const INLINE_ADD: c_int = 0;

unsafe extern "C" {
    fn qemu_plugin_register_vcpu_tb_trans_cb(id: u64, callback: extern "C" fn(u64, *mut Block));
    fn qemu_plugin_register_atexit_cb(
        id: u64,
        callback: extern "C" fn(u64, *mut c_void),
        data: *mut c_void,
    );
    fn qemu_plugin_tb_n_insns(block: *const Block) -> usize;
    fn qemu_plugin_tb_get_insn(block: *const Block, idx: usize) -> *mut Instruction;
    fn qemu_plugin_insn_vaddr(instruction: *const Instruction) -> u64;
    fn qemu_plugin_register_vcpu_insn_exec_inline(
        instruction: *mut Instruction,
        operation: c_int,
        counter: *mut c_void,
        immediate: u64,
    );
}

/// One counter per address. QEMU's translated code adds to it without asking.
static COUNTERS: Mutex<BTreeMap<u64, usize>> = Mutex::new(BTreeMap::new());

/// Where the counts go.
static OUT: Mutex<Option<String>> = Mutex::new(None);

/// Called by QEMU for each block that it translates, before it runs.
extern "C" fn translated(_: u64, block: *mut Block) {
    let Ok(mut counters) = COUNTERS.lock() else { return };
    // SAFETY: `block` is valid during this call.
    let count = unsafe { qemu_plugin_tb_n_insns(block) };
    for idx in 0..count {
        // SAFETY: `idx` is below the block's number of instructions.
        let instruction = unsafe { qemu_plugin_tb_get_insn(block, idx) };
        if memory::is_wanted() {
            let counter = memory::INSTRUCTIONS.as_ptr().cast();
            // SAFETY: the counter is 8 bytes that live for ever, the instruction is this block's.
            unsafe {
                qemu_plugin_register_vcpu_insn_exec_inline(instruction, INLINE_ADD, counter, 1);
            }
        }
        // SAFETY: the instruction belongs to the block, which is valid.
        let address = unsafe { qemu_plugin_insn_vaddr(instruction) };
        let counter =
            *counters.entry(address).or_insert_with(|| Box::into_raw(Box::new(0u64)) as usize);
        // SAFETY: the counter is 8 bytes of memory that are never freed.
        unsafe {
            qemu_plugin_register_vcpu_insn_exec_inline(
                instruction,
                INLINE_ADD,
                counter as *mut c_void,
                1,
            );
            if memory::is_wanted() {
                memory::watch(instruction, address);
            }
        }
    }
}

/// Called by QEMU at its end.
extern "C" fn ended(_: u64, _: *mut c_void) {
    let (Ok(counters), Ok(out)) = (COUNTERS.lock(), OUT.lock()) else { return };
    let Some(path) = out.as_ref() else { return };
    let mut text = Vec::new();
    if memory::is_wanted() {
        text = memory::report().into_bytes();
    }
    for (address, counter) in counters.iter() {
        // SAFETY: the counter is never freed and no guest code runs any more.
        let count = unsafe { (*counter as *const u64).read_volatile() };
        let at = if memory::is_wanted() { memory::bursts_at(*address) } else { String::new() };
        let _ = writeln!(text, "{address:x} {count}{at}");
    }
    if let Err(error) = std::fs::write(path, text) {
        eprintln!("instruction-profile: {path}: {error}");
    }
}

/// Called by QEMU when it loads the plugin.
///
/// # Safety
///
/// `argv` must point to `argc` strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qemu_plugin_install(
    id: u64,
    _info: *const c_void,
    argc: c_int,
    argv: *const *const c_char,
) -> c_int {
    for idx in 0..usize::try_from(argc).unwrap_or(0) {
        // SAFETY: there are `argc` strings, as QEMU promises.
        let argument = unsafe { CStr::from_ptr(*argv.add(idx)) }.to_string_lossy();
        match (argument.strip_prefix("out="), OUT.lock()) {
            (Some(path), Ok(mut out)) => *out = Some(path.to_owned()),
            _ if argument.strip_prefix("memory=").is_some_and(memory::configure) => {}
            _ => {
                eprintln!("instruction-profile: unknown argument {argument}");
                return -1;
            }
        }
    }
    // SAFETY: the callbacks have the types that the interface asks for.
    unsafe {
        qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
        qemu_plugin_register_atexit_cb(id, ended, std::ptr::null_mut());
    }
    0
}
