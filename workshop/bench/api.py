"""A REST API with an authorizer whose answer is cached: what the way through it adds to the function's duration."""

from __future__ import annotations

import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from workshop.bench import deployed, packages
from workshop.bench.deployed import Variant
from workshop.bench.table import Figure
from workshop.cloud.errors import CloudError
from workshop.measure import LambdaFunction, MeasureError, parse_report
from workshop.target import Cloud

_RUNTIME = f"python{sys.version_info.major}.{sys.version_info.minor}"
_WARM_UP = 5
_LOGS_WITHIN_S = 10.0


def figures(cloud: Cloud, n: int) -> Iterator[Figure]:
    """The client's time beyond what the function's REPORT line tells. Raises CloudError if a call fails."""
    code = packages.of_source("api.py")
    variants = [Variant("", name, _RUNTIME, f"api.{name}", code) for name in ("handler", "authorize")]
    with deployed.functions(cloud, variants) as [function, authorizer], _api(cloud, function, authorizer) as url:
        times = _call(url, _WARM_UP + n)
        durations = _durations(cloud, function, list(times))
    kept = list(times)[_WARM_UP:]
    beyond = [times[request] - durations[request] for request in kept]
    yield Figure("GET through a REST API, authorizer's answer cached, beyond duration", "ms", beyond)


def _call(url: str, n: int) -> dict[str, float]:
    """Client times in ms, in order, by the request ids that the function answers with."""
    times: dict[str, float] = {}
    with httpx.Client(trust_env=False, timeout=60, headers={"Authorization": "bench"}) as client:
        for _ in range(n):
            begun = time.perf_counter()
            answer = client.get(url)
            ms = (time.perf_counter() - begun) * 1000
            if answer.status_code != httpx.codes.OK:
                raise CloudError(f"the REST API answered {answer.status_code}: {answer.text[:200]}")
            times[answer.text] = ms
    return times


def _durations(cloud: Cloud, function: LambdaFunction, requests: list[str]) -> dict[str, float]:
    """Durations by request id, from the function's log, which is written a moment later."""
    deadline = time.monotonic() + _LOGS_WITHIN_S
    while True:
        try:
            log = _log(cloud, f"/aws/lambda/{function.function_name}")
            return {request: parse_report(log, request).duration_ms for request in requests}
        except MeasureError as missing:
            if time.monotonic() > deadline:
                raise CloudError(f"the log of the REST API's function is not complete: {missing}") from missing
            time.sleep(0.2)


def _log(cloud: Cloud, group: str) -> str:
    pages = cloud.client("logs").get_paginator("filter_log_events").paginate(logGroupName=group)
    return "\n".join(event["message"] for page in pages for event in page["events"])


@contextmanager
def _api(cloud: Cloud, function: LambdaFunction, authorizer: LambdaFunction) -> Iterator[str]:
    """The URL of an API whose root calls the function."""
    gateway = cloud.client("apigateway")
    api = gateway.create_rest_api(name=f"bench-{uuid.uuid4().hex[:8]}")["id"]
    try:
        root = gateway.get_resources(restApiId=api)["items"][0]["id"]
        made = gateway.create_authorizer(
            restApiId=api,
            name="bench",
            type="REQUEST",
            authorizerUri=_uri(cloud, authorizer),
            identitySource="method.request.header.Authorization",
            authorizerResultTtlInSeconds=300,
        )
        method: dict[str, Any] = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
        gateway.put_method(**method, authorizationType="CUSTOM", authorizerId=made["id"])
        gateway.put_integration(**method, type="AWS_PROXY", integrationHttpMethod="POST", uri=_uri(cloud, function))
        gateway.create_deployment(restApiId=api, stageName="bench")
        for one in (function, authorizer):
            one.client.add_permission(
                FunctionName=one.function_name,
                StatementId="api",
                Action="lambda:InvokeFunction",
                Principal="apigateway.amazonaws.com",
            )
        yield f"{cloud.api_url(api, 'bench')}/"
    finally:
        gateway.delete_rest_api(restApiId=api)


def _uri(cloud: Cloud, function: LambdaFunction) -> str:
    arn = function.client.get_function_configuration(FunctionName=function.function_name)["FunctionArn"]
    return f"arn:aws:apigateway:{cloud.region}:lambda:path/2015-03-31/functions/{arn}/invocations"
