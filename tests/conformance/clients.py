"""The runtime clients and extensions: how each becomes files, and what it needs beside these."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.conformance import builds
from workshop.cloud.execution import runtime_packages

_PYTHON = f"python{sys.version_info.major}.{sys.version_info.minor}"
_INTERPRETER = f"/var/lang/bin/{_PYTHON}"


def _no_mounts() -> Mapping[str, Path]:
    return {}


@dataclass(frozen=True)
class Client:
    """A runtime client with a function: its files are written into a directory, mounts are by their place inside."""

    runtime: str
    handler: str
    command: tuple[str, ...]
    write: Callable[[Path], object]
    mounts: Callable[[], Mapping[str, Path]] = _no_mounts
    programs: tuple[str, ...] = ()
    """Programs of this machine that it cannot do without."""

    def missing(self) -> str | None:
        """What this machine lacks for it, in a sentence."""
        lacking = [program for program in self.programs if shutil.which(program) is None]
        return f"left out: no {' and no '.join(lacking)} on this machine" if lacking else None


def python(source: str) -> Client:
    """A function in Python, with awslambdaric."""
    return Client(
        _PYTHON,
        "app.handler",
        (_INTERPRETER, "-m", "awslambdaric", "app.handler"),
        lambda code: (code / "app.py").write_text(source),
        _python_mounts,
    )


def _python_mounts() -> Mapping[str, Path]:
    return {
        "/var/lang": Path(sys.base_prefix),
        f"/var/lang/lib/{_PYTHON}/site-packages": runtime_packages.python(_PYTHON),
    }


RUST = Client(
    "provided.al2023",
    "function",
    ("/var/task/bootstrap",),
    lambda code: shutil.copy(builds.rust_program("function"), code / "bootstrap"),
    programs=("cargo",),
)
"""`rust/src/bin/function.rs`, with lambda_runtime."""


def java(handler: str) -> Client:
    """A handler of `App.java`, with AWS's runtime interface client for Java."""
    client = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda"
    options = ("-XX:MaxHeapSize=445644k", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
    return Client(
        "java17",
        handler,
        ("/var/lang/bin/java", *options, "-cp", "/var/runtime/*:/var/task", client, handler),
        lambda code: shutil.copytree(builds.java_classes(), code, dirs_exist_ok=True),
        _java_mounts,
        ("javac", "mvn"),
    )


def _java_mounts() -> Mapping[str, Path]:
    compiler = Path(str(shutil.which("javac"))).resolve()
    return {"/var/lang": compiler.parents[1], "/var/runtime": runtime_packages.java()}


Extension = Callable[[Path], object]
"""Writes an external extension's program to a path."""


def python_extension(source: str) -> Extension:
    """In plain Python: for a function in Python, whose interpreter it uses."""
    return lambda program: program.write_text(f"#!{_INTERPRETER}\n{source}")


def rust_extension(program: Path) -> None:
    """`rust/src/bin/extension.rs`, with lambda-extension."""
    shutil.copy(builds.rust_program("extension"), program)
