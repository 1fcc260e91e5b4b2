"""The packages that AWS's managed runtimes bring along, installed once under `.workshop/`."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from workshop.cloud.errors import CloudError
from workshop.cloud.paths import private_directory

_SOURCES = Path(__file__).resolve().parents[1] / "runtime_packages"
# Two functions may need the same runtime for the first time at once.
_lock = threading.Lock()


def python(runtime: str, interpreter: Path = Path(sys.executable)) -> Path:
    """Site-packages with boto3 and awslambdaric for a Python runtime, byte-compiled as AWS's image has it."""
    requirements = _SOURCES / "python.txt"

    def install(directory: Path) -> None:
        command = [
            str(Path(sys.executable).with_name("uv")), "pip", "install", "--quiet", "--python", str(interpreter),
            "--require-hashes", "--compile-bytecode", "--target", str(directory), "--requirement", str(requirements),
        ]  # fmt: skip
        _run(command, directory.parent, "the Python runtime's packages")

    return _once(runtime, requirements.read_bytes() + f"{sys.version}{interpreter}".encode(), install)


def node() -> Path:
    """The runtime client for Node and, in `node_modules`, the AWS SDK v3: all that is at /var/runtime."""
    source = _SOURCES / "node"

    def install(directory: Path) -> None:
        _require("npm", "the AWS SDK of the Node runtimes")
        shutil.copytree(source, directory)
        command = ["npm", "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"]
        _run(command, directory, "the Node runtimes' AWS SDK")

    return _once("node", _content(source), install)


def java() -> Path:
    """The jars of AWS's runtime interface client for Java."""
    source = _SOURCES / "java"

    def install(directory: Path) -> None:
        _require("mvn", "the Java runtimes' client (aws-lambda-java-runtime-interface-client)")
        directory.mkdir()
        command = [
            "mvn", "--batch-mode", "--quiet", "--strict-checksums", "--file", str(source / "pom.xml"),
            "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies",
            "-DincludeScope=runtime", f"-DoutputDirectory={directory}",
        ]  # fmt: skip
        _run(command, directory, "the Java runtimes' client")
        _check(directory, source / "jars.sha256")

    return _once("java", _content(source), install)


def _content(directory: Path) -> bytes:
    return b"".join(path.name.encode() + path.read_bytes() for path in sorted(directory.iterdir()) if path.is_file())


def _check(directory: Path, sums: Path) -> None:
    """Maven checks its repository's own checksums; these are ours. As `sha256sum *.jar` prints them."""
    expected = {name: digest for digest, name in (line.split() for line in sums.read_text().splitlines())}
    found = {jar.name: hashlib.sha256(jar.read_bytes()).hexdigest() for jar in directory.glob("*.jar")}
    if wrong := sorted(name for name in {*expected, *found} if expected.get(name) != found.get(name)):
        raise CloudError(f"{', '.join(wrong)}: not the files that {sums.name} lists; look at your Maven repository")


def _require(program: str, what: str) -> None:
    if shutil.which(program) is None:
        raise CloudError(f"{program} is not on PATH; it fetches {what}: install it (see ./poe doctor)")


def _once(name: str, made_from: bytes, install: Callable[[Path], None]) -> Path:
    """The directory for that name and content, readable for the sandbox's user; complete or not there."""
    target = private_directory("runtimes") / f"{name}-{hashlib.sha256(made_from).hexdigest()[:16]}"
    with _lock:
        if not target.is_dir():
            partial = target.with_name(f".{target.name}.partial")
            shutil.rmtree(partial, ignore_errors=True)
            install(partial)
            for path in [partial, *partial.rglob("*")]:
                if not path.is_symlink():
                    path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
            partial.rename(target)
    return target


def _run(command: list[str], directory: Path, what: str) -> None:
    result = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
    if result.returncode:
        lines = (result.stderr.strip() or result.stdout.strip()).splitlines()
        raise CloudError(f"cannot install {what} ({_reason(lines)}); connect once and try again")


def _reason(lines: list[str]) -> str:
    """The line that says why: npm and Maven end with hints, so it is their first error; uv's is the last."""
    marked = [line for line in lines if line.startswith(("npm error", "[ERROR]"))]
    return marked[0] if marked else lines[-1] if lines else "no reason given"
