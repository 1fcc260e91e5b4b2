"""What a caller of `Invoke` sends beside the event reaches the function's context."""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.cloud.functions import Function, function, package, python_function
from workshop.target import Cloud

pytestmark = pytest.mark.cloud

TRACE_ID = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
CLIENT = {"custom": {"lesson": "ünï ☃"}, "env": {"locale": "fr"}, "client": {"app_title": "workshop"}}

PYTHON = """
    import os

    def handler(event, context):
        client, identity = context.client_context, context.identity
        return {
            "custom": client and client.custom, "env": client and client.env,
            "title": client and client.client and client.client.app_title,
            "identity": [identity.cognito_identity_id, identity.cognito_identity_pool_id],
            "trace": os.environ["_X_AMZN_TRACE_ID"],
        }
"""
NODE = """
    export const handler = async (event, context) => ({
        client: context.clientContext, trace: process.env._X_AMZN_TRACE_ID,
    });
"""


def encoded(context: Any) -> str:
    return base64.b64encode(json.dumps(context).encode()).decode()


@contextmanager
def traced(cloud: Cloud, trace_id: str) -> Iterator[Any]:
    """A client that sends a trace id, as the SDK does in a traced function. Clients are shared: it stops at the end."""
    client = cloud.client("lambda")

    def send(params: Any, **_: Any) -> None:
        params["headers"]["X-Amzn-Trace-Id"] = trace_id

    client.meta.events.register("before-call.lambda.Invoke", send)
    try:
        yield client
    finally:
        client.meta.events.unregister("before-call.lambda.Invoke", send)


def told(client: Any, made: Function, **options: Any) -> Any:
    return json.loads(client.invoke(FunctionName=made.name, **options)["Payload"].read())


def test_python_gets_client_context_and_trace_id_of_each_call(cloud: Cloud) -> None:
    with python_function(cloud, PYTHON) as made:
        with traced(cloud, TRACE_ID) as client:
            first = told(client, made, ClientContext=encoded(CLIENT))
        second = told(cloud.client("lambda"), made)
        with traced(cloud, "no trace id") as client:
            third = told(client, made)
    assert first == {
        "custom": CLIENT["custom"],
        "env": CLIENT["env"],
        "title": "workshop",
        "identity": [None, None],
        "trace": TRACE_ID,
    }
    assert second["custom"] is None
    made_here = r"Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0"
    assert re.fullmatch(made_here, second["trace"])
    assert re.fullmatch(made_here, third["trace"])
    assert second["trace"] != third["trace"]


@pytest.mark.skipif(not (shutil.which("node") and shutil.which("npm")), reason="left out: no Node on this machine")
def test_node_gets_client_context_and_trace_id(cloud: Cloud) -> None:
    settings = {"Runtime": "nodejs20.x", "Handler": "app.handler", "MemorySize": 512, "Timeout": 20}
    with function(cloud, package(NODE, "app.mjs"), **settings) as made:
        with traced(cloud, TRACE_ID) as client:
            assert told(client, made, ClientContext=encoded(CLIENT)) == {"client": CLIENT, "trace": TRACE_ID}
        assert "client" not in told(cloud.client("lambda"), made)


@pytest.mark.parametrize("context", ["not base64!", encoded("text")[:-3], encoded([1]), encoded({"a": "b" * 3000})])
def test_a_client_context_that_is_none_is_refused(cloud: Cloud, context: str) -> None:
    with python_function(cloud, PYTHON) as made, pytest.raises(ClientError) as refused:
        cloud.client("lambda").invoke(FunctionName=made.name, ClientContext=context)
    assert refused.value.response["Error"]["Code"] == "InvalidRequestContentException"
    assert refused.value.response["Error"]["Message"].startswith("Client context must be ")


def test_the_largest_client_context_arrives(cloud: Cloud) -> None:
    text = "x" * (3580 // 4 * 3 - len('{"custom": {"text": ""}}'))
    context = encoded({"custom": {"text": text}})
    assert 3576 < len(context) <= 3583
    with python_function(cloud, PYTHON) as made:
        assert told(cloud.client("lambda"), made, ClientContext=context)["custom"] == {"text": text}


def test_an_event_has_the_trace_id_and_no_client_context(cloud: Cloud) -> None:
    source = """
        import json, os, boto3

        def handler(event, context):
            told = {"client": context.client_context is not None, "trace": os.environ["_X_AMZN_TRACE_ID"]}
            boto3.client("s3").put_object(Bucket=event["bucket"], Key="told", Body=json.dumps(told))
    """
    s3 = cloud.client("s3")
    with python_function(cloud, source, Timeout=20) as made:
        made.allow("s3:PutObject")
        s3.create_bucket(Bucket=made.name)
        try:
            with traced(cloud, TRACE_ID) as client:
                client.invoke(
                    FunctionName=made.name,
                    InvocationType="Event",
                    ClientContext=encoded(CLIENT),
                    Payload=json.dumps({"bucket": made.name}),
                )
            s3.get_waiter("object_exists").wait(Bucket=made.name, Key="told", WaiterConfig={"Delay": 1})
            answer = io.BytesIO()
            s3.download_fileobj(made.name, "told", answer)
            assert json.loads(answer.getvalue()) == {"client": False, "trace": TRACE_ID}
        finally:
            s3.delete_object(Bucket=made.name, Key="told")
            s3.delete_bucket(Bucket=made.name)


def test_the_callers_cognito_identity_arrives(cloud: Cloud) -> None:
    cognito, iam = cloud.client("cognito-identity"), cloud.client("iam")
    with python_function(cloud, PYTHON) as made:
        pool = cognito.create_identity_pool(IdentityPoolName=made.name, AllowUnauthenticatedIdentities=True)
        pool_id = pool["IdentityPoolId"]
        made.allow("lambda:InvokeFunction")
        role = iam.get_role(RoleName=made.role)["Role"]["Arn"]
        cognito.set_identity_pool_roles(IdentityPoolId=pool_id, Roles={"unauthenticated": role})
        identity = cognito.get_id(IdentityPoolId=pool_id)["IdentityId"]
        keys = cognito.get_credentials_for_identity(IdentityId=identity)["Credentials"]
        client = boto3.client(
            "lambda",
            endpoint_url=cloud.client("lambda").meta.endpoint_url,
            region_name="us-east-1",
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretKey"],
            aws_session_token=keys["SessionToken"],
        )
        try:
            assert told(client, made)["identity"] == [identity, pool_id]
        finally:
            cognito.delete_identity_pool(IdentityPoolId=pool_id)
