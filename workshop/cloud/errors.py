"""The one error of the local cloud."""

from __future__ import annotations

from workshop.errors import WorkshopError


class CloudError(WorkshopError):
    """The local cloud cannot do what was asked; the message is a sentence that names the fix."""
