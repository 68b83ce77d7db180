//! `Server`: the page, offered to this PC only.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use serde::Serialize;
use tiny_http::{Header, Method, Request, Response};

use crate::history::{Change, History};
use crate::page::{STYLE, View, page};
use crate::picture::picture;
use crate::snapshot::Snapshot;

/// Where snapshots come from.
pub trait Source: Send + Sync {
    /// What `gc.map()` would print now; `None` if the board does not answer within `patience`.
    fn map(&self, patience: Duration) -> Option<String>;
}

/// How long a request waits for the board.
const PATIENCE: Duration = Duration::from_millis(400);

/// A page about one board.
pub struct Server {
    http: tiny_http::Server,
    address: SocketAddr,
    title: String,
    start: Instant,
    history: History,
    /// The text of the last snapshot.
    text: String,
    /// Since when the board has not answered.
    silent: Option<Instant>,
}

/// `heap.json`
#[derive(Serialize)]
struct Everything<'a> {
    heap: Option<&'a Snapshot>,
    history: Vec<&'a Change>,
}

impl Server {
    /// Listens on a port of this PC, 0 for any; `title` is the board's name.
    pub fn open(port: u16, title: &str) -> Result<Self> {
        let http = tiny_http::Server::http((Ipv4Addr::LOCALHOST, port))
            .map_err(|error| anyhow!("{error}"))
            .with_context(|| format!("cannot listen on 127.0.0.1:{port}"))?;
        let address = http.server_addr().to_ip().context("this is no address of the internet")?;
        Ok(Self {
            http,
            address,
            title: title.to_owned(),
            start: Instant::now(),
            history: History::default(),
            text: String::new(),
            silent: None,
        })
    }

    /// Where the page is.
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Answers requests for ever.
    pub fn run(mut self, source: &dyn Source) {
        while let Ok(request) = self.http.recv() {
            let (status, kind, body) = self.answer(&request, source);
            let mut response = Response::from_string(body).with_status_code(status);
            for (name, value) in [
                ("Content-Type", kind),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
                (
                    "Content-Security-Policy",
                    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
                     connect-src 'self'; img-src data:",
                ),
            ] {
                if let Ok(header) = Header::from_bytes(name, value) {
                    response.add_header(header);
                }
            }
            // A browser that has gone away needs no answer.
            let _ = request.respond(response);
        }
    }

    fn answer(&mut self, request: &Request, source: &dyn Source) -> (u16, &'static str, String) {
        const TEXT: &str = "text/plain; charset=utf-8";
        if !matches!(request.method(), Method::Get | Method::Head) {
            return (405, TEXT, "This page is for looking only.\n".to_owned());
        }
        let mut headers = request.headers().iter();
        let host = headers.find(|header| header.field.equiv("Host"));
        if !host.is_some_and(|host| is_local(host.value.as_str())) {
            // Another site's name for this PC: its scripts must not read the heap.
            return (403, TEXT, "Ask for it as 127.0.0.1.\n".to_owned());
        }
        let path = request.url().split('?').next().unwrap_or_default();
        match path {
            "/" => (200, "text/html; charset=utf-8", page(&self.title)),
            "/view.json" => {
                self.look(source);
                let waited = self.silent.map(|since| since.elapsed().as_secs_f64());
                json(&View::of(&self.history, waited))
            }
            "/heap.json" => {
                self.look(source);
                let history = self.history.changes().collect();
                json(&Everything { heap: self.history.last(), history })
            }
            "/heap.txt" => {
                self.look(source);
                (200, TEXT, self.text.clone())
            }
            "/map.svg" => {
                self.look(source);
                let empty = Snapshot::default();
                let heap = self.history.last().unwrap_or(&empty);
                (200, "image/svg+xml", picture(heap).file(STYLE))
            }
            _ => (404, TEXT, "There is no such page.\n".to_owned()),
        }
    }

