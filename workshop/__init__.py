"""A workshop kit for bringing Rust into Python serverless systems: what notebooks import.

The names are loaded when they are first used, so that the local cloud's server and `workshop stop` need no pandas.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workshop import plots as plot
    from workshop.labs import Lab
    from workshop.measure import cold_starts, power_tuning, warm_calls
    from workshop.target import Cloud

__all__ = ["Cloud", "Lab", "cold_starts", "plot", "power_tuning", "warm_calls"]

_HOMES = {
    "Cloud": "workshop.target",
    "Lab": "workshop.labs",
    "cold_starts": "workshop.measure",
    "power_tuning": "workshop.measure",
    "warm_calls": "workshop.measure",
}


def __getattr__(name: str) -> Any:
    if name == "plot":
        return importlib.import_module("workshop.plots")
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'workshop' has no attribute '{name}'")
