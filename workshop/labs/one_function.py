"""The short way from an edit to a running function: build that one alone, and replace its code.

`sam build` and `sam deploy` of a whole lab take some ten seconds more, most of it for what did not change.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from workshop.labs import records, sam, template
from workshop.labs.build import lock_builds
from workshop.labs.catalog import LabFolder
from workshop.target import Cloud

# Beside the whole build, which stays as it is.
_BUILT = Path(".aws-sam") / "one-function"


def replace(lab: LabFolder, cloud: Cloud, logical_id: str, function_name: str) -> None:
    """Build the function as it is in the folder now and replace the deployed one's code.

    The stack does not know of it, so the next whole deployment brings the function back to what it builds.
    Raises LabError with the tool's last lines.
    """
    with lock_builds(lab):
        code = _build(lab, logical_id)
        records.remember_replaced(lab, cloud, logical_id)
        _upload(cloud, function_name, code)


def restore(lab: LabFolder, cloud: Cloud, functions: dict[str, str]) -> None:
    """Bring functions that were replaced back to the lab's whole build. `functions`: logical id → function name."""
    for logical_id in records.replaced(lab, cloud):
        if logical_id in functions:
            _upload(cloud, functions[logical_id], lab.built_template.parent / logical_id)
    records.forget_replaced(lab, cloud)


def _upload(cloud: Cloud, function_name: str, code: Path) -> None:
    """Replace a function's code by a folder's content, and wait until invocations see it."""
    client = cloud.client("lambda")
    with tempfile.TemporaryDirectory() as directory:
        archive = Path(shutil.make_archive(f"{directory}/code", "zip", code))
        client.update_function_code(FunctionName=function_name, ZipFile=archive.read_bytes())
    client.get_waiter("function_updated_v2").wait(FunctionName=function_name)


def _build(lab: LabFolder, logical_id: str) -> Path:
    what, log = f"building {logical_id} of {lab.name}", f"build-{lab.name}-{logical_id}"
    rust = template.rust_binary(lab.template, logical_id)
    if rust is not None:
        return sam.cargo_lambda(*rust, lab.path / _BUILT, log=log, what=what)
    options = [logical_id, "--build-dir", str(_BUILT)]
    sam.build(lab, options, log=log, what=what, title=what)
    return lab.path / _BUILT / logical_id
