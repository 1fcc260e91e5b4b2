"""JSON bodies and their fields."""

from __future__ import annotations

import base64
import json
import math

from s3_admin_lab.problem import Problem, bad_request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import NoReturn

MAX_BYTES = 65_536
MAX_DEPTH = 127


def json_object(body: str | None, *, is_base64: bool) -> dict[str, object]:
    """The object that a body holds. Raises Problem 400 or 413."""
    content = _bytes(body or "", is_base64=is_base64)
    if len(content) > MAX_BYTES:
        raise Problem(413, f"body must be at most {MAX_BYTES} bytes")
    try:
        parsed = json.loads(
            content.decode(),
            parse_constant=_refuse_constant,
            parse_float=_finite,
            parse_int=_finite,
            object_pairs_hook=_Pairs,
        )
        value = _checked(parsed, MAX_DEPTH)
    except (ValueError, RecursionError) as error:
        raise bad_request("body is not valid JSON") from error
    if not isinstance(value, dict):
        raise bad_request("body must be a JSON object")
    return value


class _Pairs(list["tuple[str, object]"]):
    """An object with all members, those too that a later one of the same name replaces."""


def _checked(value: object, depth: int) -> object:
    """The value with dictionaries for objects. ValueError for lone surrogates, and for what is nested deeper."""
    if isinstance(value, str):
        value.encode()
    elif isinstance(value, list):
        if depth == 0:
            raise ValueError("nested too deep")
        if isinstance(value, _Pairs):
            return {_checked(name, depth): _checked(member, depth - 1) for name, member in value}
        return [_checked(item, depth - 1) for item in value]
    return value


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError("a number beyond those of IEEE 754")
    return number


def check_fields(body: Mapping[str, object], *known: str) -> None:
    """Refuse fields that are not among `known`."""
    for name in sorted(body):
        if name not in known:
            raise bad_request(f"unknown field '{name}'")


def required_string(body: Mapping[str, object], name: str, longest: int | None = None) -> str:
    """A field that must be a string, of 1 to `longest` characters if that is given."""
    if name not in body:
        raise bad_request(f"'{name}' is required")
    value = body[name]
    if not isinstance(value, str):
        raise bad_request(f"'{name}' must be a string")
    if longest is not None and not 1 <= len(value) <= longest:
        raise bad_request(f"'{name}' must be 1 to {longest} characters")
    return value


def _bytes(body: str, *, is_base64: bool) -> bytes:
    try:
        return base64.b64decode(body, validate=True) if is_base64 else body.encode()
    except ValueError as error:  # also binascii.Error and UnicodeEncodeError
        raise bad_request("body is not valid JSON") from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
