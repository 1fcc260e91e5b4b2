from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from conftest import Context

from s3_admin_lab.service_error import ServiceError
from s3_admin_lab.web import Request, Response, serve


def boom(_request: Request) -> Response:
    raise RuntimeError("arn:aws:iam::123456789012:role/secret")


def throttled(_request: Request) -> Response:
    raise ServiceError("S3", "SlowDown")


HANDLER = serve(
    {
        "/things": {
            "GET": lambda _: Response(200, {"ü": 1}),
            "POST": lambda _: Response(201, {}, {"Location": "things/1"}),
            "DELETE": lambda _: Response(204),
        },
        "/boom": {"GET": boom},
        "/throttled": {"GET": throttled},
    }
)


def test_answers(send: Callable[..., Any], request_event: Callable[..., Any]) -> None:
    assert send(HANDLER, "GET", "/things") == (
        200,
        {"ü": 1},
        {"Cache-Control": "no-store", "Content-Type": "application/json"},
    )
    assert send(HANDLER, "POST", "/things")[2]["Location"] == "things/1"
    empty = HANDLER(request_event("DELETE", "/things"), Context())
    assert (empty["statusCode"], empty["body"], "Content-Type" in empty["headers"]) == (204, "", False)


@pytest.mark.parametrize(
    ("method", "resource", "status", "title", "detail"),
    [
        ("GET", "/other", 404, "Not Found", "no such route"),
        ("PATCH", "/things", 405, "Method Not Allowed", "PATCH is not allowed here"),
        ("GET", "/throttled", 429, "Too Many Requests", "S3 asks to slow down"),
        ("GET", "/boom", 500, "Internal Server Error", "something went wrong; the request id helps to find out what"),
    ],
)
def test_problems(send: Callable[..., Any], method: str, resource: str, status: int, title: str, detail: str) -> None:
    answer = send(HANDLER, method, resource)
    assert answer[0] == status
    assert answer[1] == {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        "request_id": "api-request-id",
    }
    assert answer[2]["Content-Type"] == "application/problem+json"
    assert answer[2].get("Allow") == ("DELETE, GET, POST" if status == 405 else None)
    assert answer[2].get("Retry-After") == ("1" if status == 429 else None)


@pytest.mark.parametrize(
    ("code", "status", "detail"),
    [
        ("AccessDenied", 403, "DynamoDB does not allow this (AccessDenied)"),
        ("AccessDeniedException", 403, "DynamoDB does not allow this (AccessDenied)"),
        ("ThrottlingException", 429, "DynamoDB asks to slow down"),
        ("Unreachable", 503, "DynamoDB is out of reach"),
        ("ServiceUnavailable", 503, "DynamoDB is out of reach"),
        ("TimedOut", 504, "DynamoDB took too long"),
        ("Garbled", 502, "DynamoDB answered something unexpected (Garbled)"),
        ("InternalError", 502, "DynamoDB answered something unexpected (InternalError)"),
    ],
)
def test_service_errors(code: str, status: int, detail: str) -> None:
    problem = ServiceError("DynamoDB", code).problem()
    assert (problem.status, problem.detail) == (status, detail)


def test_one_line_a_request_is_logged(send: Callable[..., Any], caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        send(HANDLER, "GET", "/things")
    (record,) = caplog.records
    assert (record.message, record.route, record.status) == ("request", "GET /things", 200)  # type: ignore[attr-defined]


def test_an_event_with_nothing_in_it() -> None:
    answer = HANDLER({}, Context())
    assert answer["statusCode"] == 404
    assert json.loads(answer["body"])["request_id"] == "lambda-request-id"
