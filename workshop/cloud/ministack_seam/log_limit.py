"""How much of CloudWatch Logs is kept: MiniStack has it in memory and keeps all, whatever a group's retention says."""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ministack.core import responses
from ministack.services import cloudwatch_logs

from workshop.cloud.execution.output import BYTES_A_LINE

Event = dict[str, Any]
Stream = dict[str, Any]

_LIMIT_BYTES = 256 << 20
# Removing goes through whole streams, so it is done rarely, and then thoroughly.
_KEPT_SHARE = 0.75
_RETENTION_EVERY_S = 60.0
_DAY_MS = 86_400_000


@dataclass(frozen=True)
class _Batch:
    """What one PutLogEvents stored."""

    account: str
    region: str
    stream: Stream
    event_ids: list[str]
    size: int


class LogLimit:
    """Keeps the store within a size, all groups together: what was stored first goes first."""

    def __init__(self, limit_bytes: int = _LIMIT_BYTES) -> None:
        self._limit = limit_bytes
        self._batches: deque[_Batch] = deque()
        self._size = 0
        self._next_retention = 0.0
        self._lock = threading.Lock()

    def install(self) -> None:
        """From here on whatever is stored is counted, whoever stores it."""
        append: Callable[[Stream, list[Event]], None] = cloudwatch_logs._append_log_events

        def append_and_count(stream: Stream, events: list[Event]) -> None:
            append(stream, events)
            self.count(stream, events)

        cloudwatch_logs._append_log_events = append_and_count

    def count(self, stream: Stream, events: list[Event]) -> None:
        """Note events just stored, and remove the oldest when there are too many."""
        size = sum(len(event["message"]) + BYTES_A_LINE for event in events)
        ids = [event["eventId"] for event in events]
        with self._lock:
            self._batches.append(_Batch(responses.get_account_id(), responses.get_region(), stream, ids, size))
            self._size += size
            if self._size > self._limit:
                self._forget_deleted_streams()
            if self._size > self._limit:
                self._remove_oldest()
            if time.monotonic() >= self._next_retention:
                self._next_retention = time.monotonic() + _RETENTION_EVERY_S
                remove_expired(time.time_ns() // 1_000_000)

    def _forget_deleted_streams(self) -> None:
        """A deleted stream's events are held by their batches only."""
        groups = list(cloudwatch_logs._log_groups._data.values())
        alive = {id(stream) for group in groups for stream in list(group["streams"].values())}
        self._batches = deque(batch for batch in self._batches if id(batch.stream) in alive)
        self._size = sum(batch.size for batch in self._batches)

    def _remove_oldest(self) -> None:
        removed: dict[int, list[_Batch]] = defaultdict(list)
        # The last one stays: whoever just stored it wants to read it.
        while self._size > self._limit * _KEPT_SHARE and len(self._batches) > 1:
            batch = self._batches.popleft()
            self._size -= batch.size
            removed[id(batch.stream)].append(batch)
        for batches in removed.values():
            first = batches[0]
            ids = {event_id for batch in batches for event_id in batch.event_ids}
            _remove(first.account, first.region, first.stream, ids)


def remove_expired(now_ms: int) -> None:
    """Remove what is older than its group's retention, as AWS does within some days."""
    for (account, region, _), group in list(cloudwatch_logs._log_groups._data.items()):
        days = group.get("retentionInDays")
        if not days:
            continue
        oldest = now_ms - days * _DAY_MS
        for stream in list(group["streams"].values()):
            expired = {event["eventId"] for event in stream["events"] if event["timestamp"] < oldest}
            if expired:
                _remove(account, region, stream, expired)


def _remove(account: str, region: str, stream: Stream, event_ids: set[str]) -> None:
    """Readers hold on to the old list, or find the new one."""
    with cloudwatch_logs._log_events_lock:
        stream["events"] = [event for event in stream["events"] if event["eventId"] not in event_ids]
    for event_id in event_ids:
        cloudwatch_logs._log_records.pop_scoped(account, region, event_id, None)
