"""The usage walk: every key of a bucket, one page at a time, without the GIL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import s3_admin
from s3_work.errors import calling_s3

if TYPE_CHECKING:
    from collections.abc import Mapping


def walk_usage(
    bucket: str, *, prefix: str, depth: int, top: int, delimiter: str, after: str | None, seconds_left: float
) -> Mapping[str, Any]:
    """The usage report of the keys that begin with `prefix`, and come after `after` if that is given.

    Reads at least one page, and stops 3 s before `seconds_left` are over, `truncated` and with a cursor.
    Raises ServiceError.
    """
    with calling_s3():
        return s3_admin.usage(
            bucket, prefix=prefix, depth=depth, top=top, delimiter=delimiter, after=after, timeout=seconds_left
        )
