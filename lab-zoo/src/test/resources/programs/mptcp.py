"""MPTCP, as Go's net listens with it by default: a server that forgets close(), and its clients.

Usage: mptcp.py PORT serve, or mptcp.py PORT come HOST NUMBER
"""

import socket
import sys
import threading

port, role = int(sys.argv[1]), sys.argv[2]
MPTCP = 262


def read_all(conn):
    while conn.recv(65536):
        pass


def serve():
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, MPTCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("0.0.0.0", port))
    listener.listen(128)
    kept = []
    while True:
        conn, _ = listener.accept()
        kept.append(conn)
        threading.Thread(target=read_all, args=(conn,), daemon=True).start()


def come(host, number):
    for _ in range(number):
        conn = socket.socket(socket.AF_INET, socket.SOCK_STREAM, MPTCP)
        conn.connect((host, port))
        conn.sendall(b"hello")
        conn.close()


if role == "serve":
    serve()
else:
    come(sys.argv[3], int(sys.argv[4]))
