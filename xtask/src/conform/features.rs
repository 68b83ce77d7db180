//! What the interpreter under test can do, found out with the suite's own probes.
//!
//! A test whose name or purpose belongs to an absent feature is skipped, as upstream's runner does.

use crate::conform::target::Target;
use anyhow::Result;

/// Features by probe: the script, what it prints if the feature is there, and a short name.
const PROBES: [(&str, &str, Feature); 13] = [
    ("native_check.py", "native\n", Feature::Native),
    ("int_big.py", "1000000000000000000000000000000000000000000000\n", Feature::BigInt),
    ("int_64.py", "4611686018427387904\n", Feature::WideInt),
    ("bytearray.py", "bytearray\n", Feature::Bytearray),
    ("set_check.py", "{1}\n", Feature::Set),
    ("slice.py", "slice\n", Feature::Slice),
    ("async_check.py", "async\n", Feature::Async),
    ("const.py", "1\n", Feature::Const),
    ("fstring.py", "a=1\n", Feature::FString),
    ("tstring.py", "tstring\n", Feature::TString),
    ("complex.py", "complex\n", Feature::Complex),
    ("coverage.py", "coverage\n", Feature::Coverage),
    ("byteorder.py", "little\n", Feature::LittleEndian),
];

/// Something that an interpreter may lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feature {
    /// The native and viper emitters.
    Native,
    /// Ints of any size.
    BigInt,
    /// Ints of 64 bits.
    WideInt,
    /// `bytearray`.
    Bytearray,
    /// `set` and `frozenset`.
    Set,
    /// Slices.
    Slice,
    /// `async` and `await`.
    Async,
    /// `const`.
    Const,
    /// `__radd__` and the like.
    ReverseOperators,
    /// f-strings.
    FString,
    /// t-strings.
    TString,
    /// `complex`.
    Complex,
    /// The test functions of upstream's coverage build.
    Coverage,
    /// The byte order of this PC.
    LittleEndian,
    /// Threads that may change one object at a time.
    SafeThreads,
    /// Emacs keys in the REPL.
    EmacsKeys,
    /// Movement by words in the REPL.
    WordKeys,
    /// Floats of at least so many bits.
    Float(u32),
    /// An assembler in Python functions.
    InlineAssembler,
}

/// What an interpreter is and what it lacks.
#[derive(Debug)]
pub struct Features {
    /// `sys.platform`.
    pub platform: String,
    /// Whether `sys.implementation._build` is `minimal`.
    pub minimal: bool,
    /// The kind of its threads, if it has any.
    pub thread: Option<String>,
    /// The bits of a float.
    pub float: u32,
    /// Whether a character is more than a byte.
    pub unicode: bool,
    absent: Vec<Feature>,
}

impl Features {
    /// Probes an interpreter.
    pub fn probe(target: &Target) -> Result<Self> {
        let said = target.probe("target_info.py")?;
        let words: Vec<&str> = said.split_whitespace().collect();
        // platform, arch, its flags, build, thread, float, unicode, error reporting.
        let (platform, build, thread, float, unicode) = match words[..] {
            [platform, _, _, build, thread, float, unicode, _] => {
                (platform, build, thread, float.parse()?, unicode == "True")
            }
            // The suite would refuse such an interpreter; while one is young, numbers still help.
            _ => {
                println!("target_info.py does not run: {}", said.trim());
                ("linux", "unknown", "None", 64, true)
            }
        };
        let mut features = Self {
            platform: platform.into(),
            minimal: build == "minimal",
            thread: (thread != "None").then(|| thread.into()),
            float,
            unicode,
            absent: Vec::new(),
        };
        for (script, answer, feature) in PROBES {
            if target.probe(script)? != answer {
                features.absent.push(feature);
            }
        }
        if target.probe("reverse_ops.py")? == "TypeError\n" {
            features.absent.push(Feature::ReverseOperators);
        }
        if target.probe("inlineasm.py")?.trim().is_empty() {
            features.absent.push(Feature::InlineAssembler);
        }
        for (script, feature) in [
            ("repl_emacs_check.py", Feature::EmacsKeys),
            ("repl_words_move_check.py", Feature::WordKeys),
        ] {
            if !target.probe(script)?.contains("True") {
                features.absent.push(feature);
            }
        }
        if features.thread.as_deref() == Some("unsafe") {
            features.absent.push(Feature::SafeThreads);
        }
        Ok(features)
    }

    /// The feature that a test (`basics/name.py`) needs and that is not there.
    pub fn lacking_for(&self, test: &str) -> Option<Feature> {
        needs(test).into_iter().find(|feature| match feature {
            Feature::Float(bits) => self.float < *bits,
            other => self.absent.contains(other),
        })
    }

    /// The features that are not there.
    pub fn absent(&self) -> &[Feature] {
        &self.absent
    }
}

