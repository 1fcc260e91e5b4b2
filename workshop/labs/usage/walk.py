"""Walks a bucket to its end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Any

from workshop.labs.usage import beside
from workshop.labs.usage.calls import Calls
from workshop.labs.usage.merge import merge
from workshop.labs.usage.parts import divide


@dataclass(frozen=True)
class Progress:
    """How far a walk is: objects counted, parts done, parts in all."""

    objects: int
    done: int
    parts: int


def walk(
    calls: Calls,
    bucket: str,
    *,
    prefix: str = "",
    delimiter: str = "/",
    depth: int = 1,
    top: int = 10,
    workers: int = 4,
    tell: Callable[[Progress], None] = lambda _: None,
) -> dict[str, Any]:
    """The usage of every key under `prefix`: each part's cursor is followed to its end, `workers` parts at a time.

    The report has the shape of the API's without `truncated` and `cursor`, and with `by_prefix_complete` and `parts`.
    `tell` is called from several threads, one at a time. When a call fails for good the other parts stop too: LabError.
    """
    parts = divide(calls, bucket, prefix, delimiter)
    counter = _Counter(len(parts.prefixes), tell)
    stopped = threading.Event()

    def follow(part: str) -> list[dict[str, Any]]:
        query = {"prefix": part, "delimiter": delimiter, "depth": str(depth), "top": str(top)}
        reports: list[dict[str, Any]] = []
        while not stopped.is_set():
            report = calls.get(f"/buckets/{bucket}/usage", query)
            reports.append(report)
            counter.add(report["objects"], ended=not report["truncated"])
            if not report["truncated"]:
                break
            query["cursor"] = report["cursor"]
        return reports

    reports = [beside.report(parts.objects, delimiter=delimiter, depth=depth)]
    with ThreadPoolExecutor(max_workers=workers) as pool:
        try:
            for future in as_completed([pool.submit(follow, part) for part in parts.prefixes]):
                reports += future.result()
        except BaseException:  # Ctrl-C too: what has not begun never does
            stopped.set()
            pool.shutdown(cancel_futures=True)
            raise
    return merge(reports, top) | {"parts": len(parts.prefixes)}


class _Counter:
    def __init__(self, parts: int, tell: Callable[[Progress], None]) -> None:
        self._lock = threading.Lock()
        self._tell = tell
        self._objects, self._done, self._parts = 0, 0, parts

    def add(self, objects: int, *, ended: bool) -> None:
        with self._lock:
            self._objects += objects
            self._done += ended
            self._tell(Progress(self._objects, self._done, self._parts))
