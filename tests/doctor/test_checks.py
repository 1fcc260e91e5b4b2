"""Each check against machines that have, lack or half have what it looks for."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from workshop.doctor import cgroups, isolation, machine, packaged, runtimes, toolchain
from workshop.doctor.finding import Status


@pytest.fixture
def empty_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORKSHOP_DEVCONTAINER", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.mark.usefixtures("empty_path")
@pytest.mark.parametrize(
    ("check", "command"),
    [
        (toolchain.rust, "rustup"),
        (toolchain.c_compiler, "build-essential"),
        (toolchain.make, "build-essential"),
        (toolchain.git, "install git"),
        (toolchain.python_runtime, "python3.11"),
    ],
)
def test_a_required_tool_that_is_not_there(check, command: str) -> None:
    finding = check()
    assert finding.status is Status.MISSING
    assert command in finding.remedy


@pytest.mark.usefixtures("empty_path")
@pytest.mark.parametrize("check", [runtimes.java, runtimes.maven, runtimes.node, runtimes.dotnet])
def test_an_optional_tool_that_is_not_there_is_left_out_by_name(check) -> None:
    finding = check()
    assert finding.status is Status.LEFT_OUT
    assert "left out" in finding.why
    assert finding.remedy


def test_an_old_toolchain_is_told_from_none(program) -> None:
    program("rustc", "echo rustc 1.70.0")
    finding = toolchain.rust()
    assert (finding.status, finding.found) == (Status.MISSING, "1.70.0")
    assert "rustup update" in finding.remedy


def test_an_old_java_is_left_out(program) -> None:
    program("javac", "echo javac 11.0.2")
    assert runtimes.java().status is Status.LEFT_OUT


def test_rust_that_is_installed_but_not_on_path(empty_path, tmp_path: Path) -> None:
    (tmp_path / ".cargo/bin").mkdir(parents=True)
    (tmp_path / ".cargo/bin/cargo").touch()
    assert ".cargo/env" in toolchain.rust().remedy


def test_in_the_devcontainer_the_remedy_is_to_rebuild_it(empty_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKSHOP_DEVCONTAINER", "1")
    assert "rebuild the container" in toolchain.git().remedy


def test_a_tool_of_the_environment_at_the_wrong_version(monkeypatch: pytest.MonkeyPatch, program) -> None:
    monkeypatch.setattr(packaged, "_BIN", program("maturin", "echo maturin 0.1.2").parent)
    finding = packaged.maturin()
    assert (finding.status, finding.found) == (Status.MISSING, "0.1.2")
    assert ".venv" in finding.remedy


def test_too_little_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_DISK_NEEDED_GIB", 1 << 40)
    assert machine.disk(tmp_path).status is Status.MISSING


def test_a_clock_that_is_behind_the_checkout(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    assert machine.clock(sources=tmp_path).status is Status.OK
    assert machine.clock(now=1e9, sources=tmp_path).status is Status.MISSING


@pytest.fixture
def no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workshop.cloud.control.current", lambda: None)


@pytest.mark.usefixtures("no_server")
def test_a_port_that_another_program_has(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        monkeypatch.setenv("WORKSHOP_PORT", str(other.getsockname()[1]))
        taken = machine.port()
    assert taken.status is Status.MISSING
    assert "WORKSHOP_PORT" in taken.remedy
    assert machine.port().status is Status.OK


@pytest.mark.usefixtures("no_server")
@pytest.mark.parametrize("text", ["http", "0", "70000", ""])
def test_a_port_that_is_none(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKSHOP_PORT", text)
    assert machine.port().status is Status.MISSING


def test_namespaces_that_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refusing = tmp_path / "refuses.py"
    refusing.write_text("import sys; sys.exit('mount namespace: Operation not permitted')")
    monkeypatch.setattr(isolation, "_PROGRAM", refusing)
    finding = isolation.namespaces()
    assert finding.status is Status.MISSING
    assert "Operation not permitted" in finding.found
    assert "SYS_ADMIN" in finding.remedy


V1 = """\
30 25 0:26 / {mount}/cpu rw - cgroup cgroup rw,cpu
31 25 0:27 / {mount}/memory rw - cgroup cgroup rw,memory
32 25 0:28 / /sys rw,nosuid - sysfs sysfs rw
"""
V2 = "33 25 0:29 / {mount} rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n"


def test_hierarchies_are_read_from_mountinfo(tmp_path: Path) -> None:
    (tmp_path / "cgroup.controllers").write_text("cpuset cpu io memory pids\n")
    v1 = cgroups.hierarchies(V1.format(mount=tmp_path))
    v2 = cgroups.hierarchies(V2.format(mount=tmp_path))
    assert [(tree.version, tree.mount) for tree in v1] == [(1, tmp_path / "cpu"), (1, tmp_path / "memory")]
    assert "memory" in v1[1].controllers
    assert [(tree.version, tree.controllers) for tree in v2] == [(2, {"cpuset", "cpu", "io", "memory", "pids"})]


def test_cgroups_that_cannot_be_made_cost_the_cpu_share_only(tmp_path: Path) -> None:
    mountinfo = tmp_path / "mountinfo"
    mountinfo.write_text(V1.format(mount=tmp_path / "absent"))
    finding = cgroups.cgroups(mountinfo)
    assert finding.status is Status.LIMITED
    assert finding.found.startswith("v1: No such file")


def test_no_controllers_at_all(tmp_path: Path) -> None:
    (tmp_path / "cgroup.controllers").write_text("\n")
    mountinfo = tmp_path / "mountinfo"
    mountinfo.write_text(V2.format(mount=tmp_path))
    assert cgroups.cgroups(mountinfo).found == "no cpu and memory controllers"


def test_trying_cgroups_leaves_none_behind() -> None:
    cgroups.cgroups()
    trees = cgroups.hierarchies(Path("/proc/self/mountinfo").read_text())
    assert not [path for tree in trees for path in tree.mount.glob(f"workshop-doctor-{os.getpid()}")]
