//! `re`: regular expressions.
//!
//! The syntax is MicroPython's: `.`, `[...]`, `^`, `$`, `*`, `+`, `?` and their lazy forms, `|`,
//! groups, `(?:...)`, and the classes `\d`, `\s`, `\w` and their opposites. A str is matched by
//! characters, anything else by bytes.
//!
//! Layout: a regex is a NativeState with type; raw: saves, waiting instructions; value: program
//! (Bytes). A match is one with type; raw: groups; values: text, positions (a Buffer).

mod compile;
mod machine;

use compile::Compiler;
use machine::{Job, NOWHERE};
use octopy_vm::types::buffer::BufferLook;
use octopy_vm::types::{count_chars, exception, list};
use octopy_vm::{Kind, Local, Out, PrintKind, PyResult, Value, Vm, class, module};

module! {
    /// Regular expressions.
    pub static RE = re (crate::table::RE) {
        __name__ = name (re),
        /// A regex from its pattern.
        compile = function (compile, pattern, flags),
        /// The match at the start of a text.
        match_ = function (module_match, pattern, string),
        /// The first match in a text.
        search = function (module_search, pattern, string),
        /// A text with its matches replaced.
        sub = function (module_sub, pattern, replace, string, count, flags),
    }
}

class! {
    /// A compiled regular expression.
    pub static REGEX = re (crate::table::REGEX) {
        slots { print: regex_print }
        /// The match at the start of a text.
        match_ = method (regex_match, this, string, pos, endpos),
        /// The first match in a text.
        search = method (regex_search, this, string, pos, endpos),
        /// What is between the matches.
        split = method (split, this, string, maxsplit),
        /// A text with its matches replaced.
        sub = method (sub, this, replace, string, count),
    }
}

class! {
    /// A match.
    pub static MATCH = match_ (crate::table::MATCH) {
        slots { print: match_print }
        /// Where a group ends.
        end = method (end, this, group),
        /// The text of a group.
        group = method (group, this, group),
        /// The texts of all groups.
        groups = method (groups, this),
        /// Where a group starts and ends.
        span = method (span, this, group),
        /// Where a group starts.
        start = method (start, this, group),
    }
}

const TYPE: u32 = 0;
const SAVES: u32 = 1;
const WAITING: u32 = 2;
const PROGRAM: u32 = 4;
const GROUPS: u32 = 1;
const TEXT: u32 = 4;
const POSITIONS: u32 = 5;

fn is_text(vm: &mut Vm, value: Local) -> PyResult<bool> {
    Ok(vm.is_str(value) || vm.native_part(value, Kind::Str)?.is_some())
}

/// The regex that a value is, or the one of a pattern.
fn regex_of(vm: &mut Vm, value: Local) -> PyResult<Local> {
    if vm.type_table(value).id == REGEX.id { Ok(value) } else { compile(vm, value, None) }
}

fn compile(vm: &mut Vm, pattern: Local, _flags: Option<Local>) -> PyResult<Local> {
    let made = vm.alloc(Kind::NativeState, PROGRAM + 1)?;
    let mark = vm.mark();
    let is_text = is_text(vm, pattern)?;
    let look = vm.buffer_of(pattern)?;
    let builder = vm.alloc_builder()?;
    let mut compiler = Compiler::new(look, is_text, builder);
    compiler.run(vm)?;
    let program = vm.builder_text(builder, Kind::Bytes)?;
    let object = vm.heap.get(made);
    vm.heap.poke_raw(object, TYPE, u32::from(REGEX.id));
    vm.heap.poke_raw(object, SAVES, compiler.saves);
    vm.heap.poke_raw(object, WAITING, compiler.waiting);
    vm.heap.poke(object, PROGRAM, vm.heap.get(program));
    vm.release(mark);
    Ok(made)
}

