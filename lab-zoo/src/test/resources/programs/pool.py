"""A Python client that keeps connections for later. Usage: pool.py HOST PORT NUMBER BEHAVIOUR [REQUEST]"""

import socket
import sys
import threading
import time

host, port, number, behaviour = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
request = sys.argv[5].encode().decode("unicode_escape").encode() if len(sys.argv) > 5 else b""
pool = [socket.create_connection((host, port)) for _ in range(number)]


def ask(conn):
    conn.sendall(request)
    return conn.recv(65536)


if request:
    for conn in pool:
        ask(conn)

if behaviour == "keep":
    # And never looks at them again: when the server closes them, nobody notices.
    threading.Event().wait()
elif behaviour == "use":
    # Each is used again and again, with pauses.
    while True:
        for conn in pool:
            ask(conn)
        time.sleep(0.2)
elif behaviour == "read_slowly":
    # Reads, but much slower than the server could send.
    while True:
        for conn in pool:
            conn.recv(20_000)
        time.sleep(0.05)
elif behaviour == "half_close":
    for conn in pool:
        conn.shutdown(socket.SHUT_WR)
    for conn in pool:
        while conn.recv(65536):
            pass
elif behaviour == "reset":
    # SO_LINGER with no time: close() sends RST.
    for conn in pool:
        conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        conn.close()
elif behaviour == "close_when_told":
    # Closes all of them when a line comes on standard input.
    sys.stdin.readline()
    for conn in pool:
        conn.close()
    threading.Event().wait()
