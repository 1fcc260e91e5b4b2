"""Wheels that a lab's Python functions need and that this checkout builds itself, by maturin."""

from __future__ import annotations

import shutil
from pathlib import Path

from workshop.cloud.paths import ROOT, private_directory
from workshop.labs import inputs, tools
from workshop.labs.files import read_json, write_json
from workshop.labs.inputs import WheelProject
from workshop.labs.progress import ProgressLine

# The oldest C library that sam's Python builder accepts for cp311; zig links against it on any machine.
_COMPATIBILITY = "manylinux2014"


def directory(project: WheelProject) -> Path:
    """Where the project's wheel lies once it is built: `pip --find-links` of that folder finds it."""
    return private_directory("builds", "wheels", project.path.name)


def build(project: WheelProject, log: Path, progress: ProgressLine) -> bool:
    """Build the wheel if its crate, or one behind it, has changed; answers whether it did.

    Raises `tools.ToolError`.
    """
    place = directory(project)
    record = place / "build.json"
    fingerprint = inputs.of_wheel(project).fingerprint()
    if read_json(record).get("fingerprint") == fingerprint and list(place.glob("*.whl")):
        return False
    # An older wheel must not be found in the place of this one.
    shutil.rmtree(place)
    command = [
        "maturin", "build", "--release", "--locked", "--zig", "--compatibility", _COMPATIBILITY,
        "--manifest-path", str(project.path / "Cargo.toml"), "--out", str(directory(project)),
    ]  # fmt: skip
    tools.run(command, directory=ROOT, variables=tools.environment({}), log=log, progress=progress)
    write_json(record, {"fingerprint": fingerprint})
    return True
