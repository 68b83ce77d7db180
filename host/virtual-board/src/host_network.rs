//! `HostNetwork`: the PC's sockets as a board's network.
//!
//! A virtual board is an Ethernet device at 127.0.0.1: it serves this PC and nobody else, even
//! where a program binds to every address. A script on the PC binds where it says.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, ToSocketAddrs};
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::{Arc, Mutex, PoisonError};

use octopy_hal::{Endpoint, Errno, Interface, LinkStatus, Network, Ready, SocketId, SocketKind};
use rustix::event::PollFlags;
use rustix::net::RecvFlags;
use socket2::{Domain, Protocol, SockAddr, Socket, Type};

use crate::os_error::{ADDRNOTAVAIL, errno};
use crate::waker::{Waker, readiness};

/// How many sockets may be open; a board's network stack has a table like this too.
const SOCKETS: usize = 64;

/// Ports below this need a privilege that a PC user rarely has.
const FIRST_USER_PORT: u16 = 1024;

/// Where a refused port 80 goes: 8080.
const PORT_SHIFT: u16 = 8000;

/// Who can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Servers are for this PC only, and the interface must be switched on.
    Loopback,
    /// As the PC itself.
    Everywhere,
}

/// Sockets of the PC.
#[derive(Debug)]
pub struct HostNetwork {
    reach: Reach,
    active: bool,
    mac: [u8; 6],
    interface: Interface,
    sockets: Vec<Option<Entry>>,
    names: Arc<Names>,
    waker: Arc<Waker>,
}

#[derive(Debug)]
struct Entry {
    socket: Socket,
    kind: SocketKind,
    connecting: bool,
    /// What an operation could not do at once: a wait ends when it has become possible.
    wanted: PollFlags,
}

/// Host names that are being resolved or were.
type Names = Mutex<HashMap<String, Option<Result<[u8; 4], Errno>>>>;

const HERE: [u8; 4] = [127, 0, 0, 1];

impl HostNetwork {
    /// A network without sockets.
    pub fn new(reach: Reach, mac: [u8; 6], waker: Arc<Waker>) -> Self {
        Self {
            reach,
            active: reach == Reach::Everywhere,
            mac,
            interface: Interface { addr: HERE, mask: [255, 0, 0, 0], gateway: HERE, dns: HERE },
            sockets: Vec::new(),
            names: Arc::default(),
            waker,
        }
    }

    /// What a wait should watch; asking clears it.
    pub(crate) fn take_wanted(&mut self) -> Vec<(BorrowedFd<'_>, PollFlags)> {
        let mut wanted = Vec::new();
        for entry in self.sockets.iter_mut().flatten() {
            let flags = std::mem::replace(&mut entry.wanted, PollFlags::empty());
            if !flags.is_empty() {
                wanted.push((entry.socket.as_fd(), flags));
            }
        }
        wanted
    }

    /// The port of the PC that `bind` will find a privileged port of the board at, if refused.
    pub fn shifted(port: u16) -> u16 {
        if (1..FIRST_USER_PORT).contains(&port) { port + PORT_SHIFT } else { port }
    }

    fn insert(&mut self, socket: Socket, kind: SocketKind) -> Result<SocketId, Errno> {
        socket.set_nonblocking(true).map_err(|error| errno(&error))?;
        let at = match self.sockets.iter().position(Option::is_none) {
            Some(at) => at,
            None if self.sockets.len() < SOCKETS => {
                self.sockets.push(None);
                self.sockets.len() - 1
            }
            None => return Err(Errno::NOBUFS),
        };
        let entry = Entry { socket, kind, connecting: false, wanted: PollFlags::empty() };
        self.sockets[at] = Some(entry);
        u16::try_from(at).map(SocketId).map_err(|_| Errno::NOBUFS)
    }

    fn entry(&mut self, id: SocketId) -> Result<&mut Entry, Errno> {
        self.sockets.get_mut(usize::from(id.0)).and_then(Option::as_mut).ok_or(Errno::BADF)
    }

    /// The address on the PC that stands for `local` on the board.
    fn local(&self, local: Endpoint) -> Result<SocketAddrV4, Errno> {
        let mut addr = Ipv4Addr::from(local.addr);
        if self.reach == Reach::Loopback {
            if addr.is_unspecified() || local.addr == self.interface.addr {
                addr = Ipv4Addr::LOCALHOST;
            } else if !addr.is_loopback() {
                return Err(ADDRNOTAVAIL);
            }
        }
        Ok(SocketAddrV4::new(addr, local.port))
    }

