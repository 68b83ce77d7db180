//! `TcpConsole`: the console as a TCP socket, for `socket://` ports and `nc`.
//!
//! One client at a time, as on a cable; a second one is turned away at once, so that it fails
//! instead of waiting. With no client, output is dropped.

use std::io::ErrorKind::ConnectionAborted;
use std::io::{self, PipeReader, PipeWriter};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::{Context, Result};
use octopy_hal::Console;
use rustix::event::{PollFd, PollFlags, poll};

use super::outlet::{Outlet, PATIENCE};
use super::pump::{End, pump};
use super::{Link, ReceiveRing};
use crate::waker::readiness;

/// A console that clients connect to.
#[derive(Debug)]
pub struct TcpConsole {
    address: SocketAddr,
    client: Arc<Client>,
    link: Link,
    ring: Arc<ReceiveRing>,
    outlet: Outlet,
    _stop: PipeWriter,
}

#[derive(Debug, Default)]
struct Client(Mutex<Option<TcpStream>>);

impl Client {
    fn lock(&self) -> MutexGuard<'_, Option<TcpStream>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TcpConsole {
    /// Listens on `address`, for example `127.0.0.1:7000`; port 0 picks a free one.
    pub fn open(link: Link, address: SocketAddr) -> Result<Self> {
        let listener =
            TcpListener::bind(address).with_context(|| format!("cannot listen on {address}"))?;
        let address = listener.local_addr()?;
        let ring = Arc::new(ReceiveRing::new(link.receive_capacity));
        let client = Arc::<Client>::default();
        let (stopped, stop) = io::pipe()?;
        thread::Builder::new().name("tcp".into()).spawn({
            let (client, ring, link) = (Arc::clone(&client), Arc::clone(&ring), link.clone());
            move || serve(&listener, &client, &stopped, &ring, &link)
        })?;
        let outlet = Outlet::impatient(PATIENCE);
        Ok(Self { address, client, link, ring, outlet, _stop: stop })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for TcpConsole {
    fn drop(&mut self) {
        self.ring.close();
    }
}

impl Console for TcpConsole {
    fn read(&mut self, buf: &mut [u8]) -> usize {
        self.ring.take(buf)
    }

    fn is_readable(&mut self) -> bool {
        self.ring.is_readable()
    }

    fn write(&mut self, bytes: &[u8]) {
        // A clone, so that the lock is not held while a slow client is waited for.
        let client = self.client.lock().as_ref().and_then(|client| client.try_clone().ok());
        if let Some(client) = client {
            self.outlet.send(&client, bytes, self.link.attention);
        }
    }

    fn receive_capacity(&self) -> usize {
        self.ring.capacity()
    }
}

/// Serves one client after the other until the console is dropped.
fn serve(
    listener: &TcpListener,
    client: &Client,
    stop: &PipeReader,
    ring: &Arc<ReceiveRing>,
    link: &Link,
) {
    while wait_for_client(listener, stop) {
        let Ok((stream, _)) = listener.accept() else { continue };
        let _ = stream.set_nodelay(true);
        let (Ok(()), Ok(writer)) = (stream.set_nonblocking(true), stream.try_clone()) else {
            continue;
        };
        *client.lock() = Some(writer);
        let end = serve_one(listener, &stream, stop, ring, link);
        *client.lock() = None;
        if end == End::Stopped {
            return;
        }
    }
}

/// Pumps one client's bytes, while another thread turns others away.
fn serve_one(
    listener: &TcpListener,
    stream: &TcpStream,
    stop: &PipeReader,
    ring: &Arc<ReceiveRing>,
    link: &Link,
) -> End {
    let Ok((served, done)) = io::pipe() else { return End::Closed };
    thread::scope(|scope| {
        scope.spawn(|| {
            // Who comes after the served client has closed is the next to be served.
            while wait_for_client(listener, &served) && !has_closed(stream) {
                // Accepting and dropping closes the connection.
                if listener.accept().is_err_and(|error| error.kind() != ConnectionAborted) {
                    return;
                }
            }
        });
        let end = pump(stream, stop, ring, link, |_| true);
        drop(done);
        end
    })
}

/// Whether the other side has closed, even if bytes of it are still to be read.
fn has_closed(stream: &TcpStream) -> bool {
    #[cfg(target_os = "linux")]
    let closed = PollFlags::RDHUP;
    #[cfg(not(target_os = "linux"))]
    let closed = PollFlags::HUP;
    readiness(stream, closed).intersects(closed | PollFlags::HUP | PollFlags::ERR)
}

/// Waits for a connection to accept; false when `stop` was closed first.
fn wait_for_client(listener: &TcpListener, stop: &PipeReader) -> bool {
    loop {
        let mut fds = [PollFd::new(listener, PollFlags::IN), PollFd::new(stop, PollFlags::IN)];
        if poll(&mut fds, None).is_err() {
            continue;
        }
        if !fds[1].revents().is_empty() {
            return false;
        }
        if !fds[0].revents().is_empty() {
            return true;
        }
    }
}
