"""A moderate load: some connections that are kept, and some that are made for one request each. Usage: load.py HOST PORT PATH"""

import http.client
import sys
import threading
import time

host, port, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]


def ask(conn):
    conn.request("GET", path)
    answer = conn.getresponse()
    assert answer.read() and answer.status == 200, answer.status


def keep():
    conn = http.client.HTTPConnection(host, port)
    while True:
        try:
            ask(conn)
        except http.client.RemoteDisconnected:
            conn.close()  # the server keeps none; the next request opens another
        time.sleep(0.1)


def come_and_go():
    while True:
        conn = http.client.HTTPConnection(host, port)
        ask(conn)
        conn.close()
        time.sleep(0.2)


for behaviour in [keep] * 4 + [come_and_go] * 2:
    threading.Thread(target=behaviour).start()
