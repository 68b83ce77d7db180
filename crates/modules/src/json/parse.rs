//! From JSON to values, without native recursion: open containers stand on a Python list.

use octopy_vm::types::buffer::BufferLook;
use octopy_vm::types::is_text as is_utf8;
use octopy_vm::types::{bytearray, float, int, list};
use octopy_vm::{Float, Kind, Local, Out, PyResult, Value, Vm};

/// What may come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expect {
    /// A value.
    Value,
    /// A value, or the end of the list that was just opened.
    ValueOrEnd,
    /// A key.
    Key,
    /// A key, or the end of the dict that was just opened.
    KeyOrEnd,
    /// A comma or the end of the container.
    CommaOrEnd,
}

/// The text and how far it has been read.
#[derive(Debug, Clone, Copy)]
struct Reader {
    look: BufferLook,
    at: u32,
    /// For strings with escapes and for numbers.
    builder: Local,
}

/// The value of a text, pushed. Texts from `str` are known to be UTF-8.
pub(super) fn parse(vm: &mut Vm, look: BufferLook, is_text: bool) -> PyResult<Local> {
    if !is_text && !is_utf8(vm.buffer_bytes(&look)) {
        return Err(syntax_error(vm));
    }
    let result = vm.push(Value::NULL)?;
    let builder = vm.alloc_builder()?;
    let mut reader = Reader { look, at: 0, builder };
    reader.run(vm, result)?;
    reader.skip_space(vm);
    if reader.byte(vm).is_some() {
        return Err(syntax_error(vm));
    }
    Ok(result)
}

#[cold]
fn syntax_error(vm: &mut Vm) -> octopy_vm::Raised {
    vm.raise_value("syntax error in JSON")
}

impl Reader {
    fn byte(&self, vm: &Vm) -> Option<u8> {
        vm.buffer_byte(&self.look, self.at)
    }

    fn skip_space(&mut self, vm: &Vm) {
        let rest = vm.buffer_bytes(&self.look).get(self.at as usize..).unwrap_or_default();
        let blank = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
        self.at += blank.count() as u32;
    }

    /// Reads one whole value into `result`.
    fn run(&mut self, vm: &mut Vm, result: Local) -> PyResult<()> {
        // Open containers, innermost last; a dict whose value is awaited is followed by the key.
        let open = list::alloc(vm, 4)?;
        let top = vm.push(Value::NULL)?;
        let key = vm.push(Value::NULL)?;
        let mut expect = Expect::Value;
        let mark = vm.mark();
        loop {
            vm.release(mark);
            self.skip_space(vm);
            let Some(byte) = self.byte(vm) else { return Err(syntax_error(vm)) };
            let is_end = byte == b']' && vm.heap.is_kind(vm.heap.get(top), Kind::List)
                || byte == b'}' && vm.heap.is_kind(vm.heap.get(top), Kind::Dict);
            let mut value = None;
            match expect {
                Expect::CommaOrEnd | Expect::ValueOrEnd | Expect::KeyOrEnd if is_end => {
                    self.at += 1;
                    value = Some(vm.copy(top)?);
                    pop(vm, open, top);
                    pop(vm, open, key);
                }
                Expect::CommaOrEnd if byte == b',' => {
                    self.at += 1;
                    let is_list = vm.heap.is_kind(vm.heap.get(top), Kind::List);
                    expect = if is_list { Expect::Value } else { Expect::Key };
                }
                Expect::Key | Expect::KeyOrEnd if byte == b'"' => {
                    let text = self.text(vm)?;
                    vm.heap.set(key, vm.heap.get(text));
                    self.skip_space(vm);
                    if self.byte(vm) != Some(b':') {
                        return Err(syntax_error(vm));
                    }
                    self.at += 1;
                    expect = Expect::Value;
                }
                Expect::Value | Expect::ValueOrEnd if byte == b'[' || byte == b'{' => {
                    self.at += 1;
                    // The key goes below its dict, so that `pop` finds both.
                    list::push(vm, open, key)?;
                    list::push(vm, open, top)?;
                    let (container, next) = if byte == b'[' {
                        (list::alloc(vm, 0)?, Expect::ValueOrEnd)
                    } else {
                        (vm.alloc_dict(0)?, Expect::KeyOrEnd)
                    };
                    vm.heap.set(top, vm.heap.get(container));
                    expect = next;
                }
                Expect::Value | Expect::ValueOrEnd => value = Some(self.scalar(vm, byte)?),
                _ => return Err(syntax_error(vm)),
            }
            let Some(value) = value else { continue };
            if vm.heap.get(top).is_null() {
                vm.heap.set(result, vm.heap.get(value));
                return Ok(());
            }
            if vm.heap.is_kind(vm.heap.get(top), Kind::List) {
                list::push(vm, top, value)?;
            } else {
                vm.dict_store(top, key, value)?;
            }
            expect = Expect::CommaOrEnd;
        }
    }

