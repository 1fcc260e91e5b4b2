"""A usage walk over a whole bucket: the function is called again with its cursor until it is through."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from workshop.bench.labs.setting import CALLER
from workshop.measure import Invocation, LambdaFunction, MeasureError, Report, rest_event

_ROUTE = "GET /buckets/{bucket}/usage"


@dataclass(frozen=True)
class Walk:
    """What a walk took, over all of its calls."""

    objects: int
    calls: int
    cpu_ms: float
    max_memory_mb: int


def walk(function: LambdaFunction, bucket: str, prefix: str = "") -> Walk:
    """Walk the bucket. Raises MeasureError when a call fails."""
    objects, calls, cpu_ms, memory_mb = 0, 0, 0.0, 0
    query = {"prefix": prefix} if prefix else {}
    while True:
        event = rest_event(_ROUTE, path={"bucket": bucket}, query=query, caller=CALLER)
        invocation = function.invoke(event.payload)
        report = reported(function, invocation)
        answer: dict[str, Any] = json.loads(invocation.answer["body"])
        objects += answer["objects"]
        calls += 1
        cpu_ms += report.cpu_ms or 0.0
        memory_mb = max(memory_mb, report.max_memory_mb)
        if not answer["truncated"]:
            return Walk(objects, calls, cpu_ms, memory_mb)
        query["cursor"] = answer["cursor"]


def warm_up(function: LambdaFunction, bucket: str) -> None:
    """Start an environment and connect it, without walking anything."""
    walk(function, bucket, prefix="no-such-folder/")


def reported(function: LambdaFunction, invocation: Invocation) -> Report:
    """The report of an invocation that succeeded, CPU time included. Raises MeasureError otherwise."""
    if invocation.error or invocation.report is None or invocation.report.cpu_ms is None:
        why = invocation.error or "its CPU time was not told"
        raise MeasureError(f"{function.lab} {function.function}: {why}. See its log, and ./poe doctor")
    return invocation.report
