"""The execution environment and its tests, as cargo builds them."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.cgroup_v2.machine import ROOT

_COMMAND = ("cargo", "test", "--package", "execution-environment", "--locked", "--no-run", "--message-format=json")

# Those that cgroups matter to, the instrument first. The others would take minutes more and show nothing of v2.
_TESTS = ("measuring", "isolation", "endings", "ahead", "fallbacks", "hostile")


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
    tests = {name: built["test"][name] for name in _TESTS}
    return Programs(built["bin"]["execution-environment"], tuple(built["example"].values()), tests)