/// What running a regex on a text needs.
fn job(vm: &mut Vm, regex: Local, string: Local) -> PyResult<Job> {
    let is_text = is_text(vm, string)?;
    let program = vm.push_word(regex, PROGRAM)?;
    let text = vm.buffer_of(string)?;
    let object = vm.heap.get(regex);
    let (saves, waiting) = (vm.heap.raw(object, SAVES), vm.heap.raw(object, WAITING));
    Ok(Job { program, saves, waiting, text, is_text })
}

fn find(
    vm: &mut Vm,
    regex: Local,
    string: Local,
    bounds: [Option<Local>; 2],
    anchored: bool,
) -> PyResult<Local> {
    let mut job = job(vm, regex, string)?;
    let mut ends = [0, job.text.len];
    for (end, given) in ends.iter_mut().zip(bounds) {
        if let Some(given) = given {
            *end = vm.to_i64(given)?.clamp(0, i64::from(job.text.len)) as u32;
        }
    }
    job.text = job.text.part(0, ends[1].max(ends[0]));
    match machine::run(vm, job, ends[0], anchored)? {
        Some(found) => match_of(vm, string, found),
        None => vm.push(Value::NONE),
    }
}

/// A match object, pushed.
fn match_of(vm: &mut Vm, string: Local, found: Local) -> PyResult<Local> {
    let made = vm.alloc(Kind::NativeState, POSITIONS + 1)?;
    let object = vm.heap.get(made);
    vm.heap.poke_raw(object, TYPE, u32::from(MATCH.id));
    vm.heap.poke_raw(object, GROUPS, vm.heap.words(vm.heap.get(found)) / 2);
    vm.heap.init(object, TEXT, vm.heap.get(string));
    vm.heap.init(object, POSITIONS, vm.heap.get(found));
    Ok(made)
}

fn module_match(vm: &mut Vm, pattern: Local, string: Local) -> PyResult<Local> {
    let regex = regex_of(vm, pattern)?;
    find(vm, regex, string, [None, None], true)
}

fn module_search(vm: &mut Vm, pattern: Local, string: Local) -> PyResult<Local> {
    let regex = regex_of(vm, pattern)?;
    find(vm, regex, string, [None, None], false)
}

fn module_sub(
    vm: &mut Vm,
    pattern: Local,
    replace: Local,
    string: Local,
    count: Option<Local>,
    _flags: Option<Local>,
) -> PyResult<Local> {
    let regex = regex_of(vm, pattern)?;
    sub(vm, regex, replace, string, count)
}

fn regex_match(
    vm: &mut Vm,
    this: Local,
    string: Local,
    pos: Option<Local>,
    endpos: Option<Local>,
) -> PyResult<Local> {
    find(vm, this, string, [pos, endpos], true)
}

fn regex_search(
    vm: &mut Vm,
    this: Local,
    string: Local,
    pos: Option<Local>,
    endpos: Option<Local>,
) -> PyResult<Local> {
    find(vm, this, string, [pos, endpos], false)
}

fn kind_of(job: &Job) -> Kind {
    if job.is_text { Kind::Str } else { Kind::Bytes }
}

/// Start and end of a group; `None` if it is not part of the match.
fn place(vm: &Vm, found: Local, group: u32) -> Option<(u32, u32)> {
    let positions = vm.heap.get(found);
    let (start, end) = (vm.heap.raw(positions, 2 * group), vm.heap.raw(positions, 2 * group + 1));
    (start != NOWHERE && end != NOWHERE).then_some((start, end))
}

/// The next match that is not empty: what was found, where it starts and ends.
fn next_match(vm: &mut Vm, job: Job, at: u32) -> PyResult<Option<(Local, u32, u32)>> {
    let Some(found) = machine::run(vm, job, at, false)? else { return Ok(None) };
    // COMPAT: an empty match ends the search.
    Ok(place(vm, found, 0)
        .filter(|(start, end)| start < end)
        .map(|(start, end)| (found, start, end)))
}

