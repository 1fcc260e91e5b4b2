"""The package: its types, and whether it runs where a Lambda function does."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from typing import TYPE_CHECKING

from tests import wheel

if TYPE_CHECKING:
    from pathlib import Path

X86_64 = 62


def test_stubs_agree_with_the_module(site: Path) -> None:
    command = [sys.executable, "-m", "mypy.stubtest", "s3_admin"]
    environment = os.environ | {"MYPYPATH": str(site), "PYTHONPATH": str(site)}
    result = subprocess.run(command, env=environment, cwd=site, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_wheel_is_for_lambda() -> None:
    # One build for every Python from 3.11 on, x86_64, glibc 2.17 or newer (Amazon Linux 2 has 2.26).
    assert wheel.built().name.endswith("-cp311-abi3-manylinux2014_x86_64.manylinux_2_17_x86_64.whl")


def test_module_is_an_x86_64_library(site: Path) -> None:
    [library] = (site / "s3_admin").glob("_core*.so")
    assert library.name == "_core.abi3.so"
    header = library.read_bytes()[:20]
    assert header[:6] == b"\x7fELF\x02\x01"
    assert struct.unpack_from("<H", header, 18) == (X86_64,)
