"""What ASGI has no message for: ending a connection without an answer."""

from __future__ import annotations

from typing import Any

from hypercorn.protocol.events import StreamClosed
from hypercorn.protocol.http_stream import ASGIHTTPState, HTTPStream

from workshop.cloud.admin import Send


async def cut(send: Send) -> None:
    """Close the connection that `send` writes to; the client sees it end before any answer."""
    stream: Any = getattr(send, "__self__", None)
    if not isinstance(stream, HTTPStream):
        raise RuntimeError("connections can be cut only where hypercorn serves the request itself")
    stream.state = ASGIHTTPState.CLOSED
    await stream.send(StreamClosed(stream_id=stream.stream_id))
