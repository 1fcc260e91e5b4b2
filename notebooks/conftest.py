"""For nbval, which runs these notebooks as tests: their few samples must not replace what was measured properly."""

from __future__ import annotations

import os
import tempfile

_scratch: list[tempfile.TemporaryDirectory[str]] = []


def pytest_configure() -> None:
    """Send results to a folder of this test run; the notebooks' kernels inherit the variable."""
    if "WORKSHOP_RESULTS" not in os.environ:
        _scratch.append(tempfile.TemporaryDirectory(prefix="workshop-results-"))
        os.environ["WORKSHOP_RESULTS"] = _scratch[0].name


def pytest_unconfigure() -> None:
    """Remove the folder."""
    for directory in _scratch:
        os.environ.pop("WORKSHOP_RESULTS", None)
        directory.cleanup()
    _scratch.clear()
