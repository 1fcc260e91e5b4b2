"""CPU time of a usage walk. Wall time would mostly be the local S3's, a Python process on the same cores."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial

from workshop.bench.labs import obstore_function
from workshop.bench.labs.copies import copied, edited
from workshop.bench.labs.keys import bucket_of
from workshop.bench.labs.setting import FULL_CPU_MB, Setting, in_turn, resized
from workshop.bench.labs.walks import walk, warm_up
from workshop.bench.table import Figure
from workshop.measure import LambdaFunction, MeasureError

KEYS = 100_000
_BASE = "lab 01"
# What lab 01's README says that tuning Python alone would gain.
_AFTER = "_session = botocore.session.get_session()"
_TUNING = """from datetime import datetime as _datetime
_factory = _session.get_component("response_parser_factory")
_factory.set_parser_defaults(timestamp_parser=_datetime.fromisoformat)"""


def figures(setting: Setting, n: int) -> Iterator[Figure]:
    """CPU time per walk of each contestant, and how many times less it is than lab 01's in the same round."""
    with ExitStack() as stack:
        shipped = [setting.function(number, "usage") for number in setting.labs]
        stack.enter_context(resized(shipped, FULL_CPU_MB))
        package = edited(setting.labs["01"], "UsageFunction", "s3_admin_lab/aws.py", _AFTER, _TUNING)
        tuned = stack.enter_context(copied(shipped[0], package, lab="lab 01 with timestamp_parser"))
        listing = stack.enter_context(obstore_function.deployed(shipped[1]))
        bucket = stack.enter_context(bucket_of(setting.cloud, KEYS))
        contestants: dict[str, Callable[[], float]] = {}
        for function in [*shipped, tuned]:
            warm_up(function, bucket)
            contestants[function.lab] = partial(_cpu_of_walk, function, bucket)
        obstore_function.list_bucket(listing, bucket, prefix="no-such-folder/")
        contestants[listing.lab] = partial(_cpu_of_listing, listing, bucket)
        found = in_turn(contestants, max(3, n // 6))
    yield from _told(found)


def _told(found: dict[str, list[float]]) -> Iterator[Figure]:
    for name, samples in found.items():
        yield Figure(f"usage, {KEYS:,} keys, {name}: client CPU", "ms", samples)
    for name, samples in found.items():
        if name != _BASE:
            ratios = [base / own for base, own in zip(found[_BASE], samples, strict=True)]
            yield Figure(f"usage, {KEYS:,} keys, {_BASE} / {name}", "×", ratios)


def _cpu_of_walk(function: LambdaFunction, bucket: str) -> float:
    found = walk(function, bucket)
    _check(function, found.objects)
    return found.cpu_ms


def _cpu_of_listing(function: LambdaFunction, bucket: str) -> float:
    objects, cpu_ms = obstore_function.list_bucket(function, bucket)
    _check(function, objects)
    return cpu_ms


def _check(function: LambdaFunction, objects: int) -> None:
    if objects != KEYS:
        raise MeasureError(f"{function.lab} counted {objects} of {KEYS} keys: run its contract tests")
