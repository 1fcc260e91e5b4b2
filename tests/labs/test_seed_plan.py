from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter

import pytest

from workshop.labs.seed import BIG_BUCKET, BUCKETS, DEFAULT_OBJECTS, mark, objects


@pytest.fixture(scope="module")
def big() -> list[objects.DemoObject]:
    return objects.big_bucket_objects(DEFAULT_OBJECTS)


def test_twelve_buckets_in_several_regions() -> None:
    assert len({bucket.name for bucket in BUCKETS}) == 12
    assert len({bucket.region for bucket in BUCKETS}) >= 6
    assert BIG_BUCKET in {bucket.name for bucket in BUCKETS}


def test_each_setting_is_there_and_missing_somewhere() -> None:
    for name in (
        "versioning",
        "encryption",
        "blocks_public_access",
        "object_lock",
        "policy",
        "lifecycle",
        "tags",
        "logs_access",
    ):
        assert {bool(getattr(bucket, name)) for bucket in BUCKETS} == {True, False}, name


def test_the_big_bucket_has_the_wanted_number_of_different_keys(big: list[objects.DemoObject]) -> None:
    assert len({item.key for item in big}) == DEFAULT_OBJECTS
    assert set(objects.ODD_KEYS) <= {item.key for item in big}
    assert all(0 < len(item.key.encode()) <= 1024 for item in big)


def test_sizes_classes_and_ages_are_spread(big: list[objects.DemoObject]) -> None:
    sizes = sorted(item.size for item in big)
    assert (sizes[0], sizes[-1]) == (0, 64 * 1024)
    assert 500 < sizes[len(sizes) // 2] < 1000
    assert {item.storage_class for item in big} == set(objects._CLASSES)
    days = [item.age.days for item in big]
    for low, high in ((0, 7), (7, 30), (30, 90), (90, 365), (365, 5000)):
        assert sum(low <= day < high for day in days) > len(days) // 50


def test_some_objects_have_the_same_content_and_the_others_do_not(big: list[objects.DemoObject]) -> None:
    copies = Counter(item.body for item in big if item.size >= 8)
    doubled = sum(count for count in copies.values() if count > 1)
    assert 0.04 * len(big) < doubled < 0.12 * len(big)
    assert all(len(item.body) == item.size for item in big[:500])


def test_the_plan_is_the_same_in_every_process() -> None:
    script = (
        "from workshop.labs.seed import mark, objects, BUCKETS\n"
        "print(mark.fingerprint(BUCKETS, objects.big_bucket_objects(500)))\n"
    )
    seeds = ("1", "2")
    answers = {
        subprocess.run(
            [sys.executable, "-c", script], env=os.environ | {"PYTHONHASHSEED": seed}, check=True, capture_output=True
        ).stdout
        for seed in seeds
    }
    assert len(answers) == 1


def test_fewer_objects_are_the_first_of_more() -> None:
    assert objects.big_bucket_objects(100) == objects.big_bucket_objects(200)[:100]


def test_any_change_of_the_plan_changes_the_mark() -> None:
    items = objects.big_bucket_objects(50)
    marks = {mark.fingerprint("a", items), mark.fingerprint("b", items), mark.fingerprint("a", items[:-1])}
    assert len(marks) == 3
