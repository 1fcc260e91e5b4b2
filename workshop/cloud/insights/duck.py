"""DuckDB, loaded by the first query and not by the start of the local cloud."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    import duckdb

    # One thread: functions are being measured on the same cores. Nothing outside is reachable.
    settings: dict[str, Any] = {"threads": 1, "enable_external_access": False}
    return duckdb.connect(":memory:", config=settings)


def query(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows. `sql` is always text of ours; what a query brings comes as parameters."""
    return _connection().cursor().execute(sql, list(parameters)).fetchall()


def error() -> type[Exception]:
    """What DuckDB raises."""
    import duckdb

    return duckdb.Error
