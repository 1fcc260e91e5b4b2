"""Which installation serves which runtime, and what is said when there is none."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cloud.test_function import config
from workshop.cloud import tls
from workshop.cloud.errors import CloudError
from workshop.cloud.execution import function, runtime_packages, runtimes
from workshop.cloud.execution.runtimes import java, java_trust, programs
from workshop.cloud.execution.runtimes.programs import Installed
from workshop.cloud.execution.runtimes.runtime import Runtime

Program = Callable[[str, str], Path]


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Puts a shell script of that name on a PATH that has nothing else but the shell's own commands."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("JAVA_HOME", raising=False)

    def make(name: str, script: str) -> Path:
        path = tmp_path / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    return make


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("python", "node", "java"):
        monkeypatch.setattr(runtime_packages, name, lambda *_: tmp_path / "packages")
    return tmp_path / "packages"


def find(runtime: str, trust: Path = Path("/nowhere")) -> Runtime:
    return runtimes.find(function.read(config(Runtime=runtime, Handler="app.handler")), trust)


def test_same_major_comes_first_and_then_the_oldest_newer_one() -> None:
    installed = [Installed(major, Path(f"/{major}")) for major in (17, 25, 21)]
    assert programs.choose(installed, 17) == installed[0]
    assert programs.choose(installed, 18) == installed[2]
    assert programs.choose(installed, 26) is None


@pytest.mark.usefixtures("packages")
def test_node_is_taken_from_where_it_says_it_lies(program: Program, tmp_path: Path) -> None:
    program("node", "echo 22 /somewhere/node/bin/node")
    found = find("nodejs20.x")
    assert found.command[0] == "/var/lang/bin/node"
    assert [str(mount.source) for mount in found.mounts if mount.target == "/var/lang"] == ["/somewhere/node"]
    assert found.variables["NODE_PATH"].startswith("/opt/nodejs/node20/node_modules:/opt/nodejs/node_modules:")


@pytest.mark.usefixtures("packages")
def test_a_newer_major_is_said_once(program: Program, caplog: pytest.LogCaptureFixture) -> None:
    programs.say_newer.cache_clear()
    program("node", "echo 22 /somewhere/node/bin/node")
    find("nodejs22.x")
    assert not caplog.messages
    find("nodejs18.x")
    find("nodejs18.x")
    assert caplog.messages == ["runtime 'nodejs18.x' runs on this machine's Node 22"]


@pytest.mark.usefixtures("packages")
def test_of_several_nodes_on_path_the_one_asked_for_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    directories = [tmp_path / f"bin{major}" for major in (20, 24, 22)]
    for directory in directories:
        directory.mkdir()
        major = directory.name.removeprefix("bin")
        (directory / "node").write_text(f"#!/bin/sh\necho {major} /node{major}/bin/node\n")
        (directory / "node").chmod(0o755)
    monkeypatch.setenv("PATH", ":".join(map(str, directories)))
    for asked, used in [("nodejs22.x", "/node22"), ("nodejs20.x", "/node20"), ("nodejs23.x", "/node24")]:
        assert used in [str(mount.source) for mount in find(asked).mounts]


@pytest.mark.usefixtures("packages")
def test_an_older_node_and_none_at_all_are_errors_that_name_it(program: Program) -> None:
    with pytest.raises(CloudError, match=r"'nodejs24.x' needs Node 24 or newer on this machine; it has none"):
        find("nodejs24.x")
    program("node", "echo 22 /somewhere/node/bin/node")
    with pytest.raises(CloudError, match=r"'nodejs24.x' needs Node 24 or newer on this machine; it has 22"):
        find("nodejs24.x")


@pytest.mark.usefixtures("packages")
def test_an_older_java_is_an_error_that_names_it(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    told = r"printf ' java.home = /jdk\n java.specification.version = 17\n' >&2"
    monkeypatch.setattr(java, "_candidates", lambda: [program("java", told)])
    with pytest.raises(CloudError, match=r"'java21' needs a JDK 21 or newer on this machine; it has 17"):
        find("java21")


def test_another_python_is_found_on_path(program: Program, packages: Path, tmp_path: Path) -> None:
    python_program = program("python3.99", f"echo {tmp_path}")
    found = find("python3.99")
    assert found.command == ["/var/lang/bin/python3.99", "-m", "awslambdaric", "app.handler"]
    assert [(mount.source, mount.target) for mount in found.mounts] == [
        (tmp_path, "/var/lang"),
        (packages, "/var/lang/lib/python3.99/site-packages"),
    ]
    assert python_program.is_file()


@pytest.mark.usefixtures("packages")
def test_a_version_managers_placeholder_is_no_python(program: Program) -> None:
    program("python3.98", "echo 'not installed' >&2; exit 127")
    with pytest.raises(CloudError, match=r"'python3.98' needs that interpreter"):
        find("python3.98")


@pytest.mark.usefixtures("packages")
def test_the_workshops_own_python_needs_no_path(program: Program) -> None:
    own = f"python{sys.version_info.major}.{sys.version_info.minor}"
    assert find(own).mounts[0].source == Path(sys.base_prefix)


@pytest.mark.parametrize("runtime", ["dotnet8", "ruby3.3"])
def test_a_runtime_that_is_not_there_is_named(runtime: str) -> None:
    with pytest.raises(CloudError, match=f"'{runtime}' is not available"):
        find(runtime)


@pytest.mark.parametrize(
    ("tool", "install", "script", "reason"),
    [
        ("npm", runtime_packages.node, "echo 'npm error code ENOTFOUND' >&2; exit 1", "npm error code ENOTFOUND"),
        ("mvn", runtime_packages.java, "echo '[ERROR] Unknown host'; exit 1", "Unknown host"),
    ],
)
def test_packages_that_cannot_be_fetched_are_an_error_with_the_fix(
    program: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
    tool: str, install: Callable[[], Path], script: str, reason: str,
) -> None:  # fmt: skip
    monkeypatch.setenv("WORKSHOP_STATE", str(tmp_path / "state"))
    with pytest.raises(CloudError, match=f"{tool} is not on PATH.*./poe doctor"):
        install()
    program(tool, script)
    with pytest.raises(CloudError, match=f"{reason}.*; connect once and try again"):
        install()


def test_jars_other_than_the_listed_ones_are_refused(
    program: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WORKSHOP_STATE", str(tmp_path / "state"))
    program("mvn", "echo changed > aws-lambda-java-core-1.2.3.jar")
    with pytest.raises(CloudError, match=r"aws-lambda-java-core-1.2.3.jar.*not the files"):
        runtime_packages.java()


@pytest.mark.skipif(not shutil.which("keytool"), reason="left out: no JDK on this machine")
def test_javas_trust_store_has_the_jdks_roots_and_the_authority_of_this_run(tmp_path: Path) -> None:
    jdk = next(found.prefix for path in java._candidates() if (found := java._installed(path)))
    authority = tls.make(tmp_path)
    first = java_trust.store(jdk, authority.public)
    command = ["keytool", "-list", "-keystore", str(first), "-storepass", java_trust.PASSWORD]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert listed.count("trustedCertEntry") > 50
    assert "local-cloud," in listed
    assert java_trust.store(jdk, authority.public) == first
    tls.make(tmp_path)
    assert java_trust.store(jdk, authority.public) != first
    assert not first.exists()
