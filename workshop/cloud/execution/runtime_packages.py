"""The packages that AWS's managed runtimes bring along, installed once under `.workshop/`."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from workshop.cloud.errors import CloudError
from workshop.cloud.paths import private_directory

_REQUIREMENTS = Path(__file__).resolve().parents[1] / "runtime_packages"


def python(runtime: str) -> Path:
    """Site-packages with boto3 and awslambdaric for a Python runtime, byte-compiled as AWS's image has it."""
    requirements = _REQUIREMENTS / "python.txt"
    digest = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()[:16]
    target = private_directory("runtimes") / f"{runtime}-{digest}"
    if not target.is_dir():
        _install(requirements, target)
    return target


def _install(requirements: Path, target: Path) -> None:
    partial = target.with_name(f".{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    command = [
        str(Path(sys.executable).with_name("uv")), "pip", "install", "--quiet", "--python", sys.executable,
        "--require-hashes", "--compile-bytecode", "--target", str(partial), "--requirement", str(requirements),
    ]  # fmt: skip
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        reason = (result.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise CloudError(f"cannot install the Python runtime's packages ({reason}); connect once and try again")
    for path in [partial, *partial.rglob("*")]:
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    partial.rename(target)
