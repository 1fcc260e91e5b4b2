"""What ASGI has no message for: ending a connection without an answer."""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from workshop.cloud.admin import Send


def cut(send: Send) -> None:
    """Close the connection that `send` writes to; the client sees it end before any answer."""
    cycle = getattr(send, "__self__", None)
    if not isinstance(cycle, RequestResponseCycle):
        raise RuntimeError("connections can be cut only where uvicorn serves the request itself")
    cycle.disconnected = True  # nothing is missed when the application answers nothing
    cycle.transport.close()
