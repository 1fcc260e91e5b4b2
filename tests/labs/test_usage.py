"""Walking a whole bucket: divided, followed, added up. The API is lab 01's own summary over a list of keys."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop.labs import catalog, usage
from workshop.labs.errors import LabError
from workshop.labs.usage import calls as calls_module
from workshop.labs.usage.calls import PatientCalls

NOW = datetime.now(UTC).replace(microsecond=0)
KEYS = st.lists(st.text("ab/é", min_size=1, max_size=6), unique=True, max_size=40)


@pytest.fixture(scope="module", autouse=True)
def lab_01() -> Iterator[None]:
    """Lab 01's code, importable for this module alone."""
    path = str(catalog.find_lab("01").path / "src")
    sys.path.insert(0, path)
    yield
    sys.path.remove(path)
    for name in [name for name in sys.modules if name.split(".")[0] in ("s3_work", "s3_admin_lab")]:
        del sys.modules[name]


class FakeLab:
    """Serves the two routes over keys; a call of `usage` scans `page` keys."""

    def __init__(self, keys: list[str], page: int = 3) -> None:
        self.page = page
        self.rows = [
            {
                "Key": key,
                "Size": len(key) ** 3 % 70,
                "ETag": f'"{len(key)}"',
                "StorageClass": "STANDARD" if index % 2 else "GLACIER",
                "LastModified": NOW - timedelta(days=37 * index),
            }
            for index, key in enumerate(sorted(keys, key=str.encode))
        ]

    def get(self, path: str, query: dict[str, str]) -> dict[str, Any]:
        rows = [row for row in self.rows if row["Key"].startswith(query["prefix"])]
        return self._usage(rows, query) if path.endswith("/usage") else self._objects(rows, query)

    def _usage(self, rows: list[dict[str, Any]], query: dict[str, str]) -> dict[str, Any]:
        from s3_work.usage_summary import UsageSummary

        start = int(query.get("cursor", "0"))
        summary = UsageSummary(query["delimiter"], int(query["depth"]), int(query["top"]))
        if scanned := rows[start : start + self.page]:
            summary.add(scanned)
        more = start + self.page < len(rows)
        following = {"truncated": more, "cursor": str(start + self.page) if more else None}
        return summary.report() | {"scanned_pages": 1} | following

    def _objects(self, rows: list[dict[str, Any]], query: dict[str, str]) -> dict[str, Any]:
        prefix, delimiter = query["prefix"], query["delimiter"]
        beside = [row for row in rows if delimiter not in row["Key"][len(prefix) :]]
        folders = {
            prefix + row["Key"][len(prefix) :].split(delimiter)[0] + delimiter for row in rows if row not in beside
        }
        listed = [
            {
                "key": row["Key"], "size": row["Size"], "etag": row["ETag"].strip('"'),
                "storage_class": row["StorageClass"],
                "last_modified": row["LastModified"].strftime("%Y-%m-%dT%H:%M:%SZ"),
            }
            for row in beside
        ]  # fmt: skip
        return {"objects": listed, "prefixes": sorted(folders), "cursor": None}


@settings(max_examples=60, deadline=None)
@given(keys=KEYS, depth=st.integers(1, 3), page=st.integers(1, 5))
def test_the_sum_of_the_parts_is_the_report_of_one_walk(keys: list[str], depth: int, page: int) -> None:
    together = FakeLab(keys, page=1_000).get(
        "/buckets/b/usage", {"prefix": "", "delimiter": "/", "depth": str(depth), "top": "5"}
    )
    found = usage.walk(FakeLab(keys, page), "b", depth=depth, top=5)
    for field in ("objects", "bytes", "by_prefix", "by_storage_class", "by_age", "size_histogram", "largest"):
        assert found[field] == together[field], field
    duplicates = found["duplicates"]
    assert duplicates["wasted_bytes"] <= together["duplicates"]["wasted_bytes"]
    if duplicates["complete"]:
        assert duplicates == together["duplicates"]


def test_progress_ends_at_everything() -> None:
    told: list[usage.Progress] = []
    usage.walk(FakeLab([f"{folder}/{number}" for folder in "abc" for number in range(7)]), "b", tell=told.append)
    assert told[-1] == usage.Progress(objects=21, done=3, parts=3)
    assert len(told) == 9, "three pages of each part"


def test_a_failure_ends_the_walk() -> None:
    class Failing(FakeLab):
        def get(self, path: str, query: dict[str, str]) -> dict[str, Any]:
            if query["prefix"] == "b/" and "cursor" in query:
                raise LabError("GET b/: 502")
            return super().get(path, query)

    with pytest.raises(LabError, match="502"):
        usage.walk(Failing([f"{folder}/{number}" for folder in "abc" for number in range(7)]), "b")


def _calls(answers: list[httpx.Response | Exception]) -> PatientCalls:
    def answer(_request: httpx.Request) -> httpx.Response:
        following = answers.pop(0)
        if isinstance(following, Exception):
            raise following
        return following

    return PatientCalls(httpx.Client(base_url="http://lab", transport=httpx.MockTransport(answer)))


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waited: list[float] = []
    monkeypatch.setattr(calls_module.time, "sleep", waited.append)
    return waited


def test_what_passes_is_tried_again(waits: list[float]) -> None:
    answers: list[httpx.Response | Exception] = [
        httpx.Response(429, headers={"Retry-After": "2"}),
        httpx.ReadTimeout("slow"),
        httpx.Response(200, json={"objects": 1}),
    ]
    assert _calls(answers).get("/x", {}) == {"objects": 1}
    assert waits[0] == 2.0
    assert len(waits) == 2


@pytest.mark.parametrize(("status", "tries"), [(404, 1), (401, 1), (503, 5)])
def test_the_last_answer_is_told(waits: list[float], status: int, tries: int) -> None:
    answers: list[httpx.Response | Exception] = [httpx.Response(status, json={"detail": "no bucket 'x'"})] * 5
    with pytest.raises(LabError, match=f"GET /x: {status} no bucket 'x'"):
        _calls(answers).get("/x", {})
    assert len(waits) == tries - 1
