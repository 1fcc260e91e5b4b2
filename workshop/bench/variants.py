"""`./poe bench variants`: what it changes how a Rust function is compiled, and whom it trusts.

Lab 03's example `clients`, eager, compiled in several ways. The settings of a profile compile the AWS SDK again,
which takes minutes the first time and nothing later.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import pandas as pd

from workshop.bench.labs.clients_example import Build, deployed, package_of
from workshop.bench.labs.setting import CALLER, ONE_ROOT_FILE, resized
from workshop.bench.rows import checked, to_answer
from workshop.bench.table import about
from workshop.labs import Lab, tools
from workshop.measure import Event, LambdaFunction, cold, cold_starts, rest_event, warm, warm_calls
from workshop.plots.style import number
from workshop.target import Cloud

MEMORY_MB = (128, 1769)
SHIPPED = "as shipped"
_MUSL = "x86_64-unknown-linux-musl"
_WARM_UP = 3


@dataclass(frozen=True)
class Variant:
    """One way to compile the example, or to run it."""

    name: str
    build: Build = field(default_factory=Build)
    variables: dict[str, str] = field(default_factory=dict)


def _profile(setting: str, value: str) -> Build:
    return Build(variables={f"CARGO_PROFILE_RELEASE_{setting}": value})


VARIANTS = (
    Variant(SHIPPED),
    Variant("one root instead of the system's", variables={"SSL_CERT_FILE": ONE_ROOT_FILE}),
    Variant("aws-lc instead of ring", Build(("--features", "aws-lc"))),
    Variant("opt-level s", _profile("OPT_LEVEL", "s")),
    Variant("opt-level z", _profile("OPT_LEVEL", "z")),
    Variant("musl instead of glibc", Build(("--target", _MUSL))),
)


def left_out() -> dict[str, str]:
    """Variants that this machine cannot compile, and why."""
    if tools.has_rust_target(_MUSL):
        return {}
    return {VARIANTS[-1].name: f"its standard library is not here: rustup target add {_MUSL}"}


@dataclass(frozen=True)
class Result:
    """The variants that were measured: the zipped program's bytes by name, and all rows, whose lab is that name."""

    buckets: int
    sizes: dict[str, int]
    rows: pd.DataFrame


def measure(cloud: Cloud, n: int) -> Result:
    """`n` cold and `n` warm calls of each at each memory size, in turn.

    Raises CloudError if one fails, LabError without lab 03.
    """
    like = Lab("03").attach(cloud).function("buckets")
    missing = left_out()
    chosen = [each for each in VARIANTS if each.name not in missing]
    packages = [package_of(each.build) for each in chosen]
    event = rest_event("GET /buckets", caller=CALLER)
    with _deployed(like, chosen, packages) as functions:
        rows = checked(pd.concat(_at(functions, event, size, n) for size in MEMORY_MB))
    buckets = len(cloud.client("s3").list_buckets()["Buckets"])
    return Result(buckets, dict(zip((each.name for each in chosen), map(len, packages), strict=True)), rows)


def markdown(result: Result, machine: dict[str, str], n: int) -> str:
    """The table of medians, under a line that says where and when it was measured."""
    head = ["variant", "zip, MB", "MB", "INIT", "first", "both", "over as shipped", "warm", "CPU, first", "CPU, warm"]
    lines = [f"| {' | '.join(head)} |", f"|---|{'--:|' * (len(head) - 1)}"]
    for size in dict.fromkeys(result.rows["memory_mb"]):
        at_size = result.rows[result.rows["memory_mb"] == size]
        shipped = to_answer(at_size[at_size["lab"] == SHIPPED])
        for name, bytes_ in result.sizes.items():
            lines.append(_line(name, bytes_, size, at_size[at_size["lab"] == name], shipped))
    missing = [f"{name} is left out: {why}." for name, why in left_out().items()]
    buckets = f"{result.buckets} buckets. {about(machine, n)}"
    return "\n\n".join([buckets, "\n".join(lines), *missing])


def _line(name: str, zipped: int, size: int, rows: pd.DataFrame, shipped: list[float]) -> str:
    colds, warms = cold(rows), warm(rows)
    both = to_answer(rows)
    ratios = [own / base for own, base in zip(both, shipped, strict=True)]
    medians = [
        zipped / 1e6,
        size,
        *(statistics.median(column) for column in (colds["init_ms"], colds["duration_ms"], both, ratios)),
        *(statistics.median(column) for column in (warms["duration_ms"], colds["cpu_ms"], warms["cpu_ms"])),
    ]
    return f"| {name} | {' | '.join(map(number, medians))} |"


def _at(functions: list[LambdaFunction], event: Event, memory_mb: int, n: int) -> pd.DataFrame:
    with resized(functions, memory_mb):
        return pd.concat([cold_starts(functions, event, n=n), warm_calls(functions, event, n=n, warm_up=_WARM_UP)])


@contextmanager
def _deployed(like: LambdaFunction, variants: list[Variant], packages: list[bytes]) -> Iterator[list[LambdaFunction]]:
    with ExitStack() as stack:
        yield [
            stack.enter_context(deployed(like, "eager", label=each.name, package=package, variables=each.variables))
            for each, package in zip(variants, packages, strict=True)
        ]
