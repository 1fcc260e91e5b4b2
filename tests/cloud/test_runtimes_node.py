"""Node functions behave as on AWS."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.cloud.functions import Function, function, package
from workshop.target import Cloud

pytestmark = [
    pytest.mark.cloud,
    pytest.mark.skipif(not (shutil.which("node") and shutil.which("npm")), reason="left out: no Node on this machine"),
]


@contextmanager
def node_function(cloud: Cloud, source: str, *, file: str = "app.mjs", **options: Any) -> Iterator[Function]:
    settings = {"Runtime": "nodejs20.x", "Handler": "app.handler", "MemorySize": 512, "Timeout": 20, **options}
    with function(cloud, package(source, file), **settings) as made:
        yield made


CONTEXT = """
    export const handler = async (event, context) => ({
        event, ...context, remaining: context.getRemainingTimeInMillis(), user: process.getuid(),
        trace: process.env._X_AMZN_TRACE_ID,
    });
"""


def test_an_async_handler_and_its_context(cloud: Cloud) -> None:
    with node_function(cloud, CONTEXT, Timeout=7) as made:
        cold, warm = made.invoke({"text": "ünï ☃"}), made.invoke()
    told = cold.payload
    assert told["event"] == {"text": "ünï ☃"}
    assert f"REPORT RequestId: {told['awsRequestId']}" in cold.log
    assert told["invokedFunctionArn"].endswith(f":function:{made.name}")
    assert (told["functionName"], told["memoryLimitInMB"], told["functionVersion"]) == (made.name, "512", "$LATEST")
    assert 0 < told["remaining"] <= 7000
    assert told["user"] != 0
    assert cold.reported("Init Duration") is not None
    assert warm.reported("Init Duration") is None


KINDS = [
    ("app.js", "exports.handler = async (event) => event.n + 1;"),
    ("app.cjs", "module.exports = { handler: (event, context, callback) => callback(null, event.n + 1) };"),
    ("app.js", "exports.handler = (e, context) => { setTimeout(() => context.succeed(e.n + 1), 5); };"),
    ("app.mjs", "export const handler = (event) => Promise.resolve(event.n + 1);"),
    ("app.mjs", "export default { handler: async (event) => event.n + 1 };"),
]


@pytest.mark.parametrize(("file", "source"), KINDS)
def test_each_kind_of_handler(cloud: Cloud, file: str, source: str) -> None:
    with node_function(cloud, source, file=file) as made:
        assert made.invoke({"n": 1}).payload == 2
        assert made.invoke({"n": 2}).payload == 3


CALLBACK = """
    let late = [];
    exports.handler = (event, context, callback) => {
        const before = late; late = [];
        context.callbackWaitsForEmptyEventLoop = event;
        setTimeout(() => late.push('late'), 100);
        callback(null, before);
    };
"""


def test_a_callback_waits_for_the_event_loop_unless_told_otherwise(cloud: Cloud) -> None:
    with node_function(cloud, CALLBACK, file="app.js") as made:
        waited, hasty = made.invoke(True), made.invoke(False)
    assert (waited.reported("Duration") or 0) >= 99
    assert hasty.payload == ["late"], "the first invocation ended after its timer"
    assert (hasty.reported("Duration") or 0) < (waited.reported("Duration") or 0)


STREAMING = """
    export const handler = awslambda.streamifyResponse(async (event, stream, context) => {
        if (event === 'fail') throw new TypeError('before the end');
        stream.setContentType('application/json');
        stream.write('{"parts":');
        await new Promise((resolve) => setTimeout(resolve, 5));
        stream.end(`["${context.functionName}"]}`);
    });
