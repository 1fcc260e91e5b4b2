"""The execution environment and its tests, as cargo builds them."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.cgroup_v2.machine import ROOT

_COMMAND = ("cargo", "test", "--package", "execution-environment", "--locked", "--no-run", "--message-format=json")

# Those that cgroups matter to, the instrument first.
_TESTS = ("measuring", "isolation", "endings", "ahead", "fallbacks", "killed", "hostile", "neighbour")

_OUTPUT = "the log's pipes: nothing of it is a cgroup's, and it takes minutes"
LEFT_OUT = {
    "confinement": "namespaces, mounts and capabilities",
    "endpoints": "forwarded ports and the name server",
    "extension_failures": "the Extensions API",
    "extensions": "the Extensions and Telemetry APIs",
    "lifecycle": "the phases, and failures in AWS's words",
    "runtime_api": "the Runtime API",
    "hostile::a_flood_of_output_is_passed_on_without_being_kept": _OUTPUT,
    "hostile::a_flood_without_newlines_is_split_and_binary_does_not_stop_it": _OUTPUT,
    "hostile::many_short_lines_all_arrive": _OUTPUT,
}
"""Test files and single tests that are about no cgroup, and what they are about. Every other test is run."""


@dataclass(frozen=True)
class Programs:
    """Paths of executables. They keep their places in the emulated machine: the tests were compiled with them."""

    environment: Path
    probes: tuple[Path, ...]
    tests: dict[str, Path]
    """By the name of the test file."""

    @property
    def all(self) -> list[Path]:
        """Every one of them."""
        return [self.environment, *self.probes, *self.tests.values()]


def build() -> Programs:
    """Build everything in the profile of `cargo test`; seconds where that has been done."""
    output = subprocess.run(_COMMAND, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout
    built: dict[str, dict[str, Path]] = {"bin": {}, "example": {}, "test": {}}
    for line in output.splitlines():
        message = json.loads(line)
        if message["reason"] != "compiler-artifact" or not message["executable"]:
            continue
        kind = message["target"]["kind"][0]
        if kind == "test" or not message["profile"]["test"]:
            built[kind][message["target"]["name"]] = Path(message["executable"])
    forgotten = set(built["test"]) - {*_TESTS, *LEFT_OUT}
    if forgotten:
        raise LookupError(f"{', '.join(sorted(forgotten))}: say in {__name__} whether cgroup v2 matters to these tests")
    tests = {name: built["test"][name] for name in _TESTS}
    return Programs(built["bin"]["execution-environment"], tuple(built["example"].values()), tests)
