"""What the functions' logs tell: which environment answered what, and which batches the consumer got."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from workshop.labs.lab import Lab


@dataclass(frozen=True)
class Invocation:
    """One invocation by its own id. A log stream is an environment."""

    time_ms: int
    request_id: str
    environment: str
    function: str
    route: str
    status: int

    @property
    def event_id(self) -> str:
        """Of the one event that it posts."""
        return f"{self.request_id}/0"


@dataclass
class Log:
    """What was logged since a test began."""

    invocations: list[Invocation] = field(default_factory=list)
    """Those that answered a request of the API."""
    batches: Counter[tuple[str, int]] = field(default_factory=Counter)
    """How often the consumer got a batch, by environment and the batch's number there."""
    events: dict[tuple[str, int], int] = field(default_factory=dict)
    """How many events a batch has."""
    dropped: int = 0
    """What extensions say that they had no room for."""
    unsent: Counter[str] = field(default_factory=Counter)
    """Events that an extension could not send before its environment's end, by environment."""
    warnings: int = 0
    """How often an extension says that the queue takes no messages."""

    @property
    def environments(self) -> set[str]:
        """Those that answered."""
        return {invocation.environment for invocation in self.invocations}


def now_ms() -> int:
    """The clock of the log's times."""
    return time.time_ns() // 1_000_000


def read(lab: Lab, since_ms: int, only: str | None = None) -> Log:
    """The logs of all functions of the lab, or of one."""
    log = Log()
    for function, name in lab.functions.items():
        if only not in (None, function):
            continue
        started: dict[str, str] = {}  # an environment has one invocation at a time
        for environment, time_ms, line in _lines(lab, name, since_ms):
            if line.get("type") == "platform.start":
                started[environment] = line["record"]["requestId"]
            elif "api_request_id" in line and environment in started:
                where = (started[environment], environment, function)
                log.invocations.append(Invocation(time_ms, *where, line["route"], line["status"]))
            else:
                _note(log, environment, line)
    return log


def _note(log: Log, environment: str, line: dict[str, Any]) -> None:
    match line.get("message"):
        case "batch":
            batch = line["environment"], line["sequence"]
            log.batches[batch] += 1
            log.events[batch] = line["events"]
            log.dropped += line["dropped"]
        case "analytics: the queue takes no messages, they are kept for now":
            log.warnings += 1
        case "analytics: not sent before the environment's end":
            log.unsent[environment] += line["events"]


def _lines(lab: Lab, function: str, since_ms: int) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """(log stream, time, line) of what is JSON; each stream's in order."""
    client, group = lab.cloud.client("logs"), f"/aws/lambda/{function}"
    streams = client.get_paginator("describe_log_streams").paginate(logGroupName=group)
    # FilterLogEvents would end after 10,000 events of all streams, and mix them.
    for stream in (stream for page in streams for stream in page["logStreams"]):
        if stream.get("lastEventTimestamp", since_ms) >= since_ms:
            name = stream["logStreamName"]
            yield from ((name, *found) for found in _lines_of(client, group, name, since_ms))


def _lines_of(client: Any, group: str, stream: str, since_ms: int) -> Iterator[tuple[int, dict[str, Any]]]:
    place: dict[str, str] = {}
    while True:
        page = client.get_log_events(
            logGroupName=group, logStreamName=stream, startTime=since_ms, startFromHead=True, **place
        )
        for event in page["events"]:
            line = _parsed(event["message"])
            if line is not None:
                yield event["timestamp"], line
        if page["nextForwardToken"] == place.get("nextToken"):
            return
        place = {"nextToken": page["nextForwardToken"]}


def _parsed(message: str) -> dict[str, Any] | None:
    """A line that is a JSON object."""
    try:
        line = json.loads(message)
    except ValueError:
        return None
    return line if isinstance(line, dict) else None
