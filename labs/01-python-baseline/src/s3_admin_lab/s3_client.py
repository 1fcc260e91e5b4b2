"""The S3 client of this execution environment."""

from __future__ import annotations

from contextlib import AbstractContextManager

from s3_admin_lab import aws

s3 = aws.client("s3")


def calling_s3() -> AbstractContextManager[None]:
    """Turns failures of S3 calls into ServiceError."""
    return aws.calling("S3")
