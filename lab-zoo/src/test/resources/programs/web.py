"""A WSGI application. /wait answers after a while, as if it asked a database that is down."""

import time


def application(environ, start_response):
    if environ["PATH_INFO"] == "/wait":
        time.sleep(1000)
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "6")])
    return [b"hello\n"]
