"""The audit: buckets × settings, a wide fan-out of small calls on one thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import s3_admin
from s3_work.errors import calling_s3

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def audit_buckets() -> Sequence[Mapping[str, Any]]:
    """Every bucket, sorted by name: `name`, `region`, `findings`, `errors` (rule → code).

    Raises ServiceError when the list of buckets cannot be had.
    """
    with calling_s3():
        return s3_admin.audit_buckets()
