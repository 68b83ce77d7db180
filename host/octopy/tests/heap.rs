//! The heap as it is seen: `gc.map()`, `micropython.mem_info(1)`, `octopy heap`, `--watch`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use octopy_heap_view::Snapshot;

fn octopy(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_octopy")).args(args).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// A place for a file of one test.
fn place(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("octopy-heap-{}-{name}", std::process::id()))
}

#[test]
fn a_map_has_every_byte() {
    let text = octopy(&["-c", "import gc\nx = bytearray(500000)\ngc.map()\ngc.map(64)"]);
    let (first, second) = text.split_once("end of map\n").unwrap();
    let fine = Snapshot::parse(&format!("{first}end of map\n")).unwrap();
    let coarse = Snapshot::parse(second).unwrap();
    for (heap, cell) in [(&fine, 2048), (&coarse, 32768)] {
        let [region] = &heap.regions[..] else { panic!("{heap:?}") };
        assert_eq!((region.name.as_str(), region.size, region.cell), ("heap", 2 << 20, cell));
        assert_eq!(region.used(), heap.figure("used"));
        assert_eq!(region.size - region.used(), region.figure("free"));
        let buffers = region.letters.matches('A').count() as u64 * cell;
        assert!((480_000..560_000).contains(&buffers), "{buffers}: {}", region.letters);
    }
}

#[test]
fn a_map_can_be_cut_short() {
    let program = "import gc\nx = [[i] for i in range(9000)]\ngc.map(256, 500)\ngc.map(256)";
    let text = octopy(&["-c", program]);
    let (first, second) = text.split_once("end of map\n").unwrap();
    let short = Snapshot::parse(&format!("{first}end of map\n")).unwrap();
    let whole = Snapshot::parse(second).unwrap();
    let count = |heap: &Snapshot, unseen: bool| -> u64 {
        let groups = heap.regions[0].groups.iter().filter(|group| group.letter != '.');
        groups.filter(|group| (group.letter == '?') == unseen).map(|group| group.count).sum()
    };
    assert_eq!((count(&short, false), count(&short, true)), (500, 1), "{first}");
    assert!(count(&whole, false) > 18000 && count(&whole, true) == 0);
    // What is free is known all the same.
    assert_eq!(short.regions[0].used(), short.figure("used"));
    assert!(short.regions[0].letters.contains('?') && !whole.regions[0].letters.contains('?'));
}

#[test]
fn a_map_needs_no_memory() {
    let program = "import gc, micropython\nmicropython.heap_lock()\ngc.map()\n\
        micropython.heap_unlock()\nfull = []\ntry:\n    while True: full.append(bytearray(9))\n\
        except MemoryError: pass\ngc.map()\n";
    let text = octopy(&["-X", "heapsize=100k", "-c", program]);
    let (_, last) = text.split_once("end of map\n").unwrap();
    let full = Snapshot::parse(last).unwrap();
    assert!(full.figure("used") > 90_000, "{last}");
    assert!(full.log.iter().any(|event| event.outcome == "failed"), "{last}");
}

/// A program that needs 100 MB, frees them, and says how large the heap was.
const NEEDY: &str = "
import gc
total = lambda: gc.info()['total'] >> 20
sizes = [total()]
kept = []
for i in range(60):
    kept.append(bytearray(1 << 20))
    kept.append([(i, j) for j in range(COUNT)])
sizes.append(total())
print(sum(len(x) for x in kept), kept[-1][-1], gc.info()['used'] >> 20)
kept = None
gc.collect()
sizes.append(total())
print(sizes)
";

#[test]
fn a_heap_without_a_fixed_size_grows_and_gives_back() {
    // In zeal builds every object moves again and again, so they get fewer.
    let (count, used) = if cfg!(feature = "zeal") { (2, 60) } else { (40_000, 100) };
    let program = NEEDY.replace("COUNT", &count.to_string());
    let text = octopy(&["-X", "heapsize=auto", "-c", &program]);
    let sum = 60 * ((1 << 20) + count);
    let expect = format!("{sum} (59, {}) ", count - 1);
    let rest = text.strip_prefix(&expect).unwrap_or_else(|| panic!("{text}"));
    let (megabytes, sizes) = rest.trim_end().split_once('\n').unwrap();
    assert!((used..used + 20).contains(&megabytes.parse().unwrap()), "{text}");
    let sizes: Vec<u32> =
        sizes.trim_matches(['[', ']']).split(", ").map(|size| size.parse().unwrap()).collect();
    let &[before, full, after] = &sizes[..] else { panic!("{text}") };
    assert!(before == 2 && after == 2, "{text}");
    assert!((used..used * 5 / 2).contains(&full), "{text}");
    // Without it the same program fails.
    let mut command = Command::new(env!("CARGO_BIN_EXE_octopy"));
    let output = command.args(["-c", &program]).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.contains("MemoryError"), "{errors}");
}

