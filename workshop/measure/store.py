"""Keeps rows: each is written as it comes, and a run that was interrupted goes on where it stopped."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd

from workshop.measure.errors import MeasureError
from workshop.measure.function import LambdaFunction
from workshop.measure.rows import Row, frame_of_dicts, now

# A machine is not the same machine a day later, nor is its load.
_GOES_ON_FOR = timedelta(hours=12)


def results_directory() -> Path:
    """Where results go: `WORKSHOP_RESULTS` if set, else `results/` in the checkout."""
    chosen = os.environ.get("WORKSHOP_RESULTS")
    return Path(chosen) if chosen else Path(__file__).resolve().parents[2] / "results"


@dataclass
class Run:
    """The rows of one measuring run. Without a `store` they are kept in memory only."""

    id: str
    rows: list[Row] = field(default_factory=list)
    store: Results | None = None

    def add(self, row: Row) -> None:
        """Keep a row, on disk before this returns if the run has a store."""
        if self.store is not None:
            self.store.append(row)
        self.rows.append(row)

    def finish(self) -> None:
        """Say that the run is complete: the next one of its name starts afresh."""
        if self.store is not None:
            self.store.close_run(self.id)


@dataclass(frozen=True)
class Results:
    """A file of rows, one JSON object a line (by default `results/measurements.jsonl`)."""

    path: Path = field(default_factory=lambda: results_directory() / "measurements.jsonl")

    def append(self, row: Row) -> None:
        """Add one row. What a writer that was killed left of its last line is cut off first."""
        line = json.dumps(row.as_dict(), separators=(",", ":"), ensure_ascii=False) + "\n"
        with self._locked() as file:
            file.truncate(_end_of_last_line(file))
            file.seek(0, os.SEEK_END)
            file.write(line.encode())

    def records(self) -> list[dict[str, Any]]:
        """The rows as they are in the file; a torn last line is no row. Raises `MeasureError` for other damage."""
        if not self.path.exists():
            return []
        records = []
        # Whatever follows the last line break was being written when its writer died.
        for number, line in enumerate(self.path.read_bytes().split(b"\n")[:-1], start=1):
            try:
                record = json.loads(line)
                record["run"]
            except (ValueError, KeyError, TypeError) as error:
                raise MeasureError(f"line {number} of {self.path} is not a row: delete the line") from error
            records.append(record)
        return records

    def rows(self) -> pd.DataFrame:
        """Every row of the file as a data frame."""
        return frame_of_dicts(self.records())

    def begin(self, name: str, functions: Iterable[LambdaFunction], **settings: Any) -> Run:
        """A new run, or the last one of this name if that was interrupted.

        It goes on only if code and memory of all functions and the `settings` are still the same, and it
        is not older than twelve hours. Call `Run.finish` when all is measured.
        """
        of = {"functions": _fingerprint(functions), "settings": json.loads(json.dumps(settings))}
        open_runs = self._open_runs()
        last = open_runs.get(name)
        if last is not None and last["of"] == of and _age(last["id"]) < _GOES_ON_FOR:
            rows = [Row(**record) for record in self.records() if record["run"] == last["id"]]
            return Run(last["id"], rows, self)
        run = Run(f"{name}@{now()}", store=self)
        self._save_open_runs(open_runs | {name: {"id": run.id, "of": of}})
        return run

    def close_run(self, run_id: str) -> None:
        """Forget that the run is open."""
        self._save_open_runs({name: one for name, one in self._open_runs().items() if one["id"] != run_id})

    @property
    def _open_runs_path(self) -> Path:
        return self.path.with_suffix(".open-runs.json")

    def _open_runs(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads(self._open_runs_path.read_text())
        except (FileNotFoundError, ValueError):
            return {}  # damaged is as good as none: the next run starts afresh
        return found

    def _save_open_runs(self, runs: dict[str, Any]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self._open_runs_path.with_suffix(".part")
        part.write_text(json.dumps(runs, indent=1))
        part.replace(self._open_runs_path)

    def _locked(self) -> BinaryIO:
        """The file, open and locked until it is closed, since two notebooks may write at once."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644), "r+b")
        fcntl.flock(file, fcntl.LOCK_EX)
        return file


def latest(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of the last run of each name on each target: older code's figures must not mix with newer's."""
    if rows.empty:
        return rows
    parts = rows["run"].str.rsplit("@", n=1, expand=True)
    last = parts[1].groupby([parts[0], rows["target"]]).transform("max")
    return rows[parts[1] == last]


def of_runs(rows: pd.DataFrame, *names: str) -> pd.DataFrame:
    """The rows of the runs with these names."""
    return rows[rows["run"].str.rsplit("@", n=1).str[0].isin(names)]


def _fingerprint(functions: Iterable[LambdaFunction]) -> list[list[Any]]:
    found = []
    for one in sorted(set(functions), key=lambda one: (one.lab, one.function, one.function_name)):
        now_is = one.configuration()
        found.append([one.lab, one.function, one.function_name, one.target, now_is.code_sha256, now_is.memory_mb])
    return found


def _age(run_id: str) -> timedelta:
    return datetime.now(UTC) - datetime.fromisoformat(run_id.rsplit("@", 1)[1])


def _end_of_last_line(file: BinaryIO) -> int:
    """Where the last complete line ends, read backwards in blocks since the file may be long."""
    position = file.seek(0, os.SEEK_END)
    while position > 0:
        start = max(0, position - 65536)
        file.seek(start)
        found = file.read(position - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        position = start
    return 0
