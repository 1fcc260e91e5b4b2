"""What of a `stats` command may stand where."""

from __future__ import annotations

from collections.abc import Iterator

from workshop.cloud.insights.errors import MalformedQueryError
from workshop.cloud.insights.syntax import Aggregate, Binary, Call, Expression, Field, In, Like, Stats, Unary


def aggregates_in(expression: Expression) -> Iterator[Aggregate]:
    """All aggregates of an expression."""
    return (part for part in _outside(expression) if isinstance(part, Aggregate))


def check_stats(stats: Stats, position: int) -> None:
    """Refuse columns that are no aggregates, or that have a field which a group has many values of."""
    keys = {key.name for key in stats.keys}
    for column in stats.columns:
        parts = list(_outside(column.expression))
        loose = [part.name for part in parts if isinstance(part, Field) and part.name not in keys]
        if loose or not any(isinstance(part, Aggregate) for part in parts):
            name = loose[0] if loose else column.name
            raise MalformedQueryError(f"{name} in stats is neither in an aggregate nor after by", position)
    names = [named.name for named in (*stats.keys, *stats.columns)]
    if len(set(names)) < len(names):
        raise MalformedQueryError("two columns of stats have the same name: give one an alias with as", position)


def _outside(expression: Expression) -> Iterator[Expression]:
    """An expression and its parts, but not what is inside aggregates."""
    yield expression
    for child in _children(expression):
        yield from _outside(child)


def _children(expression: Expression) -> tuple[Expression, ...]:
    match expression:
        case Unary(_, operand) | Like(operand, _):
            return (operand,)
        case Binary(_, left, right):
            return (left, right)
        case In(operand, choices):
            return (operand, *choices)
        case Call(_, arguments):
            return arguments
        case _:
            return ()
