"""What is printed when no invocation is there any more: an extension's lines in its SHUTDOWN phase."""

from __future__ import annotations

import time

import pytest

from tests.cloud.functions import EXTENSION, layer, python_function
from workshop.target import Cloud

pytestmark = pytest.mark.cloud

_WITHIN_S = 30


def test_they_are_in_the_log_of_the_environment(cloud: Cloud) -> None:
    ending = 'ask("GET", "event/next", None, me)\nprint("last words", flush=True)\n'
    source = "def handler(event, context):\n    return event\n"
    with layer(cloud, EXTENSION + ending) as arn, python_function(cloud, source, Layers=[arn], MemorySize=1769) as made:
        assert made.invoke(1).payload == 1
        made.configure(Timeout=9)  # the environment ends
        assert _log(cloud, made.name).count("last words") == 1


def _log(cloud: Cloud, function: str) -> str:
    deadline = time.monotonic() + _WITHIN_S
    while True:
        pages = cloud.client("logs").get_paginator("filter_log_events").paginate(logGroupName=f"/aws/lambda/{function}")
        log = "\n".join(event["message"] for page in pages for event in page["events"])
        if "last words" in log or time.monotonic() > deadline:
            return log
        time.sleep(0.2)
