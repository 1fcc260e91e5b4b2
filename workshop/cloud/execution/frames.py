"""The wire format of the `execution-environment` process: a line of JSON, then perhaps raw bytes.

A line with `"payload_len": N` is followed by N bytes, so that payloads pass unchanged and need no second parsing.
"""

from __future__ import annotations

import json
import os
import select
import time
from collections.abc import Callable
from typing import Any

_CHUNK = 1 << 16


def encode(message: dict[str, Any], payload: bytes | None = None) -> bytes:
    """One frame."""
    if payload is not None:
        message = {**message, "payload_len": len(payload)}
    return json.dumps(message, separators=(",", ":")).encode() + b"\n" + (payload or b"")


class FrameReader:
    """Reads frames from a pipe.

    Not thread-safe: an execution environment serves one invocation at a time, so one thread reads at a time.
    """

    def __init__(self, descriptor: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._descriptor = descriptor
        self._clock = clock
        self._buffer = bytearray()
        self._poll = select.poll()
        self._poll.register(descriptor, select.POLLIN)

    def read(self, deadline: float) -> tuple[dict[str, Any], bytes]:
        """The next message and its payload (empty if it has none).

        `deadline` is in seconds of the monotonic clock. Raises TimeoutError past it, EOFError when the
        process has closed its end.
        """
        while (end := self._buffer.find(b"\n")) < 0:
            self._fill(deadline)
        message = json.loads(self._buffer[:end])
        del self._buffer[: end + 1]
        length = message.get("payload_len", 0)
        while len(self._buffer) < length:
            self._fill(deadline)
        payload = bytes(self._buffer[:length])
        del self._buffer[:length]
        return message, payload

    def _fill(self, deadline: float) -> None:
        remaining = deadline - self._clock()
        if remaining <= 0 or not self._poll.poll(remaining * 1000):
            raise TimeoutError
        chunk = os.read(self._descriptor, _CHUNK)
        if not chunk:
            raise EOFError
        self._buffer += chunk
