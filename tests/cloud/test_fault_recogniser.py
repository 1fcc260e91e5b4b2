"""The faults' recogniser, held against botocore's own serializer."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from hypothesis import given
from hypothesis import strategies as st

from workshop.cloud.errors import CloudError
from workshop.cloud.faults import operations, recogniser
from workshop.cloud.faults.fault import Fault, check
from workshop.cloud.faults.recogniser import Call

NEVER_HERE = {
    "ListDirectoryBuckets",  # signed for another service
    "CreateSession",  # directory buckets only
    "WriteGetObjectResponse",  # has a host of its own
    "SelectObjectContent",  # an event stream
}
DEPRECATED = {name + suffix for name in ("GetBucket", "PutBucket") for suffix in ("Lifecycle", "Notification")}
S3 = [name for name in operations.model("s3").operation_names if name not in NEVER_HERE | DEPRECATED]


def sample(shape: Any) -> Any:
    """The least value that a shape takes."""
    if shape.type_name == "structure" and shape.is_tagged_union:
        name = next(iter(shape.members))
        return {name: sample(shape.members[name])}
    if shape.type_name == "structure":
        return {name: sample(shape.members[name]) for name in shape.required_members}
    if shape.type_name == "list":
        return [sample(shape.member)]
    if shape.type_name == "string":
        return shape.enum[0] if shape.enum else "some text long enough"
    if shape.type_name == "timestamp":
        return "2026-01-01T00:00:00Z"
    return {"map": {}, "boolean": True, "blob": b"x"}.get(shape.type_name, 1)


def sent(service: str, operation: str, arguments: dict[str, Any], endpoint: str, **config: Any) -> dict[str, Any]:
    """The request that boto3 makes, as the ASGI scope of a server, and its body."""
    client = boto3.client(
        service,  # type: ignore[call-overload]
        region_name="us-east-1",
        endpoint_url=endpoint,
        aws_access_key_id="AKID",
        aws_secret_access_key="x",
        config=Config(**config),
    )
    caught: list[AWSPreparedRequest] = []

    def catch(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        caught.append(request)
        raise InterruptedError

    client.meta.events.register("before-send", catch)
    with pytest.raises(InterruptedError):
        client._make_api_call(operation, arguments)
    url = urlsplit(caught[0].url)
    headers = [(b"host", url.netloc.encode())]
    for name, value in caught[0].headers.items():
        headers.append((name.encode(), value if isinstance(value, bytes) else str(value).encode()))
    body = caught[0].body or b""
    return {
        "method": caught[0].method,
        "raw_path": url.path.encode(),
        "query_string": url.query.encode(),
        "headers": headers,
        "body": body.encode() if isinstance(body, str) else body,
    }


def recognised(service: str, scope: dict[str, Any]) -> Call | None:
    request = recogniser.request(scope)
    assert request.signed_for == operations.model(service).signing_name
    body = scope["body"] if recogniser.needs_body(service) else b""
    return recogniser.recognise(service, request, body)


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:4666", "https://localhost:4667"], ids=["path", "virtual-host"])
@pytest.mark.parametrize("operation", S3)
def test_every_s3_operation_is_recognised(operation: str, endpoint: str) -> None:
    shape = operations.model("s3").operation_model(operation).input_shape
    arguments = sample(shape) if shape else {}
    about_a_bucket = "Bucket" in arguments
    arguments |= {"Bucket": "my-bucket"} if about_a_bucket else {}
    arguments |= {"Key": "a/b c?.txt"} if "Key" in arguments else {}
    arguments |= {"CopySource": "from/key"} if "CopySource" in arguments else {}
    call = recognised("s3", sent("s3", operation, arguments, endpoint))
    resources = frozenset({"my-bucket"}) if about_a_bucket else frozenset()
    assert call == Call(operation, "rest-xml", resources)


@pytest.mark.parametrize(
    ("service", "operation", "arguments", "protocol", "resource"),
    [
        ("dynamodb", "GetItem", {"TableName": "users", "Key": {"id": {"S": "a"}}}, "json", "users"),
        ("dynamodb", "BatchGetItem", {"RequestItems": {"users": {"Keys": [{"id": {"S": "a"}}]}}}, "json", "users"),
        ("dynamodb", "GetItem", {"TableName": "arn:aws:dynamodb:us-east-1:000000000000:table/users", "Key": {}},
         "json", "users"),
        ("secretsmanager", "GetSecretValue", {"SecretId": "keys"}, "json", "keys"),
        ("secretsmanager", "GetSecretValue",
         {"SecretId": "arn:aws:secretsmanager:us-east-1:000000000000:secret:lab/keys-AbC123"}, "json", "lab/keys"),
        ("sqs", "SendMessage", {"QueueUrl": "http://127.0.0.1:4666/000000000000/jobs", "MessageBody": "x"},
         "json", "jobs"),
        ("sns", "Publish", {"TopicArn": "arn:aws:sns:us-east-1:000000000000:news", "Message": "x"}, "query", "news"),
        ("lambda", "Invoke", {"FunctionName": "hello", "Payload": b"{}"}, "rest-json", "hello"),
        ("lambda", "GetFunction", {"FunctionName": "arn:aws:lambda:us-east-1:000000000000:function:hello:live"},
         "rest-json", "hello"),
    ],
)  # fmt: skip
def test_other_services_are_recognised(
    service: str, operation: str, arguments: dict[str, Any], protocol: str, resource: str
) -> None:
    call = recognised(service, sent(service, operation, arguments, "http://127.0.0.1:4666"))
    assert call is not None
    assert (call.operation, call.protocol) == (operation, protocol)
    assert resource in call.resources


def test_sqs_is_recognised_in_its_older_protocol_too() -> None:
    scope = sent("sqs", "ListQueues", {}, "http://127.0.0.1:4666")
    scope["headers"] = [(name, value) for name, value in scope["headers"] if name.lower() != b"x-amz-target"]
    scope["body"] = urlencode({"Action": "SendMessage", "QueueUrl": "http://127.0.0.1/000000000000/jobs"}).encode()
    call = recognised("sqs", scope)
    assert call is not None
    assert (call.operation, call.protocol) == ("SendMessage", "query")
    assert "jobs" in call.resources


def test_a_presigned_url_is_recognised() -> None:
    client = boto3.client("s3", region_name="us-east-1", aws_access_key_id="AKID", aws_secret_access_key="x",
                          config=Config(signature_version="s3v4"), endpoint_url="http://127.0.0.1:4666")  # fmt: skip
    url = urlsplit(client.generate_presigned_url("put_object", Params={"Bucket": "my-bucket", "Key": "k"}))
    scope = {
        "method": "PUT", "raw_path": url.path.encode(), "query_string": url.query.encode(), "body": b"",
        "headers": [(b"host", url.netloc.encode())],
    }  # fmt: skip
    assert recognised("s3", scope) == Call("PutObject", "rest-xml", frozenset({"my-bucket"}))


@given(st.text(min_size=1, max_size=40), st.sampled_from(["GET", "PUT", "HEAD", "DELETE"]))
def test_no_key_is_taken_for_another_call(key: str, method: str) -> None:
    path = "/my-bucket/" + quote(key.encode("utf-8", "surrogatepass"), safe="/")
    request = recogniser.Request(method, path, {}, {"host": "127.0.0.1:4666"})
    name = {"GET": "GetObject", "PUT": "PutObject", "HEAD": "HeadObject", "DELETE": "DeleteObject"}[method]
    assert recogniser.recognise("s3", request, b"") == Call(name, "rest-xml", frozenset({"my-bucket"}))


@pytest.mark.parametrize("body", [b"", b"[]", b"{", json.dumps({"TableName": 3}).encode()])
def test_a_body_that_cannot_be_read_names_no_resource(body: bytes) -> None:
    request = recogniser.Request("POST", "/", {}, {"x-amz-target": "DynamoDB_20120810.GetItem"})
    assert recogniser.recognise("dynamodb", request, body) == Call("GetItem", "json", frozenset())


def test_what_aws_does_not_know_is_no_call() -> None:
    unknown = recogniser.Request("POST", "/", {}, {"x-amz-target": "DynamoDB_20120810.Guess"})
    assert recogniser.recognise("dynamodb", unknown, b"{}") is None
    assert recogniser.recognise("s3", recogniser.Request("PATCH", "/my-bucket", {}, {}), b"") is None


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Fault("s3:GetBucketLocaton", "drop"), "did you mean GetBucketLocation"),
        (Fault("s3:listobjectsv2", "drop"), "did you mean ListObjectsV2"),
        (Fault("dynamdb:GetItem", "drop"), "did you mean dynamodb"),
        (Fault("GetItem", "drop"), "write it as"),
        (Fault("cloudwatch:PutMetricData", "drop"), "choose another service"),
        (Fault("s3:GetObject", "fail"), "needs AWS's error code"),
        (Fault("s3:GetObject", "drop", times=0), "would hit no call"),
        (Fault("s3:GetObject", "drop", share=1.5), "more than 0 and at most 1"),
        (Fault("s3:GetObject", "fail", code="SlowDown", status=200), "from 400 to 599"),
        (Fault("s3:GetObject", "delay", seconds=-1), "cannot be held"),
        (Fault("iam:GetRole", "drop", resource="role"), "leave it out"),
    ],
)
def test_a_fault_that_could_never_hit_is_refused(fault: Fault, told: str) -> None:
    with pytest.raises(CloudError, match=told):
        check(fault)
