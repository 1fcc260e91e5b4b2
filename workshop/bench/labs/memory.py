"""Peak memory of a usage walk: does it stay flat as the bucket grows?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial

from workshop.bench.labs.keys import bucket_of
from workshop.bench.labs.setting import FULL_CPU_MB, Setting, in_turn, resized, unhurried
from workshop.bench.labs.walks import walk
from workshop.bench.table import Figure
from workshop.measure import LambdaFunction

SIZES = (10_000, 100_000, 500_000)


def figures(setting: Setting, n: int) -> Iterator[Figure]:
    """The most memory that an environment took which has walked that bucket once, in one call, and nothing else."""
    functions = [setting.function(number, "usage") for number in setting.labs]
    with ExitStack() as stack:
        stack.enter_context(resized(functions, FULL_CPU_MB))
        for function in functions:
            stack.enter_context(unhurried(function))
        for size in SIZES:
            with bucket_of(setting.cloud, size) as bucket:
                contestants = {function.lab: partial(_peak_mb, function, bucket) for function in functions}
                for lab, samples in in_turn(contestants, max(1, n // 10)).items():
                    yield Figure(f"usage, {size:,} keys, {lab}: peak memory", "MB", samples)


def _peak_mb(function: LambdaFunction, bucket: str) -> float:
    function.force_cold_start()
    return walk(function, bucket).max_memory_mb
