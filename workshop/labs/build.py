"""Building a lab with an unmodified `sam build`, and only when something it reads has changed."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from workshop.cloud.paths import private_directory
from workshop.files import lock
from workshop.labs import inputs, left_out, records, tools
from workshop.labs.advice import DOCTOR, fix_for
from workshop.labs.catalog import LabFolder
from workshop.labs.errors import LabError
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
        missing = left_out.of_lab(lab)
        if missing:
            Console().print(f"{lab.name}: {left_out.sentence(missing)}", highlight=False, markup=False, soft_wrap=True)
        fingerprint = needed.fingerprint(without=[function.name for function in missing])
        if records.last_build(lab) == fingerprint:
            return fingerprint
        records.remember_build(lab, None)
        log = private_directory("logs") / f"build-{lab.name}.log"
        log.write_text("")
        with ProgressLine(_title(lab, needed)) as progress:
            try:
                # No options of ours: the lab's own samconfig.toml has them, as for anyone who builds it by hand.
                variables = tools.environment({"AWS_DEFAULT_REGION": DEFAULT_REGION})
                with left_out.without(lab, missing) as template:
                    command = ["sam", "build", *template]
                    tools.run(command, directory=lab.path, variables=variables, log=log, progress=progress)
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
    if needed.uses_rust and not lab.built_template.is_file():
        return f"building {lab.name} (the first Rust build takes some minutes, later ones seconds)"
    return f"building {lab.name}"
