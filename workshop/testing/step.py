"""One step of the tests, and what came of it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True)
class Step:
    """A command that passes when its exit code is 0."""

    name: str
    stage: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables on top of this process's."""

    @property
    def program_is_there(self) -> bool:
        """Whether the command's program is on PATH; a step without it is left out by name."""
        return shutil.which(self.command[0]) is not None


class Outcome(StrEnum):
    """What came of a step."""

    PASSED = "passed"
    FAILED = "FAILED"
    LEFT_OUT = "left out"
    NOT_RUN = "not run"


@dataclass(frozen=True)
class Result:
    """A step's outcome and the seconds it took."""

    step: Step
    outcome: Outcome
    seconds: float = 0.0
