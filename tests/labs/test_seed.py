"""Seeding a bucket of the test's own: the demo buckets themselves belong to whoever uses this checkout."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from workshop.labs.errors import LabError
from workshop.labs.seed import fill, mark, seed_from_directory, tree
from workshop.labs.seed.buckets import Bucket
from workshop.labs.seed.objects import ODD_KEYS, DemoObject, small_bucket_objects
from workshop.target import Cloud

pytestmark = pytest.mark.cloud

PLAIN = Bucket("workshop-test-seed", tags={"team": "tests"})
VERSIONED = Bucket("workshop-test-seed", versioning="Enabled", encryption="AES256", policy="tls", lifecycle=(7,))


@pytest.fixture
def s3(cloud: Cloud) -> Iterator[Any]:
    client = cloud.client("s3")
    _remove(client, PLAIN.name)
    yield client
    _remove(client, PLAIN.name)


def _remove(client: Any, bucket: str) -> None:
    if bucket in {entry["Name"] for entry in client.list_buckets()["Buckets"]}:
        mark.empty(client, bucket)
        client.delete_bucket(Bucket=bucket)


def _fill(cloud: Cloud, bucket: Bucket, items: list[DemoObject]) -> bool | None:
    with fill.bar(len(items), "test", shown=False) as shown:
        return fill.ensure_bucket(cloud, bucket, items, shown)


def _listed(client: Any, bucket: str) -> dict[str, dict[str, Any]]:
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return {entry["Key"]: entry for page in pages for entry in page.get("Contents", [])}


def test_every_object_gets_there_as_planned(cloud: Cloud, s3: Any) -> None:
    items = small_bucket_objects("x", 60, odd_keys=True)
    aged = _fill(cloud, PLAIN, items)
    found = _listed(s3, PLAIN.name)
    assert set(ODD_KEYS) <= set(found)
    assert {key: (entry["Size"], entry["StorageClass"]) for key, entry in found.items()} == {
        item.key: (item.size, item.storage_class) for item in items
    }
    assert s3.get_object(Bucket=PLAIN.name, Key=items[5].key)["Body"].read() == items[5].body
    assert aged
    now = datetime.now(UTC)
    for item in items:
        assert abs((now - found[item.key]["LastModified"] - item.age).total_seconds()) < 120


def test_the_second_time_nothing_is_written(cloud: Cloud, s3: Any) -> None:
    items = small_bucket_objects("x", 10, odd_keys=False)
    assert _fill(cloud, PLAIN, items) is not None
    assert _fill(cloud, PLAIN, items) is None


@pytest.mark.parametrize("bucket", [PLAIN, VERSIONED])
def test_another_plan_replaces_what_was_there(cloud: Cloud, s3: Any, bucket: Bucket) -> None:
    _fill(cloud, bucket, small_bucket_objects("x", 30, odd_keys=False))
    items = small_bucket_objects("y", 5, odd_keys=False)
    _fill(cloud, bucket, items)
    assert set(_listed(s3, bucket.name)) == {item.key for item in items}
    versions = s3.list_object_versions(Bucket=bucket.name)
    assert len(versions["Versions"]) == 5
    assert "DeleteMarkers" not in versions


def test_a_seeding_that_was_cut_short_is_done_again(cloud: Cloud, s3: Any) -> None:
    items = small_bucket_objects("x", 50, odd_keys=False)

    class _CutError(Exception):
        pass

    def cut(_: int) -> None:
        raise _CutError

    with fill.bar(1, "test", shown=False) as shown:
        shown.update = cut
        with pytest.raises(_CutError):
            fill.ensure_bucket(cloud, PLAIN, items, shown)
    assert _fill(cloud, PLAIN, items) is not None
    assert len(_listed(s3, PLAIN.name)) == 50


def test_a_bucket_of_somebody_elses_is_left_alone(cloud: Cloud, s3: Any) -> None:
    s3.create_bucket(Bucket=PLAIN.name)
    s3.put_object(Bucket=PLAIN.name, Key="mine", Body=b"mine")
    with pytest.raises(LabError, match="did not make"):
        _fill(cloud, PLAIN, small_bucket_objects("x", 5, odd_keys=False))
    assert set(_listed(s3, PLAIN.name)) == {"mine"}


def test_the_settings_are_those_of_the_plan(cloud: Cloud, s3: Any) -> None:
    _fill(cloud, VERSIONED, [])
    name = VERSIONED.name
    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Enabled"
    assert s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"][0]["Expiration"]["Days"] == 7
    assert all(s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"].values())
    assert "SecureTransport" in s3.get_bucket_policy(Bucket=name)["Policy"]


def test_a_folder_becomes_a_bucket(cloud: Cloud, tmp_path: Path) -> None:
    folder = tmp_path / "Workshop Test Tree"
    (folder / "über").mkdir(parents=True)
    (folder / "a.txt").write_text("one")
    (folder / "über" / "b c.txt").write_text("two")
    (folder / "link").symlink_to(folder / "a.txt")
    (folder / "large.bin").write_bytes(bytes(tree._LARGE + 1))
    client = cloud.client("s3")
    bucket = tree.directory_bucket(folder)
    try:
        assert seed_from_directory(cloud, folder, progress=False).written == 3
        assert {key: entry["Size"] for key, entry in _listed(client, bucket).items()} == {
            "a.txt": 3, "über/b c.txt": 3, "large.bin": tree._LARGE + 1,
        }  # fmt: skip
        assert seed_from_directory(cloud, folder, progress=False).written == 0
        (folder / "a.txt").write_text("another")
        assert seed_from_directory(cloud, folder, progress=False).written == 3
        assert _listed(client, bucket)["a.txt"]["Size"] == 7
    finally:
        _remove(client, bucket)


def test_a_folder_that_is_none_is_refused(cloud: Cloud, tmp_path: Path) -> None:
    with pytest.raises(LabError, match="no folder"):
        seed_from_directory(cloud, tmp_path / "nowhere")