    /// A string, number or word, pushed.
    fn scalar(&mut self, vm: &mut Vm, first: u8) -> PyResult<Local> {
        let (word, value): (&[u8], _) = match first {
            b'"' => return self.text(vm),
            b'-' | b'0'..=b'9' => return self.number(vm),
            b'n' => (b"null", Value::NONE),
            b't' => (b"true", Value::TRUE),
            b'f' => (b"false", Value::FALSE),
            _ => return Err(syntax_error(vm)),
        };
        let rest = vm.buffer_bytes(&self.look).get(self.at as usize..).unwrap_or_default();
        if !rest.starts_with(word) {
            return Err(syntax_error(vm));
        }
        self.at += word.len() as u32;
        vm.push(value)
    }

    fn number(&mut self, vm: &mut Vm) -> PyResult<Local> {
        let rest = vm.buffer_bytes(&self.look).get(self.at as usize..).unwrap_or_default();
        let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
        let text = rest.get(..rest.iter().take_while(|b| is_part(b)).count()).unwrap_or_default();
        let len = text.len() as u32;
        if text.iter().any(|byte| matches!(byte, b'.' | b'e' | b'E')) {
            let float: Option<Float> = float::parse(text);
            self.at += len;
            return match float {
                Some(float) => vm.alloc_float(float),
                None => Err(syntax_error(vm)),
            };
        }
        // Most integers are short.
        let digits = text.strip_prefix(b"-").unwrap_or(text);
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
            return Err(syntax_error(vm));
        }
        let look = self.look.part(self.at, len);
        self.at += len;
        if digits.len() <= 18 {
            let magnitude = digits.iter().fold(0, |sum, b| sum * 10 + i64::from(b - b'0'));
            let int = if digits.len() < text.len() { -magnitude } else { magnitude };
            return vm.alloc_int(int);
        }
        let text = vm.alloc_from_buffer(Kind::Str, &look)?;
        int::parse(vm, text, 10)
    }

    /// The string that starts with the quote here, pushed.
    fn text(&mut self, vm: &mut Vm) -> PyResult<Local> {
        self.at += 1;
        let start = self.at;
        let mut has_escapes = false;
        loop {
            let rest = vm.buffer_bytes(&self.look).get(self.at as usize..).unwrap_or_default();
            let stop = rest.iter().position(|byte| matches!(byte, b'"' | b'\\'));
            let Some(stop) = stop else { return Err(syntax_error(vm)) };
            let run = self.look.part(self.at, stop as u32);
            let is_end = rest.get(stop) == Some(&b'"');
            self.at += stop as u32 + 1;
            if is_end && !has_escapes {
                let whole = self.look.part(start, self.at - 1 - start);
                return vm.alloc_from_buffer(Kind::Str, &whole);
            }
            if !has_escapes {
                has_escapes = true;
                vm.heap.poke_raw(vm.heap.get(self.builder), bytearray::LEN, 0);
            }
            bytearray::extend_look(vm, self.builder, &run)?;
            if is_end {
                return vm.builder_str(self.builder);
            }
            self.escape(vm)?;
        }
    }

    /// Appends the character of the escape behind a backslash.
    fn escape(&mut self, vm: &mut Vm) -> PyResult<()> {
        let Some(byte) = self.byte(vm) else { return Err(syntax_error(vm)) };
        self.at += 1;
        let character = match byte {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => self.code_point(vm)?,
            b'"' | b'\\' | b'/' => char::from(byte),
            _ => return Err(syntax_error(vm)),
        };
        let mut buf = [0; 4];
        let bytes = character.encode_utf8(&mut buf).as_bytes();
        vm.write(Out::Builder(self.builder), bytes)
    }

    /// The character of `\uXXXX`, or of two of them that are a surrogate pair.
    fn code_point(&mut self, vm: &mut Vm) -> PyResult<char> {
        let high = self.four_digits(vm)?;
        if (0xd800..0xdc00).contains(&high) {
            let rest = vm.buffer_bytes(&self.look).get(self.at as usize..).unwrap_or_default();
            if rest.starts_with(b"\\u") {
                let before = self.at;
                self.at += 2;
                let low = self.four_digits(vm)?;
                if (0xdc00..0xe000).contains(&low) {
                    let code = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                    return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                self.at = before;
            }
        }
        Ok(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn four_digits(&mut self, vm: &mut Vm) -> PyResult<u32> {
        let mut code = 0;
        for _ in 0..4 {
            match self.byte(vm).and_then(|byte| char::from(byte).to_digit(16)) {
                Some(digit) => code = code << 4 | digit,
                None => return Err(syntax_error(vm)),
            }
            self.at += 1;
        }
        Ok(code)
    }
}

/// Takes the last value off the list of open containers.
fn pop(vm: &mut Vm, open: Local, to: Local) {
    let object = vm.heap.get(open);
    let heap = &vm.heap;
    let count = list::len(heap, object);
    if count > 0 {
        heap.set(to, list::item(heap, object, count - 1));
        list::set_item(heap, object, count - 1, Value::NULL);
        list::set_len(heap, object, count - 1);
    }
}
