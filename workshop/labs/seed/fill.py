"""Filling the target's S3 with the demo company's buckets."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import NoReturn

from tqdm.auto import tqdm

from workshop.labs.errors import LabError, aws_errors
from workshop.labs.seed import ages, buckets, mark, objects
from workshop.labs.seed.buckets import BIG_BUCKET, BUCKETS, ODD_KEYS_BUCKET, Bucket
from workshop.labs.seed.mark import Found
from workshop.labs.seed.objects import DemoObject
from workshop.labs.seed.upload import Uploader
from workshop.target import Cloud

_MOST_OBJECTS = 2_000_000
_LOG_INTERVAL_S = 10.0


@dataclass(frozen=True)
class Seeded:
    """What is there now, and what it took."""

    buckets: int
    objects: int
    bytes: int
    written: int
    """Objects that had to be written; 0 when everything was there."""
    has_ages: bool
    """False where objects cannot be given an age: they are all of today."""
    seconds: float


def seed(cloud: Cloud, *, object_count: int = objects.DEFAULT_OBJECTS, progress: bool = True) -> Seeded:
    """Make the demo buckets; `object_count` objects go to the big one. What is there already is kept.

    The same every time: same names, sizes, classes, and ages counted from the day of seeding.
    Raises LabError; a seeding that was cut short is done again at the next call, bucket by bucket.
    """
    if not 0 <= object_count <= _MOST_OBJECTS:
        raise LabError(f"{object_count} objects: choose 0 to {_MOST_OBJECTS}")
    started = time.monotonic()
    plan = [(bucket, _objects_of(bucket, object_count)) for bucket in BUCKETS]
    total = sum(len(items) for _, items in plan)
    written, has_ages = 0, True
    with aws_errors("seeding"), bar(total, "seeding S3", shown=progress) as shown:
        for bucket, items in plan:
            aged = ensure_bucket(cloud, bucket, items, shown)
            if aged is not None:
                written += len(items)
                has_ages = has_ages and aged
    return Seeded(
        buckets=len(plan),
        objects=total,
        bytes=sum(item.size for _, items in plan for item in items),
        written=written,
        has_ages=has_ages,
        seconds=time.monotonic() - started,
    )


def bar(total: int, title: str, *, shown: bool) -> tqdm[NoReturn]:
    """A progress bar; in a log (no terminal) a line every ten seconds."""
    interval = 0.2 if sys.stderr.isatty() else _LOG_INTERVAL_S
    return tqdm(total=total, desc=title, unit="object", disable=not shown, mininterval=interval, leave=False)


def _objects_of(bucket: Bucket, object_count: int) -> list[DemoObject]:
    if bucket.name == BIG_BUCKET:
        return objects.big_bucket_objects(object_count)
    odd_keys = bucket.name == ODD_KEYS_BUCKET
    return objects.small_bucket_objects(bucket.name, bucket.objects, odd_keys=odd_keys)


def ensure_bucket(cloud: Cloud, bucket: Bucket, items: list[DemoObject], shown: tqdm[NoReturn]) -> bool | None:
    """Make one bucket what it should be. None if it is already; else whether its objects have ages."""
    region = bucket.region or cloud.region
    name = buckets.bucket_name(cloud, bucket.name)
    client = cloud.client("s3", region_name=region)
    wanted = mark.fingerprint(bucket, items)
    found = mark.look(client, name, wanted)
    if found is Found.SAME:
        shown.update(len(items))
        return None
    if found is Found.OTHER:
        mark.empty(client, name)
    else:
        buckets.create(client, bucket, name, region)
    mark.put(client, name, bucket.tags)
    # Nobody's account gets a bucket that the world can read, not even for a lesson.
    logs = buckets.bucket_name(cloud, buckets.LOGS_BUCKET)
    buckets.configure(client, bucket, name, logs_bucket=logs, may_be_public=cloud.name == "local")
    Uploader(cloud, name, region).put_all(items, shown.update)
    aged = ages.backdate(cloud, name, items)
    mark.put(client, name, bucket.tags, wanted)
    return aged
