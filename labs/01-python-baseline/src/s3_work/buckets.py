"""Buckets, their regions and their settings: many small calls side by side."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from s3_admin_lab.fan_out import gather
from s3_admin_lab.s3_client import calling_s3, region_of, s3
from s3_admin_lab.service_error import ServiceError
from s3_admin_lab.timestamps import rfc3339
from s3_work import settings

if TYPE_CHECKING:
    from collections.abc import Callable


def all_buckets() -> list[dict[str, Any]]:
    """S3's own list, `Name` and `CreationDate`. Raises ServiceError."""
    with calling_s3():
        pages = s3.get_paginator("list_buckets").paginate(PaginationConfig={"PageSize": 1000})
        return [bucket for page in pages for bucket in page.get("Buckets", [])]


def list_buckets() -> list[dict[str, Any]]:
    """All buckets, sorted by name: `name`, `region`, `created_at`, and `error` where the region is not known.

    Raises ServiceError when the list itself cannot be had.
    """
    found = all_buckets()
    regions = gather({bucket["Name"]: partial(region_of, bucket["Name"]) for bucket in found})
    return [_entry(bucket, regions[bucket["Name"]]) for bucket in sorted(found, key=lambda bucket: bucket["Name"])]


def _entry(bucket: dict[str, Any], region: str | ServiceError) -> dict[str, Any]:
    entry = {"name": bucket["Name"], "region": region, "created_at": _created_at(bucket)}
    if isinstance(region, ServiceError):
        return entry | {"region": None, "error": {"code": region.code}}
    return entry


def _created_at(bucket: dict[str, Any]) -> str | None:
    moment = bucket.get("CreationDate")
    return rfc3339(moment) if moment else None


def _find_created_at(bucket: str) -> str | None:
    # No other call tells. The list is sorted, so a bucket of that very name is the first with that prefix.
    with calling_s3():
        found = s3.list_buckets(Prefix=bucket, MaxBuckets=1).get("Buckets", [])
    return next((_created_at(entry) for entry in found if entry["Name"] == bucket), None)


def bucket_details(bucket: str) -> dict[str, Any]:
    """`name`, every setting of `settings.LOOK_UPS`, `created_at`, and `errors` (setting → code).

    Raises ServiceError when there is no such bucket, or nothing about it may be read.
    """
    look_ups = settings.LOOK_UPS | {"created_at": _find_created_at}
    calls: dict[str, Callable[[], Any]] = {name: partial(look_up, bucket) for name, look_up in look_ups.items()}
    found = gather(calls)
    errors = {name: value for name, value in found.items() if isinstance(value, ServiceError)}
    for error in errors.values():
        if error.code == "NoSuchBucket":
            raise error
    if errors.keys() >= settings.LOOK_UPS.keys():
        raise errors["region"]
    values = {name: None if name in errors else value for name, value in found.items()}
    return {"name": bucket, **values, "errors": {name: error.code for name, error in errors.items()}}
