"""Buckets of many keys, made by the local cloud's own route."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from workshop.bench.labs.keys import bucket_of
from workshop.target import Cloud

pytestmark = pytest.mark.cloud


def test_a_bucket_has_the_keys_and_is_gone_afterwards() -> None:
    cloud = Cloud.local()
    client = cloud.client("s3")
    with bucket_of(cloud, 1_500) as name:
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=name)
        entries = [entry for page in pages for entry in page["Contents"]]
        assert len(entries) == 1_500
        entry = entries[700]
        assert client.get_object(Bucket=name, Key=entry["Key"])["Body"].read() == entry["Key"].encode()
        assert entry["Size"] == len(entry["Key"].encode())
        assert len({entry["ETag"] for entry in entries}) == 1_500
    with pytest.raises(ClientError, match="NoSuchBucket"):
        client.list_objects_v2(Bucket=name)
