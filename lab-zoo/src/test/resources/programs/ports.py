"""Python programs that have trouble with ports. Usage: ports.py BEHAVIOUR HOST PORT..."""

import socket
import sys
import threading
import time

behaviour, host, ports = sys.argv[1], sys.argv[2], [int(port) for port in sys.argv[3:]]
kept = []


def keep():
    print("answered", flush=True)
    threading.Event().wait()


def accept(listener):
    while True:
        kept.append(listener.accept()[0])


def serve():
    """Listens on each port, and keeps what it accepts."""
    for port in ports[1:]:
        threading.Thread(target=accept, args=(socket.create_server((host, port)),), daemon=True).start()
    accept(socket.create_server((host, ports[0])))


def defer():
    """Wants to hear of connections that have sent something, as Apache does (AcceptFilter)."""
    listener = socket.socket()
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 30)
    listener.bind((host, ports[0]))
    listener.listen(128)
    accept(listener)


def bind_first():
    """Binds to its own address before it connects, in turn to each port, until no port is left."""
    try:
        while True:
            own = socket.create_connection((host, ports[0]))
            source = own.getsockname()[0]
            own.close()
            conn = socket.socket()
            conn.bind((source, 0))
            conn.connect((host, ports[len(kept) % len(ports)]))
            kept.append(conn)
    except OSError as error:
        print(len(kept), error, flush=True)
    keep()


def one_each():
    """A connection for each request, and none is closed."""
    while True:
        conn = socket.create_connection((host, ports[0]))
        conn.sendall(b"question")
        conn.recv(100)
        kept.append(conn)
        time.sleep(0.1)


def to_itself():
    """Connects again and again to a port on this host where nobody listens, until it gets through."""
    while True:
        conn = socket.socket()
        try:
            conn.connect((host, ports[0]))
            kept.append(conn)
            keep()
        except ConnectionRefusedError:
            conn.close()


def take():
    """Connects from the first port to the second."""
    conn = socket.socket()
    conn.bind(("", ports[0]))
    conn.connect((host, ports[1]))
    kept.append(conn)
    keep()


globals()[behaviour]()
