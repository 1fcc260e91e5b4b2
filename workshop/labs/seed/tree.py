"""A folder of one's own as a bucket: real names, sizes and dates."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from workshop.labs.errors import LabError, aws_errors
from workshop.labs.seed import ages, buckets, mark
from workshop.labs.seed.buckets import Bucket
from workshop.labs.seed.fill import Seeded, bar
from workshop.labs.seed.mark import Found
from workshop.labs.seed.upload import Uploader
from workshop.target import Cloud

_PREFIX = "acme-files-"
_LONGEST_KEY_BYTES = 1024
# A local S3 keeps bodies in memory.
_MOST_BYTES = {"local": 1 << 30, "aws": 1 << 40}
# Above this boto3 sends a file in parts, without reading it whole.
_LARGE = 8 << 20


@dataclass(frozen=True)
class FileObject:
    """One file; its age is counted from its modification time."""

    key: str
    path: Path
    size: int
    modified: float
    storage_class: str = "STANDARD"

    @property
    def age(self) -> timedelta:
        """Never negative: a file from the future is of today."""
        return timedelta(seconds=max(0.0, time.time() - self.modified))

    @property
    def body(self) -> bytes:
        """The file's content."""
        return self.path.read_bytes()


def directory_bucket(directory: Path) -> str:
    """The name of a folder's bucket, before `bucket_name`: "My Photos" → "acme-files-my-photos"."""
    slug = re.sub(r"[^a-z0-9]+", "-", directory.resolve().name.lower()).strip("-")
    return (_PREFIX + (slug or "root"))[:50].rstrip("-")


def seed_from_directory(cloud: Cloud, directory: Path, *, progress: bool = True) -> Seeded:
    """Upload a folder's files into a bucket of its own, unless they are there as they are now.

    Links are not followed; names that S3 cannot take (not UTF-8, or above 1024 bytes) are left out. Raises LabError.
    """
    started = time.monotonic()
    if not directory.is_dir():
        raise LabError(f"{directory} is no folder")
    items = sorted(_files(directory), key=lambda item: item.key)
    total = sum(item.size for item in items)
    if total > _MOST_BYTES[cloud.name]:
        raise LabError(
            f"{directory} holds {total / 1e9:.1f} GB, the limit is {_MOST_BYTES[cloud.name] / 1e9:.1f} GB "
            "(a local S3 keeps everything in memory): choose a smaller folder"
        )
    with aws_errors(f"uploading {directory}"):
        aged = _ensure(cloud, directory, items, progress=progress)
    return Seeded(
        buckets=1,
        objects=len(items),
        bytes=total,
        written=0 if aged is None else len(items),
        has_ages=aged is not False,
        seconds=time.monotonic() - started,
    )


def _ensure(cloud: Cloud, directory: Path, items: list[FileObject], *, progress: bool) -> bool | None:
    name = buckets.bucket_name(cloud, directory_bucket(directory))
    bucket = Bucket(name, tags={"source": "files"}, encryption="AES256")
    client = cloud.client("s3")
    wanted = mark.fingerprint((bucket, [(item.key, item.modified) for item in items]), ())
    found = mark.look(client, name, wanted)
    if found is Found.SAME:
        return None
    if found is Found.OTHER:
        mark.empty(client, name)
    else:
        buckets.create(client, bucket, name, cloud.region)
    mark.put(client, name, bucket.tags)
    buckets.configure(client, bucket, name, logs_bucket="", may_be_public=False)
    with bar(len(items), f"uploading {directory.name}", shown=progress) as shown:
        try:
            small = [item for item in items if item.size <= _LARGE]
            Uploader(cloud, name, cloud.region).put_all(small, shown.update)
            for item in items:
                if item.size > _LARGE:
                    client.upload_file(str(item.path), name, item.key)
                    shown.update(1)
        except OSError as error:
            raise LabError(f"{error.filename or directory} cannot be read: {error.strerror}") from error
    aged = ages.backdate(cloud, name, items)
    mark.put(client, name, bucket.tags, wanted)
    return aged


def _files(directory: Path) -> Iterator[FileObject]:
    for place, _, names in os.walk(directory):
        for file_name in names:
            path = Path(place, file_name)
            if path.is_symlink() or not path.is_file():
                continue
            key = path.relative_to(directory).as_posix()
            try:
                if len(key.encode()) > _LONGEST_KEY_BYTES:
                    continue
            except UnicodeEncodeError:
                continue
            facts = path.stat()
            yield FileObject(key, path, facts.st_size, facts.st_mtime)
