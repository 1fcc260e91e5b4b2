"""A query's text as a plan."""

from __future__ import annotations

from collections.abc import Callable

from workshop.cloud.insights import patterns, syntax
from workshop.cloud.insights.errors import MalformedQueryError
from workshop.cloud.insights.expressions import ExpressionParser
from workshop.cloud.insights.reader import Reader
from workshop.cloud.insights.scope import check_stats

MAX_LIMIT = 10_000


def parse(query: str) -> syntax.Plan:
    """The plan of a query. Raises MalformedQueryError for whatever is not understood."""
    try:
        query.encode()
    except UnicodeEncodeError:
        raise MalformedQueryError("the query is not valid Unicode") from None
    reader = Reader(query)
    if reader.token.kind == "end":
        raise MalformedQueryError("the query is empty")
    plan = [_command(reader)]
    while reader.took_operator("|"):
        plan.append(_command(reader))
    if reader.token.kind != "end":
        raise reader.unexpected("| or the end")
    return tuple(plan)


def _command(reader: Reader) -> syntax.Command:
    name = reader.token
    read = _COMMANDS.get(name.text.lower()) if name.kind == "name" else None
    if read is None:
        raise reader.unexpected(f"a command ({', '.join(_COMMANDS)})")
    reader.take()
    return read(reader)


def _fields(reader: Reader) -> syntax.Command:
    return syntax.Fields(_columns(reader))


def _display(reader: Reader) -> syntax.Command:
    return syntax.Display(_columns(reader))


def _filter(reader: Reader) -> syntax.Command:
    return syntax.Filter(ExpressionParser(reader).parse())


def _stats(reader: Reader) -> syntax.Command:
    start = reader.token
    columns = _columns(reader, aggregates=True)
    keys = _columns(reader) if reader.took_word("by") else ()
    stats = syntax.Stats(columns, keys)
    check_stats(stats, start.start)
    return stats


def _columns(reader: Reader, *, aggregates: bool = False) -> tuple[syntax.Named, ...]:
    columns = [_column(reader, aggregates)]
    while reader.took_operator(","):
        columns.append(_column(reader, aggregates))
    return tuple(columns)


def _column(reader: Reader, aggregates: bool) -> syntax.Named:
    start = reader.token
    expression = ExpressionParser(reader, aggregates=aggregates).parse()
    name = expression.name if isinstance(expression, syntax.Field) else reader.written_since(start)
    return syntax.Named(expression, reader.field_name() if reader.took_word("as") else name)


def _parse(reader: Reader) -> syntax.Command:
    source = reader.field_name() if reader.token.kind in ("name", "field") else "@message"
    token = reader.take()
    if token.kind == "regex":
        regex = patterns.compile_regex(token.text, token.start)
        if not regex.groups:
            raise MalformedQueryError("the expression has no named group, as in (?<name>...)", token.start)
        return syntax.Parse(syntax.Field(source), regex)
    if token.kind != "string":
        raise MalformedQueryError("expected a /regular expression/ or a pattern in quotes", token.start)
    if not reader.took_word("as"):
        raise reader.unexpected("as, and a name for each *")
    names = [reader.field_name()]
    while reader.took_operator(","):
        names.append(reader.field_name())
    regex = patterns.glob(token.text, names, token.start)
    return syntax.Parse(syntax.Field(source), regex)


def _sort(reader: Reader) -> syntax.Command:
    reader.took_word("by")
    keys = [_sort_key(reader)]
    while reader.took_operator(","):
        keys.append(_sort_key(reader))
    return syntax.Sort(tuple(keys))


def _sort_key(reader: Reader) -> tuple[syntax.Expression, bool]:
    expression = ExpressionParser(reader).parse()
    descending = reader.took_word("desc")
    if not descending:
        reader.took_word("asc")
    return expression, descending


def _limit(reader: Reader) -> syntax.Command:
    start = reader.token
    count = reader.number("a number of rows")
    if not 1 <= count <= MAX_LIMIT or not count.is_integer():
        raise MalformedQueryError(f"a limit is a whole number from 1 to {MAX_LIMIT}", start.start)
    return syntax.Limit(int(count))


_COMMANDS: dict[str, Callable[[Reader], syntax.Command]] = {
    "fields": _fields,
    "display": _display,
    "filter": _filter,
    "parse": _parse,
    "stats": _stats,
    "sort": _sort,
    "limit": _limit,
}
