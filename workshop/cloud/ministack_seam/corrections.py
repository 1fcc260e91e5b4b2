"""Faults of MiniStack 1.5.33 that a deployed lab meets, mended until a release does it."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any

import botocore.session
from ministack import app
from ministack.core import iam_actions, iam_evaluator
from ministack.services import apigateway_v1
from ministack.services.cloudformation import provisioners


def apply() -> None:
    """Mend them all."""
    _ref_of_a_secret_is_its_arn()
    _lambda_actions_from_the_service_model()
    _sqs_batches_need_the_action_of_one()
    _gateway_responses_of_an_openapi_body()
    _policies_match_line_ends()
    _rest_apis_by_their_aws_names()


def _ref_of_a_secret_is_its_arn() -> None:
    """On AWS `Ref` of a secret gives its ARN; MiniStack gives the name, and policies built from it match nothing."""
    handlers: dict[str, Any] = provisioners._RESOURCE_HANDLERS["AWS::SecretsManager::Secret"]
    create, update, delete = handlers["create"], handlers["update"], handlers["delete"]

    def name_of(physical_id: str) -> str:
        return physical_id.split(":secret:")[1].rsplit("-", 1)[0] if ":secret:" in physical_id else physical_id

    def create_by_arn(*args: Any, **options: Any) -> tuple[str, dict[str, Any]]:
        _, attributes = create(*args, **options)
        return attributes["Arn"], attributes

    def update_by_arn(physical_id: str, *args: Any, **options: Any) -> Any:
        answer = update(name_of(physical_id), *args, **options)
        if isinstance(answer, tuple) and "Arn" in answer[1]:
            return answer[1]["Arn"], answer[1]
        return answer

    def delete_by_arn(physical_id: str, *args: Any, **options: Any) -> Any:
        return delete(name_of(physical_id), *args, **options)

    handlers.update(create=create_by_arn, update=update_by_arn, delete=delete_by_arn)


_ACTION_NAMES = {"Invoke": "InvokeFunction", "InvokeWithResponseStream": "InvokeFunction"}


def _lambda_actions_from_the_service_model() -> None:
    """MiniStack's own table names the wrong action for most Lambda calls; botocore's model knows them all."""
    routes = _lambda_routes()
    original: Callable[[str, str], str | None] = iam_actions._lambda_action

    @functools.lru_cache(maxsize=1024)
    def action(method: str, path: str) -> str | None:
        bare = path.partition("?")[0]
        for route_method, pattern, operation in routes:
            if route_method == method and pattern.match(bare):
                return _ACTION_NAMES.get(operation, operation)
        return original(method, path)

    iam_actions._lambda_action = action


def _lambda_routes() -> list[tuple[str, re.Pattern[str], str]]:
    """(method, path pattern, operation), literal paths before those with parameters."""
    model = botocore.session.get_session().get_service_model("lambda")
    routes = []
    for operation in model.operation_names:
        http = model.operation_model(operation).http
        path = http["requestUri"].partition("?")[0]
        pattern = re.sub(r"\\\{[^}]+?(\\\+)?\\\}", lambda m: ".+" if m[1] else "[^/]+", re.escape(path))
        routes.append((path.count("{"), -len(path), http["method"], re.compile(f"^{pattern}/?$"), operation))
    return [(method, pattern, operation) for _, _, method, pattern, operation in sorted(routes, key=lambda r: r[:2])]


def _policies_match_line_ends() -> None:
    """In IAM a wildcard stands for any character; MiniStack's does not for a line end, which an S3 key may hold.

    A pattern's end is that of the text, too, and not also the place before a last line end.
    """

    @functools.lru_cache(maxsize=4096)
    def compiled(pattern: str, ignore_case: bool) -> re.Pattern[str]:
        parts = ({"*": ".*", "?": "."}.get(character, re.escape(character)) for character in pattern)
        return re.compile(rf"{''.join(parts)}\Z", re.DOTALL | (re.IGNORECASE if ignore_case else 0))

    iam_evaluator._fnmatch_compile = compiled


_SQS_BATCHES = {
    f"sqs:{action}Batch": f"sqs:{action}" for action in ("SendMessage", "DeleteMessage", "ChangeMessageVisibility")
}


def _sqs_batches_need_the_action_of_one() -> None:
    """IAM has no actions for batches: `sqs:SendMessage` allows SendMessageBatch. MiniStack asks for one."""
    extract: Callable[..., str | None] = iam_actions.extract_iam_action

    def action_of_one(*args: Any, **options: Any) -> str | None:
        action = extract(*args, **options)
        return _SQS_BATCHES.get(action, action) if action else action

    iam_actions.extract_iam_action = action_of_one


def _gateway_responses_of_an_openapi_body() -> None:
    """MiniStack takes routes and authorizers from an API's OpenAPI body, and drops its gateway responses."""
    import_without: Callable[..., str] = apigateway_v1._import_rest_api

    def import_rest_api(spec: dict[str, Any], *args: Any, **options: Any) -> str:
        api_id = import_without(spec, *args, **options)
        for response_type, response in (spec.get("x-amazon-apigateway-gateway-responses") or {}).items():
            status, _, body = apigateway_v1._put_gateway_response(api_id, response_type, response)
            if status >= 400:
                raise ValueError(f"gateway response {response_type}: {body!r}")
        return api_id

    apigateway_v1._import_rest_api = import_rest_api


def _rest_apis_by_their_aws_names() -> None:
    """MiniStack knows `{api}.execute-api.localhost`, and not the name that the API has on AWS."""
    host = r"(?:localhost|[a-z0-9-]+\.amazonaws\.com(?:\.cn)?)"
    app._EXECUTE_API_RE = re.compile(rf"^([a-f0-9]{{8}})\.execute-api\.{host}(?::\d+)?$")
