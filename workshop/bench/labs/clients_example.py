"""Lab 03's example `clients`: `GET /buckets` with its client made lazily, eagerly or primed."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def deployed(like: LambdaFunction, mode: str) -> Iterator[LambdaFunction]:
    """The example in one of its modes, with the role and settings of `like`, until the block ends."""
    environment = like.configuration().environment
    with tempfile.TemporaryDirectory() as directory:
        copy2(_program(), Path(directory, "bootstrap"))
        package = packed(Path(directory), {})
    variables = {"Variables": {**environment, "CLIENTS": mode}}
    with copied(like, package, lab=f"lab 03, {mode}", Environment=variables) as function:
        yield function


def _program() -> Path:
    """Built as `sam build` builds the functions, so that cargo finds all dependencies ready."""
    lab = find_lab("03").path
    command = ["cargo", "lambda", "build", "--release", "--example", _EXAMPLE]
    result = subprocess.run(command, cwd=lab, env=tools.environment({}), capture_output=True, text=True, check=False)
    if result.returncode:
        last = result.stderr.strip().splitlines()[-1:]
        raise WorkshopError(f"lab 03's example '{_EXAMPLE}' does not build: {last}. {DOCTOR}")
    return lab.parent.parent / "target" / "lambda" / _EXAMPLE / "bootstrap"
