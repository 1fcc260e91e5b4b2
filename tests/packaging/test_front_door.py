"""./poe makes, keeps and remakes its environment, and says what to do when it cannot."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.packaging.front_door import make_checkout, run_poe

STAMP = ".venv/installed-by-poe"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = make_checkout(tmp_path_factory.mktemp("a place") / "with spaces")
    made = run_poe(directory, "say", "made")
    assert made.returncode == 0, made.stderr
    return directory


def test_a_python_that_is_none_is_refused(tmp_path: Path) -> None:
    result = run_poe(make_checkout(tmp_path / "checkout"), "say", WORKSHOP_PYTHON="/bin/false")
    assert result.returncode == 1
    assert "WORKSHOP_PYTHON=/bin/false is no Python" in result.stderr


def test_no_python_at_all(tmp_path: Path) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("sh", "dirname", "cat", "cmp"):
        found = shutil.which(name)
        assert found
        (programs / name).symlink_to(found)
    result = run_poe(make_checkout(tmp_path / "checkout"), "say", PATH=str(programs))
    assert result.returncode == 1
    assert "apt-get install python3.11" in result.stderr


@pytest.mark.slow
def test_a_fresh_environment_is_used_as_it_is_from_anywhere(checkout: Path, tmp_path: Path) -> None:
    result = run_poe(checkout, "where", cwd=tmp_path)
    assert result.stdout.strip() == str(checkout / "small.py")
    assert "installing" not in result.stderr


@pytest.mark.slow
def test_arguments_and_exit_codes_pass_through(checkout: Path) -> None:
    assert run_poe(checkout, "say", "two words", "--option").stdout == "two words --option\n"
    assert run_poe(checkout, "fail").returncode != 0


@pytest.mark.slow
def test_changed_requirements_are_installed_once(checkout: Path) -> None:
    with (checkout / "requirements.txt").open("a") as file:
        file.write("# changed\n")
    assert "installing" in run_poe(checkout, "say").stderr
    assert "installing" not in run_poe(checkout, "say").stderr


@pytest.mark.slow
def test_two_at_once_install_once(checkout: Path) -> None:
    (checkout / STAMP).unlink()
    command = [checkout / "poe", "where"]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    outputs = [process.communicate(timeout=300) for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert [out.strip() for out, _ in outputs] == [str(checkout / "small.py")] * 2
    assert sum("installing" in err for _, err in outputs) == 1


@pytest.mark.slow
def test_an_interrupted_installation_is_not_taken_for_a_finished_one(checkout: Path) -> None:
    shutil.rmtree(checkout / ".venv")
    process = subprocess.Popen(
        [checkout / "poe", "say"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    end = time.monotonic() + 120
    while not (checkout / ".venv/bin").exists():
        assert time.monotonic() < end
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert not (checkout / STAMP).exists()
    again = run_poe(checkout, "where")
    assert again.returncode == 0, again.stderr
    assert (checkout / STAMP).exists()


@pytest.mark.slow
def test_no_network_is_said_with_what_to_do(tmp_path: Path) -> None:
    result = run_poe(
        make_checkout(tmp_path / "checkout"),
        "say",
        PIP_INDEX_URL="http://127.0.0.1:9/simple",
        PIP_RETRIES="0",
        PIP_NO_CACHE_DIR="1",
    )
    assert result.returncode == 1
    assert "HTTPS_PROXY" in result.stderr
    assert not (tmp_path / "checkout" / STAMP).exists()


@pytest.mark.slow
def test_a_checkout_that_was_moved_gets_a_new_environment(tmp_path: Path) -> None:
    first = make_checkout(tmp_path / "first")
    assert run_poe(first, "say").returncode == 0
    second = first.rename(tmp_path / "second")
    result = run_poe(second, "where")
    assert result.stdout.strip() == str(second / "small.py")
