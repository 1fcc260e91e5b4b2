"""Posts a usage event for each request that a Python function answers.

The function stays as it is: its own handler moves from the setting `Handler` to the variable ANALYTICS_HANDLER, and
`Handler` names this one, `analytics_wrapper.handler`.
"""

from __future__ import annotations

import json
import os
import re
import socket
import time
from importlib import import_module
from pathlib import Path

TYPE_CHECKING = False  # typing would be most of this module's import
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Event = dict[str, Any]
    Answer = dict[str, Any]

_PORT = int(os.environ.get("ANALYTICS_PORT") or 2779)
# The most that an extension in trouble may cost.
_TIMEOUT_SECONDS = 0.2
_HEAD = b"POST /events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
# An accepted event's answer has a head of this status, and no body.
_ACCEPTED = b"HTTP/1.1 202 "
_MAX_HEAD = 4096
# Names that no bucket has are not counted: they are whatever a client makes up.
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,254}")
# Beside python/ in the layer as in the repository.
_OPERATIONS: dict[str, str] = json.loads((Path(__file__).parents[1] / "analytics" / "operations.json").read_text())

# One connection, which is kept between invocations. On a plain socket: http.client takes a millisecond of a small
# function's CPU share, most of it for reading the answer's headers as an e-mail's.
_kept: socket.socket | None = None


def _import_handler(name: str) -> Callable[[Event, Any], Answer]:
    module, _, attribute = name.rpartition(".")
    found: Callable[[Event, Any], Answer] = getattr(import_module(module.replace("/", ".")), attribute)
    return found


_handler = _import_handler(os.environ["ANALYTICS_HANDLER"])


def handler(event: Event, context: Any) -> Answer:
    """What the function's own handler answers."""
    started = time.perf_counter()
    try:
        answer = _handler(event, context)
    except Exception:
        # API Gateway makes a 502 of it.
        _post(_described(event, context.aws_request_id, {"statusCode": 502}, started))
        raise
    _post(_described(event, context.aws_request_id, answer, started))
    return answer


def _described(event: Event, request_id: str, answer: Answer, started: float) -> bytes:
    caller = (event.get("requestContext") or {}).get("authorizer") or {}
    bucket = (event.get("pathParameters") or {}).get("bucket") or ""
    now = time.time()
    described = {
        "event_id": f"{request_id}/0",
        "request_id": request_id,
        "time": f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(now))}.{int(now * 1000) % 1000:03}Z",
        "user": caller.get("username"),
        "role": caller.get("role"),
        "action": _OPERATIONS.get(f"{event.get('httpMethod')} {event.get('resource')}", "unknown"),
        "bucket": bucket if _BUCKET.fullmatch(bucket) else None,
        "status": answer["statusCode"],
        "duration_ms": round((time.perf_counter() - started) * 1000, 3),
        "bytes": len((answer.get("body") or "").encode()),
    }
    return json.dumps(described).encode()


def _post(body: bytes) -> None:
    """Analytics never breaks a function: an event that cannot be posted is lost."""
    # The kept connection may have been closed while the environment was frozen. The event has an id, so twice is once.
    for _ in range(2 if _kept else 1):
        try:
            _send(_HEAD % len(body) + body)
            return
        except TimeoutError:
            return
        except OSError:
            pass


def _send(request: bytes) -> None:
    global _kept
    # Kept again only after a whole answer, so that no answer is taken for another request's.
    connection, _kept = _kept or socket.create_connection(("127.0.0.1", _PORT), _TIMEOUT_SECONDS), None
    try:
        connection.sendall(request)
        if _may_be_kept(_read_head(connection)):
            _kept = connection
    finally:
        if _kept is None:
            connection.close()


def _read_head(connection: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        read = connection.recv(_MAX_HEAD)
        head += read
        if not read or len(head) > _MAX_HEAD:
            raise ConnectionError("no answer")
    return head


def _may_be_kept(head: bytes) -> bool:
    return head.startswith(_ACCEPTED) and b"connection: close" not in head.lower()