/// How many matches a `maxsplit` or `count` allows.
fn limit_of(vm: &mut Vm, limit: Option<Local>) -> PyResult<u32> {
    match limit {
        Some(limit) => {
            let limit = vm.to_i64(limit)?;
            Ok(if limit <= 0 { u32::MAX } else { u32::try_from(limit).unwrap_or(u32::MAX) })
        }
        None => Ok(u32::MAX),
    }
}

fn split(vm: &mut Vm, this: Local, string: Local, maxsplit: Option<Local>) -> PyResult<Local> {
    let limit = limit_of(vm, maxsplit)?;
    let parts = list::alloc(vm, 0)?;
    let job = job(vm, this, string)?;
    let mut at = 0;
    let mark = vm.mark();
    for _ in 0..limit {
        let Some((_, start, end)) = next_match(vm, job, at)? else { break };
        if job.saves > 2 {
            let text = "splitting with sub-captures";
            return Err(vm.raise(&exception::NOT_IMPLEMENTED_ERROR, text));
        }
        let part = vm.alloc_from_buffer(kind_of(&job), &job.text.part(at, start - at))?;
        list::push(vm, parts, part)?;
        at = end;
        vm.release(mark);
    }
    let rest = vm.alloc_from_buffer(kind_of(&job), &job.text.from(at))?;
    list::push(vm, parts, rest)?;
    Ok(parts)
}

fn sub(
    vm: &mut Vm,
    this: Local,
    replace: Local,
    string: Local,
    count: Option<Local>,
) -> PyResult<Local> {
    let limit = limit_of(vm, count)?;
    let job = job(vm, this, string)?;
    let builder = vm.alloc_builder()?;
    let out = Out::Builder(builder);
    let is_function = vm.is_callable(replace)?;
    let mut at = 0;
    let mark = vm.mark();
    for _ in 0..limit {
        let Some((found, start, end)) = next_match(vm, job, at)? else { break };
        vm.write_buffer(out, &job.text.part(at, start - at))?;
        let text = if is_function {
            let found = match_of(vm, string, found)?;
            vm.call(replace, &[found])?
        } else {
            replace
        };
        let text = vm.buffer_of(text);
        let text = octopy_vm::held(&text)?;
        write_replacement(vm, out, &job, found, text)?;
        at = end;
        vm.release(mark);
    }
    if at == 0 {
        return Ok(string);
    }
    vm.write_buffer(out, &job.text.from(at))?;
    vm.builder_text(builder, kind_of(&job))
}

/// Writes a replacement, with groups for `\1` and `\g<1>`.
fn write_replacement(
    vm: &mut Vm,
    out: Out,
    job: &Job,
    found: Local,
    text: &BufferLook,
) -> PyResult<()> {
    let mut at = 0;
    let byte = |vm: &Vm, at: u32| vm.buffer_bytes(text).get(at as usize).copied();
    while at < text.len {
        let rest = text.from(at);
        let plain = vm.buffer_bytes(&rest).iter().take_while(|&&byte| byte != b'\\').count() as u32;
        vm.write_buffer(out, &rest.part(0, plain))?;
        at += plain + 1;
        let is_named = byte(vm, at) == Some(b'g') && byte(vm, at + 1) == Some(b'<');
        if is_named {
            at += 2;
        }
        let first = at;
        let mut group = 0_u32;
        while let Some(digit @ b'0'..=b'9') = byte(vm, at) {
            group = group.saturating_mul(10).saturating_add(u32::from(digit - b'0'));
            at += 1;
        }
        if at > first {
            at += u32::from(is_named && byte(vm, at) == Some(b'>'));
            if group >= job.saves / 2 {
                return Err(raise_group(vm, group)?);
            }
            if let Some((start, end)) = place(vm, found, group) {
                vm.write_buffer(out, &job.text.part(start, end - start))?;
            }
        } else if byte(vm, at) == Some(b'\\') {
            vm.write(out, b"\\")?;
            at += 1;
        }
    }
    Ok(())
}

