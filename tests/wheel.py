"""Lab 02's wheel, where building that lab leaves it."""

from __future__ import annotations

import zipfile
from pathlib import Path

_FOLDER = Path(__file__).parents[1] / "target" / "wheel"


def built() -> Path:
    """The one wheel that is there: its build starts from an empty folder."""
    wheels = list(_FOLDER.glob("s3_admin-*.whl"))
    assert len(wheels) == 1, f"{len(wheels)} wheels in {_FOLDER}: run make -C labs/02-pyo3-bindings wheel"
    return wheels[0]


def unpack(folder: Path) -> Path:
    """Unpack it into `folder`, to import `s3_admin` from there."""
    with zipfile.ZipFile(built()) as archive:
        archive.extractall(folder)
    return folder
