"""Failures and garbled answers in each protocol, as boto3 reads them."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from tests.cloud.aws_calls import CALLS, once
from workshop.target import Cloud

pytestmark = pytest.mark.cloud


@pytest.mark.parametrize(
    ("operation", "code", "status"),
    [
        ("s3:GetBucketLocation", "SlowDown", 503),
        ("s3:GetBucketLocation", "InternalError", 500),
        ("s3:ListBuckets", "AccessDenied", 403),
        ("dynamodb:GetItem", "ProvisionedThroughputExceededException", 400),
        ("dynamodb:GetItem", "InternalServerError", 500),
        ("secretsmanager:GetSecretValue", "ThrottlingException", 400),
        ("sqs:SendMessage", "ThrottlingException", 400),
        ("sqs:SendMessage", "RequestThrottled", 403),
        ("sns:Publish", "InternalError", 500),
        ("sns:Publish", "Throttling", 400),
        ("lambda:Invoke", "TooManyRequestsException", 429),
        ("stepfunctions:StartExecution", "ExecutionLimitExceeded", 400),
    ],
)
def test_boto3_sees_the_error_of_each_protocol(cloud: Cloud, operation: str, code: str, status: int) -> None:
    method, arguments = CALLS[operation]
    client = once(cloud, operation.partition(":")[0])
    chosen = {"status": status} if code == "RequestThrottled" else {}
    with cloud.faults.fail(operation, code, message="told", **chosen) as fault, pytest.raises(ClientError) as raised:
        getattr(client, method)(**arguments)
    assert raised.value.response["Error"]["Code"] == code
    assert raised.value.response["Error"]["Message"] == "told"
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert fault.hits == 1


@pytest.mark.parametrize(
    ("operation", "error", "told", "hits"),
    [
        ("s3:ListBuckets", ClientError, r"\(500\)", 2),  # botocore takes it for a 500 of S3, and tries again
        ("sns:Publish", ResponseParserError, "invalid XML", 1),
    ],
)
def test_garbled_xml_is_an_error(cloud: Cloud, operation: str, error: type[Exception], told: str, hits: int) -> None:
    method, arguments = CALLS[operation]
    client = once(cloud, operation.partition(":")[0], attempts=2)
    with cloud.faults.garble(operation) as fault, pytest.raises(error, match=told):
        getattr(client, method)(**arguments)
    assert fault.hits == hits


def test_boto3_takes_garbled_json_for_an_empty_answer(cloud: Cloud) -> None:
    with cloud.faults.garble("dynamodb:GetItem") as fault:
        answer = once(cloud, "dynamodb").get_item(TableName="none", Key={"id": {"S": "a"}})
    assert answer.keys() == {"ResponseMetadata"}
    assert fault.hits == 1
