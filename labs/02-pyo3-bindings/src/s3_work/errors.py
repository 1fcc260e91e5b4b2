"""Failures of the Rust module in this app's words."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from s3_admin import S3AdminError
from s3_admin_lab.service_error import ServiceError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def calling_s3() -> Iterator[None]:
    """Turns `S3AdminError` into ServiceError."""
    try:
        yield
    except S3AdminError as error:
        raise ServiceError("S3", error.code) from error
