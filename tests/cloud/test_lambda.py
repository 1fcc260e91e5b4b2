"""Functions in the local cloud behave as on AWS, seen through boto3."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from tests.cloud.functions import python_function
from workshop.target import Cloud

pytestmark = pytest.mark.cloud

ECHO = """
    import os, time
    started = time.time()
    def handler(event, context):
        return {
            "event": event,
            "started": started,
            "request_id": context.aws_request_id,
            "arn": context.invoked_function_arn,
            "remaining": context.get_remaining_time_in_millis(),
            "memory": context.memory_limit_in_mb,
            "stream": context.log_stream_name,
            "user": os.getuid(),
        }
"""


@pytest.fixture(scope="module")
def echo(cloud: Cloud) -> Any:
    with python_function(cloud, ECHO, Timeout=7) as made:
        yield made


def test_first_call_is_cold_and_the_next_is_warm(cloud: Cloud) -> None:
    with python_function(cloud, ECHO) as made:
        cold, warm = made.invoke({"n": 1}), made.invoke({"n": 2})
    assert cold.payload["event"] == {"n": 1}
    assert cold.reported("Init Duration") is not None
    assert warm.reported("Init Duration") is None
    assert cold.payload["started"] == warm.payload["started"]
    assert cold.log.startswith("INIT_START")
    assert warm.log.startswith("START RequestId: ")


def test_the_context_is_what_lambda_says(echo: Any) -> None:
    answer = echo.invoke({"text": "ünï ☃"})
    assert answer.payload["event"] == {"text": "ünï ☃"}
    assert f"REPORT RequestId: {answer.payload['request_id']}" in answer.log
    assert answer.payload["arn"].endswith(f":function:{echo.name}")
    assert 0 < answer.payload["remaining"] <= 7000
    assert answer.payload["memory"] in ("128", 128)
    assert answer.payload["user"] != 0


def test_billed_duration_is_duration_and_init_rounded_up(cloud: Cloud) -> None:
    with python_function(cloud, ECHO) as made:
        answer = made.invoke()
    total = (answer.reported("Duration") or 0) + (answer.reported("Init Duration") or 0)
    billed = answer.reported("Billed Duration") or 0
    assert total - 0.02 <= billed < total + 1.02


def test_a_touched_environment_variable_forces_a_cold_start(echo: Any) -> None:
    echo.invoke()
    echo.configure(Environment={"Variables": {"TOUCHED": str(time.time())}})
    assert echo.invoke().reported("Init Duration") is not None
    assert echo.invoke().reported("Init Duration") is None


def test_log_lines_reach_cloudwatch_in_one_stream_per_environment(cloud: Cloud) -> None:
    with python_function(cloud, "def handler(event, context):\n    print('said', event)\n") as made:
        made.invoke(1)
        made.invoke(2)
        logs = cloud.client("logs")
        group = f"/aws/lambda/{made.name}"
        end = time.monotonic() + 10
        events: list[Any] = []
        while time.monotonic() < end and sum("REPORT" in event["message"] for event in events) < 2:
            time.sleep(0.05)
            groups = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
            events = logs.filter_log_events(logGroupName=group)["events"] if groups else []
    messages = [event["message"].strip() for event in events]
    assert [message for message in messages if message.startswith("said")] == ["said 1", "said 2"]
    assert len({event["logStreamName"] for event in events}) == 1


def test_an_exception_is_an_unhandled_error_with_its_stack(cloud: Cloud) -> None:
    with python_function(cloud, "def handler(event, context):\n    raise KeyError('gone')\n") as made:
        answer = made.invoke()
        again = made.invoke()
    assert answer.error == "Unhandled"
    assert answer.payload["errorType"] == "KeyError"
    assert "app.py" in "".join(answer.payload["stackTrace"])
    assert again.reported("Init Duration") is None, "an exception leaves the environment warm"


def test_a_timeout_is_said_as_aws_says_it_and_the_next_call_starts_afresh(cloud: Cloud) -> None:
    source = "import time\ndef handler(event, context):\n    time.sleep(event)\n    return 'done'\n"
    # INIT is done again within the next call's time-out, on its CPU share: at 128 MB that alone takes over a second.
    with python_function(cloud, source, Timeout=5, MemorySize=1769) as made:
        late, next_one = made.invoke(30), made.invoke(0)
    assert late.error == "Unhandled"
    assert "Task timed out after 5.00 seconds" in late.payload["errorMessage"]
    assert "Task timed out after 5.00 seconds" in late.log
    assert "Status: timeout" in late.log
    assert next_one.payload == "done"


@pytest.mark.parametrize(
    ("source", "error_type"),
    [
        ("import os\ndef handler(event, context):\n    os._exit(3)\n", "Runtime.ExitError"),
        ("import nothing_of_that_name\n", "Runtime.ImportModuleError"),
        ("x = 1\n", "Runtime.HandlerNotFound"),
        ("raise RuntimeError('no')\n", "RuntimeError"),
        ("def handler(event, context):\n    return bytearray(400 << 20) and None\n", "Runtime.OutOfMemory"),
        ("def handler(event, context):\n    return 'x' * (7 << 20)\n", "Function.ResponseSizeTooLarge"),
        ("def handler(event, context):\n    return {1, 2}\n", "Runtime.MarshalError"),
    ],
)
def test_failures_have_their_aws_names(cloud: Cloud, source: str, error_type: str) -> None:
    with python_function(cloud, source, Timeout=20) as made:
        answer = made.invoke()
    assert answer.error == "Unhandled"
    assert answer.payload["errorType"] == error_type


def test_versions_and_aliases_run_their_own_configuration(cloud: Cloud) -> None:
    with python_function(cloud, ECHO, MemorySize=256) as made:
        client = cloud.client("lambda")
        version = client.publish_version(FunctionName=made.name)["Version"]
        client.create_alias(FunctionName=made.name, Name="live", FunctionVersion=version)
        made.configure(MemorySize=512)
        assert made.invoke().reported("Memory Size") == 512
        assert made.invoke(Qualifier=version).reported("Memory Size") == 256
        assert made.invoke(Qualifier="live").reported("Memory Size") == 256


WORK = """
    import time
    end = time.process_time() + 0.15
    while time.process_time() < end: pass
    def handler(event, context):
        end = time.process_time() + event
        while time.process_time() < end: pass
