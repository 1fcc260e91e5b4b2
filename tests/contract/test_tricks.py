"""A viewer changes nothing, however the request is written."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.contract.answers import Answers
from tests.contract.case import Case, Credentials, viewer
from tests.contract.openapi import Operation, operations
from tests.contract.world import MISSING

pytestmark = pytest.mark.cloud

SIGNED_IN = [operation for operation in operations().values() if operation.signed_in]
KEY = "kept.txt"

# `V` is a bucket with one object, `kept.txt`. No line of these may be changed on the way, so no URL library makes them.
REQUESTS = [
    *((method, "/buckets/V") for method in ("DELETE", "delete", "Delete", "PUT", "PATCH", "HEAD", "OPTIONS", "TRACE")),
    *(("DELETE", path) for path in (
        "//buckets/V", "/buckets//V", "/buckets/V/", "/buckets/V//", "/./buckets/V", "/buckets/./V", "/BUCKETS/V",
        "/%62uckets/V", "/buckets%2FV", "/buckets/%2e%2e/buckets/V", "/audit/../buckets/V", "/audit/..%2fbuckets/V",
        "/buckets/x/object-url/../../V", "/buckets/x/object-url/%2e%2e/%2e%2e/V", "/buckets/V;/object-url",
        "/buckets/V?/object-url", "/buckets/V%3F/object-url", "/buckets/V%23/object-url", "/buckets/V%00",
        "/buckets/V%20",
        "/GET/buckets/V", "/buckets/V/object?key=kept.txt", "/buckets/V//object?key=kept.txt",
        "/buckets/V/object/?key=kept.txt", "/buckets/V/OBJECT?key=kept.txt", "/buckets/V%2Fobject?key=kept.txt",
        "/buckets/V/object-url/../object?key=kept.txt", "/buckets/V/object-url/%2e%2e/object?key=kept.txt",
        "/buckets/V/object?key=kept.txt&x=/object-url",
    )),
    *(("POST", path) for path in (
        "/buckets", "/buckets/", "//buckets", "/buckets?x=/object-url", "/buckets/../buckets",
        "/buckets/x/object-url/../..",
        "/buckets/x/object-url/%2e%2e/%2e%2e", "/BUCKETS", "/buckets%2F", "/buckets/%2e", "/buckets/.",
        "/buckets/V/object-url/../../../buckets",
    )),
    *((method, path) for method in ("GET DELETE", "GET,DELETE") for path in ("/buckets/V",)),
]  # fmt: skip
OVERRIDES = ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "X-Original-Method"]


@pytest.fixture(scope="module")
def victim(answers: Answers) -> Iterator[str]:
    """A bucket with an object, which is there afterwards."""
    name = f"contract-victim-{answers.lab.folder.number}"
    s3 = answers.lab.cloud.client("s3")
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key=KEY, Body=b"x")
    yield name
    s3.delete_object(Bucket=name, Key=KEY)
    s3.delete_bucket(Bucket=name)


def send(answers: Answers, method: str, path: str, headers: list[tuple[str, str]], body: bytes = b"") -> int:
    """The status of a request that is sent as it is written."""
    base = urlsplit(answers.lab.url)
    kind = http.client.HTTPSConnection if base.scheme == "https" else http.client.HTTPConnection
    connection = kind(base.netloc, timeout=45)
    try:
        connection._validate_method = lambda _: None  # type: ignore[attr-defined]
        connection.putrequest(method, base.path + path, skip_accept_encoding=True)
        for name, value in [*headers, ("Content-Length", str(len(body)))]:
            connection.putheader(name, value)
        connection.endheaders(body)
        return connection.getresponse().status
    finally:
        connection.close()


def buckets_and_objects(answers: Answers, victim: str) -> tuple[list[str], list[str]]:
    s3 = answers.lab.cloud.client("s3")
    objects = s3.list_objects_v2(Bucket=victim).get("Contents", [])
    return [entry["Name"] for entry in s3.list_buckets()["Buckets"]], [item["Key"] for item in objects]


def by(credentials: Credentials, answers: Answers) -> tuple[str, str]:
    return "Authorization", str(credentials(answers.signer))


@pytest.mark.parametrize(("method", "path"), REQUESTS, ids=[f"{method} {path}" for method, path in REQUESTS])
def test_a_viewer_changes_nothing(answers: Answers, victim: str, method: str, path: str) -> None:
    before = buckets_and_objects(answers, victim)
    body = b'{"name": "contract-made-by-a-viewer"}' if method == "POST" else b""
    status = send(answers, method, path.replace("V", victim), [by(viewer, answers)], body)
    assert 400 <= status < 500
    assert buckets_and_objects(answers, victim) == before


@pytest.mark.parametrize("header", OVERRIDES)
def test_no_header_makes_another_method_of_it(answers: Answers, victim: str, header: str) -> None:
    before = buckets_and_objects(answers, victim)
    for method in ("GET", "POST"):
        send(answers, method, f"/buckets/{victim}", [by(viewer, answers), (header, "DELETE")])
    assert send(answers, "GET", f"/buckets/{victim}?_method=DELETE", [by(viewer, answers)]) == 400
    assert buckets_and_objects(answers, victim) == before


@pytest.mark.parametrize("roles", [("viewer", "admin"), ("admin", "viewer")], ids=" ".join)
@pytest.mark.parametrize("known", [True, False], ids=["known to API Gateway", "new"])
def test_two_authorization_headers_are_none(answers: Answers, victim: str, roles: tuple[str, ...], known: bool) -> None:
    before = buckets_and_objects(answers, victim)
    signer = answers.signer
    made = [signer.bearer(role) if known else signer.token(sub=role, role=role) for role in roles]
    status = send(answers, "DELETE", f"/buckets/{victim}", [("Authorization", header) for header in made])
    assert status in (401, 403)
    assert buckets_and_objects(answers, victim) == before


@pytest.mark.parametrize("role", ["viewer", "admin"])
@pytest.mark.parametrize("turned", [False, True], ids=["in order", "turned round"])
def test_what_was_asked_first_decides_nothing(answers: Answers, role: str, turned: bool) -> None:
    """API Gateway keeps the authorizer's answer to the first request of a token, and judges the others by it."""
    token = answers.signer.token(sub=role, role=role)

    def status(operation: Operation) -> int:
        # Refused by every function for its parameter, so that nothing is changed where the caller gets through.
        path = operation.path.replace("{bucket}", MISSING)
        case = Case(
            "", operation.id, path, 0, method=operation.method, credentials=lambda _: token, query=[("no", "1")]
        )
        return answers.send(case).status_code

    served = [operation for operation in SIGNED_IN if answers.serves(operation.id)]
    asked = served[::-1] if turned else served
    found = {operation.id: status(operation) for operation in [*asked, *asked]}
    refused = {operation.id for operation in served if operation.for_admins and role == "viewer"}
    assert found == {operation.id: 403 if operation.id in refused else 400 for operation in served}
