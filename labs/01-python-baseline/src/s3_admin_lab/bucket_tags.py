"""S3's limits on tags."""

from __future__ import annotations

import unicodedata

from s3_admin_lab.problem import Problem, bad_request

_MAX_TAGS = 50
_MAX_KEY = 128
_MAX_VALUE = 256
_PUNCTUATION = "_.:/=+-@"


def check_tags(value: object) -> dict[str, str]:
    """The tags, as they are. Raises Problem: 400 for another type, 422 that names the tag and its broken limit."""
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise bad_request("'tags' must be an object of strings")
    if len(value) > _MAX_TAGS:
        raise Problem(422, f"'tags' must be at most {_MAX_TAGS} tags")
    for key in sorted(value):
        fault = _fault(key, value[key])
        if fault:
            raise Problem(422, f"tag '{key}': {fault}")
    return value


def _fault(key: str, value: str) -> str | None:
    if not 1 <= len(key) <= _MAX_KEY:
        return f"the key must be 1 to {_MAX_KEY} characters"
    if key.lower().startswith("aws:"):
        return "the key must not begin with 'aws:'"
    if len(value) > _MAX_VALUE:
        return f"the value must be at most {_MAX_VALUE} characters"
    if not all(map(_allowed, key + value)):
        return "only letters, digits, spaces and _ . : / = + - @ are allowed"
    return None


def _allowed(character: str) -> bool:
    return character in _PUNCTUATION or unicodedata.category(character)[0] in "LNZ"
