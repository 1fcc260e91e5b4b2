from __future__ import annotations

import json
import uuid

import pytest
from botocore.exceptions import ClientError

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


@pytest.mark.cloud
@pytest.mark.parametrize(("principal", "public"), [("*", True), ({"AWS": "arn:aws:iam::000000000000:root"}, False)])
def test_the_status_of_a_bucket_policy(cloud: Cloud, principal: object, public: bool) -> None:
    s3, name = cloud.client("s3"), f"test-{uuid.uuid4().hex[:12]}"
    s3.create_bucket(Bucket=name)
    with pytest.raises(ClientError, match="NoSuchBucketPolicy"):
        s3.get_bucket_policy_status(Bucket=name)
    s3.delete_public_access_block(Bucket=name)
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{name}/*",
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps(policy))
    assert s3.get_bucket_policy_status(Bucket=name)["PolicyStatus"]["IsPublic"] is public
    s3.delete_bucket(Bucket=name)


@pytest.mark.cloud
def test_lifecycle_rules_get_an_id(cloud: Cloud) -> None:
    s3, name = cloud.client("s3"), f"test-{uuid.uuid4().hex[:12]}"
    s3.create_bucket(Bucket=name)
    rule = {"Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}
    rules = [{"ID": "mine", **rule}, rule, rule]
    s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": rules})
    found = [rule["ID"] for rule in s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]]
    assert found[0] == "mine"
    assert len(set(found)) == 3
    s3.delete_bucket(Bucket=name)
