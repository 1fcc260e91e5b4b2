"""An extension that takes what wrappers post, on a free port."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

LAB = Path(__file__).parents[1]
WRAPPERS = LAB / "wrappers"


class Extension(ThreadingHTTPServer):
    """Keeps the events, and counts the connections. `closes` ends each connection after one answer."""

    daemon_threads = True

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.connections = 0
        self.closes = False
        self.refusal = b""
        self.seconds = 0.0
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: Extension
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert (self.path, self.headers["Content-Type"]) == ("/events", "application/json")
        time.sleep(self.server.seconds)
        self.server.events.append(json.loads(body))
        self.send_response(400 if self.server.refusal else 202)
        self.send_header("Content-Length", str(len(self.server.refusal)))
        self.end_headers()
        self.wfile.write(self.server.refusal)
        # Without a word: what a client finds when its environment was frozen for long.
        self.close_connection = self.server.closes

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def extension() -> Iterator[Extension]:
    server = Extension()
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def request_event(method: str, resource: str, bucket: str | None = None, caller: object = None) -> dict[str, Any]:
    """API Gateway's event, as far as wrappers read it."""
    return {
        "httpMethod": method,
        "resource": resource,
        "pathParameters": {"bucket": bucket} if bucket else None,
        "requestContext": {"requestId": "api-id", "authorizer": caller},
        "body": '{"password": "secret"}',
    }


ADA = {"username": "ada", "role": "admin", "integrationLatency": 3}
# name → event, what it is told as
CASES = {
    "one bucket": (
        request_event("GET", "/buckets/{bucket}/usage", "acme-logs", ADA),
        {"user": "ada", "role": "admin", "action": "getUsage", "bucket": "acme-logs"},
    ),
    "no bucket": (
        request_event("GET", "/audit", None, ADA),
        {"user": "ada", "role": "admin", "action": "audit", "bucket": None},
    ),
    "signing in": (
        request_event("POST", "/sessions"),
        {"user": None, "role": None, "action": "signIn", "bucket": None},
    ),
    "no bucket can have this name": (
        request_event("DELETE", "/buckets/{bucket}", "x" * 300, ADA),
        {"user": "ada", "role": "admin", "action": "deleteBucket", "bucket": None},
    ),
    "a line break after the name": (
        request_event("GET", "/buckets/{bucket}", "acme-logs\n", ADA),
        {"user": "ada", "role": "admin", "action": "getBucket", "bucket": None},
    ),
    "no route": (
        request_event("PATCH", "/nowhere", None, ADA),
        {"user": "ada", "role": "admin", "action": "unknown", "bucket": None},
    ),
    "nothing known": ({}, {"user": None, "role": None, "action": "unknown", "bucket": None}),
}
