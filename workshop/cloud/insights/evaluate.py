"""Expressions over a column of rows: a value for each row.

Conditions are 1, 0 or missing, by the three-valued logic of SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from workshop.cloud.insights import patterns
from workshop.cloud.insights.discovery import Row
from workshop.cloud.insights.functions import ARITHMETIC, BIN, FUNCTIONS, NEGATE
from workshop.cloud.insights.syntax import Aggregate, Binary, Call, Expression, Field, In, Like, Literal, Unary
from workshop.cloud.insights.values import Value, compare, number, text

Column = list[Value]
_COMPARISONS: dict[str, Callable[[int], bool]] = {
    "=": lambda order: order == 0,
    "!=": lambda order: order != 0,
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}


def evaluate(expression: Expression, rows: Sequence[Row]) -> Column:
    """The expression's value for each row."""
    match expression:
        case Literal(value):
            return [value] * len(rows)
        case Field(name):
            return [row.get(name) for row in rows]
        case Unary(operator, operand):
            compute = NEGATE if operator == "-" else _not
            return [compute(value) for value in evaluate(operand, rows)]
        case Binary(operator, left, right):
            return _binary(operator, evaluate(left, rows), evaluate(right, rows))
        case Like(operand, pattern):
            return _like(evaluate(operand, rows), pattern)
        case In(operand, choices):
            return _in(evaluate(operand, rows), [evaluate(choice, rows) for choice in choices])
        case Call(name, arguments):
            function = BIN if name == "bin" else FUNCTIONS[name]
            columns = [evaluate(argument, rows) for argument in arguments]
            return [function.compute(*values) for values in zip(*columns, strict=True)]
        case Aggregate():
            raise AssertionError("aggregates are computed before what contains them")


def truth(value: Value) -> bool | None:
    """A value as a condition: numbers are true unless 0, texts are not."""
    if value is None:
        return None
    found = number(value)
    return found is not None and found != 0


def _not(value: Value) -> Value:
    found = truth(value)
    return None if found is None else int(not found)


def _binary(operator: str, left: Column, right: Column) -> Column:
    pairs = zip(left, right, strict=True)
    if operator in ARITHMETIC:
        return [ARITHMETIC[operator](a, b) for a, b in pairs]
    if operator in _COMPARISONS:
        holds = _COMPARISONS[operator]
        orders = (compare(a, b) for a, b in pairs)
        return [None if order is None else int(holds(order)) for order in orders]
    # `and` is decided by a false, `or` by a true; a missing side leaves the rest undecided.
    decisive = operator == "or"
    return [_combine(truth(a), truth(b), decisive) for a, b in pairs]


def _combine(left: bool | None, right: bool | None, decisive: bool) -> Value:
    if decisive in (left, right):
        return int(decisive)
    return None if None in (left, right) else int(not decisive)


def _like(column: Column, pattern: str | patterns.Regex) -> Column:
    texts = [None if value is None else text(value) for value in column]
    if isinstance(pattern, str):
        return [None if value is None else int(pattern in value) for value in texts]
    return [None if found is None else int(found) for found in patterns.matches(pattern, texts)]


def _in(column: Column, choices: list[Column]) -> Column:
    return [
        None if value is None else int(any(compare(value, choice[index]) == 0 for choice in choices))
        for index, value in enumerate(column)
    ]