#[test]
fn mem_info_has_a_letter_for_each_block() {
    let program = "import micropython\nx = bytearray(5000)\nmicropython.mem_info(1)";
    let text = octopy(&["-X", "heapsize=256k", "-c", program]);
    let (_, map) = text.split_once("GC memory layout; from 10000000:\n").unwrap();
    let (mut blocks, mut free, mut letters) = (0, 0, String::new());
    for line in map.lines().take_while(|line| !line.starts_with("heap at")) {
        let elided = line.trim().strip_prefix('(').and_then(|l| l.strip_suffix(" lines all free)"));
        if let Some(count) = elided {
            blocks += count.parse::<usize>().unwrap() * 64;
            free += count.parse::<usize>().unwrap() * 64;
            continue;
        }
        let (address, line) = line.split_once(": ").unwrap();
        assert_eq!(usize::from_str_radix(address, 16).unwrap(), blocks * 16);
        assert!((1..=64).contains(&line.len()), "{line}");
        blocks += line.len();
        free += line.matches('.').count();
        letters += line;
    }
    assert_eq!(blocks * 16, 256 << 10);
    let (_, figures) = text.split_once("used: ").unwrap();
    let used: usize = figures.split_once(',').unwrap().0.parse().unwrap();
    let shown = (blocks - free) * 16;
    assert!((used..used + 64).contains(&shown), "{shown} of {used}");
    assert!(letters.contains(&"=".repeat(5000 / 16 - 1)), "{map}");
    for letter in ['T', 'L', 'D', 'S', 'A', 'M', 'h'] {
        assert!(letters.contains(letter), "{letter}: {map}");
    }
}

#[test]
fn a_map_becomes_a_picture() {
    let (map, picture) = (place("map.txt"), place("map.svg"));
    std::fs::write(&map, octopy(&["-c", "import gc\nx = bytearray(500000)\ngc.map()"])).unwrap();
    let (map, picture) = (map.to_str().unwrap(), picture.to_str().unwrap());
    let numbers = octopy(&["heap", map]);
    assert!(numbers.starts_with("heap (fast, 0x10000000): "), "{numbers}");
    assert!(numbers.contains("%  buffer in ") && numbers.contains(" 23.9 %"), "{numbers}");
    assert_eq!(octopy(&["heap", map, "-o", picture]), "");
    let svg = std::fs::read_to_string(picture).unwrap();
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
    assert!(svg.contains("heap (fast)") && svg.contains("class=\"kA\""));
    std::fs::write(map, "nothing of the kind").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_octopy")).args(["heap", map]).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && errors.contains("there is no heap map in it"), "{errors}");
    for file in [map, picture] {
        std::fs::remove_file(file).unwrap();
    }
}

/// A virtual board, with its console and, if it is watched, the address of its page.
struct Board {
    child: Child,
    console: TcpStream,
    seen: String,
    page: Option<String>,
    flash: PathBuf,
}

impl Board {
    fn start(name: &str, is_watched: bool) -> Self {
        Self::start_with(name, is_watched, &[])
    }

    fn start_with(name: &str, is_watched: bool, options: &[&str]) -> Self {
        let flash = place(name);
        let mut command = Command::new(env!("CARGO_BIN_EXE_octopy"));
        command.args(["board", "--tcp", "0", "--flash"]).arg(&flash).args(options);
        if is_watched {
            command.args(["--watch", "0"]);
        }
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let line = |stream: &mut dyn BufRead| {
            let mut line = String::new();
            stream.read_line(&mut line).unwrap();
            line.trim_end().to_owned()
        };
        let address = line(&mut BufReader::new(child.stdout.take().unwrap()));
        let page = is_watched.then(|| {
            let said = line(&mut BufReader::new(child.stderr.take().unwrap()));
            let (_, page) = said.split_once("http://").expect("where the page is");
            page.trim_end_matches('/').to_owned()
        });
        let console = TcpStream::connect(address).unwrap();
        console.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let mut board = Self { child, console, seen: String::new(), page, flash };
        // Not Ctrl-C: that could interrupt the start, which would change what follows.
        board.console.write_all(b"\r").unwrap();
        board.until(">>> ");
        board
    }

    /// Reads from the console until it says `end`; what comes behind that is kept.
    #[track_caller]
    fn until(&mut self, end: &str) -> String {
        while !self.seen.contains(end) {
            assert!(self.read() > 0, "no {end:?} after {:?}", self.seen);
        }
        let (before, after) = self.seen.split_once(end).unwrap();
        let (before, after) = (format!("{before}{end}"), after.to_owned());
        self.seen = after;
        before
    }

    /// Reads what is there, or waits for it.
    fn read(&mut self) -> usize {
        let mut buf = [0; 4096];
        let count = self.console.read(&mut buf).unwrap_or(0);
        self.seen += &String::from_utf8_lossy(&buf[..count]);
        count
    }

