"""The fields of a log event: those that each has, Lambda's, and those of a JSON message."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from workshop.cloud.insights.values import Timestamp, Value

Row = dict[str, Value]
_PLATFORM_LINE = re.compile(r"(START|END|REPORT) RequestId: ([0-9A-Za-z-]+)")
_LOGGED_REQUEST_ID = re.compile(r"\t([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\t")
_REPORTED = {
    "Duration": ("@duration", "ms", 1),
    "Billed Duration": ("@billedDuration", "ms", 1),
    "Init Duration": ("@initDuration", "ms", 1),
    # In bytes, of which Insights has a million in each MB of the REPORT line
    "Memory Size": ("@memorySize", "MB", 1_000_000),
    "Max Memory Used": ("@maxMemoryUsed", "MB", 1_000_000),
}


@dataclass(frozen=True)
class LogEvent:
    """One event; times are milliseconds since the epoch, `log` is `account:group`."""

    timestamp: int
    ingestion_time: int
    message: str
    log: str
    stream: str
    pointer: str


def fields(event: LogEvent) -> Row:
    """All fields that Insights finds in an event."""
    message = _storable(event.message)
    row: Row = {}
    row.update(_of_json(message) if message.lstrip().startswith("{") else _of_lambda(message))
    row.update(
        {
            "@timestamp": Timestamp(event.timestamp),
            "@ingestionTime": Timestamp(event.ingestion_time),
            "@message": message,
            "@logStream": event.stream,
            "@log": event.log,
            "@ptr": event.pointer,
        }
    )
    return row


def _of_lambda(message: str) -> Iterator[tuple[str, Value]]:
    platform = _PLATFORM_LINE.match(message)
    if platform is None:
        if logged := _LOGGED_REQUEST_ID.search(message):
            yield "@requestId", logged[1]
        return
    yield "@type", platform[1]
    yield "@requestId", platform[2]
    if platform[1] != "REPORT":
        return
    for part in message.split("\t"):
        name, _, figure = part.strip().partition(": ")
        field, unit, factor = _REPORTED.get(name, ("", "", 1))
        found = re.fullmatch(rf"([0-9]{{1,15}}(?:\.[0-9]{{1,15}})?) {unit}", figure) if field else None
        if found:
            yield field, float(found[1]) * factor


def _of_json(message: str) -> Iterator[tuple[str, Value]]:
    try:
        document = json.loads(message, parse_constant=_refuse)
        yield from list(_flatten("", document))
    except (ValueError, RecursionError):  # not JSON, or nested beyond all reason: a plain text
        return


def _flatten(prefix: str, value: Any) -> Iterator[tuple[str, Value]]:
    if isinstance(value, dict):
        children = value.items()
    elif isinstance(value, list):
        children = {str(index): item for index, item in enumerate(value)}.items()
    else:
        # A field of the event's own that begins with @ gets a second one; true and false are 1 and 0.
        name = "@" + prefix if prefix.startswith("@") else prefix
        yield _storable(name), _scalar(value)
        return
    for key, child in children:
        yield from _flatten(f"{prefix}.{key}" if prefix else str(key), child)


def _scalar(value: Any) -> Value:
    if isinstance(value, str):
        return _storable(value)
    if isinstance(value, bool):
        return int(value)
    return value if isinstance(value, int | float) else None


def _storable(text: str) -> str:
    """Without lone surrogates, which JSON may hold and UTF-8 may not."""
    return text.encode("utf-8", "replace").decode()


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
