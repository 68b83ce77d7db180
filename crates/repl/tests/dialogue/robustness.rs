//! Long transfers, broken connections and noise.

use std::collections::VecDeque;

use crate::toy::{BANNER, Toy, drive};
use octopy_repl::{RawPaste, Repl, Wire};

/// A host that sends as much as it may as early as it may, into a ring of `capacity` bytes.
struct GreedyHost<'p> {
    program: &'p [u8],
    sent: usize,
    window: usize,
    allowed: usize,
    header: Vec<u8>,
    ring: VecDeque<u8>,
    capacity: usize,
    most: usize,
    n_reads: usize,
    ended: bool,
}

impl<'p> GreedyHost<'p> {
    fn new(program: &'p [u8], capacity: usize) -> Self {
        Self {
            program,
            sent: 0,
            window: 0,
            allowed: 0,
            header: Vec::new(),
            ring: VecDeque::new(),
            capacity,
            most: 0,
            n_reads: 0,
            ended: false,
        }
    }

    fn send(&mut self) {
        let n = self.allowed.min(self.program.len() - self.sent);
        self.ring.extend(&self.program[self.sent..self.sent + n]);
        self.sent += n;
        self.allowed -= n;
        if self.sent == self.program.len() && !self.ended {
            self.ended = true;
            self.ring.push_back(4);
        }
        self.most = self.most.max(self.ring.len());
        assert!(self.ring.len() <= self.capacity, "the ring was overrun");
    }
}

impl Wire for GreedyHost<'_> {
    fn read_byte(&mut self) -> Option<u8> {
        self.n_reads += 1;
        self.ring.pop_front()
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            if self.header.len() < 2 {
                self.header.push(*byte);
                if let [lo, hi] = self.header[..] {
                    self.window = usize::from(u16::from_le_bytes([lo, hi]));
                    self.allowed = self.window;
                }
            } else if *byte == 1 {
                self.allowed += self.window;
            } else {
                assert_eq!(*byte, 4);
            }
        }
        if self.window > 0 {
            self.send();
        }
    }

    fn receive_capacity(&self) -> usize {
        self.capacity
    }
}

fn big_program(len: usize) -> Vec<u8> {
    (0..len).map(|idx| b"x = 1234567890\n"[idx % 15]).collect()
}

#[test]
fn a_megabyte_never_overruns_the_ring() {
    let program = big_program(1 << 20);
    for capacity in [512, 256, 64, 4] {
        let mut host = GreedyHost::new(&program, capacity);
        let mut paste = RawPaste::new(capacity);
        host.write(&paste.opening());
        let mut received = Vec::new();
        while let Some(byte) = paste.pull(&mut host) {
            received.push(byte);
        }
        assert!(received == program, "received what was sent");
        assert!(!paste.is_interrupted() && !paste.is_cut());
        assert_eq!(host.n_reads, program.len() + 1);
        assert!(host.most <= capacity);
        assert_eq!(paste.pull(&mut host), None);
    }
    assert_eq!(RawPaste::new(512).opening(), [128, 0, 1]);
    assert_eq!(RawPaste::new(4096).opening(), [128, 0, 1]);
    assert_eq!(RawPaste::new(0).opening(), [1, 0, 1]);
}

#[test]
fn a_megabyte_through_both_raw_ways() {
    let program = big_program(1 << 20);
    let paste = [b"\x05A\x01", &program[..], b"\nprint(ok)\x04"].concat();
    let stored = [&program[..], b"\nprint(ok)\x04"].concat();
    for (input, answer) in [(paste, "\x04ok\r\n\x04\x04>"), (stored, ">OKok\r\n\x04\x04>")] {
        let mut toy = Toy::new(&input);
        let mut repl = Repl::new();
        repl.set_raw(true);
        drive(&mut repl, &mut toy);
        assert!(toy.output.ends_with(answer.as_bytes()));
        assert_eq!(toy.n_reads, input.len() + 1);
        assert!(toy.n_copied <= input.len(), "stored in linear time");
    }
}

/// A long dialogue with everything in it.
const DIALOGUE: &[u8] = b"print(1)\rif 1:\rprint(2)\r\x03\x05print(3)\r\x04\x01print(4)\x04\
    input()\x04abc\r\n\x05A\x01print(5)\n1/0\x04\x05A\x01a!b\x04\x05A\x01c\x03spin\x04..\x03\x04\
    exit\x04\x02ab\x1b[D\x1b[1;5D\x1b[3~\t\x10\x0e\r\x04print(6)\r";

#[test]
fn the_connection_may_drop_anywhere_and_the_next_client_is_served() {
    for len in 0..=DIALOGUE.len() {
        let mut toy = Toy::new(&DIALOGUE[..len]);
        drive(&mut Repl::new(), &mut toy);
        // The console stays, the client is another: what mpremote sends first must always lead to
        // the raw prompt.
        let mut toy = Toy::new(&[&DIALOGUE[..len], b"\r\x03\r\x03\r\x01print(7)\x04"].concat());
        drive(&mut Repl::new(), &mut toy);
        let output = toy.output.escape_ascii().to_string();
        let end = b"raw REPL; CTRL-B to exit\r\n>OK7\r\n\x04\x04>".escape_ascii().to_string();
        assert!(output.ends_with(&end), "after {len} bytes: {output}");
    }
}

/// A small generator, so that a failure can be repeated.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Mostly bytes that mean something.
    fn byte(&mut self) -> u8 {
        let choice = self.next();
        let telling =
            b"\x01\x02\x03\x04\x05\x05A\x01\x06\x08\x09\x0b\x0e\x10\x15\x17\r\n\r\r\x1b[\x1bO\
            ABCDFH1345~;bfd\x7f    :()'\"\\if x!12";
        if choice.is_multiple_of(8) {
            (choice >> 8) as u8
        } else {
            telling[(choice >> 8) as usize % telling.len()]
        }
    }
}

#[test]
fn noise_never_panics() {
    for seed in 1..=400_u64 {
        let mut noise = Noise(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let input: Vec<u8> = (0..2000).map(|_| noise.byte()).collect();
        let mut toy = Toy::new(&input);
        toy.limit = if seed % 3 == 0 { noise.next() as usize % 40 } else { usize::MAX };
        toy.capacity = noise.next() as usize % 600;
        toy.names = &["import", "if", "x1", "x2"];
        let mut repl = Repl::new();
        drive(&mut repl, &mut toy);
        assert!(toy.input.is_empty(), "seed {seed}");
    }
}

#[test]
fn a_closed_console_ends_the_repl_at_once() {
    let mut toy = Toy::new(b"");
    assert_eq!(drive(&mut Repl::new(), &mut toy), 0);
    assert_eq!(toy.output, format!("{BANNER}>>> ").as_bytes());
    assert_eq!(toy.n_reads, 1);
}
