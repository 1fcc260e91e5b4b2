"""TLS between two ends of a socket pair."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def connected(server: ssl.SSLContext, client: ssl.SSLContext, name: str) -> Iterator[ssl.SSLSocket]:
    """The client's end, after it has asked the server for `name`."""
    ours, theirs = socket.socketpair()

    def serve() -> None:
        try:
            server.wrap_socket(theirs, server_side=True).close()
        except OSError:
            theirs.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with client.wrap_socket(ours, server_hostname=name) as connection:
            yield connection
    finally:
        ours.close()
        thread.join()
