"""The yardstick function through the local cloud's Lambda API, as boto3 sees it."""

from __future__ import annotations

import time
from collections.abc import Iterator

from workshop.bench import client, deployed, hello
from workshop.bench.table import Figure
from workshop.measure import cold_starts
from workshop.target import Cloud

_COLD_STARTS = 100


def figures(cloud: Cloud, n: int) -> Iterator[Figure]:
    """What the cloud adds to an invocation, warm and cold."""
    variant = deployed.Variant("", "hello", "provided.al2023", "bootstrap", hello.package())
    with deployed.functions(cloud, [variant]) as [function]:
        reported = [(call, call.report) for call in client.calls(function, n) if call.report]
        warm = [call.client_ms - report.duration_ms for call, report in reported]
        yield Figure("lambda.invoke, warm, beyond duration", "ms", warm)
        begun = time.perf_counter()
        cold = cold_starts(function, {}, n=_COLD_STARTS)
        seconds = time.perf_counter() - begun
        beyond = cold["client_ms"] - cold["duration_ms"] - cold["init_ms"]
        yield Figure("lambda.invoke, cold, beyond INIT and duration", "ms", list(beyond))
        yield Figure(f"{_COLD_STARTS} cold starts, with the configuration changes that force them", "s", [seconds])