/// What a test needs, by its name.
fn needs(test: &str) -> Vec<Feature> {
    let name = test.rsplit('/').next().unwrap_or(test).trim_end_matches(".py");
    let begins = |starts: &[&str]| starts.iter().any(|start| name.starts_with(start));
    let mut needs = Vec::new();
    let mut need = |condition: bool, feature| {
        if condition {
            needs.push(feature);
        }
    };
    need(begins(&["native_", "viper_"]), Feature::Native);
    need(name.ends_with("_endian"), Feature::LittleEndian);
    need(begins(&["int_big", "ffi_int"]) || name.ends_with("_intbig"), Feature::BigInt);
    need(begins(&["int_64"]) || name.ends_with("_int64"), Feature::WideInt);
    need(begins(&["bytearray"]) || name.ends_with("_bytearray"), Feature::Bytearray);
    need(begins(&["set_", "frozenset"]) || name.ends_with("_set"), Feature::Set);
    need(name.contains("slice") || NEED_SLICE.contains(&test), Feature::Slice);
    need(begins(&["async_", "asyncio_"]) || name.ends_with("_async"), Feature::Async);
    need(begins(&["const"]), Feature::Const);
    need(name.contains("reverse_op"), Feature::ReverseOperators);
    need(begins(&["string_fstring"]) || name.ends_with("_fstring"), Feature::FString);
    need(begins(&["string_tstring"]) || name.ends_with("_tstring"), Feature::TString);
    need(begins(&["asm"]), Feature::InlineAssembler);
    need(test.starts_with("thread/mutate_"), Feature::SafeThreads);
    need(NEED_COMPLEX.contains(&test), Feature::Complex);
    need(NEED_COVERAGE.contains(&test), Feature::Coverage);
    need(test == "cmdline/repl_emacs_keys.py", Feature::EmacsKeys);
    need(test == "cmdline/repl_words_move.py", Feature::WordKeys);
    need(NEED_FLOAT.contains(&test), Feature::Float(1));
    need(NEED_FLOAT_32.contains(&test), Feature::Float(32));
    need(NEED_FLOAT_64.contains(&test), Feature::Float(64));
    needs
}

const NEED_COMPLEX: [&str; 9] = [
    "float/complex1.py",
    "float/complex1_intbig.py",
    "float/complex1_micropython.py",
    "float/complex_dunder.py",
    "float/complex_reverse_op.py",
    "float/complex_special_methods.py",
    "float/int_big_float.py",
    "float/true_value.py",
    "float/types.py",
];

const NEED_COVERAGE: [&str; 3] =
    ["cmdline/cmd_parsetree.py", "cmdline/repl_sys_ps1_ps2.py", "extmod/ssl_poll.py"];

/// They use floats without being about them.
const NEED_FLOAT: [&str; 28] = [
    "extmod/asyncio_basic.py",
    "extmod/asyncio_basic2.py",
    "extmod/asyncio_cancel_task.py",
    "extmod/asyncio_event.py",
    "extmod/asyncio_fair.py",
    "extmod/asyncio_gather.py",
    "extmod/asyncio_gather_notimpl.py",
    "extmod/asyncio_get_event_loop.py",
    "extmod/asyncio_iterator_event.py",
    "extmod/asyncio_lock.py",
    "extmod/asyncio_task_done.py",
    "extmod/asyncio_wait_for.py",
    "extmod/asyncio_wait_for_fwd.py",
    "extmod/asyncio_wait_for_linked_task.py",
    "extmod/asyncio_wait_task.py",
    "extmod/json_dumps_float.py",
    "extmod/json_loads_float.py",
    "extmod/random_extra_float.py",
    "extmod/select_poll_eintr.py",
    "extmod/tls_threads.py",
    "extmod/uctypes_le_float.py",
    "extmod/uctypes_native_float.py",
    "extmod/uctypes_sizeof_float.py",
    "extmod/vfs_rom.py",
    "micropython/const_float.py",
    "misc/rge_sm.py",
    "ports/unix/ffi_float.py",
    "ports/unix/ffi_float2.py",
];

/// They have another test for floats of 30 bits.
const NEED_FLOAT_32: [&str; 5] = [
    "float/bytearray_construct.py",
    "float/bytes_construct.py",
    "float/float2int_intbig.py",
    "float/float_format_ints_power10.py",
    "float/float_struct_e.py",
];

const NEED_FLOAT_64: [&str; 5] = [
    "float/float2int_doubleprec_intbig.py",
    "float/float_divmod.py",
    "float/float_format_ints_doubleprec.py",
    "float/float_parse_doubleprec.py",
    "float/float_struct_e_doubleprec.py",
];

/// They use slices without being about them.
const NEED_SLICE: [&str; 41] = [
    "basics/builtin_range.py",
    "basics/bytearray1.py",
    "basics/class_super.py",
    "basics/containment.py",
    "basics/errno1.py",
    "basics/fun_str.py",
    "basics/generator1.py",
    "basics/globals_del.py",
    "basics/memoryview1.py",
    "basics/memoryview_gc.py",
    "basics/object1.py",
    "basics/python34.py",
    "basics/struct_endian.py",
    "extmod/btree1.py",
    "extmod/deflate_decompress.py",
    "extmod/framebuf16.py",
    "extmod/framebuf4.py",
    "extmod/machine1.py",
    "extmod/time_mktime.py",
    "extmod/time_res.py",
    "extmod/tls_sslcontext_ciphers.py",
    "extmod/vfs_blockdev_invalid2.py",
    "extmod/vfs_fat_fileio1.py",
    "extmod/vfs_fat_finaliser.py",
    "extmod/vfs_fat_more.py",
    "extmod/vfs_fat_ramdisk.py",
    "extmod/vfs_fat_ramdisklarge.py",
    "extmod/vfs_lfs.py",
    "extmod/vfs_rom.py",
    "float/string_format_modulo.py",
    "micropython/builtin_execfile.py",
    "micropython/extreme_exc.py",
    "micropython/heapalloc_fail_bytearray.py",
    "micropython/heapalloc_fail_list.py",
    "micropython/heapalloc_fail_memoryview.py",
    "micropython/import_mpy_invalid.py",
    "micropython/import_mpy_native.py",
    "micropython/import_mpy_native_gc.py",
    "micropython/ringio_big.py",
    "misc/non_compliant.py",
    "misc/rge_sm.py",
];
