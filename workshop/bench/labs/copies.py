"""Functions for comparison only: beside a deployed one, with its role and settings but other code."""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from workshop.errors import WorkshopError
from workshop.labs import Lab
from workshop.measure import LambdaFunction

_SAME = ("Role", "Runtime", "Handler", "MemorySize", "Timeout")


@contextmanager
def copied(
    of: LambdaFunction, package: bytes, *, lab: str, name: str = "", **settings: Any
) -> Iterator[LambdaFunction]:
    """A function like `of` with `package` as its code, until the block ends. `settings` are CreateFunction's."""
    client = of.client
    found = client.get_function_configuration(FunctionName=of.function_name)
    same: dict[str, Any] = {setting: found[setting] for setting in _SAME}  # type: ignore[literal-required]
    same["Environment"] = {"Variables": found.get("Environment", {}).get("Variables", {})}
    function_name = f"bench-{uuid.uuid4().hex[:8]}"
    client.create_function(FunctionName=function_name, Code={"ZipFile": package}, **same | settings)
    try:
        client.get_waiter("function_active_v2").wait(FunctionName=function_name)
        yield LambdaFunction(client, function_name, lab=lab, function=name or of.function, target=of.target)
    finally:
        client.delete_function(FunctionName=function_name)


def edited(lab: Lab, logical_id: str, file: str, after: str, inserted: str) -> bytes:
    """A lab's function as `sam build` left it, with lines put into one of its files after the line `after`.

    Raises WorkshopError if that line is not there just once: the comparison would measure the lab itself.
    """
    folder = built(lab, logical_id)
    text = (folder / file).read_text()
    if text.count(f"{after}\n") != 1:
        raise WorkshopError(f"{lab.name}: {file} has not one line {after!r}: adapt workshop/bench/labs")
    return packed(folder, {file: text.replace(f"{after}\n", f"{after}\n{inserted}\n")})


def packed(folder: Path, instead: Mapping[str, str]) -> bytes:
    """A deployment package of a folder, with some files' text replaced or added."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.is_file() and "__pycache__" not in path.parts and name not in instead:
                archive.write(path, name)
        for name, text in instead.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, text)
    return target.getvalue()


def built(lab: Lab, logical_id: str) -> Path:
    """A function's folder as `sam build` left it. Raises WorkshopError if the lab was not built."""
    folder = lab.folder.built_template.parent / logical_id
    if not folder.is_dir():
        raise WorkshopError(f"{lab.name} is not built here: run ./poe build-and-deploy {lab.folder.number}")
    return folder
