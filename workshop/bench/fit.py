"""How far local figures are from AWS's: a ratio for each memory size, and one factor with its spread."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from workshop.plots.style import number

PHASES = {"init_ms": ("INIT", "init_mean_ms"), "duration_ms": ("first duration", "duration_mean_ms")}


@dataclass(frozen=True)
class Compared:
    """A local median and AWS's mean of one runtime, memory size and phase, in ms; None where none was published."""

    runtime: str
    memory_mb: int
    phase: str
    local_ms: float
    aws_ms: float | None

    @property
    def ratio(self) -> float | None:
        """Local over AWS: below 1 the local cloud is faster."""
        return self.local_ms / self.aws_ms if self.aws_ms else None


@dataclass(frozen=True)
class Factor:
    """What a local figure is to be multiplied by to estimate AWS's: the median over memory sizes, and the extremes."""

    runtime: str
    phase: str
    median: float
    low: float
    high: float
    sizes: int


def compare(cold: pd.DataFrame, published: pd.DataFrame, architecture: str) -> list[Compared]:
    """Medians of cold starts (`lab` is the runtime) next to the published figures of that architecture."""
    of_aws = published[published["architecture"] == architecture].set_index(["runtime", "memory_mb"])
    found = []
    for runtime, memory_mb in sorted(set(zip(cold["lab"], cold["memory_mb"], strict=True))):
        key = (str(runtime), int(memory_mb))
        rows = cold[(cold["lab"] == runtime) & (cold["memory_mb"] == memory_mb)]
        for column, (phase, published_column) in PHASES.items():
            aws_ms = float(of_aws[published_column].to_dict()[key]) if key in of_aws.index else None
            found.append(Compared(*key, phase, statistics.median(rows[column]), aws_ms))
    return found


def factors(compared: Iterable[Compared]) -> list[Factor]:
    """AWS over local for each runtime and phase; those without a published figure are left out."""
    groups: dict[tuple[str, str], list[float]] = {}
    for one in compared:
        if one.aws_ms:
            groups.setdefault((one.runtime, one.phase), []).append(one.aws_ms / one.local_ms)
    return [
        Factor(*key, statistics.median(values), min(values), max(values), len(values)) for key, values in groups.items()
    ]


def comparison_table(compared: Sequence[Compared], warm_ms: dict[tuple[str, int], float]) -> str:
    """A Markdown line for each runtime and memory size; `warm_ms` are local medians, of which none were published."""
    sides = [f"{phase} {side}" for phase, _ in PHASES.values() for side in ("local", "AWS", "local/AWS")]
    lines = [f"| runtime | MB | {' | '.join(sides)} | warm local |", f"|---|{'--:|' * (len(sides) + 2)}"]
    for key in dict.fromkeys((one.runtime, one.memory_mb) for one in compared):
        cells = [key[0], str(key[1])]
        for one in (one for one in compared if (one.runtime, one.memory_mb) == key):
            cells += [number(one.local_ms), _or_dash(one.aws_ms), _or_dash(one.ratio)]
        lines.append(f"| {' | '.join([*cells, _or_dash(warm_ms.get(key))])} |")
    return "\n".join(lines)


def factor_table(found: Iterable[Factor]) -> str:
    """A Markdown line for each factor."""
    lines = ["| runtime | phase | AWS / local, median over sizes | range | sizes |", "|---|---|--:|--:|--:|"]
    for one in found:
        spread = f"{one.low:.2f} to {one.high:.2f}"
        lines.append(f"| {one.runtime} | {one.phase} | {one.median:.2f} | {spread} | {one.sizes} |")
    return "\n".join(lines)


def _or_dash(value: float | None) -> str:
    return "–" if value is None else number(value)