    /// The address on the PC that `remote` is reached at.
    fn remote(&self, remote: Endpoint) -> Result<SockAddr, Errno> {
        if !self.active {
            return Err(Errno::HOSTUNREACH);
        }
        let own = self.reach == Reach::Loopback && remote.addr == self.interface.addr;
        let addr = if own { HERE } else { remote.addr };
        Ok(SocketAddrV4::new(Ipv4Addr::from(addr), remote.port).into())
    }
}

impl Entry {
    /// Runs a system call; one that would block is remembered for the next wait.
    fn attempt<T>(
        &mut self,
        wants: PollFlags,
        mut call: impl FnMut(&Socket) -> std::io::Result<T>,
    ) -> Result<T, Errno> {
        loop {
            let error = match call(&self.socket) {
                Ok(value) => return Ok(value),
                Err(error) => errno(&error),
            };
            if error == Errno::AGAIN {
                self.wanted |= wants;
            }
            if error != Errno::new(4) {
                return Err(error);
            }
        }
    }
}

impl Network for HostNetwork {
    fn set_active(&mut self, active: bool) -> Result<(), Errno> {
        self.active = active;
        Ok(())
    }

    fn status(&mut self) -> LinkStatus {
        if self.active { LinkStatus::Up } else { LinkStatus::Down }
    }

    fn mac(&self) -> [u8; 6] {
        self.mac
    }

    fn interface(&mut self) -> Interface {
        self.interface
    }

    fn set_interface(&mut self, interface: Interface) -> Result<(), Errno> {
        self.interface = interface;
        Ok(())
    }

    fn start_dhcp(&mut self) -> Result<(), Errno> {
        if !self.active {
            return Err(Errno::HOSTUNREACH);
        }
        self.interface = Interface { addr: HERE, mask: [255, 0, 0, 0], gateway: HERE, dns: HERE };
        Ok(())
    }

    fn resolve(&mut self, name: &str) -> Result<[u8; 4], Errno> {
        if let Ok(addr) = name.parse::<Ipv4Addr>() {
            return Ok(addr.octets());
        }
        if name == "localhost" {
            return Ok(HERE);
        }
        if !self.active {
            return Err(Errno::HOSTUNREACH);
        }
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        match names.get(name) {
            Some(Some(answer)) => {
                let answer = *answer;
                // The next question asks again: addresses change.
                names.remove(name);
                return answer;
            }
            Some(None) => return Err(Errno::AGAIN),
            None => names.insert(name.to_owned(), None),
        };
        let (name, waker, table) = (name.to_owned(), self.waker.clone(), self.names.clone());
        let lookup = move || {
            let answer = lookup(&name);
            table.lock().unwrap_or_else(PoisonError::into_inner).insert(name, Some(answer));
            waker.signal();
        };
        match std::thread::Builder::new().name("resolve".into()).spawn(lookup) {
            Ok(_) => Err(Errno::AGAIN),
            Err(error) => Err(errno(&error)),
        }
    }

