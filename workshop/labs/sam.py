"""Running `sam` (or what it would run) in a lab's folder: a line of progress, a log, and errors that name the fix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from workshop.cloud.paths import private_directory
from workshop.labs import tools
from workshop.labs.advice import DOCTOR, fix_for
from workshop.labs.catalog import LabFolder
from workshop.labs.errors import LabError
from workshop.labs.progress import ProgressLine
from workshop.target import DEFAULT_REGION

_SHOWN_LINES = 12


def build(lab: LabFolder, options: Sequence[str], *, log: str, what: str, title: str) -> None:
    """`sam build`, without options of ours: the lab's own samconfig.toml has them, as for anyone who builds it by hand.

    Raises LabError. The caller holds the lock of builds.
    """
    run(lab, ["build", *options], {"AWS_DEFAULT_REGION": DEFAULT_REGION}, log=log, what=what, title=title)


def cargo_lambda(folder: Path, binary: str, built: Path, *, log: str, what: str) -> Path:
    """The folder with a Rust function's `bootstrap`, built as `sam build` has it built: for a function in Rust, SAM's
    own start takes twice as long as compiling a change. Raises LabError.
    """
    command = ["cargo", "lambda", "build", "--release", "--bin", binary, "--lambda-dir", str(built)]
    _run(command, folder, {}, log=log, what=what, title=what)
    return built / binary


def run(
    lab: LabFolder, arguments: Sequence[str], variables: Mapping[str, str], *, log: str, what: str, title: str
) -> None:
    """Run it. LabError says that `what` failed, with sam's last lines, the log's path and, where it is known, the fix.

    `log` is the log's name; `title` is shown meanwhile.
    """
    _run(["sam", *arguments], lab.path, variables, log=log, what=what, title=title)


def _run(
    command: Sequence[str], directory: Path, variables: Mapping[str, str], *, log: str, what: str, title: str
) -> None:
    path = private_directory("logs") / f"{log}.log"
    path.write_text("")
    with ProgressLine(title) as progress:
        try:
            environment = tools.environment(variables)
            tools.run(command, directory=directory, variables=environment, log=path, progress=progress)
        except (tools.ToolError, OSError) as error:
            raise failed(what, error) from error


def failed(what: str, error: tools.ToolError | OSError) -> LabError:
    """The error for a tool that failed or could not be started."""
    if isinstance(error, OSError):
        missing = Path(str(error.filename or "a tool")).name
        return LabError(f"{what} failed: {missing} cannot be run ({error.strerror}). {DOCTOR}")
    fix = fix_for(error.tail)
    shown = "\n".join(f"  | {line}" for line in error.tail[-_SHOWN_LINES:])
    return LabError(f"{what} failed{f': {fix}' if fix else ''}. Whole log: {error.log}. Its last lines:\n{shown}")
