"""What botocore makes of answers that cannot be read, and what it says of requests."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from s3_admin_lab import aws
from s3_admin_lab.service_error import GARBLED, ServiceError


class Garbled(BaseHTTPRequestHandler):
    """A success that cannot be read, to every request."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b'{"Item": {unfinished'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def garbled(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with HTTPServer(("127.0.0.1", 0), Garbled) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("service", "operation", "parameters"),
    [
        ("dynamodb", "get_item", {"TableName": "users", "Key": {"username": {"S": "ada"}}}),
        ("secretsmanager", "get_secret_value", {"SecretId": "keys"}),
    ],
)
def test_json_that_cannot_be_read_is_no_empty_answer(
    garbled: None, service: str, operation: str, parameters: dict[str, object]
) -> None:
    client = aws.client(service)
    with pytest.raises(ServiceError) as raised, aws.calling(service):
        getattr(client, operation)(**parameters)
    assert raised.value.code == GARBLED


@pytest.fixture
def debug() -> Iterator[None]:
    root = logging.getLogger()
    before = root.level
    root.setLevel(logging.DEBUG)
    yield
    root.setLevel(before)


def test_the_sdk_says_nothing_of_requests_at_debug(debug: None) -> None:
    assert logging.getLogger("s3_admin").isEnabledFor(logging.DEBUG)
    for name in ("botocore.endpoint", "botocore.parsers", "urllib3.connectionpool"):
        assert not logging.getLogger(name).isEnabledFor(logging.DEBUG)
