"""HTTP for clients and HTTPS for functions, on one event loop (uvloop's): uvicorn, with the parser of Node (llhttp).

Every figure that a client takes has this server in it, so it is the quickest of those that are well kept. MiniStack
ships with hypercorn, whose parser is in Python.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Generator
from typing import Any

import uvicorn

from workshop.cloud.admin import Application

_HOST = "127.0.0.1"
# Longer than a client waits between the calls of a measurement.
_KEEP_ALIVE_S = 75
# Requests under way get that long when the cloud is stopped; then their connections end.
_GRACE_S = 3


async def serve(application: Application, port: int, tls_port: int, tls: ssl.SSLContext, stop: asyncio.Event) -> None:
    """Serve on both ports of the loopback until `stop` is set."""
    plain = _Server(_config(application, port, lifespan="on"))
    encrypted = _Server(_config(application, tls_port, lifespan="off", ssl_context_factory=lambda *_: tls))
    servers = (plain, encrypted)
    async with asyncio.TaskGroup() as group:
        for server in servers:
            group.create_task(server.serve())
        await stop.wait()
        for server in servers:
            server.should_exit = True


class _Server(uvicorn.Server):
    """One of two in a process, whose signals are not theirs."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


def _config(application: Application, port: int, **settings: Any) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        host=_HOST,
        port=port,
        http="httptools",
        log_config=None,
        access_log=False,
        # No proxy stands before it
        proxy_headers=False,
        # AWS's own answers have no such Server header; MiniStack sends Date itself.
        server_header=False,
        date_header=False,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=_GRACE_S,
        # MiniStack keeps a request's account and region in context variables.
        reset_contextvars=True,
        backlog=2048,
        **settings,
    )
