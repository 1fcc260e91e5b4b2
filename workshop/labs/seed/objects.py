"""The demo objects: names, sizes, storage classes and ages, drawn from fixed seeds.

Bodies are small, since a local S3 keeps them in memory and every byte has to be sent: sizes follow a log-normal
distribution, as sizes of real files do, with a median of 700 bytes and cut at 64 KB.
"""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

DEFAULT_OBJECTS = 20_000
_SEED = 20_260_131
_MEDIAN_BYTES = 700
_SIGMA = 1.5
_MOST_BYTES = 64 * 1024
_DUPLICATES = 0.04
_DAY_S = 86_400

# S3's classes as a company uses them: most data is read now and then, the old is archived.
_CLASSES = {"STANDARD": 62, "STANDARD_IA": 18, "INTELLIGENT_TIERING": 9, "GLACIER_IR": 6, "ONEZONE_IA": 3, "GLACIER": 2}

ODD_KEYS = (
    "größe/über uns.txt",
    "日本語/請求書 2025.pdf",
    "emoji/🦀 ferris.png",
    "combining/e\u0301te\u0301.txt",
    "spaces/a file  with   spaces.txt",
    "plus/1+1=2.csv",
    "percent/100%25 done.txt",
    "double//slash//here.txt",
    "/leading-slash.txt",
    'quotes/it\'s "quoted".txt',
    "xml/<tag>&amp;.xml",
    "question?mark=1&x=2.txt",
    "hash#fragment.txt",
    "semicolon;v=1.txt",
    "back\\slash.txt",
    "folder-marker/",
    "brackets/[1]{2}(3).txt",
    "at@sign:colon,comma$.txt",
    "tilde~-_.!*.txt",
    "deep/" + "/".join("abcdefghijklmnop") + "/leaf.txt",
    "long/" + "x" * 900 + ".bin",
)


class Item(Protocol):
    """What can be uploaded."""

    @property
    def key(self) -> str: ...  # noqa: D102
    @property
    def size(self) -> int: ...  # noqa: D102
    @property
    def storage_class(self) -> str: ...  # noqa: D102
    @property
    def age(self) -> timedelta: ...  # noqa: D102
    @property
    def body(self) -> bytes: ...  # noqa: D102


@dataclass(frozen=True)
class DemoObject:
    """One object to be made; `content_seed` decides the body: same seed and size, same body."""

    key: str
    size: int
    storage_class: str
    age: timedelta
    content_seed: int

    @property
    def body(self) -> bytes:
        """`size` bytes that no other seed gives (as far as so few bytes can differ)."""
        return _body(self.content_seed, self.size)


def big_bucket_objects(count: int) -> list[DemoObject]:
    """The data lake: `count` objects in a few hundred folders, odd keys and duplicates among them."""
    return _objects("data-lake", count, _data_lake_key, odd_keys=ODD_KEYS)


def small_bucket_objects(bucket: str, count: int, *, odd_keys: bool) -> list[DemoObject]:
    """A small bucket's objects."""
    return _objects(bucket, count, _plain_key, odd_keys=ODD_KEYS if odd_keys else ())


def _objects(
    name: str, count: int, make_key: Callable[[random.Random, int], str], odd_keys: tuple[str, ...]
) -> list[DemoObject]:
    # A generator of its own for each bucket: changing one leaves the others as they are.
    draw = random.Random(f"{_SEED}/{name}")  # noqa: S311 - demo data has to be the same every time
    found: list[DemoObject] = []
    for index in range(count):
        key = odd_keys[index] if index < len(odd_keys) else make_key(draw, index)
        if found and draw.random() < _DUPLICATES:
            original = draw.choice(found)
            size, seed = original.size, original.content_seed
        else:
            size, seed = _size(draw, key), index
        storage_class = draw.choices(list(_CLASSES), list(_CLASSES.values()))[0]
        found.append(DemoObject(key, size, storage_class, _age(draw), seed))
    return found


def _data_lake_key(draw: random.Random, index: int) -> str:
    """Event files by source and day, tables, exports, models and scratch: what piles up in a data lake."""
    kind = draw.choices(("raw", "curated", "exports", "models", "tmp"), (64, 18, 9, 4, 5))[0]
    year, month, day = draw.choice((2023, 2024, 2025)), draw.randint(1, 12), draw.randint(1, 28)
    token = f"{draw.getrandbits(48):012x}"
    match kind:
        case "raw":
            source = draw.choices(("clickstream", "orders", "payments", "iot", "crm"), (50, 20, 12, 13, 5))[0]
            folder = f"raw/{source}/year={year}/month={month:02}/day={day:02}/hour={draw.randint(0, 23):02}"
            return f"{folder}/part-{index:05}-{token}.json.gz"
        case "curated":
            table = draw.choice(("dim_customer", "dim_product", "fact_order", "fact_session"))
            return f"curated/{table}/dt={year}-{month:02}-{day:02}/part-{index:05}.snappy.parquet"
        case "exports":
            return f"exports/{year}/{month:02}/{draw.choice(('finance', 'sales', 'support'))}-report-{index:05}.csv"
        case "models":
            return f"models/{draw.choice(('churn', 'ranking'))}/v{draw.randint(1, 40)}/shard-{index:05}.bin"
    return f"tmp/{token}-{index:05}.tmp"


def _plain_key(draw: random.Random, index: int) -> str:
    folder = draw.choice(("2023", "2024", "2025", "current", "shared/team", "tmp"))
    stem, ending = draw.choice(("item", "report", "image", "backup")), draw.choice(("json", "csv", "png", "gz"))
    return f"{folder}/{stem}-{index:04}.{ending}"


def _size(draw: random.Random, key: str) -> int:
    # What a console makes for a folder.
    if key.endswith("/"):
        return 0
    return min(_MOST_BYTES, max(1, round(draw.lognormvariate(math.log(_MEDIAN_BYTES), _SIGMA))))


def _age(draw: random.Random) -> timedelta:
    """Log-normal with a median of 75 days, at most 4 years: much is new, some has been forgotten."""
    days = min(4 * 365.0, draw.lognormvariate(math.log(75), 1.5))
    return timedelta(seconds=round(days * _DAY_S))


def _body(seed: int, size: int) -> bytes:
    block = hashlib.sha256(seed.to_bytes(8, "big")).digest()
    return (block * (size // len(block) + 1))[:size]
