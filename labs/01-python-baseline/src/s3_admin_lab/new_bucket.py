"""The body of `POST /buckets`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from s3_admin_lab.body import check_fields, required_string
from s3_admin_lab.bucket_names import check_name
from s3_admin_lab.bucket_tags import check_tags
from s3_admin_lab.problem import Problem, bad_request

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST_REGION = 63  # it becomes a label of a host name
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]")


class NewBucket(NamedTuple):
    """A bucket to be made; `region` is None for the function's own."""

    name: str
    region: str | None
    versioning: bool
    tags: dict[str, str]


def parse(body: Mapping[str, object]) -> NewBucket:
    """Checks the fields one after the other. Raises Problem 400 or 422."""
    check_fields(body, "name", "region", "versioning", "tags")
    name = required_string(body, "name")
    check_name(name)
    region = required_string(body, "region") if "region" in body else None
    if region is not None and not (len(region) <= _LONGEST_REGION and _REGION.fullmatch(region)):
        raise no_region(region)
    versioning = body.get("versioning", False)
    if not isinstance(versioning, bool):
        raise bad_request("'versioning' must be true or false")
    return NewBucket(name, region, versioning, check_tags(body.get("tags", {})))


def no_region(name: str) -> Problem:
    """A 422."""
    return Problem(422, f"S3 has no region '{name}'")
