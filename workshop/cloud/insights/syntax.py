"""The plan of a query: commands, and the expressions in them."""

from __future__ import annotations

from dataclasses import dataclass

from workshop.cloud.insights.patterns import Regex
from workshop.cloud.insights.values import Value


@dataclass(frozen=True)
class Literal:
    """A number, a string, or the milliseconds of a duration."""

    value: Value


@dataclass(frozen=True)
class Field:
    """A field's value, or missing."""

    name: str


@dataclass(frozen=True)
class Unary:
    """`-` or `not`."""

    operator: str
    operand: Expression


@dataclass(frozen=True)
class Binary:
    """Arithmetic, a comparison, `and` or `or`."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Like:
    """Whether a value contains a text or matches a regular expression."""

    operand: Expression
    pattern: str | Regex


@dataclass(frozen=True)
class In:
    """Whether a value equals one of several."""

    operand: Expression
    choices: tuple[Expression, ...]


@dataclass(frozen=True)
class Call:
    """A function of each row."""

    function: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True)
class Aggregate:
    """A function of a group of rows. `argument` is None for `count(*)`, `percent` is only for percentiles."""

    function: str
    argument: Expression | None
    percent: float | None = None


Expression = Literal | Field | Unary | Binary | Like | In | Call | Aggregate


@dataclass(frozen=True)
class Named:
    """An expression and its column's name: the alias, or else the text as it was written."""

    expression: Expression
    name: str


@dataclass(frozen=True)
class Fields:
    """`fields`: computes columns and shows them beside those already shown."""

    columns: tuple[Named, ...]


@dataclass(frozen=True)
class Display:
    """`display`: computes columns and shows only them."""

    columns: tuple[Named, ...]


@dataclass(frozen=True)
class Filter:
    """`filter`: keeps rows for which the condition holds."""

    condition: Expression


@dataclass(frozen=True)
class Parse:
    """`parse`: makes fields of the named groups of a regular expression."""

    source: Expression
    regex: Regex


@dataclass(frozen=True)
class Stats:
    """`stats`: one row for each combination of keys."""

    columns: tuple[Named, ...]
    keys: tuple[Named, ...]


@dataclass(frozen=True)
class Sort:
    """`sort`: expressions, and whether each descends."""

    keys: tuple[tuple[Expression, bool], ...]


@dataclass(frozen=True)
class Limit:
    """`limit`: the first so many rows."""

    count: int


Command = Fields | Display | Filter | Parse | Stats | Sort | Limit
Plan = tuple[Command, ...]
