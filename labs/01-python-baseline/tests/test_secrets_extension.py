"""Token keys from an extension that keeps them (lab 04), and from Secrets Manager where that does not answer."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import Aws
from test_imports import imported_by

from s3_admin_lab.auth import keys, secret, secrets_extension
from s3_admin_lab.service_error import ServiceError


class Extension(ThreadingHTTPServer):
    """Answers every request with `status` and `body`, and keeps what it was asked for."""

    status = 200
    body = b"{}"

    def __init__(self) -> None:
        self.asked: list[tuple[str, str | None]] = []
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: Extension

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["X-Aws-Parameters-Secrets-Token"]))
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def extension(monkeypatch: pytest.MonkeyPatch) -> Iterator[Extension]:
    server = Extension()
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    monkeypatch.setenv("AWS_SESSION_TOKEN", "session-token")
    monkeypatch.setattr(secret, "_port", str(server.server_port))
    monkeypatch.setattr(keys, "_kept", None)
    yield server
    server.shutdown()
    server.server_close()


def of_key(key: str) -> str:
    return json.dumps({"kid": "1", "key": key})


@pytest.fixture
def service(aws: Aws) -> Aws:
    aws.answers["GetSecretValue"] = {"SecretString": of_key("service")}
    return aws


def test_keys_come_from_the_extension(extension: Extension, service: Aws) -> None:
    extension.body = json.dumps({"SecretString": of_key("extension")}).encode()
    assert keys.current().by_id == {"1": b"extension"}
    path, token = extension.asked[0]
    assert urlsplit(path).path == "/secretsmanager/get"
    assert parse_qs(urlsplit(path).query) == {"secretId": ["arn:aws:secretsmanager:us-east-1:000000000000:secret:keys"]}
    assert token == "session-token"
    assert service.calls == []


def test_an_unknown_key_id_reads_past_what_it_keeps(
    extension: Extension, service: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    extension.body = json.dumps({"SecretString": of_key("kept")}).encode()
    assert keys.find("1") == b"kept"
    extension.body = json.dumps({"SecretString": json.dumps({"kid": "2", "key": "new"})}).encode()
    monkeypatch.setattr(keys, "_kept", keys.current()._replace(read_at=keys.current().read_at - 6))
    assert keys.find("2") == b"new"
    queries = [parse_qs(urlsplit(path).query) for path, _ in extension.asked]
    assert [query.get("refreshNow") for query in queries] == [None, ["true"]]
    assert service.calls == []


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (400, {"__type": "com.amazonaws#ThrottlingException"}, "ThrottlingException"),
        (400, {"__type": "AccessDeniedException", "Message": "no"}, "AccessDeniedException"),
        (502, {"type": "about:blank"}, "Garbled"),
        (503, {"type": "about:blank"}, "Unreachable"),
        (504, {"type": "about:blank"}, "TimedOut"),
        (200, ["no object"], "Garbled"),
    ],
)
def test_what_secrets_manager_told_it_is_not_asked_again(
    extension: Extension, service: Aws, status: int, body: object, code: str
) -> None:
    extension.status, extension.body = status, json.dumps(body).encode()
    with pytest.raises(ServiceError) as raised:
        keys.current()
    assert (raised.value.service, raised.value.code) == ("Secrets Manager", code)
    assert service.calls == []


def test_an_extension_that_takes_too_long(extension: Extension, service: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_: object) -> None:
        raise TimeoutError

    monkeypatch.setattr(secrets_extension, "_ask", late)
    with pytest.raises(ServiceError, match="TimedOut"):
        keys.current()
    assert service.calls == []


@pytest.mark.parametrize("status", [400, 401, 404])
def test_an_extension_that_does_not_understand_is_passed_by(extension: Extension, service: Aws, status: int) -> None:
    extension.status, extension.body = status, b"not initialized"
    assert keys.current().by_id == {"1": b"service"}
    assert len(extension.asked) == 1


def test_without_an_extension_the_service_is_asked(
    extension: Extension, service: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    extension.shutdown()
    extension.server_close()
    assert keys.current().by_id == {"1": b"service"}


def makes_a_client() -> bool:
    # A module stands for "yes": imported_by tells modules only.
    told = "if secret._client.cache_info().currsize: import colorsys"
    return "colorsys" in imported_by(f"from s3_admin_lab.auth import secret\n{told}")


def test_a_cold_function_with_an_extension_makes_no_client(monkeypatch: pytest.MonkeyPatch) -> None:
    assert makes_a_client()
    monkeypatch.setenv("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT", "2773")
    assert not makes_a_client()
