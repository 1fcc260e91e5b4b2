"""Lab 03's example `clients`: `GET /buckets` with its client made lazily, eagerly or primed, compiled as one likes."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copy2

from workshop.bench.labs.copies import copied, packed
from workshop.errors import WorkshopError
from workshop.labs import tools
from workshop.labs.advice import DOCTOR
from workshop.labs.catalog import find_lab
from workshop.measure import LambdaFunction

MODES = ("lazy", "eager", "primed")
_EXAMPLE = "clients"


@dataclass(frozen=True)
class Build:
    """How it is compiled, where that is not as `sam build` compiles the functions."""

    arguments: tuple[str, ...] = ()
    """Of `cargo lambda build`."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """Of cargo: `CARGO_PROFILE_RELEASE_…`."""


@contextmanager
def deployed(
    like: LambdaFunction,
    mode: str,
    *,
    label: str = "",
    package: bytes | None = None,
    variables: Mapping[str, str] | None = None,
) -> Iterator[LambdaFunction]:
    """The example in one of its modes, with the role and settings of `like`, until the block ends.

    `label` is the lab in its rows, `package` another one than `package_of(Build())`, and `variables` are the
    function's further ones.
    """
    environment = {**like.configuration().environment, "CLIENTS": mode, **(variables or {})}
    package = package_of(Build()) if package is None else package
    with copied(like, package, lab=label or f"lab 03, {mode}", Environment={"Variables": environment}) as function:
        yield function


def package_of(build: Build) -> bytes:
    """The example's deployment package. Raises WorkshopError with the compiler's last line.

    Without settings of its own all dependencies are those of the lab, and ready; each setting compiles its own.
    """
    with tempfile.TemporaryDirectory() as directory:
        copy2(_compiled(build), Path(directory, "bootstrap"))
        return packed(Path(directory), {})


def _compiled(build: Build) -> Path:
    lab = find_lab("03").path
    command = ["cargo", "lambda", "build", "--release", "--locked", "--example", _EXAMPLE, *build.arguments]
    environment = tools.environment(build.variables)
    result = subprocess.run(command, cwd=lab, env=environment, capture_output=True, text=True, check=False)
    if result.returncode:
        last = result.stderr.strip().splitlines()[-1:]
        raise WorkshopError(f"lab 03's example '{_EXAMPLE}' does not build: {last}. {DOCTOR}")
    return lab.parent.parent / "target" / "lambda" / _EXAMPLE / "bootstrap"
