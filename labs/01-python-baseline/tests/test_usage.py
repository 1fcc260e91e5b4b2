from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from conftest import Aws
from hypothesis import given
from hypothesis import strategies as st

from functions import usage
from s3_work import usage_summary
from s3_work.usage_summary import UsageSummary

NOW = datetime.now(UTC)


def item(key: str, size: int = 1, days: float = 0, etag: str = "e", storage_class: str = "STANDARD") -> dict[str, Any]:
    moment = NOW - timedelta(days=days)
    return {"Key": key, "Size": size, "ETag": f'"{etag}"', "StorageClass": storage_class, "LastModified": moment}


def summed(items: list[dict[str, Any]], page: int = 3, **options: Any) -> dict[str, Any]:
    summary = UsageSummary(**({"delimiter": "/", "depth": 1, "top": 10} | options))
    for start in range(0, len(items), page):
        summary.add(items[start : start + page])
    return summary.report()


@pytest.mark.parametrize(
    ("key", "depth", "delimiter", "prefix"),
    [
        ("c.txt", 1, "/", ""),
        ("a/b/c.txt", 1, "/", "a/"),
        ("a/b/c.txt", 2, "/", "a/b/"),
        ("a/b/c.txt", 8, "/", "a/b/"),
        ("a/", 1, "/", "a/"),
        ("a//b", 2, "/", "a//"),
        ("/a", 1, "/", "/"),
        ("a::::b", 1, "::", "a::"),
    ],
)
def test_prefixes(key: str, depth: int, delimiter: str, prefix: str) -> None:
    report = summed([item(key, 5)], depth=depth, delimiter=delimiter)
    assert report["by_prefix"] == [{"prefix": prefix, "objects": 1, "bytes": 5}]


@given(st.lists(st.tuples(st.text("ab./ä", max_size=8), st.integers(0, 9)), max_size=60), st.integers(1, 3))
def test_dropping_prefixes_changes_nothing(keys: list[tuple[str, int]], depth: int) -> None:
    items = [item(key, size) for key, size in sorted(keys)]
    expected = summed(items, depth=depth)["by_prefix"][:4]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(usage_summary, "MAX_PREFIXES", 4)
        patch.setattr(usage_summary, "_MAX_OPEN_PREFIXES", 5)
        assert summed(items, depth=depth)["by_prefix"] == expected


@given(st.lists(st.integers(0, 50), max_size=40), st.integers(0, 12))
def test_the_largest_are_what_sorting_gives(sizes: list[int], top: int) -> None:
    items = [item(f"key-{number:03}", size) for number, size in enumerate(sizes)]
    expected = sorted(items, key=lambda entry: (-entry["Size"], entry["Key"]))[:top]
    assert [entry["key"] for entry in summed(items, top=top)["largest"]] == [entry["Key"] for entry in expected]


@given(st.integers(0, 1 << 45))
def test_each_size_is_in_the_smallest_bucket_that_holds_it(size: int) -> None:
    (row,) = summed([item("a", size)])["size_histogram"]
    le_bytes = row["le_bytes"]
    assert size <= le_bytes
    assert le_bytes == 1 or size > le_bytes // 4
    assert le_bytes == 4 ** ((le_bytes.bit_length() - 1) // 2)


def test_ages_change_on_the_day() -> None:
    days = [-1, 0, 6.9, 7, 29.9, 30, 89.9, 90, 364.9, 365, 4000]
    rows = summed([item(str(day), 2, day) for day in days])["by_age"]
    assert [(row["bucket"], row["objects"], row["bytes"]) for row in rows] == [
        ("<7d", 3, 6),
        ("<30d", 2, 4),
        ("<90d", 2, 4),
        ("<365d", 2, 4),
        (">=365d", 2, 4),
    ]


def test_classes_and_totals() -> None:
    report = summed([item("a", 1, storage_class="STANDARD_IA"), item("b", 2, storage_class="GLACIER"), item("c", 3)])
    assert (report["objects"], report["bytes"]) == (3, 6)
    assert [row["storage_class"] for row in report["by_storage_class"]] == ["GLACIER", "STANDARD", "STANDARD_IA"]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 2)), max_size=30))
