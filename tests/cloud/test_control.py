from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from workshop.cloud import CloudError, control, fingerprint, paths, state
from workshop.cloud.ministack_seam import self_test
from workshop.cloud.state import ServerState


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Another checkout's state: nothing of the running cloud is touched."""
    (tmp_path / ".workshop").mkdir()
    monkeypatch.setenv("WORKSHOP_STATE", str(tmp_path / ".workshop"))
    return tmp_path


def a_server(server_fingerprint: str) -> ServerState:
    started = state.process_start_time(os.getpid()) or ""
    return ServerState(os.getpid(), started, 1, 2, "id", "secret", server_fingerprint)


@pytest.mark.usefixtures("checkout")
def test_no_server_is_said_with_the_way_to_start_one() -> None:
    with pytest.raises(CloudError, match=r"not running: start it with \./poe"):
        control.require_running()


@pytest.mark.usefixtures("checkout")
def test_a_stale_server_is_refused_with_the_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fingerprint, "of_server", lambda: "now")
    state.write(paths.state_file(), a_server("then"))
    with pytest.raises(CloudError, match=r"other code.*\./poe stop"):
        control.ensure_running()
    state.write(paths.state_file(), a_server("now"))
    assert control.ensure_running().pid == os.getpid()


@pytest.mark.usefixtures("checkout")
def test_a_taken_port_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("WORKSHOP_PORT", str(port))
        with pytest.raises(CloudError, match=rf"port {port} is taken.*WORKSHOP_PORT"):
            control.ensure_running()


@pytest.mark.usefixtures("checkout")
@pytest.mark.parametrize("text", ["abc", "0", "65536", "-1", ""])
def test_a_bad_port_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("WORKSHOP_PORT", text)
    with pytest.raises(CloudError, match="port number from 1 to 65535"):
        control.ensure_running()


def test_the_installed_ministack_has_the_inside_we_hold_on_to() -> None:
    self_test.run()


def test_an_upgrade_that_moves_it_is_told_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(self_test._EXPECTED, "ministack.services.lambda_svc", {"reset": ["other"], "gone": None})
    with pytest.raises(CloudError, match=r"lambda_svc\.reset, ministack\.services\.lambda_svc\.gone"):
        self_test.run()
