"""The yardstick function through the local cloud's Lambda API, as boto3 sees it."""

from __future__ import annotations

import time
from collections.abc import Iterator

from workshop.bench import deployed, hello
from workshop.bench.client import CALLS, WARM_UP
from workshop.bench.table import Figure
from workshop.measure import LambdaFunction, cold_starts
from workshop.target import Cloud

_COLD_STARTS = 100


def figures(cloud: Cloud, n: int) -> Iterator[Figure]:
    """What the cloud adds to an invocation, warm and cold."""
    variant = deployed.Variant("", "hello", "provided.al2023", "bootstrap", hello.package())
    with deployed.functions(cloud, [variant]) as [function]:
        yield Figure("lambda.invoke, warm, beyond duration", "ms", _warm(function, CALLS * n))
        begun = time.perf_counter()
        cold = cold_starts(function, {}, n=_COLD_STARTS)
        seconds = time.perf_counter() - begun
        beyond = cold["client_ms"] - cold["duration_ms"] - cold["init_ms"]
        yield Figure("lambda.invoke, cold, beyond INIT and duration", "ms", list(beyond))
        yield Figure(f"{_COLD_STARTS} cold starts, with the configuration changes that force them", "s", [seconds])


def _warm(function: LambdaFunction, n: int) -> list[float]:
    """Calls one after the other with nothing between them, like those of the server that answers at once."""
    for _ in range(WARM_UP):
        function.invoke({})
    calls = [function.invoke({}) for _ in range(n)]
    return [call.client_ms - call.report.duration_ms for call in calls if call.report]
