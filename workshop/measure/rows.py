"""One row of measurement, whatever took it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class Row:
    """One invocation. Times are milliseconds, memory is MB, `started_at` is RFC 3339 in UTC.

    `duration_ms` of a cold row is the first duration: INIT is not part of it, but is part of `billed_ms`.
    `client_ms` is the whole call as the caller saw it. `cpu_ms` and `init_cpu_ms` are None where the
    platform does not tell them, as on AWS. A failed invocation has an `error`, and no figures if the platform
    gave none. `run` names the measuring run that the row belongs to: "<name>@<when it began>".
    """

    run: str
    lab: str
    function: str
    event: str
    runtime: str
    architecture: str
    memory_mb: int
    target: str
    cold: bool
    init_ms: float | None
    duration_ms: float | None
    billed_ms: float | None
    max_memory_mb: int | None
    client_ms: float
    cpu_ms: float | None
    init_cpu_ms: float | None
    request_id: str
    started_at: str
    error: str | None

    def as_dict(self) -> dict[str, Any]:
        """The row as plain values, for JSON."""
        return asdict(self)


# pandas' own nullable types: a missing figure is <NA>, and an integer stays one beside it.
_DTYPES = {
    "str": "string",
    "str | None": "string",
    "bool": "boolean",
    "int": "Int64",
    "int | None": "Int64",
    "float": "Float64",
    "float | None": "Float64",
}
DTYPES: dict[str, str] = {
    field.name: "datetime64[ms, UTC]" if field.name == "started_at" else _DTYPES[str(field.type)]
    for field in fields(Row)
}


def now() -> str:
    """The time, written as `started_at` has it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def data_frame(rows: Iterable[Row]) -> pd.DataFrame:
    """The rows as a data frame with one column for each field, typed also when there are none."""
    return frame_of_dicts(row.as_dict() for row in rows)


def frame_of_dicts(records: Iterable[dict[str, Any]]) -> pd.DataFrame:
    """Like `data_frame`, of rows as they come out of JSON; a field that a record lacks is missing."""
    frame = pd.DataFrame(list(records), columns=list(DTYPES))
    frame["started_at"] = pd.to_datetime(frame["started_at"], utc=True, format="ISO8601")
    return frame.astype(DTYPES)


def succeeded(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows whose invocation succeeded: only those may go into a statistic."""
    return rows[rows["error"].isna()]


def cold(rows: pd.DataFrame) -> pd.DataFrame:
    """The successful cold starts among the rows."""
    good = succeeded(rows)
    return good[good["cold"]]


def warm(rows: pd.DataFrame) -> pd.DataFrame:
    """The successful warm invocations among the rows."""
    good = succeeded(rows)
    return good[~good["cold"]]
