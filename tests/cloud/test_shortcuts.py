"""What looks like a call of the Lambda API and is none reaches the service that it is for."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.config import Config

from workshop.target import Cloud

pytestmark = pytest.mark.cloud

KEY = "2015-03-31/functions/hello/invocations"


def s3_by_host_name(cloud: Cloud) -> Any:
    """An S3 client that names the bucket in the host, so that a key is all of the path."""
    endpoint = urlsplit(cloud.endpoint_url or "")
    s3 = cloud.session.client(
        "s3",
        endpoint_url=f"http://s3.localhost:{endpoint.port}",
        config=Config(s3={"addressing_style": "virtual"}),
    )

    def connect_here(request: Any, **_: Any) -> None:
        """Not every resolver knows the names below `localhost`."""
        request.headers["Host"] = urlsplit(request.url).netloc
        request.url = request.url.replace(request.headers["Host"], endpoint.netloc)

    s3.meta.events.register("before-send.s3", connect_here)
    return s3


def test_an_object_with_the_path_of_an_invocation(cloud: Cloud) -> None:
    s3, bucket = s3_by_host_name(cloud), f"test-{uuid.uuid4().hex[:12]}"
    s3.create_bucket(Bucket=bucket)
    try:
        s3.put_object(Bucket=bucket, Key=KEY, Body=b"an object")
        # By the other way, which has the bucket in the path
        assert cloud.client("s3").get_object(Bucket=bucket, Key=KEY)["Body"].read() == b"an object"
        assert s3.get_object(Bucket=bucket, Key=KEY)["Body"].read() == b"an object"
    finally:
        s3.delete_object(Bucket=bucket, Key=KEY)
        s3.delete_bucket(Bucket=bucket)
