"""What is expected to go wrong."""

from __future__ import annotations


class WorkshopError(RuntimeError):
    """Something that the person can mend; the message is a sentence that names the fix."""
