"""From nothing to the first answer of `GET /buckets`, over HTTPS: when the client is made, and whether it is primed.

Priming is one cheap call in INIT, which runs at full CPU whatever the memory: the connection is there, and what
both languages load on first use is loaded. INIT is billed, so `billed` is the price.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pandas as pd

from workshop.bench.labs import clients_example
from workshop.bench.labs.copies import copied, edited
from workshop.bench.labs.setting import CALLER, Setting, resized
from workshop.bench.table import Figure
from workshop.measure import Event, LambdaFunction, cold_starts, rest_event

MEMORY_MB = (128, 512)
_BASE = "lab 01"
_PRIMED = "lab 01, primed"
_AFTER = "from s3_work import buckets"
_PRIMING = """from s3_admin_lab.s3_client import s3 as _s3
_s3.list_buckets()"""


def figures(setting: Setting, n: int) -> Iterator[Figure]:
    """For each memory size and contestant: INIT, first duration, both, and what is billed; then the ratios."""
    event = rest_event("GET /buckets", caller=CALLER)
    with ExitStack() as stack:
        shipped = [setting.function(number, "buckets") for number in ("01", "03")]
        package = edited(setting.labs["01"], "BucketsFunction", "functions/buckets.py", _AFTER, _PRIMING)
        contestants = [*shipped, stack.enter_context(copied(shipped[0], package, lab=_PRIMED))]
        for mode in clients_example.MODES:
            contestants.append(stack.enter_context(clients_example.deployed(shipped[1], mode)))
        for memory_mb in MEMORY_MB:
            yield from _at(contestants, event, memory_mb, n)


def _at(contestants: list[LambdaFunction], event: Event, memory_mb: int, n: int) -> Iterator[Figure]:
    with resized(contestants, memory_mb):
        rows = cold_starts(contestants, event, n=n)
    rows = rows[rows["error"].isna()]
    by_lab = {one.lab: rows[rows["lab"] == one.lab] for one in contestants}
    for lab, own in by_lab.items():
        about = f"GET /buckets at {memory_mb} MB, {lab}"
        yield Figure(f"{about}: INIT", "ms", list(own["init_ms"]))
        yield Figure(f"{about}: first duration", "ms", list(own["duration_ms"]))
        yield Figure(f"{about}: INIT + first duration", "ms", _totals(own))
        yield Figure(f"{about}: billed", "ms", list(own["billed_ms"]))
    for base in (_BASE, _PRIMED):
        for lab, own in by_lab.items():
            if lab not in (_BASE, base):
                ratios = [mine / others for mine, others in zip(_totals(own), _totals(by_lab[base]), strict=False)]
                yield Figure(f"GET /buckets at {memory_mb} MB, INIT + first duration, {lab} / {base}", "×", ratios)


def _totals(rows: pd.DataFrame) -> list[float]:
    return [float(ms) for ms in rows["init_ms"] + rows["duration_ms"]]