    /// Takes a new snapshot, if the board gives one.
    fn look(&mut self, source: &dyn Source) {
        let answer = source.map(PATIENCE);
        match answer.as_deref().map(Snapshot::parse) {
            Some(Ok(heap)) => {
                self.history.add(self.start.elapsed().as_secs_f64(), heap);
                self.text = answer.unwrap_or_default();
                self.silent = None;
            }
            _ => {
                self.silent.get_or_insert_with(Instant::now);
            }
        }
    }
}

fn json<T: Serialize>(value: &T) -> (u16, &'static str, String) {
    match serde_json::to_string(value) {
        Ok(text) => (200, "application/json", text),
        Err(error) => (500, "text/plain; charset=utf-8", format!("{error}\n")),
    }
}

/// Whether a request was made to this PC by a name that only this PC has.
fn is_local(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    // Names of hosts are the same in small and in capital letters.
    matches!(name.to_ascii_lowercase().as_str(), "127.0.0.1" | "localhost" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::tests::TEXT;
    use std::io::{Read, Write};
    use std::net::TcpStream;
    use std::sync::atomic::{AtomicBool, Ordering};

    /// A board that answers, until it does not.
    struct Board(AtomicBool);

    impl Source for Board {
        fn map(&self, _patience: Duration) -> Option<String> {
            self.0.load(Ordering::SeqCst).then(|| TEXT.to_owned())
        }
    }

    fn ask(address: SocketAddr, line: &str, host: &str) -> (String, String) {
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "{line} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_owned(), body.to_owned())
    }

    #[test]
    fn the_page_and_its_parts() {
        let board: &'static Board = Box::leak(Box::new(Board(AtomicBool::new(true))));
        let server = Server::open(0, "a board").unwrap();
        let address = server.address;
        assert!(address.ip().is_loopback() && server.url().starts_with("http://127.0.0.1:"));
        std::thread::spawn(move || server.run(board));
        let get = |path: &str| ask(address, &format!("GET {path}"), "127.0.0.1:1");
        let (head, body) = get("/");
        assert!(head.starts_with("HTTP/1.1 200") && head.contains("default-src 'none'"), "{head}");
        assert!(body.contains("The heap of a board"));
        let (_, body) = get("/view.json");
        let view: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!((&view["busy"], &view["state"]), (&false.into(), &"live".into()));
        assert!(view["map"].as_str().unwrap().starts_with("<svg "));
        let (_, body) = get("/heap.json");
        let all: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(all["heap"]["regions"][1]["name"], "ospi");
        assert_eq!(all["heap"]["regions"][0]["pinned"][0]["size"], 64);
        assert_eq!(all["history"].as_array().map(Vec::len), Some(2));
        assert_eq!(get("/heap.txt").1, TEXT);
        let (head, body) = get("/map.svg");
        assert!(head.contains("image/svg+xml") && body.contains("<style>"), "{head}");
        board.0.store(false, Ordering::SeqCst);
        let (_, body) = get("/view.json");
        let view: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(view["busy"], true);
        assert!(view["map"].as_str().unwrap().contains("sram (fast)"), "the last picture stays");
    }

    #[test]
    fn what_is_refused() {
        let board: &'static Board = Box::leak(Box::new(Board(AtomicBool::new(true))));
        let server = Server::open(0, "a board").unwrap();
        let address = server.address;
        std::thread::spawn(move || server.run(board));
        for (line, host, expect) in [
            ("GET /nothing", "127.0.0.1", "404"),
            ("GET /../secret", "localhost:80", "404"),
            ("GET /secret", "LocalHost:80", "404"),
            ("POST /", "127.0.0.1", "405"),
            ("GET /heap.json", "evil.example", "403"),
            ("GET /heap.json", "127.0.0.1.evil.example:80", "403"),
        ] {
            let (head, _) = ask(address, line, host);
            assert!(head.starts_with(&format!("HTTP/1.1 {expect}")), "{line} {host}: {head}");
        }
    }
}
