//! Searching in texts.

use crate::types::buffer::BufferLook;
use crate::types::text::{Text, index, is_int, this_text};
use crate::{PyResult, Vm};
use octopy_hal::Attention;
use octopy_heap::{Kind, Local};

/// Bytes that are looked through between two looks for an interrupt.
const STRETCH: usize = 1 << 16;

/// What is searched for.
pub(crate) enum Needle {
    /// A byte, which an integer says.
    Byte([u8; 1]),
    /// A run of bytes.
    Run(BufferLook),
}

/// Where a needle is first, or last, in a run of bytes.
#[inline(never)]
pub(crate) fn seek(
    vm: &mut Vm,
    hay: &BufferLook,
    needle: &Needle,
    back: bool,
) -> PyResult<Option<usize>> {
    let bytes = vm.buffer_bytes(hay);
    let needle = match needle {
        Needle::Byte(byte) => byte,
        Needle::Run(look) => vm.buffer_bytes(look),
    };
    let find = if back { find_bytes_back } else { find_bytes };
    let found = find(vm.attention, bytes, needle);
    // A search that an interrupt ended has found nothing, which must not be believed.
    vm.stop_if_interrupted()?;
    Ok(found)
}

/// Where `needle` is first in `hay`; nowhere after an interrupt.
#[inline(never)]
fn find_bytes(attention: &Attention, hay: &[u8], needle: &[u8]) -> Option<usize> {
    let Some((&first, rest)) = needle.split_first() else { return Some(0) };
    let last = hay.len().checked_sub(needle.len())?;
    let (mut from, mut left) = (0, effort(hay));
    while from <= last {
        let stretch = hay.get(from..=last.min(from + STRETCH))?;
        let Some(ahead) = stretch.iter().position(|&byte| byte == first) else {
            from += stretch.len();
            if attention.is_interrupted() {
                return None;
            }
            continue;
        };
        let at = from + ahead;
        let here = hay.get(at + 1..)?;
        if here.starts_with(rest) {
            return Some(at);
        }
        if cfg!(feature = "long-passes") && attention.is_interrupted() {
            return None;
        }
        from = at + 1;
        let alike = here.iter().zip(rest).take_while(|(a, b)| a == b).count();
        let Some(less) = left.checked_sub(alike) else {
            return Some(from + find_by_sum(attention, hay.get(from..)?, needle, false)?);
        };
        left = less;
    }
    None
}

/// Where `needle` is last in `hay`; nowhere after an interrupt.
#[inline(never)]
fn find_bytes_back(attention: &Attention, hay: &[u8], needle: &[u8]) -> Option<usize> {
    let last = hay.len().checked_sub(needle.len())?;
    let mut left = effort(hay);
    for at in (0..=last).rev() {
        if attention.is_interrupted() {
            return None;
        }
        let here = hay.get(at..)?;
        if here.starts_with(needle) {
            return Some(at);
        }
        let alike = here.iter().zip(needle).take_while(|(a, b)| a == b).count();
        let Some(less) = left.checked_sub(alike) else {
            return find_by_sum(attention, hay.get(..at + needle.len() - 1)?, needle, true);
        };
        left = less;
    }
    None
}

/// How many bytes may be compared in vain before searching by sums is cheaper.
const fn effort(hay: &[u8]) -> usize {
    hay.len().saturating_mul(4).saturating_add(64)
}

/// Searches in linear time, for texts that repeat themselves: compares only where a sum that
/// rolls along is the needle's (Karp and Rabin, 1987).
fn find_by_sum(attention: &Attention, hay: &[u8], needle: &[u8], back: bool) -> Option<usize> {
    const BASE: u64 = 0x2c9_277b;
    /// The remainder by the prime 2^31 - 1 or a little more, without a division.
    const fn reduce(value: u64) -> u64 {
        const PRIME: u64 = (1 << 31) - 1;
        let value = (value & PRIME) + (value >> 31);
        (value & PRIME) + (value >> 31)
    }
    const fn settled(value: u64) -> u64 {
        if value >= (1 << 31) - 1 { value - ((1 << 31) - 1) } else { value }
    }
    let byte = |text: &[u8], at: usize| {
        let at = if back { text.len() - 1 - at } else { at };
        u64::from(text.get(at).copied().unwrap_or(0))
    };
    let (len, last) = (needle.len(), hay.len().checked_sub(needle.len())?);
    let (mut wanted, mut sum, mut weight) = (0, 0, 1);
    for at in 0..len {
        wanted = reduce(wanted * BASE + byte(needle, at));
        sum = reduce(sum * BASE + byte(hay, at));
        weight = reduce(weight * BASE);
    }
    let wanted = settled(wanted);
    for from in 0..=last {
        if attention.is_interrupted() {
            return None;
        }
        let at = if back { last - from } else { from };
        if settled(sum) == wanted && hay.get(at..)?.starts_with(needle) {
            return Some(at);
        }
        if from < last {
            let gone = reduce(byte(hay, from) * weight);
            // Twice the prime keeps the difference above zero.
            sum = reduce(sum * BASE + byte(hay, from + len) + (1 << 32) - gone - 2);
        }
    }
    None
}

