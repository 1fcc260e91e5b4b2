"""Figures as lines of a Markdown table."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """What was measured, in which unit, and every sample."""

    what: str
    unit: str
    samples: Sequence[float]

    def line(self) -> str:
        """A row of the table: median, p90 and the range, because a median alone hides a noisy machine."""
        ordered = sorted(self.samples)
        median = statistics.median(ordered)
        p90 = ordered[min(len(ordered) - 1, round(0.9 * (len(ordered) - 1)))]
        spread = f"{ordered[0]:.2f} to {ordered[-1]:.2f}"
        return f"| {self.what} | {median:.2f} | {p90:.2f} | {spread} | {self.unit} | {len(ordered)} |"


def about(machine: dict[str, str], n: int | None = None) -> str:
    """Where (and with how many samples) something was measured, as one line."""
    parts = [f"{name}: {value}" for name, value in machine.items()]
    return f"_{', '.join(parts if n is None else [f'n = {n}', *parts])}_"


def markdown(figures: Iterable[Figure], machine: dict[str, str]) -> str:
    """The table, under a line that says where and when it was measured."""
    head = ["| what | median | p90 | range | unit | n |", "|---|--:|--:|--:|---|--:|"]
    return "\n".join([about(machine), "", *head, *(figure.line() for figure in figures)])
