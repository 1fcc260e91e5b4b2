"""Building a lab with an unmodified `sam build`, and only when something it reads has changed."""

from __future__ import annotations

from contextlib import AbstractContextManager

from rich.console import Console

from workshop.cloud.paths import private_directory
from workshop.files import lock
from workshop.labs import inputs, left_out, records, sam
from workshop.labs.catalog import LabFolder
from workshop.labs.inputs import Inputs


def lock_builds(lab: LabFolder) -> AbstractContextManager[None]:
    """Held by whoever builds: one at a time."""
    return lock(private_directory("builds") / "build.lock", f"{lab.name}: waiting for another build to end")


def build(lab: LabFolder) -> str:
    """Build the lab if needed; answers the fingerprint of what lies built in its folder.

    Raises LabError with the tool's last lines, the log's path and, where it is known, the fix.
    """
    with lock_builds(lab):
        needed = inputs.of_lab(lab)
        missing = left_out.of_lab(lab)
        if missing:
            Console().print(f"{lab.name}: {left_out.sentence(missing)}", highlight=False, markup=False, soft_wrap=True)
        fingerprint = needed.fingerprint(without=[function.name for function in missing])
        if records.last_build(lab) == fingerprint:
            return fingerprint
        records.remember_build(lab, None)
        what = f"building {lab.name}"
        try:
            with left_out.without(lab, missing) as template:
                sam.build(lab, template, log=f"build-{lab.name}", what=what, title=_title(lab, needed))
        except OSError as error:
            raise sam.failed(what, error) from error
        # Taken before the build: an edit made meanwhile has another fingerprint and is built next time.
        records.remember_build(lab, fingerprint)
        return fingerprint


def _title(lab: LabFolder, needed: Inputs) -> str:
    if needed.uses_rust and not lab.built_template.is_file():
        return f"building {lab.name} (the first Rust build takes some minutes, later ones seconds)"
    return f"building {lab.name}"
