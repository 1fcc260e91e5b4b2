from __future__ import annotations

import pytest

from workshop.cloud.ministack_seam import corrections

ROUTES = corrections._lambda_routes()


def operation(method: str, path: str) -> str:
    return next(name for route_method, pattern, name in ROUTES if route_method == method and pattern.match(path))


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/2015-03-31/functions/", "ListFunctions"),
        ("POST", "/2015-03-31/functions/f/invocations", "Invoke"),
        ("GET", "/2015-03-31/functions/f/aliases/live", "GetAlias"),
        ("PUT", "/2015-03-31/functions/f/aliases/live", "UpdateAlias"),
        ("DELETE", "/2015-03-31/functions/f", "DeleteFunction"),
        ("GET", "/2015-03-31/functions/f/configuration", "GetFunctionConfiguration"),
        ("GET", "/2017-03-31/tags/arn:aws:lambda:us-east-1:0:function:f", "ListTags"),
        ("PUT", "/2017-10-31/functions/f/concurrency", "PutFunctionConcurrency"),
    ],
)
def test_the_operation_of_a_request_comes_from_the_service_model(method: str, path: str, expected: str) -> None:
    assert operation(method, path) == expected
