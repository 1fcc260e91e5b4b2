"""What goes wrong while measuring, other than the measured function itself."""

from __future__ import annotations

from workshop.errors import WorkshopError


class MeasureError(WorkshopError):
    """A measurement that cannot be taken; the message names the fix."""