def test_duplicates(pairs: list[tuple[str, int]]) -> None:
    report = summed([item(str(number), size, etag=etag) for number, (etag, size) in enumerate(pairs)])
    again = {pair: count for pair, count in Counter(pairs).items() if count > 1 and pair[1]}
    wasted = sum(size * (count - 1) for (_, size), count in again.items())
    assert report["duplicates"] == {"groups": len(again), "wasted_bytes": wasted, "complete": True}


def test_past_the_limit_known_pairs_still_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usage_summary, "MAX_TRACKED_DUPLICATES", 1)
    report = summed([item(str(number), 1, etag=etag) for number, etag in enumerate("abab")])
    assert report["duplicates"] == {"groups": 1, "wasted_bytes": 1, "complete": False}


KEYS = [f"dir-{number // 3}/key-{number:02}" for number in range(10)]


def list_objects(Prefix: str, StartAfter: str = "", ContinuationToken: str = "", **_: Any) -> dict[str, Any]:  # noqa: N803
    rest = [key for key in KEYS if key.startswith(Prefix) and key > max(StartAfter, ContinuationToken)]
    page = {"Contents": [item(key) for key in rest[:4]], "IsTruncated": len(rest) > 4}
    return page | ({"NextContinuationToken": rest[3]} if page["IsTruncated"] else {})


def test_a_walk_reads_every_page(aws: Aws, send: Callable[..., Any]) -> None:
    aws.answers["ListObjectsV2"] = list_objects
    status, body, _ = send(usage.handler, "GET", "/buckets/{bucket}/usage", bucket="abc")
    assert (status, body["objects"], body["scanned_pages"], body["truncated"], body["cursor"]) == (
        200,
        10,
        3,
        False,
        None,
    )


def test_out_of_time_it_goes_on_from_its_cursor(
    aws: Aws, send: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    aws.answers["ListObjectsV2"] = list_objects
    monkeypatch.setattr("conftest.Context.get_remaining_time_in_millis", lambda _: 2_000)
    query: dict[str, list[str]] = {"prefix": ["dir-"]}
    parts = []
    while True:
        _, body, _ = send(usage.handler, "GET", "/buckets/{bucket}/usage", query=query, bucket="abc")
        parts.append((body["objects"], body["scanned_pages"], body["truncated"]))
        if not body["truncated"]:
            break
        query["cursor"] = [body["cursor"]]
    assert parts == [(4, 1, True), (4, 1, True), (2, 1, False)]


def test_an_empty_bucket(aws: Aws, send: Callable[..., Any]) -> None:
    aws.answers["ListObjectsV2"] = {"IsTruncated": False}
    _, body, _ = send(usage.handler, "GET", "/buckets/{bucket}/usage", bucket="abc")
    assert (body["objects"], body["by_prefix"], body["largest"], body["scanned_pages"]) == (0, [], [], 1)


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ({"depth": ["9"]}, "'depth' must be a whole number from 1 to 8"),
        ({"top": ["101"]}, "'top' must be a whole number from 0 to 100"),
        ({"delimiter": [""]}, "'delimiter' must be 1 to 16 characters"),
        ({"cursor": [""]}, "'cursor' is not valid"),
        ({"limit": ["1"]}, "unknown query parameter 'limit'"),
    ],
)
def test_bad_parameters(aws: Aws, send: Callable[..., Any], query: object, detail: str) -> None:
    status, body, _ = send(usage.handler, "GET", "/buckets/{bucket}/usage", query=query, bucket="abc")
    assert (status, body["detail"], aws.calls) == (400, detail, [])


def test_no_such_bucket(aws: Aws, send: Callable[..., Any]) -> None:
    aws.fail("ListObjectsV2", "NoSuchBucket")
    status, body, _ = send(usage.handler, "GET", "/buckets/{bucket}/usage", bucket="abc")
    assert (status, body["detail"]) == (404, "no bucket 'abc'")
