"""The labs of this checkout: the folders of `labs/` that start with two digits and hold a SAM template."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from workshop.cloud.paths import ROOT
from workshop.labs.errors import LabError

LABS = ROOT / "labs"
_NAME = re.compile(r"\d\d-[a-z0-9-]+")
_STACK_PREFIX = "s3-admin-"
FUNCTION_ENDING = "Function"


@dataclass(frozen=True, order=True)
class LabFolder:
    """One lab's folder."""

    name: str
    path: Path

    @property
    def number(self) -> str:
        """The two digits that a lab may be called by."""
        return self.name[:2]

    @property
    def template(self) -> Path:
        """The SAM template as it is written."""
        return self.path / "template.yaml"

    @property
    def built_template(self) -> Path:
        """The template that `sam build` leaves, which points at what it built."""
        return self.path / ".aws-sam" / "build" / "template.yaml"

    @property
    def stack_name(self) -> str:
        """As the lab's samconfig.toml has it, so that a plain `sam deploy` there means the same stack."""
        try:
            config = tomllib.loads((self.path / "samconfig.toml").read_text())
        except FileNotFoundError:
            config = {}
        except tomllib.TOMLDecodeError as error:
            raise LabError(f"{self.path / 'samconfig.toml'} cannot be read: {error}") from error
        sections = config.get("default", {})
        for section in ("deploy", "global"):
            name = sections.get(section, {}).get("parameters", {}).get("stack_name")
            if name:
                return str(name)
        return _STACK_PREFIX + self.name


def all_labs(directory: Path = LABS) -> list[LabFolder]:
    """Every lab, in order."""
    if not directory.is_dir():
        return []
    folders = (entry for entry in directory.iterdir() if _NAME.fullmatch(entry.name))
    return sorted(LabFolder(entry.name, entry) for entry in folders if (entry / "template.yaml").is_file())


def find_lab(name: str, directory: Path = LABS) -> LabFolder:
    """The lab of that name or number ("01-python-baseline" or "01"). LabError lists what there is."""
    labs = all_labs(directory)
    for lab in labs:
        if name in (lab.name, lab.number):
            return lab
    known = ", ".join(lab.name for lab in labs) or f"none (no template.yaml under {directory})"
    raise LabError(f"there is no lab '{name}'. The labs here: {known}")


def short_name(logical_id: str) -> str:
    """Of a function's logical id: "BucketsFunction" → "buckets", "SecretsCacheFunction" → "secrets-cache"."""
    stem = logical_id.removesuffix(FUNCTION_ENDING)
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", stem).lower()
