from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import httpx
import pytest

from workshop.labs import api
from workshop.labs.errors import LabError


class _Handler(BaseHTTPRequestHandler):
    """Answers sign-ins from a list, and every GET with the Authorization header that came."""

    answers: ClassVar[list[tuple[int, bytes]]] = []
    sign_ins: ClassVar[int] = 0

    def do_POST(self) -> None:
        type(self).sign_ins += 1
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(*self.answers.pop(0))

    def do_GET(self) -> None:
        self._answer(200, json.dumps(self.headers["Authorization"]).encode())

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def url() -> Iterator[str]:
    _Handler.answers, _Handler.sign_ins = [], 0
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/prod"
    server.shutdown()
    thread.join()
    server.server_close()


def _session(token: str, lives_s: float) -> tuple[int, bytes]:
    expires_at = datetime.now(UTC) + timedelta(seconds=lives_s)
    return 201, json.dumps({"token": token, "expires_at": expires_at.strftime("%Y-%m-%dT%H:%M:%SZ")}).encode()


def _client(url: str) -> httpx.Client:
    return api.client(url, "admin", "a secret word", trust_environment=False)


def test_requests_are_signed_with_one_token(url: str) -> None:
    _Handler.answers = [_session("first", 900)]
    with _client(url) as client:
        assert [client.get("/buckets").json() for _ in range(3)] == ["Bearer first"] * 3
    assert _Handler.sign_ins == 1


def test_a_token_that_is_about_to_expire_is_renewed(url: str) -> None:
    _Handler.answers = [_session("first", 30), _session("second", 900)]
    with _client(url) as client:
        assert client.get("/buckets").json() == "Bearer second"


def test_a_request_with_credentials_of_its_own_keeps_them(url: str) -> None:
    _Handler.answers = [_session("first", 900)]
    with _client(url) as client:
        assert client.get("/buckets", headers={"Authorization": "Basic x"}).json() == "Basic x"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((401, b'{"detail": "wrong username or password"}'), "401 wrong username or password"),
        ((502, b'{"message": "Internal server error"}'), "502 Internal server error"),
        ((503, b"<html>"), "503 Service Unavailable"),
        ((403, b'["odd"]'), "403 Forbidden"),
        ((201, b'{"token": "x"}'), "the answer is no session"),
    ],
)
def test_a_refused_sign_in_says_why_without_the_password(url: str, answer: tuple[int, bytes], told: str) -> None:
    _Handler.answers = [answer]
    with pytest.raises(LabError, match=told) as refused:
        _client(url)
    assert "a secret word" not in str(refused.value)


def test_an_api_that_is_gone_is_named() -> None:
    with pytest.raises(LabError, match=r"out of reach .*\./poe build-and-deploy"):
        _client("http://127.0.0.1:1/prod")


def test_the_password_and_token_are_in_no_representation(url: str) -> None:
    _Handler.answers = [_session("first", 900)]
    with _client(url) as client:
        assert "secret" not in repr(client.auth)
        assert "first" not in repr(client.auth)