"""


def test_a_streamed_response_is_delivered_whole(cloud: Cloud) -> None:
    with node_function(cloud, STREAMING) as made:
        assert made.invoke().payload == {"parts": [made.name]}
        failed = made.invoke("fail")
        assert failed.payload["errorType"] == "TypeError"
        assert made.invoke().payload == {"parts": [made.name]}


def test_an_error_has_lambdas_shape_and_leaves_the_environment_warm(cloud: Cloud) -> None:
    source = """
        export const handler = async (event) => {
            if (event === 'text') throw 'only text';
            throw Object.assign(new RangeError('gone'), { code: 'E_GONE' });
        };
    """
    with node_function(cloud, source) as made:
        answer, text = made.invoke(), made.invoke("text")
    assert answer.error == "Unhandled"
    assert answer.payload["errorType"] == "RangeError"
    assert answer.payload["errorMessage"] == "gone"
    assert answer.payload["trace"][0] == "RangeError: gone"
    assert "app.mjs" in answer.payload["trace"][1]
    logged = next(line for line in answer.log.splitlines() if "Invoke Error" in line)
    assert logged.split("\t")[2] == "ERROR"
    assert json.loads(logged[logged.index("{") :])["code"] == "E_GONE"
    assert text.payload == {"errorType": "string", "errorMessage": "only text", "trace": []}
    assert text.reported("Init Duration") is None


@pytest.mark.parametrize(
    ("source", "error_type"),
    [
        ("import 'nothing-of-that-name';", "Runtime.ImportModuleError"),
        ("export const other = 1;", "Runtime.HandlerNotFound"),
        ("export const handler = ;", "Runtime.UserCodeSyntaxError"),
        ("throw new RangeError('at import');", "RangeError"),
        ("export const handler = async () => process.exit(3);", "Runtime.ExitError"),
        ("export const handler = () => { setTimeout(() => { throw new EvalError('x') }, 5); };", "EvalError"),
        ("Promise.reject(new Error('x')); export const handler = () => 0;", "Runtime.UnhandledPromiseRejection"),
        ("export const handler = () => { Promise.reject(1); };", "Runtime.UnhandledPromiseRejection"),
        ("export const handler = async () => 1n;", "Runtime.MarshalError"),
    ],
)
def test_failures_have_their_aws_names(cloud: Cloud, source: str, error_type: str) -> None:
    with node_function(cloud, source) as made:
        answer = made.invoke()
    assert answer.error == "Unhandled"
    assert answer.payload["errorType"] == error_type


def test_a_timeout_is_said_and_the_next_call_starts_afresh(cloud: Cloud) -> None:
    source = "export const handler = (ms) => new Promise((done) => setTimeout(() => done('done'), ms));"
    with node_function(cloud, source, Timeout=5) as made:
        late, next_one = made.invoke(30_000), made.invoke(0)
    assert "Task timed out after 5.00 seconds" in late.payload["errorMessage"]
    assert next_one.payload == "done"


LOGS = """
    export const handler = async () => {
        console.debug('kept quiet');
        console.log('two\\nlines of %s', 'text');
        console.error('it is', new RangeError('far'));
        console.info({ an: 'object' });
    };
"""


def test_text_logs_have_time_request_and_level(cloud: Cloud) -> None:
    with node_function(cloud, LOGS) as made:
        log = made.invoke().log
    request = log.split("REPORT RequestId: ")[1].split("\t")[0]
    assert f"\t{request}\tINFO\ttwo\rlines of text" in log
    assert f"\t{request}\tDEBUG\tkept quiet" in log


def test_json_logs_are_those_of_awss_runtime(cloud: Cloud) -> None:
    logging = {"LogFormat": "JSON", "ApplicationLogLevel": "INFO"}
    with node_function(cloud, LOGS, LoggingConfig=logging) as made:
        lines = [json.loads(line) for line in made.invoke().log.splitlines()]
    said, error, structured = [line for line in lines if "message" in line]
    assert (said["level"], said["message"]) == ("INFO", "two\nlines of text")
    assert (error["level"], error["errorType"], error["errorMessage"]) == ("ERROR", "RangeError", "far")
    assert error["stackTrace"][0] == "RangeError: far"
    assert structured["message"] == {"an": "object"}
    assert {line["requestId"] for line in (said, error, structured)} == {lines[-1]["record"]["requestId"]}


SDK_MODULE = """
    import { S3Client, ListBucketsCommand } from '@aws-sdk/client-s3';
    const client = new S3Client();
    export const handler = async () => (await client.send(new ListBucketsCommand())).Buckets.map((one) => one.Name);
"""
SDK_COMMON = """
    const { S3Client, ListBucketsCommand } = require('@aws-sdk/client-s3');
    const client = new S3Client();
    exports.handler = async () => (await client.send(new ListBucketsCommand())).Buckets.map((one) => one.Name);
"""


@pytest.mark.parametrize(("file", "source"), [("app.mjs", SDK_MODULE), ("app.js", SDK_COMMON)])
def test_the_sdk_of_the_runtime_reaches_s3_with_the_functions_role(cloud: Cloud, file: str, source: str) -> None:
    cloud.client("s3").create_bucket(Bucket="test-node-bucket")
    with node_function(cloud, source, file=file) as made:
        assert made.invoke().payload["errorType"] == "AccessDenied"
        made.allow("s3:ListAllMyBuckets")
        assert "test-node-bucket" in made.invoke().payload


def test_an_older_runtime_runs_on_the_machines_node_and_a_newer_one_is_named(cloud: Cloud) -> None:
    major = int(subprocess.check_output(["node", "-p", "process.versions.node.split('.')[0]"], text=True))
    source = "exports.handler = async () => process.versions.node;"
    with node_function(cloud, source, file="app.js", Runtime="nodejs18.x") as made:
        assert int(made.invoke().payload.split(".")[0]) >= 18
        if major < 24:
            made.configure(Runtime="nodejs24.x")
            assert "'nodejs24.x' needs Node 24 or newer" in made.invoke().payload["errorMessage"]