fn raise_group(vm: &mut Vm, group: u32) -> PyResult<octopy_vm::Raised> {
    let number = vm.alloc_int(i64::from(group))?;
    vm.raise_with(&exception::INDEX_ERROR, number)
}

/// Start and end of the group that an argument names (the whole match without one).
fn place_of(vm: &mut Vm, this: Local, group: Option<Local>) -> PyResult<Option<(u32, u32)>> {
    let number = match group {
        Some(group) => vm.to_i64(group)?,
        None => 0,
    };
    let count = vm.heap.raw(vm.heap.get(this), GROUPS);
    match (u32::try_from(number), group) {
        (Ok(number), _) if number < count => {
            let found = vm.push_word(this, POSITIONS)?;
            Ok(place(vm, found, number))
        }
        (_, Some(group)) => Err(vm.raise_with(&exception::INDEX_ERROR, group)?),
        _ => Ok(None),
    }
}

/// The text of a place of a match, pushed; None without one.
fn text_of(vm: &mut Vm, this: Local, place: Option<(u32, u32)>) -> PyResult<Local> {
    let Some((start, end)) = place else { return vm.push(Value::NONE) };
    let mark = vm.mark();
    let string = vm.push_word(this, TEXT)?;
    let kind = if is_text(vm, string)? { Kind::Str } else { Kind::Bytes };
    let look = vm.buffer_of(string);
    let look = octopy_vm::held(&look)?;
    let text = vm.alloc_from_buffer(kind, &look.part(start, end - start))?;
    Ok(vm.keep(mark, text))
}

fn group(vm: &mut Vm, this: Local, group: Option<Local>) -> PyResult<Local> {
    let place = place_of(vm, this, group)?;
    text_of(vm, this, place)
}

fn groups(vm: &mut Vm, this: Local) -> PyResult<Local> {
    let count = vm.heap.raw(vm.heap.get(this), GROUPS);
    let found = vm.push_word(this, POSITIONS)?;
    let first = Local::at(vm.mark());
    for group in 1..count {
        let place = place(vm, found, group);
        text_of(vm, this, place)?;
    }
    vm.alloc_tuple(first, count - 1)
}

/// Start and end as Python counts them: in characters of a str; -1 for a group without a place.
fn counted(vm: &mut Vm, this: Local, group: Option<Local>) -> PyResult<[i32; 2]> {
    let Some((start, end)) = place_of(vm, this, group)? else { return Ok([-1, -1]) };
    let string = vm.push_word(this, TEXT)?;
    if !is_text(vm, string)? {
        return Ok([start as i32, end as i32]);
    }
    let look = vm.buffer_of(string);
    let look = octopy_vm::held(&look)?;
    let chars = |end| count_chars(vm.buffer_bytes(&look.part(0, end))) as i32;
    Ok([chars(start), chars(end)])
}

fn start(vm: &mut Vm, this: Local, group: Option<Local>) -> PyResult<i32> {
    counted(vm, this, group).map(|[start, _]| start)
}

fn end(vm: &mut Vm, this: Local, group: Option<Local>) -> PyResult<i32> {
    counted(vm, this, group).map(|[_, end]| end)
}

fn span(vm: &mut Vm, this: Local, group: Option<Local>) -> PyResult<Local> {
    let [start, end] = counted(vm, this, group)?;
    let first = vm.push(Value::from_small(start))?;
    vm.push(Value::from_small(end))?;
    vm.alloc_tuple(first, 2)
}

fn regex_print(vm: &mut Vm, _this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    vm.write(out, b"<re>")
}

fn match_print(vm: &mut Vm, this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    let count = vm.heap.raw(vm.heap.get(this), GROUPS);
    vm.write_numbers(out, "<match num=%u>", &[count])
}
