"""Calls of several services for tests of faults: no resource that they name exists."""

from __future__ import annotations

from typing import Any

from botocore.config import Config

from workshop.target import Cloud

CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "s3:GetBucketLocation": ("get_bucket_location", {"Bucket": "none-such"}),
    "s3:ListBuckets": ("list_buckets", {}),
    "dynamodb:GetItem": ("get_item", {"TableName": "none", "Key": {"id": {"S": "a"}}}),
    "secretsmanager:GetSecretValue": ("get_secret_value", {"SecretId": "none"}),
    "sqs:SendMessage": ("send_message", {"QueueUrl": "http://127.0.0.1/000000000000/none", "MessageBody": "x"}),
    "sns:Publish": ("publish", {"TopicArn": "arn:aws:sns:us-east-1:000000000000:none", "Message": "x"}),
    "lambda:Invoke": ("invoke", {"FunctionName": "none"}),
    "stepfunctions:StartExecution": ("start_execution", {"stateMachineArn": "arn:aws:states:us-east-1:0:x:none"}),
}


def once(cloud: Cloud, service: str, attempts: int = 1, **options: Any) -> Any:
    """A client that tries as often as told."""
    retries = {"total_max_attempts": attempts, "mode": "standard"}
    return cloud.client(service, config=Config(retries=retries, **options))  # type: ignore[arg-type]
