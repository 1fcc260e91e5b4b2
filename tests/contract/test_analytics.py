"""Lab 04 counts what its functions did: each request once, whatever the language."""

from __future__ import annotations

import time
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.contract import environments
from tests.contract.answers import Answers
from tests.contract.case import Case, nobody
from tests.contract.openapi import operations
from tests.contract.signer import ADA, ADAS_PASSWORD
from tests.contract.test_least_privilege import allowed
from tests.contract.world import FULL, MISSING

pytestmark = [pytest.mark.cloud, pytest.mark.timeout(240)]

FLEET = "04"
WAIT_SECONDS = 120
# function → a request to it, and the bucket that it is about
ASKED: dict[str, tuple[str, str, str | None, int]] = {
    "buckets": ("deleteBucket", f"/buckets/{MISSING}", MISSING, 404),
    "objects": ("listObjects", f"/buckets/{FULL}/objects", FULL, 200),
    "usage": ("getUsage", f"/buckets/{FULL}/usage", FULL, 200),
    "audit": ("audit", "/audit", None, 200),
    "lifecycle": ("getLifecycle", f"/buckets/{FULL}/lifecycle", FULL, 200),
    "tags": ("getTags", f"/buckets/{FULL}/tags", FULL, 200),
    "analytics": ("getAnalytics", "/analytics", None, 400),
}


@pytest.fixture
def fleet(every_lab: dict[str, Answers]) -> Answers:
    if FLEET not in every_lab:
        pytest.skip(f"lab {FLEET} is not among the labs under test")
    return every_lab[FLEET]


@pytest.fixture
def somebody() -> str:
    """A user that nobody else is; the name is one that a careless key would mix up."""
    return f"counted#{uuid.uuid4().hex[:8]}%23💾"


def send(fleet: Answers, user: str, operation: str, path: str) -> int:
    case = Case("", operation, path, 0, method=operations()[operation].method)
    token = fleet.signer.token(sub=user, role="admin")
    return fleet.send(Case(**{**vars(case), "credentials": lambda _: token})).status_code


def counters(fleet: Answers, user: str | None) -> list[dict[str, Any]]:
    """The user's counters, as they are in the table."""
    client = fleet.lab.cloud.client("dynamodb")
    pages = client.get_paginator("scan").paginate(TableName=fleet.lab.outputs["CountersTable"], ConsistentRead=True)
    items = [{name: next(iter(value.values())) for name, value in item.items()} for p in pages for item in p["Items"]]
    return [item for item in items if item["user"] == (True if user is None else user)]


def eventually(fleet: Answers, found: Callable[[], Any], expected: Any) -> None:
    """AssertionError with the last finding. Environments are ended now and then: what they hold is sent at once."""
    end = time.monotonic() + WAIT_SECONDS
    while (last := found()) != expected and time.monotonic() < end:
        environments.end(fleet.lab.cloud)
        time.sleep(1)
    assert last == expected


def served(fleet: Answers) -> dict[str, tuple[str, str, str | None, int]]:
    return {function: asked for function, asked in ASKED.items() if fleet.serves(asked[0])}


def test_every_function_delivers_its_events(fleet: Answers, somebody: str) -> None:
    asked = served(fleet)
    assert {send(fleet, somebody, operation, path) for operation, path, _, _ in asked.values()} == {200, 400, 404}
    expected = Counter(
        (operation, bucket or True, int(status >= 400)) for operation, _, bucket, status in asked.values()
    )

    def found() -> Counter[tuple[str, Any, int]]:
        rows = counters(fleet, somebody)
        return Counter({(row["action"], row["bucket"], int(row["errors"])): int(row["count"]) for row in rows})

    eventually(fleet, found, expected)
    for row in counters(fleet, somebody):
        assert int(row["bytes"]) > 0, row
        assert int(row["duration_us"]) > 0, row


