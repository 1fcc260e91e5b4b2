"""The one error of the local cloud."""

from __future__ import annotations


class CloudError(RuntimeError):
    """The local cloud cannot do what was asked; the message is a sentence that names the fix."""