"""


def test_init_runs_at_full_speed_and_invocations_get_their_share(cloud: Cloud) -> None:
    """1024 MB have eight times the CPU of 128 MB; INIT has all of it at either size.

    The best of several, because a busy machine only ever adds time.
    """
    durations: dict[int, list[float]] = {128: [], 1024: []}
    inits: dict[int, list[float]] = {128: [], 1024: []}
    with python_function(cloud, WORK, Timeout=30) as made:
        for _ in range(3):
            for size in durations:
                made.configure(MemorySize=size)
                cold, warm = made.invoke(0), made.invoke(0.2)
                inits[size].append(cold.reported("Init Duration") or 0)
                durations[size].append(warm.reported("Duration") or 0)
    slow, fast = (min(durations[size]) for size in (128, 1024))
    assert 6 < slow / fast < 10
    slow, fast = (min(inits[size]) for size in (128, 1024))
    assert 0.6 < slow / fast < 1.7


S3_CALL = """
    import boto3
    s3 = boto3.client("s3")
    def handler(event, context):
        return [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
"""


def test_a_function_may_do_what_its_role_allows_and_no_more(cloud: Cloud) -> None:
    cloud.client("s3").create_bucket(Bucket="test-role-bucket")
    with python_function(cloud, S3_CALL, Timeout=20, MemorySize=512) as made:
        refused = made.invoke()
        assert "AccessDenied" in refused.payload["errorMessage"]
        made.allow("s3:ListAllMyBuckets")
        assert "test-role-bucket" in made.invoke().payload


def test_functions_reach_the_cloud_over_https(cloud: Cloud) -> None:
    source = "import os\ndef handler(event, context):\n    return os.environ['AWS_ENDPOINT_URL']\n"
    with python_function(cloud, source) as made:
        assert made.invoke().payload.startswith("https://")


def test_a_missing_runtime_is_named(cloud: Cloud) -> None:
    with python_function(cloud, ECHO) as made:
        made.configure(Runtime="ruby3.3")
        answer = made.invoke()
    assert answer.error == "Unhandled"
    assert "'ruby3.3' is not available" in answer.payload["errorMessage"]


LOGS = """
    import logging
    logging.getLogger().debug("kept quiet")
    def handler(event, context):
        logging.getLogger().info("said aloud")
"""


def test_json_logs_have_the_applications_level(cloud: Cloud) -> None:
    logging = {"LogFormat": "JSON", "ApplicationLogLevel": "INFO"}
    with python_function(cloud, LOGS, LoggingConfig=logging) as made:
        lines = [json.loads(line) for line in made.invoke().log.splitlines()]
    assert [line["message"] for line in lines if "message" in line] == ["said aloud"]
    assert lines[-1]["type"] == "platform.report"
