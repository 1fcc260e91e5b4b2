"""The yardstick function through the local cloud's Lambda API, as boto3 sees it."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from workshop.bench import hello
from workshop.bench.table import Figure
from workshop.measure import CLIENT_CONFIG, LambdaFunction, cold_starts, warm_calls
from workshop.target import Cloud

_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


def figures(cloud: Cloud, n: int) -> Iterator[Figure]:
    """What the cloud adds to an invocation, warm and cold."""
    with _deployed(cloud) as function:
        warm = warm_calls(function, {}, n=n, warm_up=3)
        yield Figure("lambda.invoke, warm, beyond duration", "ms", list(warm["client_ms"] - warm["duration_ms"]))
        begun = time.perf_counter()
        cold = cold_starts(function, {}, n=n)
        seconds = time.perf_counter() - begun
        beyond = cold["client_ms"] - cold["duration_ms"] - cold["init_ms"]
        yield Figure("lambda.invoke, cold, beyond INIT and duration", "ms", list(beyond))
        yield Figure("100 cold starts, with the configuration changes that force them", "s", [seconds / n * 100])


@contextmanager
def _deployed(cloud: Cloud) -> Iterator[LambdaFunction]:
    name = f"bench-{uuid.uuid4().hex[:8]}"
    client, iam = cloud.client("lambda", config=CLIENT_CONFIG), cloud.client("iam")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(_TRUST))["Role"]["Arn"]
    try:
        client.create_function(
            FunctionName=name,
            Role=role,
            Runtime="provided.al2023",
            Handler="bootstrap",
            MemorySize=1769,
            Code={"ZipFile": hello.package()},
        )
        client.get_waiter("function_active_v2").wait(FunctionName=name)
        yield LambdaFunction(client, name, function="hello", target=cloud.name)
    finally:
        client.delete_function(FunctionName=name)
        iam.delete_role(RoleName=name)
