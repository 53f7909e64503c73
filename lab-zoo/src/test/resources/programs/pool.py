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


if behaviour in ("send", "wait"):
    # Sends, and ends without having read an answer, or waits for one that doesn't come.
    for conn in pool:
        conn.sendall(request)
    print("sent", flush=True)
elif request:
    for conn in pool:
        ask(conn)
    print("answered", flush=True)

if behaviour in ("keep", "wait"):
    # And never looks at them again: when the server closes them, nobody notices.
    threading.Event().wait()
elif behaviour == "use":
    # Each is used again and again, with pauses.
    while True:
        for conn in pool:
            ask(conn)
        time.sleep(0.2)
elif behaviour == "half_close":
    for conn in pool:
        conn.shutdown(socket.SHUT_WR)
    for conn in pool:
        while conn.recv(65536):
            pass
