"""A function that lists a bucket with obstore: what one could take off the shelf instead of a module of one's own.

It sums up what obstore tells of an object: sizes and ages. obstore does not tell storage classes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from shutil import copytree

from workshop.bench.labs.copies import copied, packed
from workshop.bench.labs.walks import reported
from workshop.measure import LambdaFunction

_CODE = """
import os
from obstore.store import S3Store

def handler(event, _context):
    store = S3Store(
        event["bucket"],
        endpoint=os.environ["AWS_ENDPOINT_URL"],
        virtual_hosted_style_request=False,
    )
    objects = total = 0
    by_folder = {}
    oldest = None
    for chunk in store.list(event["prefix"] or None, chunk_size=1000):
        for meta in chunk:
            size = meta["size"]
            objects += 1
            total += size
            folder = meta["path"].partition("/")[0]
            by_folder[folder] = by_folder.get(folder, 0) + size
            if oldest is None or meta["last_modified"] < oldest:
                oldest = meta["last_modified"]
    return {"objects": objects, "bytes": total, "by_folder": by_folder, "oldest": str(oldest)}
"""


@contextmanager
def deployed(like: LambdaFunction) -> Iterator[LambdaFunction]:
    """The function, with the role and settings of `like`, until the block ends."""
    with tempfile.TemporaryDirectory() as directory:
        copytree(_installed(), Path(directory, "obstore"))
        package = packed(Path(directory), {"listing.py": _CODE})
    version = metadata.version("obstore")
    with copied(like, package, lab=f"obstore {version}", Handler="listing.handler") as function:
        yield function


def list_bucket(function: LambdaFunction, bucket: str, prefix: str = "") -> tuple[int, float]:
    """(objects, CPU time in ms) of a listing of the whole bucket. Raises MeasureError when it fails."""
    invocation = function.invoke({"bucket": bucket, "prefix": prefix})
    report = reported(function, invocation)
    return int(invocation.answer["objects"]), report.cpu_ms or 0.0


def _installed() -> Path:
    return Path(str(metadata.distribution("obstore").locate_file("obstore")))
