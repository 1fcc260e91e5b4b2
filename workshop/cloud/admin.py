"""Routes of the local cloud's own, beside AWS's: `/_workshop/…`, for this checkout's tools only.

| route | does |
|---|---|
| `GET /_workshop/status` | what runs here: versions, environments, isolation |
| `POST /_workshop/backdate` | `{"bucket", "modified": {key: seconds since the epoch}}` sets objects' ages |
| `POST /_workshop/put-keys` | `{"bucket", "keys": […]}` makes objects whose content is their key, many in little time |
| `POST /_workshop/empty` | `{"bucket"}` forgets the bucket's objects |
| `POST /_workshop/end-environments` | ends all idle execution environments, so that the next call of each is cold |
| `GET /_workshop/faults` | the faults that are set, by id, with the number of calls that each has hit |
| `POST /_workshop/faults` | the fields of `faults.fault.Fault`: sets it and answers its `id` |
| `POST /_workshop/clear-faults` | `{"id"}`, or `{}` for all: clears faults and answers them |
| `POST /_workshop/conditions` | `{"network_delay_ms"?, "cold_pages"?}` from now on; answers what was before |
"""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Action = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]

PREFIX = "/_workshop/"
_log = logging.getLogger(__name__)


class Admin:
    """An ASGI application in front of MiniStack's: our routes here, all else there."""

    def __init__(self, inner: Application, secret: str, actions: Mapping[tuple[str, str], Action]) -> None:
        """`actions` by (method, name); callers show `secret` as a Bearer token."""
        self._inner = inner
        self._expected = f"Bearer {secret}".encode()
        self._actions = actions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or pass it on."""
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self._inner(scope, receive, send)
            return
        status, answer = await self._answer(scope, receive)
        body = json.dumps(answer).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[int, dict[str, Any]]:
        shown = dict(scope["headers"]).get(b"authorization", b"")
        if not hmac.compare_digest(shown, self._expected):
            return 403, {"error": "only this checkout's own tools may ask this"}
        action = self._actions.get((scope["method"], scope["path"].removeprefix(PREFIX)))
        if action is None:
            return 404, {"error": "no such route"}
        try:
            return 200, await action(json.loads(await read_body(receive) or b"{}"))
        except (KeyError, ValueError, TypeError) as error:
            return 400, {"error": f"{type(error).__name__}: {error}"}


async def read_body(receive: Receive) -> bytes:
    """All of a request's body."""
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)
