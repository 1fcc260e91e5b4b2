"""A tag on each demo bucket says that it is ours and what was put into it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from enum import Enum
from typing import Any

from botocore.exceptions import ClientError

from workshop.labs.errors import LabError
from workshop.labs.seed.objects import Item

_TAG = "workshop-seed"
_UNFINISHED = "unfinished"
_DELETE_BATCH = 1000


class Found(Enum):
    """What stands at the place of a demo bucket."""

    NOTHING = "nothing"
    SAME = "the very content that is wanted"
    OTHER = "a demo bucket with other content, or one that was not finished"


def fingerprint(settings: object, items: Iterable[Item]) -> str:
    """Of a bucket's settings and all its objects (but not of today's date: ages are counted from the seeding)."""
    digest = hashlib.sha256(repr(settings).encode())
    for item in items:
        digest.update(f"{item.key}\0{item.size}\0{item.storage_class}\0{item.age}\0".encode())
    return digest.hexdigest()[:16]


def look(client: Any, bucket: str, wanted: str) -> Found:
    """What is there. Raises LabError for a bucket that is somebody's own: its content is never touched."""
    try:
        tags = client.get_bucket_tagging(Bucket=bucket)["TagSet"]
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "NoSuchBucket":
            return Found.NOTHING
        if code != "NoSuchTagSet":
            raise
        tags = []
    mark = next((tag["Value"] for tag in tags if tag["Key"] == _TAG), None)
    if mark is None:
        # Empty and without any tag: made by a seeding that was cut short right then.
        if not tags and not client.list_objects_v2(Bucket=bucket, MaxKeys=1).get("KeyCount"):
            return Found.OTHER
        raise LabError(
            f"there is a bucket {bucket} that the workshop did not make: it stays as it is. "
            "Delete or rename it, then seed again"
        )
    return Found.SAME if mark == wanted else Found.OTHER


def put(client: Any, bucket: str, tags: dict[str, str], mark: str = _UNFINISHED) -> None:
    """Tag the bucket; the fingerprint comes last, when everything is in its place."""
    pairs = [{"Key": key, "Value": value} for key, value in {**tags, _TAG: mark}.items()]
    client.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": pairs})


def empty(client: Any, bucket: str) -> None:
    """Delete every object and version of one of our buckets."""
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket):
        entries = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        targets = [{"Key": entry["Key"], "VersionId": entry["VersionId"]} for entry in entries]
        for start in range(0, len(targets), _DELETE_BATCH):
            batch = targets[start : start + _DELETE_BATCH]
            answer = client.delete_objects(Bucket=bucket, Delete={"Objects": batch, "Quiet": True})
            if answer.get("Errors"):
                first = answer["Errors"][0]
                raise LabError(f"emptying {bucket}: '{first['Key']}' could not be deleted ({first['Code']})")
