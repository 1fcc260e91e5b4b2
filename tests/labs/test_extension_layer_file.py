"""The layer's one file, as `sam build` has it made."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from workshop.cloud.paths import ROOT
from workshop.labs.tools import has_rust_target

pytestmark = pytest.mark.slow

MAX_BYTES = 4_000_000
# ELF's own numbers of the machines.
MACHINES = {"x86_64": 62, "arm64": 183}


def rust_name(architecture: str) -> str:
    return architecture.replace("arm64", "aarch64")


@pytest.mark.skipif(not shutil.which("make"), reason="left out: no make on this machine")
@pytest.mark.parametrize("architecture", MACHINES)
def test_the_layer_is_one_small_file_for_the_architecture(tmp_path: Path, architecture: str) -> None:
    if not has_rust_target(f"{rust_name(architecture)}-unknown-linux-gnu"):
        pytest.skip(f"left out: rustup target add {rust_name(architecture)}-unknown-linux-gnu")
    variables = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "ARTIFACTS_DIR": str(tmp_path),
        "ANALYTICS_ARCHITECTURE": architecture,
    }
    command = ["make", "--silent", "-f", "extension/layer.mk", "build-AnalyticsLayer"]
    subprocess.run(command, cwd=ROOT / "labs" / "04-extensions", env=variables, check=True)
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert file.relative_to(tmp_path) == Path("extensions/analytics")
    content = file.read_bytes()
    assert int.from_bytes(content[18:20], "little") == MACHINES[architecture]
    assert len(content) <= MAX_BYTES
    assert file.stat().st_mode & 0o111 == 0o111
    versions = {int(minor) for minor in re.findall(rb"GLIBC_2\.(\d+)", content)}
    assert max(versions) <= 26, "Amazon Linux 2 has 2.26"
