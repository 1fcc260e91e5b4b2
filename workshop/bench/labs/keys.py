"""Buckets of very many keys, by the local cloud's own route: PUTs would take minutes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from workshop.cloud.errors import CloudError
from workshop.labs.seed.objects import ODD_KEYS, big_bucket_objects
from workshop.target import Cloud

_BATCH = 20_000


@contextmanager
def bucket_of(cloud: Cloud, count: int) -> Iterator[str]:
    """A bucket with `count` of the demo data lake's keys, one object each; its name. It is deleted at the end.

    The odd keys are left out: obstore refuses a listing with "//" in a key.
    """
    name = f"bench-keys-{count}"
    client = cloud.client("s3")
    client.create_bucket(Bucket=name)
    try:
        _put(cloud, name, _keys(count))
        yield name
    finally:
        _ask(cloud, "empty", {"bucket": name})
        client.delete_bucket(Bucket=name)


def _keys(count: int) -> list[str]:
    # In S3's order, which spares MiniStack the sorting: it sorts all keys for every page.
    return sorted({item.key for item in big_bucket_objects(count + len(ODD_KEYS))} - set(ODD_KEYS))


def _put(cloud: Cloud, bucket: str, keys: list[str]) -> None:
    for start in range(0, len(keys), _BATCH):
        _ask(cloud, "put-keys", {"bucket": bucket, "keys": keys[start : start + _BATCH]})


def _ask(cloud: Cloud, route: str, body: dict[str, object]) -> None:
    credentials = cloud.session.get_credentials()
    if cloud.name != "local" or cloud.endpoint_url is None or credentials is None:
        raise CloudError("so many keys can be made in the local cloud only: use Cloud.local()")
    headers = {"Authorization": f"Bearer {credentials.secret_key}"}
    url = f"{cloud.endpoint_url}/_workshop/{route}"
    answer = httpx.post(url, json=body, headers=headers, timeout=60, trust_env=False)
    if answer.status_code != httpx.codes.OK:
        raise CloudError(f"making keys: the local cloud answered {answer.status_code} {answer.text}")
