"""What goes wrong while measuring, other than the measured function itself."""

from __future__ import annotations


class MeasureError(Exception):
    """A measurement that cannot be taken; the message names the fix."""
