"""Generated requests, each sent to every lab: no 500, only answers that labs/openapi.yaml describes, and the same ones.

`FUZZ_CASES` sets how many there are for each lab: 300 unless told, 2000 for a thorough run. The cases are the same in
every run of the same number.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given, reject

from tests.contract import openapi
from tests.contract.answers import Answers, comparable
from tests.contract.generated import KEPT_KEY, SCRATCH, SCRATCH_VERSIONED, SHARES, Request, generating, requests_of
from workshop.target import Cloud

pytestmark = pytest.mark.cloud

CASES = int(os.environ.get("FUZZ_CASES", "300"))
_STARTED_BEFORE_MS = 1_000


class Fuzzed:
    """The labs, and how many requests each got."""

    def __init__(self, labs: dict[str, Answers], cloud: Cloud) -> None:
        self.labs = labs
        self.started = time.time()
        self.sent = 0
        self._s3 = cloud.client("s3")
        self._tokens: dict[tuple[str, str], str] = {}

    def prepare(self) -> None:
        """Make the buckets that requests change, and tokens that outlast one operation's requests."""
        self._scratch()
        self._tokens = {
            (name, role): lab.signer.token(sub=role, role=role)
            for name, lab in self.labs.items()
            for role in ("admin", "viewer")
        }

    def send(self, request: Request) -> dict[str, httpx.Response]:
        """The answer of each lab that serves it. What one lab changed is put back before the next is asked."""
        answers = {name: self._send(name, request) for name in self.serving(request.operation)}
        self.sent += 1
        return answers

    def serving(self, operation: str) -> list[str]:
        """The labs that have the operation."""
        return [name for name, lab in self.labs.items() if lab.serves(operation)]

    def _send(self, name: str, request: Request) -> httpx.Response:
        authorization = self._tokens.get((name, request.authorization or ""), request.authorization)
        lab = self.labs[name]
        try:
            answer = lab.send_raw(request.method, request.target, authorization, request.content)
        except httpx.LocalProtocolError:  # a header that no client can send
            reject()
        if answer.status_code in (httpx.codes.CREATED, httpx.codes.NO_CONTENT):
            self._put_back(request, answer)
        return answer

    def _put_back(self, request: Request, answer: httpx.Response) -> None:
        if request.operation == "createBucket":
            self._s3.delete_bucket(Bucket=answer.json()["name"])
        elif request.operation in ("deleteBucket", "deleteObject"):
            self._scratch()

    def _scratch(self) -> None:
        there = {bucket["Name"] for bucket in self._s3.list_buckets(Prefix=SCRATCH[:-7])["Buckets"]}
        if SCRATCH not in there:
            self._s3.create_bucket(Bucket=SCRATCH)
        if SCRATCH_VERSIONED not in there:
            self._s3.create_bucket(Bucket=SCRATCH_VERSIONED)
            versioning = {"Status": "Enabled"}
            self._s3.put_bucket_versioning(Bucket=SCRATCH_VERSIONED, VersioningConfiguration=versioning)
            self._s3.put_object(Bucket=SCRATCH_VERSIONED, Key=KEPT_KEY, Body=b"kept")


@pytest.fixture(scope="module")
def fuzzed(every_lab: dict[str, Answers], contract_cloud: Cloud) -> Iterator[Fuzzed]:
    made = Fuzzed(every_lab, contract_cloud)
    yield made
    print(f"{made.sent} generated requests to each of {', '.join(made.labs)} in {time.time() - made.started:.0f} s")


def same(request: Request, answer: httpx.Response) -> dict[str, Any]:
    """What the labs must agree on."""
    found = comparable(answer)
    if request.operation == "createBucket" and answer.status_code == httpx.codes.CREATED:
        del found["body"]["created_at"]
    if request.operation == "putLifecycle" and answer.status_code == httpx.codes.OK:
        for rule in found["body"]["rules"]:  # S3 makes up an id for a rule that has none
            del rule["id"]
    return found


@pytest.mark.parametrize("operation", SHARES)
def test_any_request_has_an_answer_and_the_same_from_every_lab(fuzzed: Fuzzed, operation: str) -> None:
    if not fuzzed.serving(operation):
        pytest.skip(f"no lab under test serves {operation}")
    fuzzed.prepare()

    @generating(max(1, CASES * SHARES[operation] // sum(SHARES.values())))
    @given(requests_of(operation))
    def check(request: Request) -> None:
        answers = fuzzed.send(request)
        told = "\n".join(
            [request.curl(), *(f"{name}: {each.status_code} {each.text[:300]}" for name, each in answers.items())]
        )
        for answer in answers.values():
            assert answer.status_code != httpx.codes.INTERNAL_SERVER_ERROR, told
            try:
                openapi.check(operation, answer)
            except (AssertionError, ValueError) as error:
                raise AssertionError(f"{error}\n{told}") from error
        first, *others = [same(request, answer) for answer in answers.values()]
        assert all(other == first for other in others), told

    check()
