"""S3 in trouble: what is broken is named, the rest is whole, and nobody tries for ever."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import Any

import httpx
import pytest

from tests.contract import openapi
from tests.contract.answers import Answers
from tests.contract.case import Case
from tests.contract.trouble import (
    BUCKETS,
    DENIED,
    DROPPED,
    GARBLED,
    HELD,
    INTERNAL,
    QUICK,
    SLOW_DOWN,
    TRIES,
    UNAVAILABLE,
    Trouble,
    assert_tries,
    at_once,
    each_in_its_own,
)
from tests.contract.world import EMPTY, LARGE, LARGE_OBJECTS
from workshop.cloud.faults.client import Faults

pytestmark = [pytest.mark.cloud, pytest.mark.timeout(180)]

# By operation: method, path below the bucket, query, the call that is hit, and the kinds of trouble. Answers without
# a body cannot be garbled.
ROUTES: dict[str, tuple[str, str, dict[str, str], str, list[Trouble]]] = {
    "getUsage": ("GET", "/usage", {}, "s3:ListObjectsV2", QUICK),
    "deleteObject": (
        "DELETE",
        "/object",
        {"key": "no such"},
        "s3:DeleteObject",
        [SLOW_DOWN, INTERNAL, DROPPED, DENIED],
    ),
    "deleteBucket": ("DELETE", "", {}, "s3:DeleteBucket", [UNAVAILABLE, DENIED]),
    "presignObject": ("POST", "/object-url", {"key": "x"}, "s3:GetBucketLocation", [SLOW_DOWN, GARBLED]),
    "listObjects": ("GET", "/objects", {}, "s3:ListObjectsV2", [GARBLED]),
    "getBucket": ("GET", "", {}, "s3:*", [DROPPED, GARBLED, DENIED]),
}
LOOK_UPS_OF_A_BUCKET = 8  # those of GET /buckets/{bucket} that are about the bucket alone


def send(answers: Answers, operation: str, path: str, method: str = "GET", **query: str) -> httpx.Response:
    answer = answers.send(Case("", operation, path, 0, method=method, query=list(query.items())))
    openapi.check(operation, answer)
    return answer


def send_about(answers: Answers, operation: str, bucket: str) -> httpx.Response:
    method, path, query, _, _ = ROUTES[operation]
    return send(answers, operation, f"/buckets/{bucket}{path}", method, **query)


def assert_problem(answer: httpx.Response, trouble: Trouble, service: str = "S3") -> None:
    assert (answer.status_code, answer.json()["detail"]) == (trouble.status, trouble.detail.format(service))
    assert answer.headers.get("retry-after") == ("1" if trouble.status == 429 else None)


def assert_rest_is_whole(rows: list[dict[str, Any]], broken: set[str], untroubled: list[dict[str, Any]]) -> None:
    assert [row for row in rows if row["name"] not in broken] == [
        row for row in untroubled if row["name"] not in broken
    ]
    assert [row["name"] for row in rows] == [row["name"] for row in untroubled]


def test_a_list_names_the_buckets_that_failed(answers: Answers, faults: Faults) -> None:
    untroubled = send(answers, "listBuckets", "/buckets").json()["buckets"]
    with ExitStack() as stack:
        set_faults = each_in_its_own(faults, "s3:GetBucketLocation", QUICK, stack)
        rows = send(answers, "listBuckets", "/buckets").json()["buckets"]
    by_name = {row["name"]: row for row in rows}
    for trouble, fault in set_faults.items():
        row = by_name[BUCKETS[trouble]]
        assert (row["region"], row["error"]) == (None, {"code": trouble.code})
        assert row["created_at"]
        assert_tries(trouble, fault.hits)
    assert_rest_is_whole(rows, {BUCKETS[trouble] for trouble in QUICK}, untroubled)


def test_an_audit_names_the_rules_that_failed(answers: Answers, faults: Faults) -> None:
    untroubled = send(answers, "audit", "/audit").json()["buckets"]
    before = {row["name"]: row for row in untroubled}
    with ExitStack() as stack:
        set_faults = each_in_its_own(faults, "s3:GetBucketVersioning", QUICK, stack)
        rows = send(answers, "audit", "/audit").json()["buckets"]
    by_name = {row["name"]: row for row in rows}
    for trouble, fault in set_faults.items():
        name = BUCKETS[trouble]
        rest = [finding for finding in before[name]["findings"] if finding["rule"] != "no-versioning"]
        assert by_name[name] == before[name] | {"findings": rest, "errors": {"no-versioning": trouble.code}}
        assert_tries(trouble, fault.hits)
    assert_rest_is_whole(rows, {BUCKETS[trouble] for trouble in QUICK}, untroubled)


@pytest.mark.parametrize(("operation", "path"), [("listBuckets", "/buckets"), ("audit", "/audit")])
def test_without_the_list_of_buckets_there_is_no_answer(
    answers: Answers, faults: Faults, operation: str, path: str
) -> None:
    with faults.fail("s3:ListBuckets", "SlowDown", by="functions") as fault:
        assert_problem(send(answers, operation, path), SLOW_DOWN)
    assert fault.hits == TRIES


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize("operation", ROUTES)
def test_a_route_of_one_bucket_tells_the_trouble(answers: Answers, faults: Faults, operation: str) -> None:
    *_, hit, kinds = ROUTES[operation]
    with ExitStack() as stack:
        set_faults = each_in_its_own(faults, hit, kinds, stack)
        found = at_once({trouble: partial(send_about, answers, operation, BUCKETS[trouble]) for trouble in kinds})
    for trouble, answer in found.items():
        assert_problem(answer, trouble)
        assert_tries(trouble, set_faults[trouble].hits, LOOK_UPS_OF_A_BUCKET if operation == "getBucket" else 1)


def test_a_setting_that_cannot_be_read_is_named(answers: Answers, faults: Faults) -> None:
    path = f"/buckets/{EMPTY}"
    untroubled = send(answers, "getBucket", path).json()
    with (
        faults.fail("s3:GetBucketTagging", "AccessDenied", resource=EMPTY, by="functions"),
        faults.drop("s3:GetBucketEncryption", resource=EMPTY, by="functions"),
        faults.fail("s3:ListBuckets", "SlowDown", by="functions"),
    ):
        found = send(answers, "getBucket", path).json()
    errors = {"tags": "AccessDenied", "encryption": "Unreachable", "created_at": "SlowDown"}
    assert found == untroubled | dict.fromkeys(errors) | {"errors": errors}


def test_an_objects_head_and_tags_fail_apart(answers: Answers, faults: Faults) -> None:
    path = "/buckets/contract-plain/object"
    untroubled = send(answers, "getObject", path, key="readme.txt").json()
    with faults.fail("s3:GetObjectTagging", "SlowDown", by="functions") as fault:
        found = send(answers, "getObject", path, key="readme.txt").json()
    assert found == untroubled | {"tags": None, "errors": {"tags": "SlowDown"}}
    assert fault.hits == TRIES
    for code, trouble in [("SlowDown", SLOW_DOWN), ("AccessDenied", DENIED)]:
        with faults.fail("s3:HeadObject", code, by="functions") as fault:
            assert_problem(send(answers, "getObject", path, key="readme.txt"), trouble)
        assert_tries(trouble, fault.hits)


PASSING: dict[str, Callable[[Faults], Any]] = {
    "slow-down": lambda faults: faults.fail("s3:ListObjectsV2", "SlowDown", times=2, by="functions"),
    "internal": lambda faults: faults.fail("s3:ListObjectsV2", "InternalError", times=2, by="functions"),
    "dropped": lambda faults: faults.drop("s3:ListObjectsV2", times=2, by="functions"),
}


@pytest.mark.parametrize("name", PASSING)
def test_trouble_that_passes_is_not_seen(answers: Answers, faults: Faults, name: str) -> None:
    with PASSING[name](faults) as fault:
        answer = send(answers, "getUsage", f"/buckets/{LARGE}/usage")
    assert (answer.status_code, answer.json().get("objects")) == (200, LARGE_OBJECTS)
    assert fault.hits == 2


def test_a_walk_that_breaks_off_midway_is_a_problem_and_no_half_answer(answers: Answers, faults: Faults) -> None:
    # The seed lets the first two of the three pages through.
    with faults.fail("s3:ListObjectsV2", "AccessDenied", share=0.5, seed=2, by="functions") as fault:
        answer = send(answers, "getUsage", f"/buckets/{LARGE}/usage")
    assert fault.hits == 1
    assert_problem(answer, DENIED)


@pytest.mark.usefixtures("fresh")
def test_an_answer_that_never_comes(every_lab: dict[str, Answers], faults: Faults) -> None:
    """All labs and routes side by side, since each waits for 3 × 6 s."""
    bucket = BUCKETS[HELD]
    operations = {"getUsage": "s3:ListObjectsV2", "deleteObject": "s3:DeleteObject", "deleteBucket": "s3:DeleteBucket"}
    for answers in every_lab.values():
        send(answers, "listBuckets", "/buckets")  # the sign-in is known then
    with ExitStack() as stack:
        set_faults = [
            stack.enter_context(faults.hold(operation, resource=bucket, by="functions"))
            for operation in operations.values()
        ]
        found = at_once({
            (lab, operation): partial(send_about, answers, operation, bucket)
            for lab, answers in every_lab.items()
            for operation in operations
        })  # fmt: skip
    for answer in found.values():
        assert_problem(answer, HELD)
    assert [fault.hits for fault in set_faults] == [TRIES * len(every_lab)] * len(operations)


def test_an_answer_that_comes_late_once_is_asked_for_again(every_lab: dict[str, Answers], faults: Faults) -> None:
    def one(answers: Answers) -> httpx.Response:
        return send(answers, "getUsage", f"/buckets/{LARGE}/usage")

    with faults.hold("s3:ListObjectsV2", times=len(every_lab), by="functions") as fault:
        found = at_once({lab: partial(one, answers) for lab, answers in every_lab.items()})
    assert fault.hits == len(every_lab)
    assert {lab: answer.json().get("objects") for lab, answer in found.items()} == dict.fromkeys(
        every_lab, LARGE_OBJECTS
    )
