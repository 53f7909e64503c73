"""A service that gets its listener from a supervisor, as systemd starts one. Usage: activated.py serve|ignore"""

import os
import socket
import sys
import threading
import time

FIRST = 3

assert os.environ["LISTEN_FDS"] == "1", os.environ
listener = socket.socket(fileno=FIRST)


def answer(conn):
    while data := conn.recv(65536):
        conn.sendall(data)
    conn.close()


if sys.argv[1] == "ignore":
    # Starts for ever.
    time.sleep(100_000)
while True:
    threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()
