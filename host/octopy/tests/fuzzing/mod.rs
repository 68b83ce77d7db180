//! What the fuzzers share: an interpreter with fuel and nothing around it, and numbers that a seed
//! decides.

use std::sync::atomic::{AtomicU32, Ordering};

use octopy_hal::{Attention, Board, Console, FileSystem, Flash, Identity, Network};
use octopy_runtime::{
    Config, Heap, HeapConfig, PyResult, RegionClass, RegionSpec, Runtime, Space, Vm,
};

/// Backward jumps that a program may still do.
static FUEL: AtomicU32 = AtomicU32::new(0);

/// Called at each backward jump.
fn burn(vm: &mut Vm) -> PyResult<()> {
    vm.attention.raise_service();
    let left = FUEL.load(Ordering::Relaxed);
    if left == 0 {
        return Err(vm.raise_value("out of fuel"));
    }
    FUEL.store(left - 1, Ordering::Relaxed);
    Ok(())
}

/// Lets the next program jump backward so many times.
pub fn refuel(vm: &Vm, jumps: u32) {
    FUEL.store(jumps, Ordering::Relaxed);
    vm.attention.raise_service();
}

/// A board without devices, whose clock goes on only when somebody looks at it or waits.
#[derive(Debug, Default)]
pub struct Nowhere {
    micros: u64,
}

static ATTENTION: Attention = Attention::new();

static IDENTITY: Identity =
    Identity { platform: "none", board: "none", mcu: "", unique_id: [0; 16], frequency: 0 };

impl Console for Nowhere {
    fn read(&mut self, _buf: &mut [u8]) -> usize {
        0
    }

    fn is_readable(&mut self) -> bool {
        false
    }

    fn write(&mut self, _bytes: &[u8]) {}

    fn receive_capacity(&self) -> usize {
        0
    }

    fn is_closed(&mut self) -> bool {
        true
    }
}

impl Board for Nowhere {
    fn identity(&self) -> &'static Identity {
        &IDENTITY
    }

    fn attention(&self) -> &'static Attention {
        &ATTENTION
    }

    fn console(&mut self) -> &mut dyn Console {
        self
    }

    fn diagnostics(&mut self) -> Option<&mut dyn Console> {
        None
    }

    fn flash(&mut self) -> Option<&mut dyn Flash> {
        None
    }

    fn files(&mut self) -> Option<&mut dyn FileSystem> {
        None
    }

    fn network(&mut self) -> Option<&mut dyn Network> {
        None
    }

    fn micros(&mut self) -> u64 {
        self.micros += 10;
        self.micros
    }

    fn unix_nanos(&mut self) -> u64 {
        self.micros() * 1_000
    }

    fn set_unix_nanos(&mut self, _nanos: u64) -> bool {
        false
    }

    fn entropy(&mut self, buf: &mut [u8]) {
        buf.fill(7)
    }

    fn wait(&mut self, deadline: Option<u64>) {
        match deadline {
            Some(deadline) => self.micros = self.micros.max(deadline),
            // Nothing would ever happen.
            None => ATTENTION.raise_interrupt(),
        }
    }

    fn reset(&mut self) {}
}

/// An interpreter with a small heap that stops when its fuel is spent.
pub fn runtime() -> Runtime {
    let board = Box::leak(Box::new(Nowhere::default()));
    let mut runtime = runtime_on(board, 1 << 20, 50);
    runtime.vm().service_hook = Some(burn);
    runtime
}

/// An interpreter on a board, with one region of so many bytes.
pub fn runtime_on(board: &'static mut dyn Board, size: u32, native_depth: u16) -> Runtime {
    let region =
        RegionSpec { name: "heap", base: 0x1000_0000, size, class: RegionClass::Fast, dma: true };
    let config = HeapConfig {
        stack_base: 0x0800_0000,
        stack_size: 0x4_0000,
        roots: 64,
        mark_stack: 256,
        trail: 128,
        regions: &[region],
        large_object: u32::MAX,
    };
    let space = Space::for_config(&config).expect("addresses can be reserved");
    let config_vm = Config { single_floats: false, is_board: false, native_depth };
    let heap = Heap::new(space, &config);
    Runtime::new(heap, board, config_vm).expect("the heap is big enough")
}

/// Numbers that a seed decides.
#[derive(Debug)]
pub struct Random(u64);

impl Random {
    /// The numbers of a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below the limit, or 0.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit.max(1)
    }
}

/// A number in the environment.
pub fn from_environment(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Runs a fuzzer where a deep native stack is no crash.
pub fn with_big_stack(fuzzer: fn()) {
    let thread = std::thread::Builder::new().stack_size(256 << 20).spawn(fuzzer).unwrap();
    thread.join().expect("no panic");
}

/// Ctrl-C.
#[allow(dead_code, reason = "not every fuzzer has programs that may take long")]
pub fn interrupt() {
    ATTENTION.raise_interrupt();
}
