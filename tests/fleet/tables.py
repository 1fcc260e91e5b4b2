"""What the consumer has counted: the counters, the markers of events, and the queues."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.fleet.traffic import Answered
from workshop.labs.lab import Lab

_OF_A_QUEUE = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


@dataclass(frozen=True, order=True)
class Key:
    """Who did what to which bucket, without the day. Nobody and no bucket are empty."""

    user: str
    bucket: str
    action: str
    what: str
    """`count`, `errors` or `bytes`."""


Sums = Counter[Key]


def sums_of(answered: Iterable[Answered]) -> Sums:
    """What the counters of these requests must be."""
    sums: Sums = Counter()
    for one in answered:
        route = one.route
        values = {"count": 1, "errors": int(route.status >= 400), "bytes": one.bytes}
        for what, value in values.items():
            sums[Key(one.user or "", route.bucket or "", route.operation, what)] += value
    return sums


@dataclass(frozen=True)
class Counted:
    """The counters of all days, and those days by user."""

    sums: Sums
    days: dict[str, set[str]]


def counters(lab: Lab) -> Counted:
    """As they are in the table."""
    sums: Sums = Counter()
    days: dict[str, set[str]] = {}
    for item in _items(lab, "CountersTable"):
        user, bucket = (item[name].get("S", "") for name in ("user", "bucket"))
        days.setdefault(user, set()).add(item["day"]["S"])
        for what in ("count", "errors", "bytes"):
            sums[Key(user, bucket, item["action"]["S"], what)] += int(item[what]["N"])
    return Counted(sums, days)


def markers(lab: Lab) -> set[str]:
    """The ids of all events that were counted."""
    return {item["event_id"]["S"] for item in _items(lab, "MarkersTable")}


def messages(lab: Lab, queue: str) -> int:
    """How many are in a queue, by the stack's output: waiting or being worked on."""
    client = lab.cloud.client("sqs")
    found = client.get_queue_attributes(QueueUrl=lab.outputs[queue], AttributeNames=_OF_A_QUEUE)
    return sum(int(value) for value in found["Attributes"].values())


def _items(lab: Lab, table: str) -> Iterator[dict[str, Any]]:
    scan = lab.cloud.client("dynamodb").get_paginator("scan")
    pages = scan.paginate(TableName=lab.outputs[table], ConsistentRead=True)
    return (item for page in pages for item in page["Items"])
