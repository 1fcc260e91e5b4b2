"""`stats`: rows put together by their keys."""

from __future__ import annotations

from workshop.cloud.insights.aggregates import aggregate
from workshop.cloud.insights.discovery import Row
from workshop.cloud.insights.evaluate import Column, evaluate
from workshop.cloud.insights.scope import aggregates_in
from workshop.cloud.insights.syntax import Aggregate, Binary, Call, Expression, Field, In, Like, Literal, Stats, Unary
from workshop.cloud.insights.values import text


def grouped(stats: Stats, rows: list[Row]) -> list[Row]:
    """One row for each combination of keys, in the order of their first appearance.

    Without keys all rows are one group, also if there are none.
    """
    keys = [evaluate(key.expression, rows) for key in stats.keys]
    # As texts: 128 of a JSON number and "128" of a parsed line are one group, as they are equal in a filter.
    shown = [[None if value is None else text(value) for value in column] for column in keys]
    numbers: dict[tuple[object, ...], int] = {}
    groups = (
        [numbers.setdefault(values, len(numbers)) for values in zip(*shown, strict=True)] if keys else [0] * len(rows)
    )
    firsts = {group: index for index, group in reversed(list(enumerate(groups)))}
    count = len(numbers) if keys else 1
    result: list[Row] = [
        {key.name: column[firsts[group]] for key, column in zip(stats.keys, keys, strict=True)}
        for group in range(count)
    ]
    computed: list[tuple[str, Column]] = []
    for column in stats.columns:
        found = {part: _column(part, rows, groups, count) for part in aggregates_in(column.expression)}
        names = {part: f"\0{index}" for index, part in enumerate(found)}
        inputs = [
            {**row, **{names[part]: values[group] for part, values in found.items()}}
            for group, row in enumerate(result)
        ]
        computed.append((column.name, evaluate(_replaced(column.expression, names), inputs)))
    for name, values in computed:
        for row, value in zip(result, values, strict=True):
            row[name] = value
    return result


def _column(part: Aggregate, rows: list[Row], groups: list[int], count: int) -> Column:
    values: Column = [1] * len(rows) if part.argument is None else evaluate(part.argument, rows)
    found = aggregate(part.function, part.percent, values, groups)
    nothing = 0 if part.function in ("count", "count_distinct") else None
    return [found.get(group, nothing) for group in range(count)]


def _replaced(expression: Expression, names: dict[Aggregate, str]) -> Expression:
    """The expression with a field in the place of each aggregate."""
    match expression:
        case Aggregate():
            return Field(names[expression])
        case Unary(operator, operand):
            return Unary(operator, _replaced(operand, names))
        case Binary(operator, left, right):
            return Binary(operator, _replaced(left, names), _replaced(right, names))
        case Like(operand, pattern):
            return Like(_replaced(operand, names), pattern)
        case In(operand, choices):
            return In(_replaced(operand, names), tuple(_replaced(choice, names) for choice in choices))
        case Call(function, arguments):
            return Call(function, tuple(_replaced(argument, names) for argument in arguments))
        case Literal() | Field():
            return expression
