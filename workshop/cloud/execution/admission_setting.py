"""`WORKSHOP_ADMISSION`: whether the local cloud holds invocations back."""

from __future__ import annotations

import math
import os

from workshop.cloud.errors import CloudError

_NAME = "WORKSHOP_ADMISSION"


def is_on() -> bool:
    """On unless the variable says `off`. Raises CloudError for anything else than `on` and `off`."""
    text = os.environ.get(_NAME, "on")
    if text not in ("on", "off"):
        raise CloudError(f"{_NAME} is '{text}': set it to on or off")
    return text == "on"


def cores() -> float:
    """The cores that invocations at work may fill: this process's, or without end when admission is off."""
    return float(len(os.sched_getaffinity(0))) if is_on() else math.inf


def shortcomings() -> list[str]:
    """A sentence to say at the start when admission is off."""
    if is_on():
        return []
    return [f"{_NAME}=off: invocations beyond the cores are not held back and disturb each other's durations"]
