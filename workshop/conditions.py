"""Changing the local cloud's conditions for a while, from a notebook or a script."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from workshop.cloud.errors import CloudError
from workshop.target import Cloud

_ROUTE = "/_workshop/conditions"


@contextmanager
def local(cloud: Cloud, **wishes: float | bool) -> Iterator[None]:
    """The conditions that are named, until the block ends. Before and after it every function's next call is cold.

    Raises CloudError for AWS, which has its own, and for values that cannot be.
    """
    before = _change(cloud, wishes)
    try:
        yield
    finally:
        _change(cloud, {name: before[name] for name in wishes})


def _change(cloud: Cloud, wishes: dict[str, Any]) -> dict[str, Any]:
    credentials = cloud.session.get_credentials()
    if cloud.name != "local" or cloud.endpoint_url is None or credentials is None:
        raise CloudError(f"{', '.join(wishes)}: only the local cloud's conditions can be set; use Cloud.local()")
    headers = {"Authorization": f"Bearer {credentials.secret_key}"}
    try:
        answer = httpx.post(cloud.endpoint_url + _ROUTE, json=wishes, headers=headers, timeout=60, trust_env=False)
    except httpx.HTTPError as error:
        raise CloudError(f"the local cloud does not answer ({error}): ./poe stop, then try again") from error
    body: dict[str, Any] = answer.json()
    if answer.status_code != httpx.codes.OK:
        raise CloudError(f"the local cloud's conditions: {body['error']}")
    return body
