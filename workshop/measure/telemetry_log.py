"""Telemetry events out of a function's log, where an extension has written them."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from workshop.measure.errors import MeasureError
from workshop.measure.timeline import parse_line

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient

# Delivery of logs takes seconds on AWS.
_WITHIN_S = 60.0


def telemetry_events(
    client: CloudWatchLogsClient, function_name: str, requests: Collection[str], since_ms: int
) -> list[tuple[str, Mapping[str, Any]]]:
    """(log stream, event) pairs since a moment (ms since the epoch), once all is there of all these requests.

    What an extension is told of an environment's last invocation is written when that ends. Raises MeasureError if it
    never comes.
    """
    deadline = time.monotonic() + _WITHIN_S
    while True:
        found = _read(client, function_name, since_ms)
        # In JSON format the platform logs starts and reports itself: only an extension tells of the runtime's end.
        told = {event["record"].get("requestId") for _, event in found if event["type"] == "platform.runtimeDone"}
        missing = set(requests) - told
        if not missing:
            return found
        if time.monotonic() > deadline:
            raise MeasureError(
                f"{function_name}: the log has no platform.runtimeDone of {', '.join(sorted(missing))}. "
                "Is there an extension that writes Telemetry events, and have the environments ended?"
            )
        time.sleep(0.5)


def _read(client: CloudWatchLogsClient, function_name: str, since_ms: int) -> list[tuple[str, Mapping[str, Any]]]:
    pages = client.get_paginator("filter_log_events").paginate(
        logGroupName=f"/aws/lambda/{function_name}", startTime=since_ms
    )
    lines = [(event["logStreamName"], event["message"]) for page in pages for event in page["events"]]
    parsed = [(stream, parse_line(line)) for stream, line in lines]
    return [(stream, event) for stream, event in parsed if event is not None]
