from __future__ import annotations

import uuid

import pytest

from tests.cloud.functions import python_function
from workshop.cloud.ministack_seam import corrections
from workshop.target import Cloud

ROUTES = corrections._lambda_routes()


def operation(method: str, path: str) -> str:
    return next(name for route_method, pattern, name in ROUTES if route_method == method and pattern.match(path))


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/2015-03-31/functions/", "ListFunctions"),
        ("POST", "/2015-03-31/functions/f/invocations", "Invoke"),
        ("GET", "/2015-03-31/functions/f/aliases/live", "GetAlias"),
        ("PUT", "/2015-03-31/functions/f/aliases/live", "UpdateAlias"),
        ("DELETE", "/2015-03-31/functions/f", "DeleteFunction"),
        ("GET", "/2015-03-31/functions/f/configuration", "GetFunctionConfiguration"),
        ("GET", "/2017-03-31/tags/arn:aws:lambda:us-east-1:0:function:f", "ListTags"),
        ("PUT", "/2017-10-31/functions/f/concurrency", "PutFunctionConcurrency"),
    ],
)
def test_the_operation_of_a_request_comes_from_the_service_model(method: str, path: str, expected: str) -> None:
    assert operation(method, path) == expected


SENDER = """
import boto3
def handler(url, context):
    entries = [{"Id": "1", "MessageBody": "hello"}]
    return len(boto3.client("sqs").send_message_batch(QueueUrl=url, Entries=entries)["Successful"])
"""


@pytest.mark.cloud
def test_who_may_send_a_message_may_send_a_batch(cloud: Cloud) -> None:
    sqs = cloud.client("sqs")
    url = sqs.create_queue(QueueName=f"test-{uuid.uuid4().hex[:12]}")["QueueUrl"]
    with python_function(cloud, SENDER, Timeout=30, MemorySize=1769) as made:
        assert "AccessDenied" in made.invoke(url).payload["errorMessage"]
        made.allow("sqs:SendMessage")
        assert made.invoke(url).payload == 1
    sqs.delete_queue(QueueUrl=url)
