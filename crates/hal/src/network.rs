//! `Network`: sockets and one interface, without blocking.
//!
//! Blocking, timeouts and Python's socket objects are built on top, in `modules`.
//! An operation that cannot proceed now returns [`Errno::AGAIN`].

use crate::Errno;

/// An open socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SocketId(pub u16);

/// What a socket carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SocketKind {
    /// TCP.
    Stream,
    /// UDP.
    Datagram,
}

/// An IPv4 address and port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Endpoint {
    /// The address, most significant byte first.
    pub addr: [u8; 4],
    /// The port.
    pub port: u16,
}

/// What a socket is ready for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ready {
    /// A read (or accept) would not return AGAIN.
    pub read: bool,
    /// A write would not return AGAIN.
    pub write: bool,
    /// The peer has hung up or the socket has failed.
    pub hangup: bool,
}

/// The state of the interface, with the values of `network.LAN.status()` on renesas-ra.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkStatus {
    /// Not active.
    Down = 0,
    /// Link without a join (no cable negotiated yet).
    Join = 1,
    /// Link up, no address.
    NoAddress = 2,
    /// Link up with an address.
    Up = 3,
}

/// The addresses of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Interface {
    /// Own address.
    pub addr: [u8; 4],
    /// Netmask.
    pub mask: [u8; 4],
    /// Gateway.
    pub gateway: [u8; 4],
    /// Name server.
    pub dns: [u8; 4],
}

/// The network of a board.
pub trait Network {
    /// Switches the interface on or off.
    fn set_active(&mut self, active: bool) -> Result<(), Errno>;
    /// State of the link.
    fn status(&mut self) -> LinkStatus;
    /// Hardware address.
    fn mac(&self) -> [u8; 6];
    /// Addresses in use.
    fn interface(&mut self) -> Interface;
    /// Sets static addresses.
    fn set_interface(&mut self, interface: Interface) -> Result<(), Errno>;
    /// Starts DHCP; progress shows in [`Network::status`].
    fn start_dhcp(&mut self) -> Result<(), Errno>;
    /// Resolves a host name; AGAIN while the answer is under way.
    fn resolve(&mut self, name: &str) -> Result<[u8; 4], Errno>;

    /// Opens a socket.
    fn socket(&mut self, kind: SocketKind) -> Result<SocketId, Errno>;
    /// Closes a socket; the id is free afterwards.
    fn close(&mut self, socket: SocketId);
    /// Allows or forbids taking over an address in TIME_WAIT (SO_REUSEADDR).
    fn set_reuse_addr(&mut self, socket: SocketId, on: bool) -> Result<(), Errno>;
    /// Binds to a local endpoint.
    fn bind(&mut self, socket: SocketId, local: Endpoint) -> Result<(), Errno>;
    /// Starts listening.
    fn listen(&mut self, socket: SocketId, backlog: u16) -> Result<(), Errno>;
    /// Takes a waiting connection.
    fn accept(&mut self, socket: SocketId) -> Result<(SocketId, Endpoint), Errno>;
    /// Starts or continues connecting: INPROGRESS or ALREADY until it is done.
    fn connect(&mut self, socket: SocketId, remote: Endpoint) -> Result<(), Errno>;
    /// Sends what fits; returns how many bytes were taken.
    fn send(&mut self, socket: SocketId, data: &[u8]) -> Result<usize, Errno>;
    /// Sends one datagram.
    fn send_to(&mut self, socket: SocketId, data: &[u8], to: Endpoint) -> Result<usize, Errno>;
    /// Receives; 0 when the peer has closed.
    fn recv(&mut self, socket: SocketId, buf: &mut [u8]) -> Result<usize, Errno>;
    /// Receives one datagram.
    fn recv_from(&mut self, socket: SocketId, buf: &mut [u8]) -> Result<(usize, Endpoint), Errno>;
    /// What the socket is ready for now.
    fn ready(&mut self, socket: SocketId) -> Ready;
    /// Closes every socket (soft reset).
    fn close_all(&mut self);
}
