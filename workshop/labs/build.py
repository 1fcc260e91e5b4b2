"""Building a lab with an unmodified `sam build`, and only when something it reads has changed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from workshop.cloud.paths import ROOT, private_directory
from workshop.labs import inputs, records, tools, wheels
from workshop.labs.advice import DOCTOR, fix_for
from workshop.labs.catalog import LabFolder
from workshop.labs.errors import LabError
from workshop.labs.files import lock
from workshop.labs.inputs import Inputs
from workshop.labs.progress import ProgressLine
from workshop.target import DEFAULT_REGION

_SHOWN_LINES = 12


def build(lab: LabFolder) -> str:
    """Build the lab if needed; answers the fingerprint of what lies built in its folder.

    Raises LabError with the tool's last lines, the log's path and, where it is known, the fix.
    """
    with lock(private_directory("builds") / "build.lock", f"{lab.name}: waiting for another build to end"):
        needed = inputs.of_lab(lab)
        fingerprint = needed.fingerprint()
        if records.last_build(lab) == fingerprint:
            return fingerprint
        records.remember_build(lab, None)
        log = private_directory("logs") / f"build-{lab.name}.log"
        log.write_text("")
        with ProgressLine(_title(lab, needed)) as progress:
            try:
                _build(lab, needed, log, progress)
            except (tools.ToolError, OSError) as error:
                raise LabError(failure(f"building {lab.name} failed", error)) from error
        # Taken before the build: an edit made meanwhile has another fingerprint and is built next time.
        records.remember_build(lab, fingerprint)
        return fingerprint


def failure(what: str, error: tools.ToolError | OSError) -> str:
    """The message for a tool that failed or could not be started."""
    if isinstance(error, OSError):
        missing = Path(str(error.filename or "a tool")).name
        return f"{what}: {missing} cannot be run ({error.strerror}). {DOCTOR}"
    fix = fix_for(error.tail)
    shown = "\n".join(f"  | {line}" for line in error.tail[-_SHOWN_LINES:])
    return f"{what}{f': {fix}' if fix else ''}. Whole log: {error.log}. Its last lines:\n{shown}"


def _title(lab: LabFolder, needed: Inputs) -> str:
    if needed.uses_rust and not (ROOT / "target" / "lambda").is_dir():
        return f"building {lab.name} (the first Rust build takes about five minutes, later ones seconds)"
    return f"building {lab.name}"


def _build(lab: LabFolder, needed: Inputs, log: Path, progress: ProgressLine) -> None:
    sam_folder = lab.path / ".aws-sam"
    changed = [wheels.build(project, log, progress) for project in needed.wheels]
    # sam's cache of whole functions looks at the function's own folder only, not at crates beside it, so it
    # may not be used; its cache of downloaded packages (deps) may, as long as our own wheels in it are new.
    shutil.rmtree(sam_folder / "cache", ignore_errors=True)
    if any(changed):
        shutil.rmtree(sam_folder / "deps", ignore_errors=True)
    variables = {"AWS_DEFAULT_REGION": DEFAULT_REGION}
    if needed.wheels:
        places = [str(wheels.directory(project)) for project in needed.wheels]
        variables["PIP_FIND_LINKS"] = " ".join([*places, os.environ.get("PIP_FIND_LINKS", "")]).strip()
    command = ["sam", "build", "--cached", "--parallel", "--template-file", lab.template.name]
    tools.run(command, directory=lab.path, variables=tools.environment(variables), log=log, progress=progress)
