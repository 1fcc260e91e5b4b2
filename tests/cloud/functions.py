"""Small functions made on the spot, for tests of the local cloud."""

from __future__ import annotations

import io
import json
import re
import sys
import textwrap
import uuid
import zipfile
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from workshop.target import Cloud

RUNTIME = f"python{sys.version_info.major}.{sys.version_info.minor}"
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


@dataclass
class Answer:
    """What `lambda.invoke(LogType=Tail)` told."""

    payload: Any
    error: str | None
    log: str

    def reported(self, name: str) -> float | None:
        """A figure of the REPORT line by its name, e.g. `Duration`."""
        report = next(line for line in self.log.splitlines() if line.startswith("REPORT"))
        found = re.search(rf"\t{name}: ([\d.]+) (?:ms|MB)", report)
        return float(found[1]) if found else None


@dataclass
class Function:
    """One function in the cloud, and its role."""

    cloud: Cloud
    name: str
    role: str

    def invoke(self, event: Any = None, **options: Any) -> Answer:
        answer = self.cloud.client("lambda").invoke(
            FunctionName=self.name, Payload=json.dumps(event), LogType="Tail", **options
        )
        payload = json.loads(answer["Payload"].read())
        return Answer(payload, answer.get("FunctionError"), b64decode(answer["LogResult"]).decode())

    def configure(self, **changes: Any) -> None:
        client = self.cloud.client("lambda")
        client.update_function_configuration(FunctionName=self.name, **changes)
        client.get_waiter("function_updated_v2").wait(FunctionName=self.name)

    def allow(self, action: str, resource: str = "*") -> None:
        statement = {"Effect": "Allow", "Action": action, "Resource": resource}
        policy = {"Version": "2012-10-17", "Statement": [statement]}
        iam = self.cloud.client("iam")
        iam.put_role_policy(RoleName=self.role, PolicyName=action.replace(":", "-"), PolicyDocument=json.dumps(policy))


def package(source: str, name: str = "app.py") -> bytes:
    """A deployment package of one file."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        entry = zipfile.ZipInfo(name)
        entry.external_attr = 0o100755 << 16
        archive.writestr(entry, textwrap.dedent(source))
    return target.getvalue()


@contextmanager
def python_function(cloud: Cloud, source: str, **options: Any) -> Iterator[Function]:
    """A Python function whose handler is `app.handler`, deleted afterwards."""
    with function(cloud, package(source), Runtime=RUNTIME, Handler="app.handler", **options) as made:
        yield made


@contextmanager
def function(cloud: Cloud, code: bytes, **options: Any) -> Iterator[Function]:
    """A function of any runtime, with a role of its own that allows nothing."""
    name = f"test-{uuid.uuid4().hex[:10]}"
    client, iam = cloud.client("lambda"), cloud.client("iam")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(_TRUST))["Role"]["Arn"]
    client.create_function(FunctionName=name, Role=role, Code={"ZipFile": code}, **options)
    client.get_waiter("function_active_v2").wait(FunctionName=name)
    try:
        yield Function(cloud, name, name)
    finally:
        client.delete_function(FunctionName=name)
        for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
            iam.delete_role_policy(RoleName=name, PolicyName=policy)
        iam.delete_role(RoleName=name)


# A well-behaved extension in Python until its first event or its end, and then whatever is put after it.
EXTENSION = """#!/var/lang/bin/python3
import http.client, json, os, sys, time
api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
def ask(method, path, body, headers):
    api.request(method, "/2020-01-01/extension/" + path, body, headers)
    answer = api.getresponse()
    answer.read()
    return answer
events = json.dumps({"events": ["INVOKE", "SHUTDOWN"]})
told = ask("POST", "register", events, {"Lambda-Extension-Name": "test"})
me = {"Lambda-Extension-Identifier": told.getheader("Lambda-Extension-Identifier")}
ask("GET", "event/next", None, me)
"""


@contextmanager
def layer(cloud: Cloud, extension: str | bytes, name: str = "test") -> Iterator[str]:
    """The ARN of a layer with one extension, of that content and name, until the block ends."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo(f"extensions/{name}")
        entry.external_attr = 0o100755 << 16
        archive.writestr(entry, extension)
    client, layer_name = cloud.client("lambda"), f"test-{name}"
    made = client.publish_layer_version(LayerName=layer_name, Content={"ZipFile": target.getvalue()})
    yield made["LayerVersionArn"]
    client.delete_layer_version(LayerName=layer_name, VersionNumber=made["Version"])