def test_sessions_are_counted_without_a_user(fleet: Answers) -> None:
    def sessions() -> int:
        return sum(int(row["count"]) for row in counters(fleet, None) if row["action"] == "signIn")

    environments.end(fleet.lab.cloud)
    before = sessions()
    body = {"username": ADA, "password": ADAS_PASSWORD}
    case = Case("", "signIn", "/sessions", 0, method="POST", credentials=nobody, json=body)
    assert fleet.send(case).status_code == 201
    eventually(fleet, lambda: sessions() > before, True)


def test_each_request_counts_once(fleet: Answers, somebody: str) -> None:
    times = 30
    for _ in range(times):
        assert send(fleet, somebody, "listObjects", f"/buckets/{FULL}/objects") == 200
    total = lambda: sum(int(row["count"]) for row in counters(fleet, somebody))  # noqa: E731
    eventually(fleet, total, times)
    environments.end(fleet.lab.cloud)
    time.sleep(3)
    assert total() == times


def test_the_api_adds_them_up(fleet: Answers, somebody: str) -> None:
    for _ in range(3):
        send(fleet, somebody, "listObjects", f"/buckets/{FULL}/objects")
    send(fleet, somebody, "getUsage", f"/buckets/{MISSING}/usage")

    def groups(by: str) -> dict[str | None, tuple[int, int]]:
        today = datetime.now(UTC).date()
        answer = fleet.send(Case("", "getAnalytics", "/analytics", 0, query=_days(today - timedelta(1), today, by)))
        assert answer.status_code == 200, answer.text
        return {group["key"]: (group["count"], group["errors"]) for group in answer.json()["groups"]}

    eventually(fleet, lambda: groups("user").get(somebody), (4, 1))
    assert groups("bucket")[FULL][0] >= 3
    assert groups("bucket")[MISSING][1] >= 1
    assert groups("action")["listObjects"][0] >= 3
    days = groups("day")
    assert sum(count for count, _ in days.values()) >= 4
    assert all(date.fromisoformat(day or "") for day in days)


def _days(first: date, last: date, by: str) -> list[tuple[str, str]]:
    return [("from", first.isoformat()), ("to", last.isoformat()), ("by", by)]


def arn_of_queue(fleet: Answers, output: str) -> str:
    client = fleet.lab.cloud.client("sqs")
    answer = client.get_queue_attributes(QueueUrl=fleet.lab.outputs[output], AttributeNames=["QueueArn"])
    return str(answer["Attributes"]["QueueArn"])


def arn_of_table(fleet: Answers, output: str) -> str:
    client = fleet.lab.cloud.client("dynamodb")
    return client.describe_table(TableName=fleet.lab.outputs[output])["Table"]["TableArn"]


def test_functions_may_send_and_the_consumer_may_receive(fleet: Answers) -> None:
    queue, dead = arn_of_queue(fleet, "AnalyticsQueue"), arn_of_queue(fleet, "DeadLetterQueue")
    receives = {"receivemessage", "deletemessage", "getqueueattributes"}
    for function in fleet.lab.functions:
        may = receives if function == "consumer" else {"sendmessage"}
        assert allowed(fleet, function, "sqs", queue) == may, function
        assert allowed(fleet, function, "sqs", dead) == set(), function


def test_who_may_count_and_who_may_read(fleet: Answers) -> None:
    tables = {name: arn_of_table(fleet, name) for name in ("UsersTable", "CountersTable", "MarkersTable")}
    found = {
        function: {name: allowed(fleet, function, "dynamodb", arn) for name, arn in tables.items()}
        for function in ("analytics", "consumer", "usage")
    }
    nothing: dict[str, set[str]] = {name: set() for name in tables}
    assert found == {
        "analytics": nothing | {"CountersTable": {"query"}},
        "consumer": nothing | {"CountersTable": {"updateitem"}, "MarkersTable": {"putitem"}},
        "usage": nothing,
    }
