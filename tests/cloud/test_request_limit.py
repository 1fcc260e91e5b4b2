"""A synchronous payload has Lambda's limit."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.cloud.functions import python_function
from workshop.target import Cloud

pytestmark = pytest.mark.cloud

LIMIT = 6 * 1024 * 1024 + 100


def test_the_largest_payload_arrives_and_one_byte_more_is_refused(cloud: Cloud) -> None:
    with python_function(cloud, "def handler(event, context):\n    return len(event)\n", MemorySize=1769) as made:
        client = cloud.client("lambda")
        fits = client.invoke(FunctionName=made.name, Payload=b'"' + b"x" * (LIMIT - 2) + b'"')
        assert fits["Payload"].read() == str(LIMIT - 2).encode()
        with pytest.raises(ClientError) as refused:
            client.invoke(FunctionName=made.name, Payload=b'"' + b"x" * (LIMIT - 1) + b'"')
    assert refused.value.response["Error"]["Code"] == "RequestTooLargeException"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 413
