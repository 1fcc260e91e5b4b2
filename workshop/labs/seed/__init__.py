"""Demo data in the target's S3: what a company's account looks like, the same every time.

| to change … | look at |
|---|---|
| which buckets there are, and their settings | `buckets.py` |
| keys, sizes, classes and ages of their objects | `objects.py` |
| how objects get there fast | `upload.py`, `ages.py` |
| a folder of one's own as a bucket | `tree.py` |
| what is done, in which order, and when it is skipped | `fill.py` |
"""

from __future__ import annotations

from workshop.labs.seed.buckets import BIG_BUCKET, BUCKETS, ODD_KEYS_BUCKET, bucket_name
from workshop.labs.seed.fill import Seeded, seed
from workshop.labs.seed.objects import DEFAULT_OBJECTS
from workshop.labs.seed.tree import seed_from_directory

__all__ = [
    "BIG_BUCKET",
    "BUCKETS",
    "DEFAULT_OBJECTS",
    "ODD_KEYS_BUCKET",
    "Seeded",
    "bucket_name",
    "seed",
    "seed_from_directory",
]
