"""What happened when in an execution environment, from the Telemetry API's events.

https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html has their schema. Only extensions get
them; one that writes each event to its log as a line of JSON makes them readable from outside, on AWS as here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import pandas as pd

COLUMNS = ["environment", "phase", "request_id", "start_ms", "duration_ms", "status"]

INIT = "INIT"
INVOKE = "invoke"
TAIL = "extensions' tail"
PHASES = (INIT, INVOKE, TAIL)


def timeline(events: Iterable[tuple[str, Mapping[str, Any]]]) -> pd.DataFrame:
    """Phases from (environment, Telemetry event) pairs, in any order: one row a phase, with the columns `COLUMNS`.

    `start_ms` counts from the first event of the same environment. An invocation is two phases: `invoke` until the
    runtime has given its answer, and the extensions' tail until the last of them asks for the next event. Where a
    phase's end was never told (a killed environment), it has no row.
    """
    by_environment: dict[str, list[Mapping[str, Any]]] = {}
    for environment, event in events:
        by_environment.setdefault(environment, []).append(event)
    rows = [row for environment, found in by_environment.items() for row in _phases(environment, found)]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    if len(frame):
        frame["start_ms"] -= frame.groupby("environment")["start_ms"].transform("min")
    return frame.sort_values(["environment", "start_ms"], ignore_index=True)


def parse_line(line: str) -> Mapping[str, Any] | None:
    """The Telemetry event of one log line; None for any other line."""
    try:
        event = json.loads(line)
    except ValueError:
        return None
    is_event = isinstance(event, dict) and str(event.get("type", "")).startswith("platform.") and "time" in event
    return event if is_event else None


def _phases(environment: str, events: list[Mapping[str, Any]]) -> Iterable[list[object]]:
    # The last of each: a function that logs in JSON has some events twice, the platform's line and the extension's.
    begun, inits = _times(events, "platform.initStart"), _records(events, "platform.initReport")
    for record in inits.values() if begun else []:
        duration = record["metrics"]["durationMs"]
        yield [environment, INIT, None, min(begun.values()), duration, record.get("status", "")]
    starts, answers = _times(events, "platform.start"), _times(events, "platform.runtimeDone")
    for request, record in _records(events, "platform.report").items():
        if request not in starts:
            continue
        start, status = starts[request], record.get("status", "")
        # REPORT's duration runs from the start to the end of the slowest extension.
        end = start + record["metrics"]["durationMs"]
        answered = min(answers.get(request, end), end)
        yield [environment, INVOKE, request, start, answered - start, status]
        yield [environment, TAIL, request, answered, end - answered, status]


def _times(events: list[Mapping[str, Any]], kind: str) -> dict[str | None, float]:
    """When events of a kind happened, in ms since the epoch, by their request."""
    return {event["record"].get("requestId"): _ms(event["time"]) for event in events if event["type"] == kind}


def _records(events: list[Mapping[str, Any]], kind: str) -> dict[str | None, Mapping[str, Any]]:
    """The records of a kind, by their request."""
    return {event["record"].get("requestId"): event["record"] for event in events if event["type"] == kind}


def _ms(time: str) -> float:
    return datetime.fromisoformat(time.replace("Z", "+00:00")).timestamp() * 1000
