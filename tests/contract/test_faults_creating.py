"""A new bucket that is not finished leaves nothing behind, and the answer tells which trouble it was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.contract import openapi
from tests.contract.answers import Answers
from tests.contract.case import Case
from tests.contract.trouble import TRIES
from workshop.cloud.faults.client import Faults

pytestmark = pytest.mark.cloud

# The call that fails, with which code, and the answer.
STEPS = [
    ("s3:CreateBucket", "AccessDenied", 403, "S3 does not allow this (AccessDenied)"),
    ("s3:PutPublicAccessBlock", "AccessDenied", 403, "S3 does not allow this (AccessDenied)"),
    ("s3:PutBucketEncryption", "InternalError", 502, "S3 answered something unexpected (InternalError)"),
    ("s3:PutBucketVersioning", "OperationAborted", 502, "S3 answered something unexpected (OperationAborted)"),
    ("s3:PutBucketTagging", "SlowDown", 429, "S3 asks to slow down"),
]


@pytest.fixture
def bucket(answers: Answers) -> Iterator[str]:
    """A name that is free before and after."""
    name = f"contract-unfinished-{answers.lab.folder.number}"
    yield name
    if exists(answers, name):
        answers.lab.cloud.client("s3").delete_bucket(Bucket=name)


def exists(answers: Answers, bucket: str) -> bool:
    return bucket in {entry["Name"] for entry in answers.lab.cloud.client("s3").list_buckets()["Buckets"]}


def create(answers: Answers, bucket: str, **more: Any) -> httpx.Response:
    body = {"name": bucket, "versioning": True, "tags": {"team": "finance"}, **more}
    answer = answers.send(Case("", "createBucket", "/buckets", 0, method="POST", json=body))
    openapi.check("createBucket", answer)
    return answer


@pytest.mark.parametrize(("operation", "code", "status", "detail"), STEPS, ids=[step[0] for step in STEPS])
def test_a_step_that_fails(
    answers: Answers, faults: Faults, bucket: str, operation: str, code: str, status: int, detail: str
) -> None:
    with faults.fail(operation, code, by="functions") as fault:
        answer = create(answers, bucket)
    assert (answer.status_code, answer.json()["detail"]) == (status, detail)
    assert fault.hits >= 1
    assert not exists(answers, bucket)


def test_a_step_that_fails_in_another_region(answers: Answers, faults: Faults, bucket: str) -> None:
    with faults.fail("s3:PutBucketTagging", "AccessDenied", by="functions"):
        answer = create(answers, bucket, region="eu-west-1")
    assert answer.status_code == 403
    assert not exists(answers, bucket)


def test_undoing_is_tried_again(answers: Answers, faults: Faults, bucket: str) -> None:
    with (
        faults.fail("s3:PutBucketEncryption", "AccessDenied", by="functions"),
        faults.fail("s3:DeleteBucket", "InternalError", times=1, by="functions") as undoing,
    ):
        answer = create(answers, bucket)
    assert (answer.status_code, undoing.hits) == (403, 1)
    assert not exists(answers, bucket)


def test_a_bucket_that_cannot_be_undone_is_told_by_its_first_trouble(
    answers: Answers, faults: Faults, bucket: str
) -> None:
    with (
        faults.fail("s3:PutBucketEncryption", "AccessDenied", by="functions"),
        faults.drop("s3:DeleteBucket", by="functions") as undoing,
    ):
        answer = create(answers, bucket)
    assert (answer.status_code, answer.json()["detail"]) == (403, "S3 does not allow this (AccessDenied)")
    assert undoing.hits == TRIES
    assert exists(answers, bucket)


def test_nothing_is_made_when_it_is_not_known_whether_there_is_one(
    answers: Answers, faults: Faults, bucket: str
) -> None:
    with (
        faults.drop("s3:GetBucketLocation", resource=bucket, by="functions"),
        faults.fail("s3:CreateBucket", "AccessDenied", by="functions") as creating,
    ):
        answer = create(answers, bucket)
    assert (answer.status_code, answer.json()["detail"]) == (503, "S3 is out of reach")
    assert creating.hits == 0


def test_a_creation_that_breaks_off_once_is_tried_again(answers: Answers, faults: Faults, bucket: str) -> None:
    with faults.drop("s3:CreateBucket", times=1, by="functions") as fault:
        answer = create(answers, bucket)
    assert (answer.status_code, fault.hits) == (201, 1)
