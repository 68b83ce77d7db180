//! Tests of the network, over the loopback of this PC.

use super::*;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::time::Duration;

const ANY: [u8; 4] = [0; 4];

fn network(reach: Reach) -> HostNetwork {
    let waker = Arc::new(Waker::new().unwrap());
    let mut network = HostNetwork::new(reach, [2, 0, 0, 0, 0, 1], waker);
    network.set_active(true).unwrap();
    network
}

/// Repeats `operation` until it no longer says that it would block, as blocking sockets do.
fn wait<T>(
    network: &mut HostNetwork,
    mut operation: impl FnMut(&mut HostNetwork) -> Result<T, Errno>,
) -> Result<T, Errno> {
    loop {
        match operation(network) {
            Err(Errno::AGAIN | Errno::INPROGRESS | Errno::ALREADY) => {
                let waker = Arc::clone(&network.waker);
                waker.wait(&network.take_wanted(), Some(Duration::from_secs(60)));
            }
            other => return other,
        }
    }
}

/// A listening socket and the PC's address of it.
fn listening(network: &mut HostNetwork) -> (SocketId, SocketAddr) {
    let server = network.socket(SocketKind::Stream).unwrap();
    network.set_reuse_addr(server, true).unwrap();
    network.bind(server, Endpoint { addr: ANY, port: 0 }).unwrap();
    network.listen(server, 2).unwrap();
    let address = network.entry(server).unwrap().socket.local_addr().unwrap();
    (server, address.as_socket().unwrap())
}

fn send_all(network: &mut HostNetwork, socket: SocketId, mut data: &[u8]) {
    while !data.is_empty() {
        let n = wait(network, |network| network.send(socket, data)).unwrap();
        data = &data[n..];
    }
}

#[test]
fn a_server_on_every_address_is_on_loopback_only() {
    let mut board = network(Reach::Loopback);
    let (_, address) = listening(&mut board);
    assert!(address.ip().is_loopback(), "{address}");
    let socket = board.socket(SocketKind::Stream).unwrap();
    let elsewhere = Endpoint { addr: [192, 0, 2, 1], port: 0 };
    assert_eq!(board.bind(socket, elsewhere), Err(ADDRNOTAVAIL));

    let mut pc = network(Reach::Everywhere);
    let (_, address) = listening(&mut pc);
    assert!(address.ip().is_unspecified(), "{address}");
}

#[test]
fn the_address_of_the_board_is_this_pc() {
    let mut board = network(Reach::Loopback);
    let own = [192, 168, 2, 188];
    board.set_interface(Interface { addr: own, ..Interface::default() }).unwrap();
    let server = board.socket(SocketKind::Stream).unwrap();
    board.bind(server, Endpoint { addr: own, port: 0 }).unwrap();
    board.listen(server, 1).unwrap();
    let address = board.entry(server).unwrap().socket.local_addr().unwrap();
    let port = address.as_socket_ipv4().unwrap().port();
    let client = board.socket(SocketKind::Stream).unwrap();
    wait(&mut board, |board| board.connect(client, Endpoint { addr: own, port })).unwrap();
}

#[test]
fn five_requests_in_a_row_and_a_long_answer() {
    let mut board = network(Reach::Loopback);
    let (server, address) = listening(&mut board);
    let answer: Vec<u8> = (0..3_000_000u32).map(|n| (n % 249) as u8).collect();
    let clients = std::thread::spawn({
        let answer = answer.clone();
        move || {
            for n in 0..5u8 {
                let mut stream = TcpStream::connect(address).unwrap();
                stream.write_all(&[n; 3]).unwrap();
                let mut all = Vec::new();
                stream.read_to_end(&mut all).unwrap();
                assert!(all == answer, "request {n}");
            }
        }
    });
    for n in 0..5u8 {
        let (client, from) = wait(&mut board, |board| board.accept(server)).unwrap();
        assert_eq!(from.addr, HERE);
        let mut buf = [0; 16];
        let mut got = 0;
        while got < 3 {
            got += wait(&mut board, |board| board.recv(client, &mut buf[got..])).unwrap();
        }
        assert_eq!(buf[..3], [n; 3]);
        send_all(&mut board, client, &answer);
        board.close(client);
    }
    clients.join().unwrap();
    assert_eq!(board.accept(server).err(), Some(Errno::AGAIN));
}

