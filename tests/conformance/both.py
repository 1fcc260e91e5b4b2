"""One function on both sides, and what of its answers can be compared."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.conformance import ours, rie
from tests.conformance.function import Function, Request, Run

_ID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def run(function: Function, requests: Sequence[Request], directory: Path) -> tuple[Run, Run]:
    """The emulator's run and ours. Skips by name what this machine cannot run."""
    if reason := rie.missing() or function.client.missing():
        pytest.skip(reason)
    sides = directory / "rie", directory / "ours"
    for side in sides:
        side.mkdir()
    return rie.run(function, requests, sides[0]), ours.run(function, requests, sides[1])


def plain(answer: bytes) -> bytes:
    """An answer without what differs between any two invocations."""
    return _ID.sub(b"<id>", answer)


def comparable(answer: bytes) -> Any:
    """What the client wrote is compared by its bytes; what the environment wrote itself, whatever its order of keys."""
    if b'"Runtime.ExitError"' in answer:
        return json.loads(plain(answer))
    return plain(answer)
