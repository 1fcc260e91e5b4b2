"""From nothing to the first answer of `GET /buckets`, over HTTPS: when the client is made, and whether it is primed.

Priming is one cheap call in INIT, which runs at full CPU whatever the memory: the connection is there, and what
both languages load on first use is loaded. INIT is billed, so `billed` is the price.

The answer names the region of each bucket, so a call of S3 is made for each, up to 16 at once, each of these on a new
connection: how many buckets there are matters, and stands beside the figures. botocore reads all roots again for each
connection, some 50 ms of CPU time, so lab 01 is there once more with a single root to read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack

from workshop.bench.labs import clients_example
from workshop.bench.labs.copies import built, copied, edited, packed
from workshop.bench.labs.setting import CALLER, ONE_ROOT_FILE, Setting, resized
from workshop.bench.rows import to_answer
from workshop.bench.table import Figure
from workshop.measure import Event, LambdaFunction, cold_starts, rest_event

MEMORY_MB = (128, 512)
_BASE = "lab 01"
_PRIMED = "lab 01, primed"
_ONE_ROOT = "lab 01, one root"
_AFTER = "from s3_work import buckets"
_PRIMING = """from s3_admin_lab.s3_client import s3 as _s3
_s3.list_buckets()"""


def figures(setting: Setting, n: int) -> Iterator[Figure]:
    """For each memory size and contestant: INIT, first duration, both, and what is billed; then the ratios."""
    event = rest_event("GET /buckets", caller=CALLER)
    buckets = len(setting.cloud.client("s3").list_buckets()["Buckets"])
    with ExitStack() as stack:
        shipped = [setting.function(number, "buckets") for number in ("01", "03")]
        package = edited(setting.labs["01"], "BucketsFunction", "functions/buckets.py", _AFTER, _PRIMING)
        contestants = [*shipped, stack.enter_context(copied(shipped[0], package, lab=_PRIMED))]
        contestants.append(stack.enter_context(_with_one_root(setting, shipped[0])))
        for mode in clients_example.MODES:
            contestants.append(stack.enter_context(clients_example.deployed(shipped[1], mode)))
        for memory_mb in MEMORY_MB:
            yield from _at(f"GET /buckets ({buckets}) at {memory_mb} MB", contestants, event, memory_mb, n)


def _at(about: str, contestants: list[LambdaFunction], event: Event, memory_mb: int, n: int) -> Iterator[Figure]:
    with resized(contestants, memory_mb):
        rows = cold_starts(contestants, event, n=n)
    rows = rows[rows["error"].isna()]
    by_lab = {one.lab: rows[rows["lab"] == one.lab] for one in contestants}
    for lab, own in by_lab.items():
        whose = f"{about}, {lab}"
        yield Figure(f"{whose}: INIT", "ms", list(own["init_ms"]))
        yield Figure(f"{whose}: first duration", "ms", list(own["duration_ms"]))
        yield Figure(f"{whose}: INIT + first duration", "ms", to_answer(own))
        yield Figure(f"{whose}: billed", "ms", list(own["billed_ms"]))
    for base in (_BASE, _PRIMED, _ONE_ROOT):
        for lab, own in by_lab.items():
            if lab != base and (base == _BASE or lab.startswith("lab 03")):
                ratios = [mine / others for mine, others in zip(to_answer(own), to_answer(by_lab[base]), strict=False)]
                yield Figure(f"{about}, INIT + first duration, {lab} / {base}", "×", ratios)


def _with_one_root(setting: Setting, shipped: LambdaFunction) -> AbstractContextManager[LambdaFunction]:
    variables = {**shipped.configuration().environment, "AWS_CA_BUNDLE": ONE_ROOT_FILE}
    package = packed(built(setting.labs["01"], "BucketsFunction"), {})
    return copied(shipped, package, lab=_ONE_ROOT, Environment={"Variables": variables})
