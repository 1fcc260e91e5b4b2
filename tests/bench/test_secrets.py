"""`./poe bench secrets` without the cloud: what the table says, and how its functions ask the extension."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

from workshop.bench import packages, secrets, tls
from workshop.measure import Row, data_frame

SECRET = "arn:aws:secretsmanager:eu-west-1:000000000000:secret:keys/1-abc"
MACHINE = {"memory": "1 GiB"}


def _row(way: str, *, cold: bool, init: float | None, duration: float, memory: int) -> Row:
    return Row(
        run="r", lab="Python", function=secrets.label(way, 128), event="", runtime="python3.11",
        architecture="x86_64", memory_mb=128, target="local", cold=cold, init_ms=init, duration_ms=duration,
        billed_ms=duration, max_memory_mb=memory, client_ms=duration, cpu_ms=None, init_cpu_ms=None,
        request_id="", started_at="2026-01-31T12:00:00.000Z", error=None,
    )  # fmt: skip


def _rows() -> pd.DataFrame:
    """Three rounds, of which the last met a slow machine: 100 ms more for both."""
    rows = []
    for slow in (0.0, 10.0, 100.0):
        rows.append(_row(secrets.SDK, cold=True, init=300.0 + slow, duration=200.0, memory=80))
        rows.append(_row(secrets.EXTENSION, cold=True, init=50.0, duration=20.0 + slow, memory=50))
        rows.append(_row(secrets.SDK, cold=False, init=None, duration=9.0, memory=80))
        rows.append(_row(secrets.EXTENSION, cold=False, init=None, duration=2.0, memory=50))
    return data_frame(rows)


def test_what_is_saved_is_the_difference_within_a_round() -> None:
    told = secrets.markdown(_rows(), MACHINE, 3)
    assert "| Python | 128 | SDK | 310 | 200 | 510 |  | 9 | 80 |" in told
    assert "| Python | 128 | extension | 50 | 30 | 80 | 430 (430 to 430) | 2 | 50 |" in told


def test_the_range_of_what_is_saved_is_told() -> None:
    rows = _rows()
    rows.loc[0, "init_ms"] = 200.0
    assert "| 430 (330 to 430) |" in secrets.markdown(rows, MACHINE, 3)


def test_what_is_left_out_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tls, "left_out", lambda: {"Java": "mvn"})
    told = secrets.markdown(_rows(), MACHINE, 3)
    assert "Java is left out: mvn not found." in told
    assert f"Rust is left out: {secrets.RUST}." in told
    assert "Node is left out" not in told


class _Extension(HTTPServer):
    """Answers as AWS's extension does, and keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.asked: list[tuple[str, str | None]] = []
        self.status = 200


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, _Extension)
        self.server.asked.append((self.path, self.headers["X-Aws-Parameters-Secrets-Token"]))
        body = json.dumps({"ARN": SECRET, "VersionStages": ["AWSCURRENT"], "SecretString": "twelve chars"}).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: a test's output is its own."""


@pytest.fixture
def extension() -> Iterator[_Extension]:
    with _Extension() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def _variables(extension: _Extension) -> dict[str, str]:
    port = str(extension.server_port)
    return {"PARAMETERS_SECRETS_EXTENSION_HTTP_PORT": port, "SECRET_ID": SECRET, "AWS_SESSION_TOKEN": "the token"}


ASKED = ("/secretsmanager/get?secretId=arn%3Aaws%3Asecretsmanager%3Aeu-west-1%3A000000000000%3Asecret%3Akeys%2F1-abc",
         "the token")  # fmt: skip


def _imported(variables: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    spec = importlib.util.spec_from_file_location("extension_secret", packages.FUNCTIONS / "extension_secret.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_python_asks_as_awss_extension_wants(extension: _Extension, monkeypatch: pytest.MonkeyPatch) -> None:
    function = _imported(_variables(extension), monkeypatch)
    assert function.handler({}, None) == len("twelve chars")
    assert extension.asked == [ASKED]
    extension.status = 401
    with pytest.raises(RuntimeError, match="the extension answered 401"):
        function.handler({}, None)


def _ran(command: list[str], extension: _Extension) -> subprocess.CompletedProcess[str]:
    variables = os.environ | _variables(extension)
    return subprocess.run(command, env=variables, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.skipif(shutil.which("node") is None, reason="node not found")
def test_node_asks_as_awss_extension_wants(extension: _Extension) -> None:
    source = (packages.FUNCTIONS / "extension_secret.mjs").as_uri()
    script = f"console.log(await (await import({json.dumps(source)})).handler())"
    command = ["node", "--input-type=module", "--eval", script]
    told = _ran(command, extension)
    assert told.stdout.strip() == str(len("twelve chars")), told.stderr
    assert extension.asked == [ASKED]
    extension.status = 401
    assert "the extension answered 401" in _ran(command, extension).stderr
