"""A Python server of plain sockets, a thread for each connection. Usage: threads.py PORT BEHAVIOUR"""

import socket
import subprocess
import sys
import threading
import time

port, behaviour = int(sys.argv[1]), sys.argv[2]
kept = []
never = threading.Event()


def read_all(conn):
    while conn.recv(65536):
        pass


def echo(conn):
    while data := conn.recv(65536):
        conn.sendall(data)
    conn.close()


def never_close(conn):
    read_all(conn)
    kept.append(conn)


def block(conn):
    kept.append(conn)
    never.wait()


def spin(conn):
    kept.append(conn)
    while True:
        pass


def close_late(conn):
    read_all(conn)
    time.sleep(4)
    conn.close()


def leave_it_to_a_child(conn):
    """The child inherits the descriptor, as with any subprocess that isn't told to close it."""
    subprocess.Popen(["sleep", "1000"], pass_fds=[conn.fileno()])
    read_all(conn)
    conn.close()


def answer_slowly_after_eof(conn):
    """What half-closing is for: the question ends with EOF, and then comes the answer."""
    read_all(conn)
    for _ in range(1000):
        conn.sendall(b"x" * 1000)
        time.sleep(0.05)
    conn.close()


def close_unread(conn):
    """Answers and closes without having read the request: RST."""
    conn.recv(1)
    conn.sendall(b"no\n")
    conn.close()


listener = socket.create_server(("", port), backlog=int(sys.argv[3]) if len(sys.argv) > 3 else 128)
if behaviour == "never_accept":
    never.wait()
while True:
    connection, _ = listener.accept()
    threading.Thread(target=globals()[behaviour], args=(connection,), daemon=True).start()
    # "accept" keeps a reference of its own otherwise, and the last connection would not be collected.
    del connection
