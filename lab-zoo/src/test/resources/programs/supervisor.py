"""Starts two services, and keeps their listeners, as systemd does: a good one on the first port, one that forgets close() on
the second. Usage: supervisor.py PORT PORT"""

import socket
import sys
import threading
import os

listeners = [socket.create_server(("0.0.0.0", int(port))) for port in sys.argv[1:]]


def echo(conn):
    while data := conn.recv(65536):
        conn.sendall(data)
    conn.close()


def never_close(conn):
    while conn.recv(65536):
        pass
    threading.Event().wait()


for number, service in enumerate([echo, never_close]):
    if os.fork() == 0:
        listeners[1 - number].close()
        while True:
            threading.Thread(target=service, args=(listeners[number].accept()[0],)).start()
threading.Event().wait()
