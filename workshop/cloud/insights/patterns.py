"""Regular expressions over a column of texts.

DuckDB matches them with RE2, in time that grows with the text only: a careless expression must not stop the
local cloud. Python's `re` only tells a group's number by its name. So an expression has to be good for both;
look-around is not.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

from workshop.cloud.insights import duck
from workshop.cloud.insights.errors import MalformedQueryError


@dataclass(frozen=True)
class Regex:
    """An expression that was tried, in RE2's syntax, and its named groups."""

    source: str
    groups: tuple[tuple[str, int], ...]


def compile_regex(source: str, position: int) -> Regex:
    """Raises MalformedQueryError for what is no regular expression."""
    python_source = re.sub(r"\(\?<(?=[A-Za-z_])", "(?P<", source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Python may read differently one day, RE2 reads today
            groups = re.compile(python_source).groupindex
    except (re.error, OverflowError, RecursionError, ValueError) as error:
        raise MalformedQueryError(f"cannot use the regular expression /{source}/: {error}", position) from None
    return _tried(Regex(python_source, tuple(groups.items())), position)


def glob(pattern: str, names: Sequence[str], position: int) -> Regex:
    """The expression for `a * b *`: each star is a field."""
    parts = pattern.split("*")
    if len(parts) - 1 != len(names) or len(parts) == 1:
        message = f"the pattern has {len(parts) - 1} * and {len(names)} names: each * needs a name"
        raise MalformedQueryError(message, position)
    source = "(.*?)".join(re.escape(part) for part in parts)
    if not parts[0]:
        source = "^" + source
    if not parts[-1]:
        source += "$"
    groups = tuple((name, number) for number, name in enumerate(names, start=1))
    return _tried(Regex("(?s)" + source, groups), position)


def _tried(regex: Regex, position: int) -> Regex:
    try:
        matches(regex, [""])
        if regex.groups:
            extract(regex, [""])
    except duck.error() as error:
        message = f"cannot use the regular expression /{regex.source}/, which RE2 has to understand: {error}"
        raise MalformedQueryError(message, position) from None
    return regex


def matches(regex: Regex, texts: Sequence[str | None]) -> list[bool | None]:
    """For each text whether the expression matches somewhere in it."""
    rows = duck.query("SELECT regexp_matches(t, $2) FROM (SELECT unnest($1::VARCHAR[]) AS t)", [texts, regex.source])
    return [row[0] for row in rows]


def extract(regex: Regex, texts: Sequence[str | None]) -> list[dict[str, str] | None]:
    """For each text what the named groups caught, None where the expression does not match."""
    # A list of names gets the groups from the first on; by number, DuckDB only knows those up to the ninth.
    last = max((number for _, number in regex.groups), default=1)
    names = ", ".join(f"'g{number}'" for number in range(1, last + 1))
    sql = (
        f"SELECT CASE WHEN regexp_matches(t, $2) THEN regexp_extract(t, $2, [{names}]) END "  # noqa: S608 (ours)
        "FROM (SELECT unnest($1::VARCHAR[]) AS t)"
    )
    found = (row[0] for row in duck.query(sql, [texts, regex.source]))
    return [caught and {name: caught[f"g{number}"] for name, number in regex.groups} for caught in found]
