"""Query parameters, checked in the order that labs/README.md sets."""

from __future__ import annotations

import re

from s3_admin_lab.problem import bad_request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAX_KEY_BYTES = 1024
_WHOLE_NUMBER = re.compile(r"[0-9]{1,9}")


class Query:
    """The query of one request. Readers raise Problem (400) that names the parameter."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Sequence[str]]) -> None:
        self._values = values

    def allow(self, *names: str) -> None:
        """Refuse every parameter that is not among `names`, and every one given more than once."""
        for name in sorted(self._values):
            if name not in names:
                raise bad_request(f"unknown query parameter '{name}'")
        for name in sorted(self._values):
            if len(self._values[name]) > 1:
                raise bad_request(f"query parameter '{name}' is given more than once")

    def get(self, name: str) -> str | None:
        """The value as it is; None when it is not given."""
        values = self._values.get(name)
        return values[0] if values else None

    def whole_number(self, name: str, default: int, low: int, high: int) -> int:
        """A number from `low` to `high`."""
        text = self.get(name)
        if text is None:
            return default
        if not _WHOLE_NUMBER.fullmatch(text) or not low <= int(text) <= high:
            raise bad_request(f"'{name}' must be a whole number from {low} to {high}")
        return int(text)

    def prefix(self) -> str:
        """What keys must begin with; empty by default."""
        return _key_text("prefix", self.get("prefix") or "")

    def key(self) -> str:
        """An object's key, which must be given."""
        key = self.get("key")
        if not key:
            raise bad_request("'key' is required")
        return _key_text("key", key)

    def short_text(self, name: str, longest: int) -> str | None:
        """Text of 1 to `longest` characters."""
        text = self.get(name)
        if text is not None and not 1 <= len(text) <= longest:
            raise bad_request(f"'{name}' must be 1 to {longest} characters")
        return text

    def delimiter(self) -> str | None:
        """What separates the segments of keys."""
        text = self.short_text("delimiter", 16)
        if text and "\0" in text:
            raise bad_request("'delimiter' must not hold U+0000")
        return text


def _key_text(name: str, text: str) -> str:
    if len(text.encode()) > MAX_KEY_BYTES:
        raise bad_request(f"'{name}' must be at most {MAX_KEY_BYTES} bytes")
    if "\0" in text:
        raise bad_request(f"'{name}' must not hold U+0000")
    return text