#[test]
fn a_client_connects_talks_and_sees_the_end() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let echo = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut buf = [0; 5];
        stream.read_exact(&mut buf).unwrap();
        stream.write_all(&buf).unwrap();
    });
    let mut board = network(Reach::Loopback);
    let socket = board.socket(SocketKind::Stream).unwrap();
    let remote = Endpoint { addr: HERE, port };
    wait(&mut board, |board| board.connect(socket, remote)).unwrap();
    assert!(board.ready(socket).write);
    send_all(&mut board, socket, b"hello");
    let mut buf = [0; 16];
    let n = wait(&mut board, |board| board.recv(socket, &mut buf)).unwrap();
    assert_eq!(&buf[..n], b"hello");
    echo.join().unwrap();
    assert_eq!(wait(&mut board, |board| board.recv(socket, &mut buf)), Ok(0));
    assert!(board.ready(socket).read);
}

#[test]
fn errors_have_their_numbers() {
    let mut board = network(Reach::Loopback);
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = Endpoint { addr: HERE, port: free.local_addr().unwrap().port() };
    let socket = board.socket(SocketKind::Stream).unwrap();
    assert_eq!(board.bind(socket, taken), Err(Errno::ADDRINUSE));
    assert_eq!(board.recv(socket, &mut [0]), Err(Errno::NOTCONN));
    assert_eq!(board.ready(socket), Ready::default());
    drop(free);
    let refused = wait(&mut board, |board| board.connect(socket, taken));
    assert_eq!(refused, Err(Errno::CONNREFUSED));
    board.close(socket);
    assert_eq!(board.recv(socket, &mut [0]), Err(Errno::BADF));
    assert!(board.ready(socket).hangup);

    board.set_active(false).unwrap();
    assert_eq!(board.status(), LinkStatus::Down);
    let socket = board.socket(SocketKind::Stream).unwrap();
    assert_eq!(board.connect(socket, taken), Err(Errno::HOSTUNREACH));
}

#[test]
fn sockets_are_limited_and_all_can_be_closed() {
    let mut board = network(Reach::Loopback);
    for _ in 0..SOCKETS {
        board.socket(SocketKind::Datagram).unwrap();
    }
    assert_eq!(board.socket(SocketKind::Datagram), Err(Errno::NOBUFS));
    board.close(SocketId(7));
    assert_eq!(board.socket(SocketKind::Datagram), Ok(SocketId(7)));
    board.close_all();
    assert_eq!(board.socket(SocketKind::Datagram), Ok(SocketId(0)));
}

#[test]
fn datagrams_carry_their_sender() {
    let peer = UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = peer.local_addr().unwrap().port();
    let mut board = network(Reach::Loopback);
    let socket = board.socket(SocketKind::Datagram).unwrap();
    board.bind(socket, Endpoint { addr: ANY, port: 0 }).unwrap();
    board.send_to(socket, b"ping", Endpoint { addr: HERE, port }).unwrap();
    let mut buf = [0; 8];
    let (n, from) = peer.recv_from(&mut buf).unwrap();
    assert_eq!(&buf[..n], b"ping");
    peer.send_to(b"pong!", from).unwrap();
    let (n, from) = wait(&mut board, |board| board.recv_from(socket, &mut buf)).unwrap();
    assert_eq!((&buf[..n], from), (&b"pong!"[..], Endpoint { addr: HERE, port }));
}

#[test]
fn names_resolve_without_blocking() {
    let mut board = network(Reach::Loopback);
    assert_eq!(board.resolve("localhost"), Ok(HERE));
    assert_eq!(board.resolve("10.1.2.3"), Ok([10, 1, 2, 3]));
    // An address in another notation goes the long way without asking a server.
    assert_eq!(wait(&mut board, |board| board.resolve("127.1")), Ok(HERE));
    board.set_active(false).unwrap();
    assert_eq!(board.resolve("127.1"), Err(Errno::HOSTUNREACH));
}

#[test]
fn privileged_ports_have_a_place_for_users() {
    for (port, shifted) in [(0, 0), (1, 8001), (80, 8080), (1023, 9023), (1024, 1024)] {
        assert_eq!(HostNetwork::shifted(port), shifted);
    }
}
