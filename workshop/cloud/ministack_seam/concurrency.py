"""Reserved concurrency and the account's limit, where MiniStack 1.5.33 counts otherwise than AWS."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from ministack.services import lambda_svc
from ministack.services.cloudformation import provisioners

# MiniStack's own limit follows the memory; on a small laptop it is below what a load test needs.
_LEAST_ACCOUNT_LIMIT = 200


def apply() -> None:
    """Mend them all."""
    _reserved_for_all_versions()
    _words_of_a_throttle()
    _reserved_by_cloudformation()
    if not os.environ.get("LAMBDA_ACCOUNT_CONCURRENCY"):
        cap: int = lambda_svc._ACCOUNT_CONCURRENCY_CAP
        lambda_svc._ACCOUNT_CONCURRENCY_CAP = max(cap, _LEAST_ACCOUNT_LIMIT)


def _reserved_for_all_versions() -> None:
    """The limit is on the function's record; a version's record, which is what an alias invokes, lacks it."""
    of_record: Callable[[Any, dict[str, Any]], int | None] = lambda_svc._reserved_concurrency

    def reserved(func: Any, config: dict[str, Any]) -> int | None:
        return of_record(lambda_svc._functions.get(config.get("FunctionName")) or func, config)

    lambda_svc._reserved_concurrency = reserved


def _words_of_a_throttle() -> None:
    original: Callable[..., dict[str, Any]] = lambda_svc._throttle_response

    def throttle(reason_code: str, msg: str, retry_after: int = 1) -> dict[str, Any]:
        del msg  # AWS names neither function nor limit
        answer = original(reason_code, "Rate Exceeded.", retry_after)
        answer["body"]["Type"] = "User"
        return answer

    lambda_svc._throttle_response = throttle


def _reserved_by_cloudformation() -> None:
    """MiniStack drops a template's `ReservedConcurrentExecutions`."""
    handlers: dict[str, Any] = provisioners._RESOURCE_HANDLERS["AWS::Lambda::Function"]
    create, update = handlers["create"], handlers["update"]

    def reserve(name: str, properties: dict[str, Any]) -> None:
        wanted = properties.get("ReservedConcurrentExecutions")
        lambda_svc._functions[name]["concurrency"] = None if wanted is None else int(wanted)

    def create_with(logical_id: str, properties: dict[str, Any], *more: Any, **options: Any) -> Any:
        answer = create(logical_id, properties, *more, **options)
        reserve(answer[0], properties)
        return answer

    def update_with(physical_id: str, old: Any, new: dict[str, Any], *more: Any, **options: Any) -> Any:
        answer = update(physical_id, old, new, *more, **options)
        reserve(answer[0], new)
        return answer

    handlers.update(create=create_with, update=update_with)
