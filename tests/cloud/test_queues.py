"""What lab 04's consumer relies on: an SQS event source with partial failures, a dead-letter queue, transactions."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.cloud.functions import Function, python_function
from workshop.target import Cloud

pytestmark = [pytest.mark.cloud, pytest.mark.timeout(120)]

SOURCE = """
    import json
    def handler(event, context):
        print(json.dumps([record["body"] for record in event["Records"]]))
        if any(record["body"] == "raise" for record in event["Records"]):
            raise RuntimeError("told to")
        bad = [record["messageId"] for record in event["Records"] if record["body"].startswith("bad")]
        return {"batchItemFailures": [{"itemIdentifier": name} for name in bad]}
"""


class Queues:
    """A queue with a dead-letter queue, which a message goes to after its second failure."""

    def __init__(self, cloud: Cloud) -> None:
        name = f"test-{uuid.uuid4().hex[:10]}"
        self.client = cloud.client("sqs")
        self.dead = self.client.create_queue(QueueName=f"{name}-dead")["QueueUrl"]
        redrive = {"deadLetterTargetArn": self.arn(self.dead), "maxReceiveCount": 2}
        attributes = {"VisibilityTimeout": "1", "RedrivePolicy": json.dumps(redrive)}
        self.url = self.client.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]

    def arn(self, url: str) -> str:
        answer = self.client.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return str(answer["Attributes"]["QueueArn"])

    def send(self, *bodies: str) -> None:
        entries = [{"Id": str(number), "MessageBody": body} for number, body in enumerate(bodies)]
        assert not self.client.send_message_batch(QueueUrl=self.url, Entries=entries).get("Failed")

    def waiting(self) -> int:
        names: Any = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.client.get_queue_attributes(QueueUrl=self.url, AttributeNames=names)["Attributes"]
        return sum(int(value) for value in found.values())

    def dead_letters(self) -> list[str]:
        found: list[str] = []
        while messages := self.client.receive_message(QueueUrl=self.dead, MaxNumberOfMessages=10).get("Messages"):
            found += [message["Body"] for message in messages]
        return found

    def delete(self) -> None:
        self.client.delete_queue(QueueUrl=self.url)
        self.client.delete_queue(QueueUrl=self.dead)


@pytest.fixture
def queues(cloud: Cloud) -> Iterator[Queues]:
    made = Queues(cloud)
    yield made
    made.delete()


@pytest.fixture
def consumer(cloud: Cloud, queues: Queues) -> Iterator[Function]:
    client = cloud.client("lambda")
    with python_function(cloud, SOURCE, Timeout=10) as made:
        for action in ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"):
            made.allow(action, queues.arn(queues.url))
        source = client.create_event_source_mapping(
            FunctionName=made.name,
            EventSourceArn=queues.arn(queues.url),
            BatchSize=10,
            FunctionResponseTypes=["ReportBatchItemFailures"],
        )
        yield made
        client.delete_event_source_mapping(UUID=source["UUID"])


def eventually(condition: Callable[[], bool]) -> None:
    """AssertionError when it does not come true."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "waited for a minute"
        time.sleep(0.2)


@pytest.mark.parametrize("bad", ["bad", "raise"])
def test_what_fails_twice_is_a_dead_letter_and_the_rest_is_gone(queues: Queues, consumer: Function, bad: str) -> None:
    queues.send(bad) if bad == "raise" else queues.send("good 1", bad, "good 2")
    found: list[str] = []

    def dead() -> bool:
        found.extend(queues.dead_letters())
        return bool(found)

    eventually(dead)
    assert found == [bad]
    eventually(lambda: queues.waiting() == 0)


@pytest.fixture
def tables(cloud: Cloud) -> Iterator[tuple[Any, str, str]]:
    """A client, and the names of a table of counters and of one of markers."""
    client: Any = cloud.client("dynamodb")
    names = [f"test-{uuid.uuid4().hex[:10]}" for _ in range(2)]
    for name, keys in zip(names, (["day", "counter"], ["event_id"]), strict=True):
        client.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
            KeySchema=[
                {"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)
            ],
        )
        client.get_waiter("table_exists").wait(TableName=name)
    yield client, names[0], names[1]
    for name in names:
        client.delete_table(TableName=name)


def count(tables: tuple[Any, str, str], *events: str) -> None:
    """One transaction: a marker for each event, and their number added to one counter."""
    client, counters, markers = tables
    puts = [
        {
            "Put": {
                "TableName": markers,
                "Item": {"event_id": {"S": event}},
                "ConditionExpression": "attribute_not_exists(event_id)",
            }
        }
        for event in events
    ]
    update = {
        "Update": {
            "TableName": counters,
            "Key": {"day": {"S": "2026-01-31"}, "counter": {"S": "ada##audit"}},
            "UpdateExpression": "SET #user = :user ADD #count :count",
            "ExpressionAttributeNames": {"#user": "user", "#count": "count"},
            "ExpressionAttributeValues": {":user": {"NULL": True}, ":count": {"N": str(len(events))}},
        }
    }
    client.transact_write_items(TransactItems=[*puts, update])


def counted(tables: tuple[Any, str, str]) -> int:
    client, counters, _ = tables
    return sum(int(item["count"]["N"]) for item in client.scan(TableName=counters)["Items"])


def test_a_cancelled_transaction_names_its_doubles_and_writes_nothing(tables: tuple[Any, str, str]) -> None:
    count(tables, "a", "b")
    count(tables, "c")
    assert counted(tables) == 3
    with pytest.raises(ClientError) as raised:
        count(tables, "d", "b", "e")
    answer: Any = raised.value.response
    assert answer["Error"]["Code"] == "TransactionCanceledException"
    codes = [reason["Code"] for reason in answer["CancellationReasons"]]
    assert codes == ["None", "ConditionalCheckFailed", "None", "None"]
    assert counted(tables) == 3
    count(tables, "d", "e")
    assert counted(tables) == 5


def test_a_transaction_takes_a_hundred_writes(tables: tuple[Any, str, str]) -> None:
    count(tables, *(f"event {number}" for number in range(99)))
    assert counted(tables) == 99
    with pytest.raises(ClientError, match="ValidationException"):
        count(tables, *(f"another {number}" for number in range(100)))
