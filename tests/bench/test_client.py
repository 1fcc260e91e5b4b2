"""boto3's own share of an invocation: a server in a process of its own that ends with the measurement."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest

from workshop.bench import client
from workshop.cloud.errors import CloudError


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    processes: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            processes.append(self)

    monkeypatch.setattr(subprocess, "Popen", Noted)
    return processes


def test_every_call_is_answered_and_the_server_ends(started: list[subprocess.Popen[bytes]]) -> None:
    [figure] = client.figures(5)
    assert len(figure.samples) == 5 * client.CALLS
    assert all(ms > 0 for ms in figure.samples)
    [server] = started
    assert server.returncode is not None


def test_a_server_that_does_not_start_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "__name__", "workshop.bench.no_such_module")
    with pytest.raises(CloudError, match="did not start"):
        list(client.figures(5))
