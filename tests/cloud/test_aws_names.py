"""AWS's host names: certificates of their own, and functions that ignore the configured endpoint."""

from __future__ import annotations

import json
import ssl
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cloud.functions import Function, python_function
from tests.cloud.handshakes import connected
from workshop.cloud import https, tls
from workshop.cloud.aws_names import is_aws_name
from workshop.target import Cloud


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("s3.us-east-1.amazonaws.com", True),
        ("my-bucket.s3.eu-west-1.amazonaws.com", True),
        ("dynamodb.cn-north-1.amazonaws.com.cn", True),
        ("abc.lambda-url.us-east-1.on.aws", True),
        ("amazonaws.com", False),
        ("notamazonaws.com", False),
        ("amazonaws.com.evil.org", False),
        ("localhost", False),
        ("a b.amazonaws.com", False),
        ("x." * 125 + "amazonaws.com", False),
    ],
)
def test_only_hosts_below_awss_domains_are_awss(name: str, expected: bool) -> None:
    assert is_aws_name(name) is expected


def handshake(server: ssl.SSLContext, trust: Path, name: str) -> list[str]:
    """The names in the certificate that a client gets who asks for `name`."""
    client = ssl.create_default_context(cafile=trust)
    client.set_alpn_protocols(["http/1.1"])
    with connected(server, client, name) as connection:
        assert connection.selected_alpn_protocol() == "http/1.1"
        certificate: Any = connection.getpeercert()
        return [value for _, value in certificate["subjectAltName"]]


def test_each_aws_name_has_a_certificate_of_its_own(tmp_path: Path) -> None:
    authority = tls.make(tmp_path)
    server, trust = https.context(authority), authority.public / "bundle.pem"
    before = sorted(tmp_path.rglob("*"))
    for name in ("bucket.s3.eu-west-1.amazonaws.com", "sts.amazonaws.com", "localhost"):
        assert name in handshake(server, trust, name)
    assert handshake(server, trust, "sts.amazonaws.com") == ["sts.amazonaws.com"]
    assert sorted(tmp_path.rglob("*")) == before


def test_no_other_name_gets_one(tmp_path: Path) -> None:
    authority = tls.make(tmp_path)
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        handshake(https.context(authority), authority.public / "bundle.pem", "www.example.com")


HARD_CODED = """
    import json, os, socket, urllib.error, urllib.request
    def fetch(url):
        try:
            with urllib.request.urlopen(url) as answer:
                return [answer.status, answer.read().decode()]
        except urllib.error.HTTPError as error:
            return [error.code, error.read().decode()]
        except urllib.error.URLError as error:
            return [0, str(error.reason)]
    def handler(event, context):
        return {"endpoint": os.environ.get("AWS_ENDPOINT_URL"), "answers": [fetch(url) for url in event]}
"""

BOTO3 = """
    import os
    import boto3
    def handler(event, context):
        kinds = {"s3": "list_buckets", "dynamodb": "list_tables", "secretsmanager": "list_secrets",
                 "sts": "get_caller_identity", "lambda": "list_functions", "sqs": "list_queues"}
        hosts = {}
        for name, operation in kinds.items():
            client = boto3.client(name, region_name=event["region"])
            getattr(client, operation)()
            hosts[name] = client.meta.endpoint_url
        s3 = boto3.client("s3", region_name=event["region"])
        text = s3.get_object(Bucket=event["bucket"], Key="greeting")["Body"].read().decode()
        return {"hosts": hosts, "text": text}
"""


@pytest.fixture(scope="module")
def bucket(cloud: Cloud) -> Iterator[str]:
    """A bucket whose one object all may read."""
    s3, name = cloud.client("s3"), f"test-{uuid.uuid4().hex[:12]}"
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="greeting", Body=b"hello")
    s3.delete_public_access_block(Bucket=name)
    arn = f"arn:aws:s3:::{name}/*"
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": arn}
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    yield name
    s3.delete_object(Bucket=name, Key="greeting")
    s3.delete_bucket(Bucket=name)


@pytest.fixture(scope="module")
def hard_coded(cloud: Cloud) -> Iterator[Function]:
    with python_function(cloud, HARD_CODED, Timeout=10, MemorySize=512) as made:
        yield made


@pytest.mark.cloud
@pytest.mark.parametrize(
    "url",
    [
        "https://{bucket}.s3.us-east-1.amazonaws.com/greeting",
        "https://{bucket}.s3.amazonaws.com/greeting",
        "https://s3.us-east-1.amazonaws.com/{bucket}/greeting",
        "http://s3.us-east-1.amazonaws.com/{bucket}/greeting",
    ],
)
def test_urls_written_into_a_program_reach_the_cloud(cloud: Cloud, hard_coded: Function, bucket: str, url: str) -> None:
    answer = hard_coded.invoke([url.format(bucket=bucket)])
    assert answer.payload["answers"] == [[200, "hello"]]


@pytest.mark.cloud
def test_other_names_do_not_exist(hard_coded: Function) -> None:
    [[status, reason]] = hard_coded.invoke(["https://example.com/"]).payload["answers"]
    assert status == 0
    assert "not known" in reason


@pytest.mark.cloud
@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
@pytest.mark.parametrize("without", [{"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}, {"AWS_ENDPOINT_URL": ""}])
def test_boto3_without_a_configured_endpoint(cloud: Cloud, bucket: str, region: str, without: dict[str, str]) -> None:
    options = {"Timeout": 30, "MemorySize": 1769, "Environment": {"Variables": without}}
    with python_function(cloud, BOTO3, **options) as made:
        made.allow("*")
        answer = made.invoke({"region": region, "bucket": bucket})
    assert answer.error is None, answer.payload
    assert answer.payload["text"] == "hello"
    assert answer.payload["hosts"]["dynamodb"] == f"https://dynamodb.{region}.amazonaws.com"
    assert all(".amazonaws.com" in host for host in answer.payload["hosts"].values())


@pytest.mark.cloud
def test_an_empty_endpoint_is_none(cloud: Cloud) -> None:
    with python_function(cloud, HARD_CODED, Environment={"Variables": {"AWS_ENDPOINT_URL": ""}}) as made:
        assert made.invoke([]).payload["endpoint"] is None


@pytest.mark.cloud
def test_a_rest_api_by_its_aws_name(cloud: Cloud, hard_coded: Function) -> None:
    apis = cloud.client("apigateway")
    api = apis.create_rest_api(name=f"test-{uuid.uuid4().hex[:8]}")["id"]
    try:
        root = apis.get_resources(restApiId=api)["items"][0]["id"]
        apis.put_method(restApiId=api, resourceId=root, httpMethod="GET", authorizationType="NONE")
        apis.put_method_response(restApiId=api, resourceId=root, httpMethod="GET", statusCode="200")
        template = {"application/json": '{"statusCode": 200}'}
        apis.put_integration(restApiId=api, resourceId=root, httpMethod="GET", type="MOCK", requestTemplates=template)
        apis.put_integration_response(
            restApiId=api, resourceId=root, httpMethod="GET", statusCode="200",
            responseTemplates={"application/json": '{"by": "name"}'},
        )  # fmt: skip
        apis.create_deployment(restApiId=api, stageName="live")
        answer = hard_coded.invoke([f"https://{api}.execute-api.us-east-1.amazonaws.com/live/"])
    finally:
        apis.delete_rest_api(restApiId=api)
    assert answer.payload["answers"] == [[200, '{"by": "name"}']]
