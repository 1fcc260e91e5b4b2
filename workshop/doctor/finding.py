"""The result of one check, and how its remedy reads on this machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How a finding bears on the workshop."""

    OK = "ok"
    LEFT_OUT = "left out"
    """Optional and missing: something named in `why` is left out, everything else works."""
    LIMITED = "limited"
    """Works, with a loss that `why` names."""
    MISSING = "missing"
    """Required and missing: the workshop does not run."""


@dataclass(frozen=True)
class Remedy:
    """Commands or one sentence that mend a finding, by platform."""

    debian: str
    macos: str = ""
    container: str = "rebuild the container: its image has this"
    """In the project's devcontainer, where the image should already provide it."""

    def here(self) -> str:
        """The remedy for the machine this runs on."""
        if os.environ.get("WORKSHOP_DEVCONTAINER"):
            return self.container
        if sys.platform == "darwin" and self.macos:
            return self.macos
        return self.debian


@dataclass(frozen=True)
class Finding:
    """What one check found."""

    name: str
    status: Status
    found: str
    needed: str
    why: str
    remedy: str = ""
    """Empty when there is nothing to mend."""


def is_fit(findings: Iterable[Finding]) -> bool:
    """Whether nothing that is required is missing."""
    return all(finding.status is not Status.MISSING for finding in findings)
