"""Calls side by side, a bounded number at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from s3_admin_lab.aws import MAX_CONCURRENCY
from s3_admin_lab.service_error import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping
    from typing import TypeVar

    K = TypeVar("K", bound=Hashable)
    T = TypeVar("T")

# Kept between requests: an execution environment handles one at a time, and threads cost time to start.
_pool = ThreadPoolExecutor(MAX_CONCURRENCY)


def gather(calls: Mapping[K, Callable[[], T]]) -> dict[K, T | ServiceError]:
    """The result of each call under its key; a ServiceError is a result, any other exception is raised."""
    futures = {key: _pool.submit(_outcome, call) for key, call in calls.items()}
    return {key: future.result() for key, future in futures.items()}


def _outcome(call: Callable[[], T]) -> T | ServiceError:
    try:
        return call()
    except ServiceError as error:
        return error
