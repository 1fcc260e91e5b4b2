"""What the functions give."""

from __future__ import annotations

from typing import Any

import pytest

RULES = [
    "public-access-not-blocked",
    "policy-public",
    "no-default-encryption",
    "no-versioning",
    "no-access-logging",
    "no-lifecycle",
    "tls-not-enforced",
]


def test_buckets_with_their_regions(s3_admin: Any) -> None:
    buckets = s3_admin.list_buckets()
    assert [(bucket["name"], bucket["region"]) for bucket in buckets] == [
        ("abroad", "eu-west-1"),
        ("plain", "us-east-1"),
    ]
    assert all(bucket.keys() == {"name", "region", "created_at"} for bucket in buckets)


def test_details_of_a_bucket(s3_admin: Any) -> None:
    details = s3_admin.bucket_details("abroad")
    assert details["region"] == "eu-west-1"
    assert details["tags"] == {"team": "ä"}
    assert details["versioning"] is None
    # MiniStack does not know GetBucketPolicyStatus.
    assert details["errors"].keys() <= {"policy_status"}


def test_audit(s3_admin: Any) -> None:
    audited = s3_admin.audit_buckets()
    assert [bucket["name"] for bucket in audited] == ["abroad", "plain"]
    rules = [finding["rule"] for finding in audited[1]["findings"]]
    assert "no-versioning" in rules
    assert rules == [rule for rule in RULES if rule in rules]


def test_usage_of_a_bucket(s3_admin: Any) -> None:
    report = s3_admin.usage("plain", depth=2, top=2, timeout=60)
    assert (report["objects"], report["bytes"]) == (3, 10)
    assert report["by_prefix"] == [
        {"prefix": "a/", "objects": 1, "bytes": 5},
        {"prefix": "a/ä/", "objects": 1, "bytes": 5},
        {"prefix": "", "objects": 1, "bytes": 0},
    ]
    assert [item["key"] for item in report["largest"]] == ["a/b c+%.txt", "a/ä/x"]
    assert report["duplicates"] == {"groups": 1, "wasted_bytes": 5, "complete": True}
    assert (report["scanned_pages"], report["truncated"], report["cursor"]) == (1, False, None)


def test_usage_goes_on_after_a_key(s3_admin: Any) -> None:
    assert s3_admin.usage("plain", after="a/ä/x")["objects"] == 1
    assert s3_admin.usage("plain", prefix="a/", after="a/b c+%.txt")["objects"] == 1


def test_no_such_bucket(s3_admin: Any) -> None:
    for call in (s3_admin.usage, s3_admin.bucket_details):
        with pytest.raises(s3_admin.NotFound) as raised:
            call("no-such-bucket")
        assert (raised.value.status, raised.value.code) == (404, "NoSuchBucket")
        assert str(raised.value) == "no bucket 'no-such-bucket'"


@pytest.mark.parametrize(
    ("options", "detail"),
    [
        ({"depth": 9}, "'depth' must be a whole number from 1 to 8"),
        ({"top": 101}, "'top' must be a whole number from 0 to 100"),
        ({"delimiter": ""}, "'delimiter' must be 1 to 16 characters"),
        ({"prefix": "x" * 1025}, "'prefix' must be at most 1024 bytes"),
        ({"cursor": "made up"}, "'cursor' is not valid"),
        ({"timeout": -1}, "'timeout' must be a number of seconds, 0 or more"),
        ({"timeout": float("nan")}, "'timeout' must be a number of seconds, 0 or more"),
    ],
)
def test_arguments_out_of_range(s3_admin: Any, options: dict[str, Any], detail: str) -> None:
    with pytest.raises(s3_admin.InvalidInput) as raised:
        s3_admin.usage("plain", **options)
    assert isinstance(raised.value, ValueError)
    assert (str(raised.value), raised.value.status) == (detail, 400)


def test_calls_from_many_threads(s3_admin: Any) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as threads:
        reports = list(threads.map(lambda _: s3_admin.usage("plain"), range(40)))
    assert all(report["objects"] == 3 for report in reports)
