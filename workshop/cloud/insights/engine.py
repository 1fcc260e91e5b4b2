"""Runs a plan over log events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from workshop.cloud.insights import patterns
from workshop.cloud.insights.discovery import LogEvent, Row, fields
from workshop.cloud.insights.evaluate import evaluate, truth
from workshop.cloud.insights.groups import grouped
from workshop.cloud.insights.syntax import Command, Display, Fields, Filter, Limit, Named, Parse, Plan, Sort, Stats
from workshop.cloud.insights.values import sort_key, text

MAX_ROWS = 10_000
_SHOWN_BY_DEFAULT = ("@timestamp", "@message")


@dataclass(frozen=True)
class Result:
    """Rows of (column, text), without missing values, and how many events were looked at and matched."""

    rows: list[list[tuple[str, str]]]
    scanned: int
    matched: int
    bytes_scanned: int


def run(plan: Plan, events: Iterable[LogEvent], limit: int = MAX_ROWS) -> Result:
    """The plan's rows: the newest first unless it sorts, and at most `limit`."""
    newest_first = sorted(events, key=lambda event: event.timestamp, reverse=True)
    table = _Table([fields(event) for event in newest_first])
    for command in plan:
        table.apply(command)
    return Result(
        rows=table.shown(limit),
        scanned=len(newest_first),
        matched=table.matched,
        bytes_scanned=sum(len(event.message.encode("utf-8", "replace")) for event in newest_first),
    )


@dataclass
class _Table:
    rows: list[Row]
    columns: list[str] = field(default_factory=list)
    displayed: list[str] = field(default_factory=list)
    aggregated: bool = False
    matched: int = field(init=False)

    def __post_init__(self) -> None:
        self.matched = len(self.rows)

    def apply(self, command: Command) -> None:
        match command:
            case Fields(columns):
                self._compute(columns)
                self.columns += [column.name for column in columns if column.name not in self.columns]
            case Display(columns):
                self._compute(columns)
                self.displayed = list(dict.fromkeys(column.name for column in columns))
            case Filter(condition):
                holds = evaluate(condition, self.rows)
                self.rows = [row for row, value in zip(self.rows, holds, strict=True) if truth(value)]
                self.matched = self.matched if self.aggregated else len(self.rows)
            case Parse():
                self._parse(command)
            case Stats(columns, keys):
                self.rows = grouped(command, self.rows)
                self.columns, self.displayed = [named.name for named in (*keys, *columns)], []
                self.aggregated = True
            case Sort(keys):
                for expression, descending in reversed(keys):
                    self._sort(evaluate(expression, self.rows), descending)
            case Limit(count):
                self.rows = self.rows[:count]

    def shown(self, limit: int) -> list[list[tuple[str, str]]]:
        names = self.displayed or self.columns or list(_SHOWN_BY_DEFAULT)
        if not self.aggregated:
            names = [*(name for name in names if name != "@ptr"), "@ptr"]
        return [[(name, text(row[name])) for name in names if row.get(name) is not None] for row in self.rows[:limit]]

    def _compute(self, columns: tuple[Named, ...]) -> None:
        # One after the other: a column may use those before it.
        for column in columns:
            values = evaluate(column.expression, self.rows)
            for row, value in zip(self.rows, values, strict=True):
                row[column.name] = value

    def _parse(self, command: Parse) -> None:
        texts = [None if value is None else text(value) for value in evaluate(command.source, self.rows)]
        for row, caught in zip(self.rows, patterns.extract(command.regex, texts), strict=True):
            row.update(caught or dict.fromkeys(name for name, _ in command.regex.groups))

    def _sort(self, values: list[str | int | float | None], descending: bool) -> None:
        """Stable, and what has no value comes last either way."""
        pairs = list(zip(values, self.rows, strict=True))
        present = [pair for pair in pairs if pair[0] is not None]
        present.sort(key=lambda pair: sort_key(pair[0]), reverse=descending)
        self.rows = [row for _, row in present] + [row for value, row in pairs if value is None]
