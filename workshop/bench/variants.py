"""`./poe bench variants`: what it changes how a Rust function is compiled, and whom it trusts.

Lab 03's example `clients`, eager, compiled in several ways. The settings of a profile compile the AWS SDK again,
which takes minutes the first time and nothing later.
"""

from __future__ import annotations

import statistics
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from workshop.bench.labs.clients_example import Build, deployed, package_of
from workshop.bench.labs.setting import CALLER, Setting, resized
from workshop.bench.table import about
from workshop.cloud.errors import CloudError
from workshop.measure import Event, LambdaFunction, cold, cold_starts, rest_event, warm, warm_calls
from workshop.plots.style import number

MEMORY_MB = (128, 1769)
SHIPPED = "as shipped"
_MUSL = "x86_64-unknown-linux-musl"
# Where the local cloud puts its own certificate authority, without the system's roots.
_ONE_ROOT = {"SSL_CERT_FILE": "/var/tls/ca.pem"}
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
    Variant("one root instead of the system's", variables=_ONE_ROOT),
    Variant("aws-lc instead of ring", Build(("--features", "aws-lc"))),
    Variant("opt-level s", _profile("OPT_LEVEL", "s")),
    Variant("opt-level z", _profile("OPT_LEVEL", "z")),
    Variant("musl instead of glibc", Build(("--target", _MUSL))),
)


def left_out() -> dict[str, str]:
    """Variants that this machine cannot compile, and why."""
    command = ["rustc", "--print", "target-libdir", "--target", _MUSL]
    found = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    if found and Path(found).is_dir():
        return {}
    return {VARIANTS[-1].name: f"its standard library is not here: rustup target add {_MUSL}"}


@dataclass(frozen=True)
class Result:
    """The variants that were measured: the zipped program's bytes by name, and all rows, whose lab is that name."""

    buckets: int
    sizes: dict[str, int]
    rows: pd.DataFrame


def measure(setting: Setting, n: int) -> Result:
    """`n` cold and `n` warm calls of each at each memory size, in turn. Raises CloudError if one fails."""
    chosen = [each for each in VARIANTS if each.name not in left_out()]
    packages = [package_of(each.build) for each in chosen]
    event = rest_event("GET /buckets", caller=CALLER)
    with _deployed(setting.function("03", "buckets"), chosen, packages) as functions:
        rows = pd.concat(_at(functions, event, size, n) for size in MEMORY_MB)
    failed = rows[rows["error"].notna()]
    if len(failed):
        raise CloudError(f"{len(failed)} invocations failed, the first with: {failed['error'].iloc[0]}")
    buckets = len(setting.cloud.client("s3").list_buckets()["Buckets"])
    return Result(buckets, dict(zip((each.name for each in chosen), map(len, packages), strict=True)), rows)


def markdown(result: Result, machine: dict[str, str], n: int) -> str:
    """The table of medians, under a line that says where and when it was measured."""
    head = ["variant", "zip, MB", "MB", "INIT", "first", "both", "over as shipped", "warm", "CPU, first", "CPU, warm"]
    lines = [f"| {' | '.join(head)} |", f"|---|{'--:|' * (len(head) - 1)}"]
    for size in dict.fromkeys(result.rows["memory_mb"]):
        at_size = result.rows[result.rows["memory_mb"] == size]
        shipped = _to_answer(at_size[at_size["lab"] == SHIPPED])
        for name, bytes_ in result.sizes.items():
            lines.append(_line(name, bytes_, size, at_size[at_size["lab"] == name], shipped))
    missing = [f"{name} is left out: {why}." for name, why in left_out().items()]
    buckets = f"{result.buckets} buckets. {about(machine, n)}"
    return "\n\n".join([buckets, "\n".join(lines), *missing])


def _line(name: str, zipped: int, size: int, rows: pd.DataFrame, shipped: list[float]) -> str:
    colds, warms = cold(rows), warm(rows)
    both = _to_answer(rows)
    ratios = [own / base for own, base in zip(both, shipped, strict=True)]
    medians = [
        zipped / 1e6,
        size,
        *(statistics.median(column) for column in (colds["init_ms"], colds["duration_ms"], both, ratios)),
        *(statistics.median(column) for column in (warms["duration_ms"], colds["cpu_ms"], warms["cpu_ms"])),
    ]
    return f"| {name} | {' | '.join(map(number, medians))} |"


def _to_answer(rows: pd.DataFrame) -> list[float]:
    """INIT and first duration of each cold start, in the order of the rounds."""
    colds = cold(rows)
    return [float(init + first) for init, first in zip(colds["init_ms"], colds["duration_ms"], strict=True)]


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
