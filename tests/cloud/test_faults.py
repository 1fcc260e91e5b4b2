"""Faults on demand, seen through boto3 and by functions."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from tests.cloud.aws_calls import once
from tests.cloud.functions import python_function
from workshop.cloud.errors import CloudError
from workshop.target import Cloud

pytestmark = pytest.mark.cloud


@pytest.fixture(scope="module")
def bucket(cloud: Cloud) -> Iterator[str]:
    name = f"test-faults-{uuid.uuid4().hex[:8]}"
    cloud.client("s3").create_bucket(Bucket=name)
    yield name
    cloud.client("s3").delete_bucket(Bucket=name)


@pytest.fixture(autouse=True)
def _nothing_stays(cloud: Cloud) -> Iterator[None]:
    yield
    assert cloud.faults.active() == []


def test_a_head_request_has_the_status_only(cloud: Cloud, bucket: str) -> None:
    client = once(cloud, "s3")
    with cloud.faults.fail("s3:HeadBucket", "AccessDenied"), pytest.raises(ClientError) as raised:
        client.head_bucket(Bucket=bucket)
    assert raised.value.response["Error"]["Code"] == "403"
    client.head_bucket(Bucket=bucket)


def test_so_many_calls_are_hit_and_retries_count(cloud: Cloud, bucket: str) -> None:
    client = once(cloud, "s3", attempts=3)
    with cloud.faults.fail("s3:GetBucketLocation", "SlowDown", times=2) as fault:
        answer = client.get_bucket_location(Bucket=bucket)
        assert fault.hits == 2
        client.get_bucket_location(Bucket=bucket)
    assert answer["ResponseMetadata"]["RetryAttempts"] == 2
    assert fault.hits == 2


def test_what_is_not_retried_is_hit_once(cloud: Cloud, bucket: str) -> None:
    client = once(cloud, "s3", attempts=3)
    with cloud.faults.fail("s3:GetBucketLocation", "AccessDenied") as fault, pytest.raises(ClientError):
        client.get_bucket_location(Bucket=bucket)
    assert fault.hits == 1


def test_only_the_named_operation_and_resource_are_hit(cloud: Cloud, bucket: str) -> None:
    client = once(cloud, "s3")
    with cloud.faults.fail("s3:*", "InternalError", resource="another-bucket") as fault:
        client.get_bucket_location(Bucket=bucket)
        client.list_buckets()
        with pytest.raises(ClientError, match="InternalError"):
            client.list_objects_v2(Bucket="another-bucket")
    assert fault.hits == 1


def test_a_call_whose_body_was_looked_at_is_still_carried_out(cloud: Cloud) -> None:
    client, name = once(cloud, "dynamodb"), f"test-faults-{uuid.uuid4().hex[:8]}"
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )
    try:
        item = {"id": {"S": "a"}, "text": {"S": "ünï ☃" * 20_000}}
        with cloud.faults.fail("dynamodb:*", "ThrottlingException", resource="another-table") as fault:
            client.put_item(TableName=name, Item=item)
            assert client.get_item(TableName=name, Key={"id": {"S": "a"}})["Item"] == item
        assert fault.hits == 0
        with cloud.faults.fail("dynamodb:GetItem", "ThrottlingException", resource=name) as fault:
            client.put_item(TableName=name, Item=item)
            with pytest.raises(ClientError, match="ThrottlingException"):
                client.get_item(TableName=name, Key={"id": {"S": "a"}})
        assert fault.hits == 1
    finally:
        client.delete_table(TableName=name)


def test_a_failed_call_is_not_carried_out(cloud: Cloud, bucket: str) -> None:
    client = once(cloud, "s3")
    with cloud.faults.fail("s3:PutObject", "InternalError"), pytest.raises(ClientError):
        client.put_object(Bucket=bucket, Key="key", Body=b"x" * 300_000)
    assert client.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_a_delayed_call_is_carried_out_later(cloud: Cloud, bucket: str) -> None:
    client = once(cloud, "s3")
    with cloud.faults.delay("s3:GetBucketLocation", 300, times=1) as fault:
        started = time.monotonic()
        client.get_bucket_location(Bucket=bucket)
        assert time.monotonic() - started >= 0.3
    assert fault.hits == 1


def test_a_held_call_times_out(cloud: Cloud, bucket: str) -> None:
    client = once(cloud, "s3", read_timeout=0.3)
    with cloud.faults.hold("s3:GetBucketLocation") as fault, pytest.raises(ReadTimeoutError):
        client.get_bucket_location(Bucket=bucket)
    assert fault.hits == 1


def test_a_held_call_ends_after_the_time_that_is_given(cloud: Cloud, bucket: str) -> None:
    client = once(cloud, "s3")
    started = time.monotonic()
    with cloud.faults.hold("s3:GetBucketLocation", seconds=0.3), pytest.raises(ConnectionClosedError):
        client.get_bucket_location(Bucket=bucket)
    assert time.monotonic() - started >= 0.3


def test_a_dropped_connection_ends_before_an_answer(cloud: Cloud, bucket: str) -> None:
    client = once(cloud, "s3")
    with cloud.faults.drop("s3:GetBucketLocation", times=1) as fault:
        with pytest.raises(ConnectionClosedError):
            client.get_bucket_location(Bucket=bucket)
        client.get_bucket_location(Bucket=bucket)
    assert fault.hits == 1


def test_a_share_is_chosen_by_its_seed(cloud: Cloud, bucket: str) -> None:
    client = once(cloud, "s3")

    def outcomes(seed: int) -> list[bool]:
        found = []
        with cloud.faults.fail("s3:GetBucketLocation", "InternalError", share=0.5, seed=seed) as fault:
            for _ in range(24):
                try:
                    client.get_bucket_location(Bucket=bucket)
                    found.append(True)
                except ClientError:
                    found.append(False)
        assert fault.hits == found.count(False)
        return found

    first = outcomes(1)
    assert set(first) == {True, False}
    assert outcomes(1) == first
    assert outcomes(2) != first


def test_a_fault_ends_with_its_block_also_after_an_exception(cloud: Cloud, bucket: str) -> None:
    with pytest.raises(KeyError), cloud.faults.fail("s3:*", "InternalError"):
        raise KeyError
    assert cloud.faults.active() == []
    once(cloud, "s3").get_bucket_location(Bucket=bucket)


def test_clear_ends_what_others_have_left(cloud: Cloud, bucket: str) -> None:
    fault = cloud.faults.fail("s3:*", "InternalError")
    with fault:
        assert [active["operation"] for active in cloud.faults.active()] == ["s3:*"]
        cloud.faults.clear()
        once(cloud, "s3").get_bucket_location(Bucket=bucket)
    assert fault.hits == 0


ASK = """
    import boto3
    from botocore.config import Config
    s3 = boto3.client("s3", config=Config(retries={"total_max_attempts": 1}))
    def handler(event, context):
        try:
            return s3.get_bucket_location(Bucket=event)["ResponseMetadata"]["HTTPStatusCode"]
        except Exception as error:
            return type(error).__name__ + ": " + str(error)
"""


def test_functions_meet_faults_over_https(cloud: Cloud, bucket: str) -> None:
    client = once(cloud, "s3")
    with python_function(cloud, ASK, Timeout=20, MemorySize=1024) as made:
        made.allow("s3:GetBucketLocation")
        with cloud.faults.fail("s3:GetBucketLocation", "SlowDown", resource=bucket, by="functions") as fault:
            client.get_bucket_location(Bucket=bucket)
            assert fault.hits == 0
            assert "(SlowDown)" in made.invoke(bucket).payload
            assert fault.hits == 1
        with cloud.faults.drop("s3:GetBucketLocation", times=1):
            assert made.invoke(bucket).payload.startswith("ConnectionClosedError")
        assert made.invoke(bucket).payload == 200


def test_a_wrong_name_is_refused_before_anything_is_set(cloud: Cloud) -> None:
    with pytest.raises(CloudError, match="did you mean GetBucketLocation"):
        cloud.faults.fail("s3:GetBucketLocaton", "AccessDenied")


def test_aws_has_no_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    with pytest.raises(CloudError, match=r"use Cloud\.local"):
        _ = Cloud.aws(region="eu-west-1").faults
