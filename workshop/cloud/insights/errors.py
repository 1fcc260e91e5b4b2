"""What can be wrong with a query."""

from __future__ import annotations


class MalformedQueryError(ValueError):
    """The query is not understood; the message says where and why."""

    def __init__(self, message: str, position: int | None = None) -> None:
        super().__init__(message if position is None else f"{message} (at character {position + 1})")
