from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from workshop.files import lock, read_json, write_json
from workshop.labs import demo_users
from workshop.labs.errors import LabError
from workshop.labs.token_keys import rotated


def test_a_demo_password_is_made_once_and_readable_by_its_owner_only(state: Path) -> None:
    first = demo_users.password("admin")
    assert demo_users.password("admin") == first
    assert demo_users.password("viewer") != first
    file = state / "users.json"
    assert file.stat().st_mode & 0o777 == 0o600
    assert json.loads(file.read_text())["admin"] == first


def test_there_is_no_demo_user_of_another_role(state: Path) -> None:
    with pytest.raises(LabError, match="viewer or admin"):
        demo_users.password("root")
    assert not (state / "users.json").exists()


def test_a_torn_file_is_as_good_as_none(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"a": ')
    assert read_json(tmp_path / "x.json") == {}


def test_a_write_that_fails_leaves_the_old_content_and_nothing_else(tmp_path: Path) -> None:
    write_json(tmp_path / "x.json", {"a": 1})
    with pytest.raises(TypeError):
        write_json(tmp_path / "x.json", {"a": object()})
    assert read_json(tmp_path / "x.json") == {"a": 1}
    assert [path.name for path in tmp_path.iterdir()] == ["x.json"]


def test_a_lock_is_one_processes_and_a_dead_one_holds_none(tmp_path: Path) -> None:
    script = (
        "import sys, time, pathlib\nfrom workshop.files import lock\n"
        "with lock(pathlib.Path(sys.argv[1])):\n    print('held', flush=True)\n    time.sleep(1000)\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "a.lock")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        probe = subprocess.run(
            [sys.executable, "-c", "import fcntl, sys; fcntl.flock(open(sys.argv[1]), fcntl.LOCK_EX | fcntl.LOCK_NB)",
             str(tmp_path / "a.lock")], capture_output=True, text=True, check=False,
        )  # fmt: skip
        holder.kill()
    assert "BlockingIOError" in probe.stderr
    with lock(tmp_path / "a.lock"):
        pass


def test_rotating_keeps_the_current_key_for_the_tokens_out_there() -> None:
    first = {"kid": "1", "key": "k" * 48}
    second = rotated(first)
    third = rotated(second)
    assert (second["kid"], second["previous"]) == ("2", first)
    assert third["previous"] == {"kid": "2", "key": second["key"]}
    assert len({first["key"], second["key"], third["key"]}) == 3
    assert len(third["key"]) >= 32


def test_a_key_id_that_is_no_number_gets_a_new_one() -> None:
    assert rotated({"kid": "blue", "key": "k"})["kid"] not in {"blue", ""}
