"""The audit of 100 buckets, against the chain of calls that it has to wait for.

Every S3 call of the function is made to take a quarter of a second, so that what the local S3 itself needs, one call
after the other, hardly counts. The audit makes 8 calls a bucket, 16 at a time, after the list: so somebody waits
for 1 + ⌈8 × buckets / 16⌉ calls in a row, and no program with 16 calls under way could take less.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from workshop.bench.labs.setting import CALLER, FULL_CPU_MB, Setting, resized, unhurried
from workshop.bench.labs.walks import reported
from workshop.bench.table import Figure
from workshop.measure import LambdaFunction, MeasureError, rest_event
from workshop.target import Cloud

_BUCKETS = 100
_DELAY_MS = 250.0
# `CONCURRENCY` in shared_rust/s3-admin/src/buckets.
_AT_A_TIME = 16


def figures(setting: Setting, n: int) -> Iterator[Figure]:
    """The audit's duration, and over the chain's."""
    function = setting.function("03", "audit")
    durations, ratios, buckets = [], [], 0
    with ExitStack() as stack:
        stack.enter_context(resized([function], FULL_CPU_MB))
        stack.enter_context(unhurried(function))
        stack.enter_context(_buckets(setting.cloud))
        _audit(function)
        for _ in range(max(3, n // 6)):
            with setting.cloud.faults.delay("s3:*", _DELAY_MS, by="functions") as delay:
                duration_ms, buckets = _audit(function)
                calls = delay.hits
            chain_ms = (1 + math.ceil((calls - 1) / _AT_A_TIME)) * _DELAY_MS
            durations.append(duration_ms)
            ratios.append(duration_ms / chain_ms)
    about = f"audit of {buckets} buckets, lab 03, each call {_DELAY_MS:.0f} ms"
    yield Figure(about, "ms", durations)
    yield Figure(f"{about}, duration / slowest chain", "×", ratios)


def _audit(function: LambdaFunction) -> tuple[float, int]:
    """(duration in ms, number of buckets). Raises MeasureError where a bucket could not be audited."""
    invocation = function.invoke(rest_event("GET /audit", caller=CALLER).payload)
    report = reported(function, invocation)
    buckets = json.loads(invocation.answer["body"])["buckets"]
    failed = [bucket["name"] for bucket in buckets if bucket["errors"]]
    if failed:
        raise MeasureError(f"the audit of {failed[0]} had errors: has somebody set faults?")
    return report.duration_ms, len(buckets)


@contextmanager
def _buckets(cloud: Cloud) -> Iterator[None]:
    """As many further buckets as make 100 of all."""
    client = cloud.client("s3")
    there = len(client.list_buckets()["Buckets"])
    names = [f"bench-audit-{number:03}" for number in range(max(0, _BUCKETS - there))]
    made = []
    try:
        for name in names:
            client.create_bucket(Bucket=name)
            made.append(name)
        yield
    finally:
        for name in made:
            client.delete_bucket(Bucket=name)
