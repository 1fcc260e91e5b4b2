"""The log store, in this process and without a server, keeps within its limit and its groups' retention."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from ministack.services import cloudwatch_logs

from workshop.cloud.execution.output import BYTES_A_LINE
from workshop.cloud.ministack_seam import log_limit
from workshop.cloud.ministack_seam.log_limit import LogLimit

HOUR_MS = 3_600_000
NOW_MS = int(time.time() * 1000)


@pytest.fixture(autouse=True)
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty store with room for 100 short lines, in two groups of two streams."""
    monkeypatch.setattr(cloudwatch_logs, "_append_log_events", cloudwatch_logs._append_log_events)
    cloudwatch_logs.reset()
    LogLimit(100 * BYTES_A_LINE).install()
    for group in ("one", "two"):
        cloudwatch_logs._create_log_group({"logGroupName": group})
        for stream in ("a", "b"):
            cloudwatch_logs._create_log_stream({"logGroupName": group, "logStreamName": stream})
    yield
    cloudwatch_logs.reset()


def put(group: str, stream: str, *messages: str, timestamp: int = NOW_MS) -> None:
    events = [{"timestamp": timestamp, "message": message} for message in messages]
    cloudwatch_logs._put_log_events({"logGroupName": group, "logStreamName": stream, "logEvents": events})


def kept() -> list[str]:
    groups: Any = cloudwatch_logs._log_groups
    streams = (stream for group in groups.values() for stream in group["streams"].values())
    return [event["message"] for stream in streams for event in stream["events"]]


def records() -> int:
    return len(cloudwatch_logs._log_records)


def test_the_oldest_events_of_all_groups_go_first() -> None:
    places = [(group, stream) for group in ("one", "two") for stream in ("a", "b")]
    for number in range(1000):
        put(*places[number % 4], f"{number}")
        assert len(kept()) <= 100
    numbers = sorted(map(int, kept()))
    assert numbers == list(range(numbers[0], 1000))
    assert 70 <= len(numbers) <= 100
    assert records() == len(numbers)


def test_long_lines_count_by_their_length() -> None:
    for _ in range(10):
        put("one", "a", "x" * 30 * BYTES_A_LINE)
    assert 1 <= len(kept()) <= 3
    assert records() == len(kept())


def test_what_was_just_stored_stays_however_much_it_is() -> None:
    put("one", "a", "before")
    put("one", "b", *map(str, range(500)))
    assert kept() == list(map(str, range(500)))


def test_what_is_deleted_makes_room() -> None:
    for number in range(60):
        put("one", "a", f"deleted {number}")
    cloudwatch_logs._delete_log_group({"logGroupName": "one"})
    for number in range(90):
        put("two", "a", f"{number}")
    assert len(kept()) == 90


def test_a_groups_retention_holds() -> None:
    cloudwatch_logs._put_retention_policy({"logGroupName": "one", "retentionInDays": 1})
    for group in ("one", "two"):
        put(group, "a", "old", timestamp=NOW_MS - 25 * HOUR_MS)
        put(group, "a", "young", timestamp=NOW_MS - 23 * HOUR_MS)
    log_limit.remove_expired(NOW_MS)
    assert kept() == ["young", "old", "young"]
    assert records() == 3