/// An int argument as a byte; ValueError outside 0 to 255.
pub(crate) fn byte_of(vm: &mut Vm, slot: Local) -> PyResult<u8> {
    let int = vm.to_i64(slot)?;
    match u8::try_from(int) {
        Ok(byte) => Ok(byte),
        Err(_) => Err(vm.raise_value("bytes value out of range")),
    }
}

/// Where to look, and for what.
struct Search {
    /// The part of the text to search.
    hay: BufferLook,
    /// Where that part starts in the text.
    start: u32,
    /// Whether the end is not before the start.
    ordered: bool,
}

#[inline(never)]
fn range(vm: &mut Vm, text: &Text, start: Option<Local>, end: Option<Local>) -> PyResult<Search> {
    let start = text.offset(vm, start, 0)?;
    let end = text.offset(vm, end, text.look.len)?;
    Ok(Search {
        hay: text.look.part(start, end.saturating_sub(start)),
        start,
        ordered: end >= start,
    })
}

/// The position of `sub` in characters or bytes.
fn position(
    vm: &mut Vm,
    this: Local,
    sub: Local,
    bounds: (Option<Local>, Option<Local>),
    back: bool,
) -> PyResult<Option<i32>> {
    let text = this_text(vm, this);
    let text = crate::held(&text)?;
    let needle = if !text.is_str() && is_int(vm, sub) {
        Needle::Byte([byte_of(vm, sub)?])
    } else {
        Needle::Run(text.same_sort(vm, sub)?)
    };
    let search = range(vm, text, bounds.0, bounds.1);
    let search = crate::held(&search)?;
    if !search.ordered {
        return Ok(None);
    }
    let Some(at) = seek(vm, &search.hay, &needle, back)? else { return Ok(None) };
    let at = search.start as usize + at;
    if text.is_str() {
        return Ok(Some(index::chars_of(vm, &text.look.part(0, at as u32))? as i32));
    }
    Ok(Some(at as i32))
}

/// `find`
pub(crate) fn find(
    vm: &mut Vm,
    this: Local,
    sub: Local,
    start: Option<Local>,
    end: Option<Local>,
) -> PyResult<i32> {
    Ok(position(vm, this, sub, (start, end), false)?.unwrap_or(-1))
}

/// `rfind`
pub(crate) fn rfind(
    vm: &mut Vm,
    this: Local,
    sub: Local,
    start: Option<Local>,
    end: Option<Local>,
) -> PyResult<i32> {
    Ok(position(vm, this, sub, (start, end), true)?.unwrap_or(-1))
}

/// `index`
pub(crate) fn index(
    vm: &mut Vm,
    this: Local,
    sub: Local,
    start: Option<Local>,
    end: Option<Local>,
) -> PyResult<i32> {
    match position(vm, this, sub, (start, end), false)? {
        Some(at) => Ok(at),
        None => Err(vm.raise_value("substring not found")),
    }
}

/// `rindex`
pub(crate) fn rindex(
    vm: &mut Vm,
    this: Local,
    sub: Local,
    start: Option<Local>,
    end: Option<Local>,
) -> PyResult<i32> {
    match position(vm, this, sub, (start, end), true)? {
        Some(at) => Ok(at),
        None => Err(vm.raise_value("substring not found")),
    }
}

/// `count`
pub(crate) fn count(
    vm: &mut Vm,
    this: Local,
    sub: Local,
    start: Option<Local>,
    end: Option<Local>,
) -> PyResult<i32> {
    let text = this_text(vm, this);
    let text = crate::held(&text)?;
    let needle = if !text.is_str() && is_int(vm, sub) {
        Needle::Byte([byte_of(vm, sub)?])
    } else {
        Needle::Run(text.same_sort(vm, sub)?)
    };
    let search = range(vm, text, start, end);
    let search = crate::held(&search)?;
    let len = match &needle {
        Needle::Byte(_) => 1,
        Needle::Run(look) => look.len,
    };
    let mut hay = search.hay;
    if len == 0 {
        let gaps = if text.is_str() { index::chars_of(vm, &hay)? } else { hay.len };
        return Ok(if search.ordered { gaps as i32 + 1 } else { 0 });
    }
    let mut count = 0;
    while let Some(at) = seek(vm, &hay, &needle, false)? {
        count += 1;
        hay = hay.from(at as u32 + len);
    }
    Ok(count)
}

