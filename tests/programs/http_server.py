# A small HTTP server: answers requests for / and streams 8 MB for /big, six requests in all.
# needs: network
import network
import socket

lan = network.LAN()
lan.active(True)
server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("0.0.0.0", 18080))
server.listen(5)
print("listening")  # expect: listening
block = bytes(range(256)) * 16
for number in range(6):
    connection, address = server.accept()
    path = connection.recv(1024).decode().split(" ")[1]
    if path == "/big":
        connection.send(b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n" % (8 << 20))
        for _ in range((8 << 20) // len(block)):
            connection.send(block)
    else:
        connection.send(b"HTTP/1.0 200 OK\r\n\r\nhello %d\n" % number)
    connection.close()
server.close()
print("done")  # expect: done
