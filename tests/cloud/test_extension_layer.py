"""Lab 04's extension as a layer, under functions of three runtimes."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cloud.extension_functions import CUSTOM, NODE, PYTHON, SECRET
from tests.cloud.functions import RUNTIME, Answer, Function, function, package, python_function
from tests.cloud.functions import layer as layer_of
from workshop.cloud.paths import ROOT
from workshop.target import Cloud

pytestmark = pytest.mark.cloud

_PATIENCE_S = 90
FLEET = [
    pytest.param(PYTHON, "app.py", {"Runtime": RUNTIME, "Handler": "app.handler"}, id="python"),
    pytest.param(
        NODE,
        "app.mjs",
        {"Runtime": "nodejs20.x", "Handler": "app.handler"},
        id="node",
        marks=pytest.mark.skipif(not shutil.which("node"), reason="left out: no Node on this machine"),
    ),
    pytest.param(CUSTOM, "bootstrap", {"Runtime": "provided.al2023", "Handler": "bootstrap"}, id="custom"),
]


@pytest.fixture(scope="session")
def layer(cloud: Cloud) -> Iterator[str]:
    """The extension as cargo's tests build it: the release build that a lab deploys takes minutes."""
    subprocess.run(["cargo", "build", "--locked", "--quiet", "-p", "analytics-extension"], cwd=ROOT, check=True)
    with published(cloud, ROOT / "target" / "debug" / "analytics") as arn:
        yield arn


def published(cloud: Cloud, extension: Path) -> AbstractContextManager[str]:
    """A layer of one extension."""
    return layer_of(cloud, extension.read_bytes(), extension.name)


def request_id(answer: Answer) -> str:
    """The invocation that gave this answer."""
    return answer.log.split("END RequestId: ")[1].split()[0]


@dataclass
class Queue:
    cloud: Cloud
    url: str
    batches: list[dict[str, Any]]

    def has_events_of(self, answers: list[Answer]) -> None:
        """Waits for the one event of each invocation."""
        expected = {f"{request_id(answer)}/0" for answer in answers}
        end = time.monotonic() + _PATIENCE_S
        while missing := expected - {event["event_id"] for batch in self.batches for event in batch["events"]}:
            assert time.monotonic() < end, f"{missing} of {expected} have not come"
            self._receive()

    def _receive(self) -> None:
        client = self.cloud.client("sqs")
        answer = client.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        for message in answer.get("Messages", []):
            self.batches.append(json.loads(message["Body"]))
            client.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])


@pytest.fixture
def queue(cloud: Cloud) -> Iterator[Queue]:
    client = cloud.client("sqs")
    url = client.create_queue(QueueName=f"test-{uuid.uuid4().hex[:10]}")["QueueUrl"]
    yield Queue(cloud, url, [])
    client.delete_queue(QueueUrl=url)


def retire(made: Function) -> None:
    """Ends the function's environments: another configuration needs others, once it is asked for."""
    made.configure(Description=uuid.uuid4().hex)
    made.invoke({})


@pytest.mark.parametrize(("source", "file", "settings"), FLEET)
def test_each_runtime_delivers_its_events(
    cloud: Cloud, layer: str, queue: Queue, source: str, file: str, settings: dict[str, str]
) -> None:
    variables = {"Variables": {"ANALYTICS_QUEUE_URL": queue.url}}
    options = {"Layers": [layer], "MemorySize": 512, "Timeout": 30, "Environment": variables, **settings}
    with function(cloud, package(source, file), **options) as made:
        made.allow("sqs:SendMessage")
        answers = [made.invoke({}) for _ in range(5)]
        assert [answer.payload for answer in answers] == [202] * 5
        retire(made)
        queue.has_events_of(answers)
        reports = [report for batch in queue.batches for report in batch["reports"]]
        assert {report["request_id"] for report in reports} >= {request_id(answer) for answer in answers}
        cold = [report for report in reports if report["init_ms"] is not None]
        assert [round(report["init_ms"], 2) for report in cold] == [answers[0].reported("Init Duration")]
        assert {phase["name"] for phase in cold[0]["phases"]} == {"init", "runtime_init", "invoke", "extensions"}
        assert {batch["function"] for batch in queue.batches} == {made.name}
        assert sum(batch["dropped"] for batch in queue.batches) == 0


def test_the_one_in_python_sends_the_same_batches(cloud: Cloud, queue: Queue) -> None:
    source = ROOT / "labs" / "04-extensions" / "extension-in-python" / "analytics-in-python"
    variables = {"Variables": {"ANALYTICS_QUEUE_URL": queue.url}}
    with (
        published(cloud, source) as arn,
        python_function(cloud, PYTHON, Layers=[arn], MemorySize=512, Timeout=30, Environment=variables) as made,
    ):
        made.allow("sqs:SendMessage")
        answers = [made.invoke({}) for _ in range(3)]
        assert [answer.payload for answer in answers] == [202] * 3
        retire(made)
        queue.has_events_of(answers)


def test_a_queue_that_may_not_be_written_harms_no_answer(cloud: Cloud, layer: str, queue: Queue) -> None:
    variables = {"Variables": {"ANALYTICS_QUEUE_URL": queue.url, "ANALYTICS_SEND_ITEMS": "1"}}
    options = {"Layers": [layer], "MemorySize": 512, "Timeout": 30, "Environment": variables}
    with function(cloud, package(PYTHON), Runtime=RUNTIME, Handler="app.handler", **options) as made:
        answers = [made.invoke({}) for _ in range(3)]
        assert [(answer.error, answer.payload) for answer in answers] == [(None, 202)] * 3
        made.allow("sqs:SendMessage")
        # Nothing was lost meanwhile.
        retire(made)
        queue.has_events_of(answers)


def test_secrets_come_over_loopback_to_who_has_the_token(cloud: Cloud, layer: str) -> None:
    value = uuid.uuid4().hex
    client = cloud.client("secretsmanager")
    secret = client.create_secret(Name=f"test-{uuid.uuid4().hex[:10]}", SecretString=value)["ARN"]
    options = {"Layers": [layer], "MemorySize": 512, "Timeout": 30}
    with function(cloud, package(SECRET), Runtime=RUNTIME, Handler="app.handler", **options) as made:
        _, refusal = made.invoke({"secret": secret, "token": True}).payload
        assert "AccessDenied" in refusal, "the role does not allow it yet"
        made.allow("secretsmanager:GetSecretValue", secret)
        answer = made.invoke({"secret": secret, "token": True})
        status, body = answer.payload
        assert (status, json.loads(body)["SecretString"]) == (200, value)
        assert value not in answer.log
        status, body = made.invoke({"secret": secret, "token": False}).payload
        assert status == 401
        assert value not in body
    client.delete_secret(SecretId=secret, ForceDeleteWithoutRecovery=True)