fn has_edge(
    vm: &mut Vm,
    this: Local,
    edge: Local,
    bounds: (Option<Local>, Option<Local>),
    at_end: bool,
) -> PyResult<bool> {
    let text = this_text(vm, this);
    let text = crate::held(&text)?;
    let search = range(vm, text, bounds.0, bounds.1);
    let search = crate::held(&search)?;
    let value = vm.heap.get(edge);
    if !vm.heap.is_kind(value, Kind::Tuple) {
        return edge_matches(vm, text, search, edge, at_end);
    }
    for idx in 0..vm.heap.words(value) {
        let mark = vm.mark();
        let member = vm.push_word(edge, idx)?;
        let found = edge_matches(vm, text, search, member, at_end)?;
        vm.release(mark);
        if found {
            return Ok(true);
        }
    }
    Ok(false)
}

fn edge_matches(
    vm: &mut Vm,
    text: &Text,
    search: &Search,
    edge: Local,
    at_end: bool,
) -> PyResult<bool> {
    let edge = text.same_sort(vm, edge);
    let edge = crate::held(&edge)?;
    if !search.ordered {
        return Ok(false);
    }
    let (hay, edge) = (vm.buffer_bytes(&search.hay), vm.buffer_bytes(edge));
    Ok(if at_end { hay.ends_with(edge) } else { hay.starts_with(edge) })
}

/// `startswith`
pub(crate) fn startswith(
    vm: &mut Vm,
    this: Local,
    prefix: Local,
    start: Option<Local>,
    end: Option<Local>,
) -> PyResult<bool> {
    has_edge(vm, this, prefix, (start, end), false)
}

/// `endswith`
pub(crate) fn endswith(
    vm: &mut Vm,
    this: Local,
    suffix: Local,
    start: Option<Local>,
    end: Option<Local>,
) -> PyResult<bool> {
    has_edge(vm, this, suffix, (start, end), true)
}

#[cfg(test)]
mod tests {
    use super::{find_by_sum, find_bytes, find_bytes_back};
    use octopy_hal::Attention;

    static QUIET: Attention = Attention::new();

    /// All short texts of two letters, so that every way through the search is taken.
    #[test]
    fn all_ways_find_the_same() {
        let text = |bits: u32, len: usize| -> [u8; 12] {
            core::array::from_fn(|at| if at < len && bits >> at & 1 != 0 { 255 } else { b'a' })
        };
        for bits in 0..1 << 12 {
            let hay = text(bits, 12);
            for len in 1..=6 {
                for pattern in [bits >> 3, bits >> 7, bits ^ bits >> 5] {
                    let needle = text(pattern, len);
                    let needle = &needle[..len];
                    let first = hay.windows(len).position(|part| part == needle);
                    let last = hay.windows(len).rposition(|part| part == needle);
                    assert_eq!(find_bytes(&QUIET, &hay, needle), first);
                    assert_eq!(find_by_sum(&QUIET, &hay, needle, false), first);
                    assert_eq!(find_bytes_back(&QUIET, &hay, needle), last);
                    assert_eq!(find_by_sum(&QUIET, &hay, needle, true), last);
                }
            }
        }
    }

    #[test]
    fn texts_that_repeat_themselves_take_linear_time() {
        let mut hay = [b'a'; 200_000];
        let mut needle = [b'a'; 100_000];
        needle[99_999] = b'b';
        assert_eq!(find_bytes(&QUIET, &hay, &needle), None);
        hay[150_000] = b'b';
        assert_eq!(find_bytes(&QUIET, &hay, &needle), Some(50_001));
        needle.reverse();
        hay.reverse();
        assert_eq!(find_bytes_back(&QUIET, &hay, &needle), Some(49_999));
        hay[49_999] = b'a';
        assert_eq!(find_bytes_back(&QUIET, &hay, &needle), None);
    }

    #[test]
    fn an_interrupt_ends_a_search() {
        let asked = Attention::new();
        asked.raise_interrupt();
        let hay = [b'a'; 200_000];
        assert_eq!(find_bytes(&asked, &hay, b"b"), None);
        assert_eq!(find_bytes_back(&asked, &hay, b"a"), None);
        assert_eq!(find_by_sum(&asked, &hay, b"ab", false), None);
    }
}
