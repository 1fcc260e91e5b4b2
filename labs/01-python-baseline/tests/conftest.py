"""The functions without AWS: operations of botocore's clients are answered from a table."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

SOURCE = Path(__file__).parents[1] / "src"
sys.path.insert(0, str(SOURCE))
os.environ |= {
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "USERS_TABLE": "users",
    "TOKEN_KEYS_SECRET": "arn:aws:secretsmanager:us-east-1:000000000000:secret:keys",
}


class Context:
    """What Lambda gives a handler beside the event."""

    aws_request_id = "lambda-request-id"

    def get_remaining_time_in_millis(self) -> int:
        return 29_000


class Aws:
    """Answers by operation: a value, an exception, or a function of the parameters; and the calls so far."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def fail(self, operation: str, code: str) -> None:
        self.answers[operation] = ClientError({"Error": {"Code": code, "Message": "told by AWS"}}, operation)

    def call(self, operation: str, parameters: dict[str, Any]) -> Any:
        self.calls.append((operation, parameters))
        answer = self.answers[operation]
        if isinstance(answer, Exception):
            raise answer
        return answer(**parameters) if callable(answer) else answer


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Aws:
    table = Aws()
    monkeypatch.setattr(BaseClient, "_make_api_call", lambda _client, name, parameters: table.call(name, parameters))
    return table


@pytest.fixture
def request_event() -> Callable[..., dict[str, Any]]:
    """API Gateway's event of a proxy integration, as far as the functions read it."""

    def make(
        method: str,
        resource: str,
        *,
        query: dict[str, list[str]] | None = None,
        body: object = None,
        **path: str,
    ) -> dict[str, Any]:
        return {
            "httpMethod": method,
            "resource": resource,
            "pathParameters": path or None,
            "multiValueQueryStringParameters": query,
            "body": body if body is None or isinstance(body, str) else json.dumps(body),
            "isBase64Encoded": False,
            "requestContext": {"requestId": "api-request-id"},
        }

    return make


@pytest.fixture
def send(request_event: Callable[..., dict[str, Any]]) -> Callable[..., tuple[int, Any, dict[str, str]]]:
    """Calls a handler; gives status, parsed body and headers."""

    def call(handler: Callable[..., Any], *arguments: Any, **options: Any) -> tuple[int, Any, dict[str, str]]:
        answer = handler(request_event(*arguments, **options), Context())
        return answer["statusCode"], json.loads(answer["body"] or "null"), answer["headers"]

    return call
