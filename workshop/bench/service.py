"""The yardstick function through the local cloud's Lambda API, as boto3 sees it."""

from __future__ import annotations

import time
from collections.abc import Iterator

from workshop.bench import deployed, hello
from workshop.bench.table import Figure
from workshop.measure import cold_starts, warm_calls
from workshop.target import Cloud

_COLD_STARTS = 100
# As for the server that answers at once: code of both has been run before it is timed.
_WARM_UP = 20


def figures(cloud: Cloud, n: int) -> Iterator[Figure]:
    """What the cloud adds to an invocation, warm and cold."""
    variant = deployed.Variant("", "hello", "provided.al2023", "bootstrap", hello.package())
    with deployed.functions(cloud, [variant]) as [function]:
        warm = warm_calls(function, {}, n=n, warm_up=_WARM_UP)
        yield Figure("lambda.invoke, warm, beyond duration", "ms", list(warm["client_ms"] - warm["duration_ms"]))
        begun = time.perf_counter()
        cold = cold_starts(function, {}, n=_COLD_STARTS)
        seconds = time.perf_counter() - begun
        beyond = cold["client_ms"] - cold["duration_ms"] - cold["init_ms"]
        yield Figure("lambda.invoke, cold, beyond INIT and duration", "ms", list(beyond))
        yield Figure(f"{_COLD_STARTS} cold starts, with the configuration changes that force them", "s", [seconds])