    fn socket(&mut self, kind: SocketKind) -> Result<SocketId, Errno> {
        let (r#type, protocol) = match kind {
            SocketKind::Stream => (Type::STREAM, Protocol::TCP),
            SocketKind::Datagram => (Type::DGRAM, Protocol::UDP),
        };
        let socket = Socket::new(Domain::IPV4, r#type, Some(protocol));
        self.insert(socket.map_err(|error| errno(&error))?, kind)
    }

    fn close(&mut self, socket: SocketId) {
        if let Some(entry) = self.sockets.get_mut(usize::from(socket.0)) {
            *entry = None;
        }
    }

    fn set_reuse_addr(&mut self, socket: SocketId, on: bool) -> Result<(), Errno> {
        let entry = self.entry(socket)?;
        entry.socket.set_reuse_address(on).map_err(|error| errno(&error))
    }

    fn bind(&mut self, socket: SocketId, local: Endpoint) -> Result<(), Errno> {
        let address = self.local(local)?;
        let reach = self.reach;
        let entry = self.entry(socket)?;
        match entry.socket.bind(&address.into()).map_err(|error| errno(&error)) {
            Err(Errno::ACCES) if reach == Reach::Loopback => {
                let mut shifted = address;
                shifted.set_port(Self::shifted(address.port()));
                entry.socket.bind(&shifted.into()).map_err(|error| errno(&error))
            }
            result => result,
        }
    }

    fn listen(&mut self, socket: SocketId, backlog: u16) -> Result<(), Errno> {
        let entry = self.entry(socket)?;
        entry.socket.listen(backlog.into()).map_err(|error| errno(&error))
    }

    fn accept(&mut self, socket: SocketId) -> Result<(SocketId, Endpoint), Errno> {
        let entry = self.entry(socket)?;
        let (peer, address) = entry.attempt(PollFlags::IN, Socket::accept)?;
        let id = self.insert(peer, SocketKind::Stream)?;
        Ok((id, endpoint(&address)))
    }

    fn connect(&mut self, socket: SocketId, remote: Endpoint) -> Result<(), Errno> {
        let address = self.remote(remote)?;
        let entry = self.entry(socket)?;
        if entry.connecting {
            if readiness(&entry.socket, PollFlags::OUT).is_empty() {
                entry.wanted |= PollFlags::OUT;
                return Err(Errno::ALREADY);
            }
            entry.connecting = false;
            return match entry.socket.take_error() {
                Ok(None) => Ok(()),
                Ok(Some(error)) | Err(error) => Err(errno(&error)),
            };
        }
        let result = entry.socket.connect(&address).map_err(|error| errno(&error));
        if result == Err(Errno::INPROGRESS) {
            entry.connecting = true;
            entry.wanted |= PollFlags::OUT;
        }
        result
    }

    fn send(&mut self, socket: SocketId, data: &[u8]) -> Result<usize, Errno> {
        self.entry(socket)?.attempt(PollFlags::OUT, |socket| socket.send(data))
    }

    fn send_to(&mut self, socket: SocketId, data: &[u8], to: Endpoint) -> Result<usize, Errno> {
        let to = self.remote(to)?;
        self.entry(socket)?.attempt(PollFlags::OUT, |socket| socket.send_to(data, &to))
    }

    fn recv(&mut self, socket: SocketId, buf: &mut [u8]) -> Result<usize, Errno> {
        let entry = self.entry(socket)?;
        entry.attempt(PollFlags::IN, |mut socket| std::io::Read::read(&mut socket, buf))
    }

    fn recv_from(&mut self, socket: SocketId, buf: &mut [u8]) -> Result<(usize, Endpoint), Errno> {
        let entry = self.entry(socket)?;
        entry.attempt(PollFlags::IN, |socket| receive_from(socket, buf))
    }

    fn ready(&mut self, socket: SocketId) -> Ready {
        let Ok(entry) = self.entry(socket) else {
            return Ready { hangup: true, ..Ready::default() };
        };
        let flags = readiness(&entry.socket, PollFlags::IN | PollFlags::OUT);
        // A socket that was never connected reports a hang-up; nobody has hung up on it.
        let unused = entry.kind == SocketKind::Stream && flags == PollFlags::OUT | PollFlags::HUP;
        if unused {
            return Ready::default();
        }
        if !flags.contains(PollFlags::IN) {
            entry.wanted |= PollFlags::IN;
        }
        if !flags.contains(PollFlags::OUT) {
            entry.wanted |= PollFlags::OUT;
        }
        Ready {
            read: flags.contains(PollFlags::IN),
            write: flags.contains(PollFlags::OUT),
            hangup: flags.intersects(PollFlags::HUP | PollFlags::ERR),
        }
    }

    fn close_all(&mut self) {
        self.sockets.clear();
    }
}

fn endpoint(address: &SockAddr) -> Endpoint {
    address.as_socket_ipv4().map_or_else(Endpoint::default, |address| Endpoint {
        addr: address.ip().octets(),
        port: address.port(),
    })
}

fn receive_from(socket: &Socket, buf: &mut [u8]) -> std::io::Result<(usize, Endpoint)> {
    let (n, _, from) = rustix::net::recvfrom(socket, buf, RecvFlags::empty())?;
    let from = from.and_then(|from| SocketAddrV4::try_from(from).ok());
    let from = from.map_or_else(Endpoint::default, |from| Endpoint {
        addr: from.ip().octets(),
        port: from.port(),
    });
    Ok((n, from))
}

fn lookup(name: &str) -> Result<[u8; 4], Errno> {
    let mut addresses = (name, 0).to_socket_addrs().map_err(|_| Errno::HOSTUNREACH)?;
    addresses
        .find_map(|address| match address {
            SocketAddr::V4(address) => Some(address.ip().octets()),
            SocketAddr::V6(_) => None,
        })
        .ok_or(Errno::HOSTUNREACH)
}

#[cfg(test)]
mod tests;