    /// Starts a program by the raw REPL.
    fn begin(&mut self, program: &str) {
        self.console.write_all(b"\x01").unwrap();
        self.until("CTRL-B to exit\r\n>");
        self.console.write_all(format!("{program}\x04").as_bytes()).unwrap();
        self.until("OK");
    }

    /// What the page says at a path.
    fn ask(&self, path: &str) -> String {
        let page = self.page.as_deref().unwrap();
        let mut stream = TcpStream::connect(page).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {page}\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        body.to_owned()
    }

    fn heap(&self) -> Snapshot {
        Snapshot::parse(&self.ask("/heap.txt")).unwrap()
    }
}

impl Drop for Board {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_file(&self.flash);
    }
}

#[test]
fn a_board_is_watched_whatever_it_does() {
    let mut board = Board::start("watched", true);
    // At the prompt.
    let idle = board.heap();
    let names: Vec<_> = idle.regions.iter().map(|r| (r.name.as_str(), r.base, r.size)).collect();
    assert_eq!(names, [("sram", 0x2003_3000, 315_392), ("ospi", 0x6800_0000, 8 << 20)]);
    // In a loop.
    board.begin("x = bytearray(4 << 20)\nprint('go')\nwhile True: pass");
    board.until("go\r\n");
    let busy = board.heap();
    assert!(busy.regions[1].used() > 4 << 20, "{busy:?}");
    assert!(board.ask("/").contains("The heap of a virtual VK-RA6M5"));
    let view = board.ask("/view.json");
    assert!(view.contains("\"busy\":false") && view.contains("ospi (large)"), "{view}");
    board.console.write_all(b"\x03").unwrap();
    board.until("\x04>");
    // In a wait, and at a prompt of its own.
    board.console.write_all(b"import time\nprint('go')\ntime.sleep(1000)\x04").unwrap();
    board.until("go\r\n");
    assert!(board.heap().figure("used") > 0);
    board.console.write_all(b"\x03").unwrap();
    board.until("\x04>");
    board.console.write_all(b"\x02").unwrap();
    board.until(">>> ");
    board.console.write_all(b"input('name? ')\r").unwrap();
    board.until("name? ");
    assert!(board.heap().figure("used") > 0);
}

/// A program that says what memory there is, and uses it.
const MEMORY: &str = "
import gc
info = gc.info()
for name in info['regions']:
    print(name, info['regions'][name]['total'])
print(info['total'], info['missing'], [line[1:] for line in gc.log() if line[5] == 'missing'])
gc.collect()
kept = []
try:
    while True:
        kept.append(bytearray(50000))
except MemoryError as error:
    region = str(error).split('region ')[1]
n = len(kept)
kept = None
print(n, region)
print(len([(i, str(i)) for i in range(2000)]))
";

#[test]
fn a_board_starts_without_its_external_ram_and_says_so() {
    let missing =
        |bytes: u32, rest: u32| format!("{bytes} [({bytes}, 'ospi', {rest}, {rest}, 'missing')]");
    let with_ospi = |size: u32| format!("ospi {size}\r\n{} ", size + 315_392);
    for (ram, memory, lines) in [
        ("absent", format!("315392 {}", missing(8 << 20, 0)), "6 sram)"),
        ("stuck", format!("315392 {}", missing(8 << 20, 0)), "6 sram)"),
        ("4m", with_ospi(4 << 20) + &missing(4 << 20, 4 << 20), "89 ospi)"),
        ("8m", with_ospi(8 << 20) + "0 []", "173 ospi)"),
    ] {
        let mut board = Board::start_with(ram, false, &["--external-ram", ram]);
        board.begin(MEMORY);
        let said = board.until("\x04>");
        let expect = format!("sram 315392\r\n{memory}\r\n{lines}\r\n2000\r\n\x04\x04>");
        assert_eq!(said, expect, "{ram}");
    }
}

/// A program that ends with the figures of the heap.
const PROGRAM: &str = "
import gc
kept = {}
for i in range(30000):
    kept[i % 700] = [i, (i, i), str(i)]
    if i % 500 == 0:
        kept['b'] = bytearray(i * 90)
print(gc.info(), gc.log())
";

#[test]
fn watching_changes_nothing() {
    let mut alone = Board::start("alone", false);
    alone.begin(PROGRAM);
    let expect = alone.until("\x04\x04>");
    assert!(expect.contains("'compactions'"), "{expect}");
    let mut watched = Board::start("seen", true);
    watched.begin(PROGRAM);
    let mut pictures = 0;
    // The figures come when the program ends; until then there is nothing to read.
    watched.console.set_read_timeout(Some(Duration::from_millis(1))).unwrap();
    while !watched.seen.contains("\x04\x04>") {
        watched.heap();
        pictures += 1;
        watched.read();
        assert!(pictures < 100_000, "{:?}", watched.seen);
    }
    assert_eq!(watched.seen, expect, "after {pictures} pictures");
}
