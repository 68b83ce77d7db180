# TCP and UDP between two sockets of one program.
# needs: network
import network
import select
import socket

if hasattr(network, "LAN"):
    network.LAN().active(True)
server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", 18123))
server.listen(1)
server.setblocking(False)
try:
    server.accept()
except OSError as error:
    print(error)  # expect: [Errno 11] EAGAIN
poller = select.poll()
poller.register(server, select.POLLIN)
print(poller.poll(0))  # expect: []
client = socket.socket()
client.connect(socket.getaddrinfo("localhost", 18123)[0][-1])
print([(stream is server, events) for stream, events in poller.poll(1000)])  # expect: [(True, 1)]
server.setblocking(True)
peer, address = server.accept()
print(address[0], type(address[1]), repr(peer).startswith("<socket "))  # expect: 127.0.0.1 <class 'int'> True
print(client.send(b"GET /\r\nmore\r\n"), client.write(b"bytes"), client.sendall(bytearray(b"end")))  # expect: 13 5 None
print(peer.readline(), peer.readline(), peer.recv(5), peer.read(3))  # expect: b'GET /\r\n' b'more\r\n' b'bytes' b'end'
client.settimeout(0.01)
try:
    client.recv(1)
except OSError as error:
    print(error)  # expect: [Errno 110] ETIMEDOUT
client.setblocking(False)
print(client.read(1), client.readline(), client.readinto(bytearray(1)))  # expect: None None None
client.setblocking(True)
stream = peer.makefile("rwb")
stream.write(b"x" * 100)
buffer = bytearray(60)
print(client.readinto(buffer), client.recv_into(buffer, 30), len(client.recv(1000)))  # expect: 60 30 10
print(select.select([client], [client], [], 0) == ([], [client], []))  # expect: True
peer.close()
print(client.recv(10), client.read(), client.readline())  # expect: b'' b'' b''
print(select.select([client], [], [], 1)[0] == [client])  # expect: True
client.close()
client.close()
for action in (lambda: client.send(b"x"), lambda: client.recv(1), lambda: client.bind(("", 0))):
    try:
        action()
    except OSError as error:
        print(error.errno)
# expect: 9
# expect: 9
# expect: 9
poller.register(server)
server.close()
print(poller.poll(0)[0][1])  # expect: 32
poller.unregister(server)
with socket.socket() as lost:
    try:
        lost.connect(("127.0.0.1", 1))
    except OSError as error:
        print(error)  # expect: [Errno 111] ECONNREFUSED
first = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
first.bind(("127.0.0.1", 18124))
second = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
print(second.sendto(b"datagram", ("127.0.0.1", 18124)), first.recvfrom(100)[0])  # expect: 8 b'datagram'
second.sendto(b"too long", ("127.0.0.1", 18124))
print(first.recvfrom(3)[0])  # expect: b'too'
first.setblocking(False)
try:
    first.recvfrom(1)
except OSError as error:
    print(error)  # expect: [Errno 11] EAGAIN
for bad in (5, ("127.0.0.1",), ("127.0.0.1", "x"), ("127.0.0.1", 70000), (5, 80)):
    try:
        second.sendto(b"", bad)
    except (TypeError, ValueError, OSError) as error:
        print(type(error).__name__)
# expect: TypeError
# expect: ValueError
# expect: TypeError
# expect: OSError
# expect: TypeError
first.close()
second.close()
