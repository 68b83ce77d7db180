//! Damaged `.mpy` files: whatever is in them, they raise or run, and the heap stays sound.
//!
//! `OCTOPY_FUZZ_ITERATIONS` and `OCTOPY_FUZZ_SEED` in the environment ask for more than the usual
//! run. How far a program may run is counted at its backward jumps.

mod fuzzing;

use std::path::Path;
use std::process::Command;

use fuzzing::{Random, from_environment};
use octopy_runtime::Vm;

/// What is damaged most: every statement that has rules of its own on the stack.
const PROGRAM: &str = "
def closed(a, *b, c=1, **d):
    x = a
    def inner(y=2, *, z=3):
        nonlocal x
        x += y + z
        return lambda: x + a
    return inner()()

def generate(n):
    try:
        for i in range(n):
            try:
                s = yield i
            finally:
                n -= 1
        yield from (j * 2 for j in [1, 2, 3] if j)
    except ValueError as e:
        return e
    finally:
        x = [i for i in (4, 5)], {i for i in 'ab'}, {k: v for k, v in ((1, 2), (3, 4))}

class Manager:
    def __enter__(self):
        return self
    def __exit__(self, *a):
        return a[0] is KeyError
    async def __aenter__(self):
        return self
    async def __aexit__(self, *a):
        return False

def blocks(k):
    for i in range(5):
        with Manager() as m, Manager():
            if i == k:
                continue
            try:
                if i == 3:
                    break
                if k == 9:
                    return i
                raise KeyError(i)
            except (IndexError, KeyError) as e:
                m.value = e
                del m.value
            finally:
                while k > 100:
                    k -= 1
    else:
        return 1 << 70, 1.5, b'x', 'text', ...
    a, *c, d = [1, 2, 3, 4][1:] + list(range(3))
    return closed(*c, **{'q': d})

async def main():
    async with Manager() as m:
        async with Manager():
            try:
                return blocks(2)
            finally:
                m.x = 1

r = [closed(1, 2, 3, c=4, e=5), blocks(0), blocks(9), list(generate(3))]
g = generate(2)
next(g)
try:
    g.throw(ValueError)
except StopIteration as e:
    r.append(e)
try:
    main().send(None)
except StopIteration as e:
    r.append(e.value)
";

/// Scripts of `tests/scripts` that are damaged too: about the language, quick, and without modules
/// that reach out of the heap.
const SCRIPTS: [&str; 7] = [
    "async_with_names",
    "class_native_init",
    "closure_arguments",
    "generator_delegation",
    "generator_pending",
    "special_comparison",
    "text_sides",
];

/// Every so manieth file is a script's.
const SCRIPTS_SHARE: usize = 8;

/// What scripts print is nothing to see.
const QUIET: &str = "def print(*a, **k):\n    pass\n";

/// Damages some bytes.
fn damage(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..1 + random.below(4) {
        let at = random.below(bytes.len());
        let other = random.below(bytes.len());
        match random.below(8) {
            0 => bytes[at] ^= 1 << random.below(8),
            1 => bytes[at] = random.below(256) as u8,
            2 => bytes[at] = bytes[other],
            3 => bytes.swap(at, other),
            4 => bytes[at] = bytes[at].wrapping_add(1),
            5 => bytes[at] = bytes[at].wrapping_sub(1),
            // An instruction of one byte for another.
            6 => bytes[at] = 0x50 + random.below(0x1a) as u8,
            _ if random.below(20) == 0 => bytes.truncate(at.max(1)),
            _ => bytes[at] = 0xb0 + random.below(0x20) as u8,
        }
    }
}

/// Runs a file after the prelude [`QUIET`]; whether it was taken.
fn attempt(vm: &mut Vm, quiet: &[u8], bytes: &[u8]) -> bool {
    let mark = vm.mark();
    fuzzing::refuel(vm, 2_000);
    let mut taken = false;
    let globals = octopy_vm::types::dict::alloc(&mut vm.heap, 4);
    let globals = globals.map_err(|error| vm.raise_memory(error));
    let res = globals.and_then(|globals| {
        for mut source in [quiet.iter(), bytes.iter()] {
            taken = false;
            let code = vm.load_mpy(&mut source)?;
            taken = true;
            vm.execute(code, globals, globals)?;
        }
        Ok(())
    });
    if res.is_err() {
        vm.clear_exception();
    }
    vm.release(mark);
    taken
}

/// Programs as our compiler makes them of source.
fn compiled(directory: &Path, sources: &[String]) -> Vec<Vec<u8>> {
    let (source, file) = (directory.join("p.py"), directory.join("p.mpy"));
    let compile = |text: &String| {
        std::fs::write(&source, text).unwrap();
        let octopy = env!("CARGO_BIN_EXE_octopy");
        let status = Command::new(octopy).arg("compile").arg(&source).status().unwrap();
        assert!(status.success());
        std::fs::read(&file).unwrap()
    };
    sources.iter().map(compile).collect()
}

fn fuzz() {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/scripts");
    let mut sources = vec![QUIET.to_owned(), PROGRAM.to_owned()];
    for name in SCRIPTS {
        sources.push(std::fs::read_to_string(scripts.join(format!("{name}.py"))).unwrap());
    }
    let directory = std::env::temp_dir().join(format!("octopy-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let files = compiled(&directory, &sources);
    std::fs::remove_dir_all(&directory).unwrap();
    let [quiet, program, scripts @ ..] = &files[..] else { unreachable!("two come first") };

    let iterations = from_environment("OCTOPY_FUZZ_ITERATIONS", 10_000);
    let seed = from_environment("OCTOPY_FUZZ_SEED", 1);
    let mut random = Random::new(seed);
    let mut taken = 0_u64;
    let mut runtime_now = fuzzing::runtime();
    for iteration in 0..iterations {
        if iteration % 5_000 == 0 {
            // Names are never forgotten; a new interpreter has room for more.
            runtime_now = fuzzing::runtime();
            let vm = runtime_now.vm();
            for valid in &files {
                assert!(attempt(vm, quiet, valid), "a file is sound before it is damaged");
            }
        }
        let mut bytes = match random.below(SCRIPTS_SHARE) {
            0 => scripts[random.below(scripts.len())].clone(),
            _ => program.clone(),
        };
        damage(&mut bytes, &mut random);
        let vm = runtime_now.vm();
        taken += u64::from(attempt(vm, quiet, &bytes));
        if iteration % 64 == 0 {
            vm.heap.verify().expect("the heap is sound");
        }
    }
    println!("{iterations} files with seed {seed}: {taken} were taken");
    // All kinds of damage must be there: some that is noticed, and some that is not.
    assert!(taken * 20 > iterations && taken < iterations);
}

#[test]
fn damaged_files_do_no_damage() {
    fuzzing::with_big_stack(fuzz);
}
