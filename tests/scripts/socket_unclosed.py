# Sockets that nobody has closed and nobody can reach do not use up the board's.
# needs: network
import socket

held = socket.socket()
for number in range(200):
    socket.socket()
held.settimeout(1)
held.close()
print("done")  # expect: done
