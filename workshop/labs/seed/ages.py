"""Objects of many ages: S3's API cannot set one, the local cloud's own route can."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import httpx

from workshop.labs.errors import LabError
from workshop.labs.seed.objects import Item
from workshop.target import Cloud

_ROUTE = "/_workshop/backdate"
_BATCH = 5000


def backdate(cloud: Cloud, bucket: str, objects: Iterable[Item]) -> bool:
    """Give the objects their ages; false where that cannot be done (AWS, or another S3): there all are new."""
    credentials = cloud.session.get_credentials()
    if cloud.name != "local" or cloud.endpoint_url is None or credentials is None:
        return False
    now = datetime.now(UTC)
    modified = [(item.key, (now - item.age).timestamp()) for item in objects]
    headers = {"Authorization": f"Bearer {credentials.secret_key}"}
    with httpx.Client(base_url=cloud.endpoint_url, headers=headers, timeout=60, trust_env=False) as client:
        for start in range(0, len(modified), _BATCH):
            body = {"bucket": bucket, "modified": dict(modified[start : start + _BATCH])}
            try:
                answer = client.post(_ROUTE, json=body)
            except httpx.HTTPError as error:
                raise LabError(f"setting the ages of objects: {error}") from error
            if answer.status_code == httpx.codes.OK:
                continue
            if start == 0 and answer.status_code in (403, 404, 405):
                return False
            raise LabError(f"setting the ages of objects: the local cloud answered {answer.status_code}")
    return True
