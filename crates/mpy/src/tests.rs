//! What is written can be read again, and what is damaged cannot.

use crate::{CodeData, Fault, Name, Object, Prelude, Reader, Tables, TextKind, Writer};
use octopy_bytecode::emit::Sink;

struct Bytes(Vec<u8>);

impl Sink for Bytes {
    type Error = ();

    fn byte(&mut self, byte: u8) -> Result<(), ()> {
        self.0.push(byte);
        Ok(())
    }
}

fn written(write: impl FnOnce(&mut Writer<'_, Bytes>) -> Result<(), ()>) -> Vec<u8> {
    let mut bytes = Bytes(Vec::new());
    write(&mut Writer::new(&mut bytes)).expect("the sink takes everything");
    bytes.0
}

fn read<T>(bytes: &[u8], read: impl FnOnce(&mut Reader<'_>) -> T) -> T {
    let mut source = bytes.iter();
    read(&mut Reader::new(&mut source))
}

#[test]
fn the_numbers_of_names_are_those_of_the_format() {
    for (number, text) in
        [(1, ""), (2, "__dir__"), (3, "\n"), (7, "<module>"), (60, "append"), (165, "zip")]
    {
        assert_eq!(crate::known_name(number), Some(text));
        assert_eq!(crate::number_of(text.as_bytes()), Some(number));
    }
    assert_eq!((crate::known_name(0), crate::known_name(166)), (None, None));
    let all: Vec<_> = (1..=165).map(crate::known_name).collect();
    for (at, name) in all.iter().enumerate() {
        assert!(name.is_some() && !all[..at].contains(name), "{name:?}");
    }
}

#[test]
fn a_header_and_names_are_read_again() {
    let tables = Tables { n_names: 2, n_consts: 300 };
    let bytes = written(|writer| {
        writer.header(tables)?;
        writer.name(b"append")?;
        writer.name("äpfel".as_bytes())
    });
    assert_eq!(&bytes[..7], [b'M', 6, 0, 31, 2, 0x82, 0x2c]);
    read(&bytes, |reader| {
        assert_eq!(reader.header(), Ok(tables));
        assert_eq!(reader.name(), Ok(Name::Known("append")));
        assert_eq!(reader.name(), Ok(Name::Text(6)));
        let mut text = [0; 6];
        reader.fill(&mut text).unwrap();
        assert_eq!(&text, "äpfel".as_bytes());
        assert_eq!((reader.end_text(), reader.byte()), (Ok(()), Err(Fault::Incompatible)));
    });
}

#[test]
fn other_versions_and_machine_code_are_refused() {
    let header = |bytes: [u8; 4]| {
        let bytes = [bytes.as_slice(), &[0, 0]].concat();
        read(&bytes, |reader| reader.header())
    };
    assert_eq!(header(*b"M\x06\0\x1f"), Ok(Tables { n_names: 0, n_consts: 0 }));
    assert!(header(*b"M\x06\x03\x1e").is_ok(), "the sub-version alone does not matter");
    for bad in
        [*b"C\x06\0\x1f", *b"M\x05\0\x1f", *b"M\x06\0\x20", *b"M\x06\x40\x1f", *b"M\x06\x08\x1f"]
    {
        assert_eq!(header(bad), Err(Fault::Incompatible), "{bad:?}");
    }
    assert_eq!(header(*b"M\x06\x0b\x1f"), Err(Fault::Native));
}

#[test]
fn objects_are_read_again() {
    let objects = [
        Object::None,
        Object::False,
        Object::True,
        Object::Ellipsis,
        Object::Tuple(1000),
        Object::Text(TextKind::Complex, 0),
    ];
    let bytes = written(|writer| {
        objects.iter().try_for_each(|&object| writer.object(object))?;
        writer.text(TextKind::Bytes, b"ab")?;
        writer.text(TextKind::Int, b"-7")
    });
    read(&bytes, |reader| {
        for object in objects {
            assert_eq!(reader.object(), Ok(object));
        }
        let mut text = [0; 2];
        assert_eq!(reader.object(), Ok(Object::Text(TextKind::Bytes, 2)));
        assert_eq!((reader.fill(&mut text), reader.end_text(), &text), (Ok(()), Ok(()), b"ab"));
        assert_eq!(reader.object(), Ok(Object::Text(TextKind::Int, 2)));
        assert_eq!((reader.fill(&mut text), &text), (Ok(()), b"-7"));
        assert_eq!(reader.object(), Err(Fault::Incompatible));
    });
    assert_eq!(read(&[0], |reader| reader.object()), Err(Fault::Incompatible));
}

fn check_prelude(prelude: Prelude) {
    let names = [3, 200];
    let data = CodeData {
        prelude,
        names: &names,
        lines: &[0; 70],
        cells: &[1, 2, 3],
        code: &[0x51, 0x63],
        n_children: 2,
    };
    let bytes = written(|writer| writer.code(&data));
    read(&bytes, |reader| {
        let head = reader.code().unwrap();
        let expect = Prelude { info_len: 73, n_cells: 3, ..prelude };
        assert_eq!(head, crate::CodeHead { prelude: expect, len: 78, has_children: true });
        assert_eq!((reader.name_index(), reader.name_index()), (Ok((3, 1)), Ok((200, 2))));
        let mut rest = [0; 75];
        reader.fill(&mut rest).unwrap();
        assert_eq!(&rest[70..], [1, 2, 3, 0x51, 0x63]);
        assert_eq!((reader.uint(), reader.byte()), (Ok(2), Err(Fault::Incompatible)));
    });
}

#[test]
fn a_function_is_read_again() {
    let plain = Prelude { n_state: 1, ..Prelude::default() };
    check_prelude(plain);
    check_prelude(Prelude { n_state: 17, n_handlers: 1, n_pos_args: 3, ..plain });
    check_prelude(Prelude {
        n_state: 60_000,
        n_handlers: 129,
        flags: 15,
        n_pos_args: 255,
        n_kwonly_args: 255,
        n_def_pos_args: 255,
        ..plain
    });
}

#[test]
fn one_byte_holds_the_figures_of_a_small_function() {
    let bytes = written(|writer| {
        Prelude { n_state: 4, n_handlers: 1, n_pos_args: 2, info_len: 3, ..Prelude::default() }
            .write(&mut *writer_sink(writer))
    });
    assert_eq!(bytes, [3 << 3 | 1 << 2 | 2, 3 << 1]);
}

fn writer_sink<'a>(writer: &'a mut Writer<'_, Bytes>) -> &'a mut Bytes {
    writer.sink
}

#[test]
fn figures_without_end_are_refused() {
    for bytes in [&[0xff; 30][..], &[0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0]]
    {
        let head = [&[0x81, 0x00][..], bytes].concat();
        assert_eq!(read(&head, |reader| reader.code()), Err(Fault::Incompatible));
    }
    // Native code, and data shorter than its own figures.
    assert_eq!(read(&[0x19, 0, 0], |reader| reader.code()), Err(Fault::Incompatible));
    assert_eq!(read(&[0x08, 0, 0, 0], |reader| reader.code()), Err(Fault::Incompatible));
    assert_eq!(read(&[0xff; 9], |reader| reader.uint()), Err(Fault::Incompatible));
}
