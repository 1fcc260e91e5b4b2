"""Requests that change something: a bucket from its making to its end, objects, presigned URLs."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest

from tests.contract import openapi
from tests.contract.answers import Answers
from tests.contract.case import Case
from tests.contract.world import LARGE, PLAIN, VERSIONED
from workshop.cloud.paths import private_directory

pytestmark = pytest.mark.cloud


def send(
    answers: Answers, operation: str, path: str, http_method: str, body: Any = None, **query: str
) -> httpx.Response:
    answers.skip_unless_served(operation)
    answer = answers.send(Case("", operation, path, 0, method=http_method, json=body, query=list(query.items())))
    openapi.check(operation, answer)
    return answer


@pytest.fixture
def bucket(answers: Answers) -> Iterator[str]:
    """A name that is free before and after."""
    name = f"contract-new-{answers.lab.folder.number}"
    yield name
    s3 = answers.lab.cloud.client("s3")
    if name in {entry["Name"] for entry in s3.list_buckets()["Buckets"]}:
        s3.delete_bucket(Bucket=name)


def test_the_life_of_a_bucket(answers: Answers, bucket: str) -> None:
    body = {"name": bucket, "region": "eu-west-1", "versioning": True, "tags": {"team": "finance ä"}}
    made = send(answers, "createBucket", "/buckets", "POST", body)
    assert made.status_code == 201
    assert urljoin(f"{answers.lab.url}/buckets", made.headers["location"]) == f"{answers.lab.url}/buckets/{bucket}"
    details = made.json()
    assert details == send(answers, "getBucket", f"/buckets/{bucket}", "GET").json()
    assert (details["region"], details["versioning"], details["tags"]) == ("eu-west-1", "Enabled", body["tags"])
    assert set(details["public_access_block"].values()) == {True}
    assert details["encryption"] == {"algorithm": "AES256", "bucket_key": True}
    assert send(answers, "createBucket", "/buckets", "POST", body).status_code == 409
    gone = send(answers, "deleteBucket", f"/buckets/{bucket}", "DELETE")
    assert (gone.status_code, gone.content) == (204, b"")
    assert send(answers, "getBucket", f"/buckets/{bucket}", "GET").status_code == 404


def test_a_new_bucket_is_in_the_functions_region(answers: Answers, bucket: str) -> None:
    answer = send(answers, "createBucket", "/buckets", "POST", {"name": bucket})
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["region"], made["versioning"], made["tags"]) == (answers.lab.cloud.region, None, None)


def test_the_life_of_lifecycle_rules(answers: Answers, bucket: str) -> None:
    answers.skip_unless_served("putLifecycle")
    answers.lab.cloud.client("s3").create_bucket(Bucket=bucket)
    path = f"/buckets/{bucket}/lifecycle"
    rules = [
        {"id": "all ü", "enabled": True, "filter": {}, "expiration": {"days": 30}},
        {"id": "tag", "enabled": False, "filter": {"tags": {"a": ""}}, "expiration": {"date": "2030-01-31"}},
        {
            "id": "<&\"'>",
            "enabled": True,
            "filter": {"prefix": "a&b/ü", "tags": {"a": "b", "c": "d"}, "size_greater_than": 1, "size_less_than": 9},
            "noncurrent_expiration": {"days": 3, "newer_versions": 2},
            "noncurrent_transitions": [{"days": 30, "newer_versions": 1, "storage_class": "STANDARD_IA"}],
        },
        {
            "id": "size",
            "enabled": True,
            "filter": {"size_less_than": 2**53 - 1},
            "transitions": [
                {"days": 0, "storage_class": "GLACIER"},
                {"date": "2030-12-01", "storage_class": "DEEP_ARCHIVE"},
            ],
        },
        {
            "id": "marker",
            "enabled": True,
            "filter": {"prefix": "b"},
            "expiration": {"expired_object_delete_marker": True},
            "abort_incomplete_upload_days": 7,
        },
    ]
    put = send(answers, "putLifecycle", path, "PUT", {"rules": rules})
    assert (put.status_code, put.json()) == (200, {"rules": rules})
    assert send(answers, "getLifecycle", path, "GET").json() == {"rules": rules}
    assert send(answers, "getBucket", f"/buckets/{bucket}", "GET").json()["lifecycle_rules"] == len(rules)
    without_filter = {"id": "b", "enabled": True, "transitions": [], "abort_incomplete_upload_days": 1}
    shown = {"id": "b", "enabled": True, "filter": {}, "abort_incomplete_upload_days": 1}
    assert send(answers, "putLifecycle", path, "PUT", {"rules": [without_filter]}).json() == {"rules": [shown]}
    assert send(answers, "putLifecycle", path, "PUT", {"rules": []}).json() == {"rules": []}
    assert send(answers, "getBucket", f"/buckets/{bucket}", "GET").json()["lifecycle_rules"] is None
    for _ in range(2):
        assert send(answers, "deleteLifecycle", path, "DELETE").status_code == 204
    assert send(answers, "getLifecycle", path, "GET").json() == {"rules": []}


def test_rules_that_cannot_be_shown(answers: Answers, bucket: str) -> None:
    s3 = answers.lab.cloud.client("s3")
    s3.create_bucket(Bucket=bucket)
    rule = {"ID": "a", "Status": "Enabled", "Filter": {"ObjectSizeGreaterThan": 0}, "Expiration": {"Days": 1}}
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [rule]})
    answer = send(answers, "getLifecycle", f"/buckets/{bucket}/lifecycle", "GET")
    where = "/rules/0/filter/size_greater_than"
    detail = f"bucket '{bucket}' has a lifecycle that cannot be shown here: {where}"
    assert (answer.status_code, answer.json()["detail"]) == (409, detail)


def test_the_life_of_tags(answers: Answers, bucket: str) -> None:
    answers.skip_unless_served("putTags")
    answers.lab.cloud.client("s3").create_bucket(Bucket=bucket)
    path = f"/buckets/{bucket}/tags"
    tags = {"team": "finance ä", "empty": "", "k" * 128: "v" * 256, "a b_.:/=+-@": "日本 ²"}
    put = send(answers, "putTags", path, "PUT", tags)
    assert (put.status_code, put.json()) == (200, tags)
    assert send(answers, "getTags", path, "GET").json() == tags
    assert send(answers, "putTags", path, "PUT", {"one": "more"}).json() == {"one": "more"}
    assert send(answers, "getBucket", f"/buckets/{bucket}", "GET").json()["tags"] == {"one": "more"}
    assert send(answers, "putTags", path, "PUT", {}).json() == {}
    assert send(answers, "getBucket", f"/buckets/{bucket}", "GET").json()["tags"] is None
    for _ in range(2):
        assert send(answers, "deleteTags", path, "DELETE").status_code == 204


def test_an_objects_end(answers: Answers) -> None:
    s3 = answers.lab.cloud.client("s3")
    key = f"short lived/ü+{answers.lab.folder.number}%.txt"
    s3.put_object(Bucket=PLAIN, Key=key, Body=b"x")
    assert send(answers, "deleteObject", f"/buckets/{PLAIN}/object", "DELETE", key=key).status_code == 204
    assert send(answers, "getObject", f"/buckets/{PLAIN}/object", "GET", key=key).status_code == 404
    assert send(answers, "deleteObject", f"/buckets/{PLAIN}/object", "DELETE", key=key).status_code == 204


def test_one_version_of_an_object(answers: Answers) -> None:
    s3 = answers.lab.cloud.client("s3")
    key = f"versions-{answers.lab.folder.number}"
    first, second = (s3.put_object(Bucket=VERSIONED, Key=key, Body=body)["VersionId"] for body in (b"1", b"22"))
    path = f"/buckets/{VERSIONED}/object"
    assert send(answers, "getObject", path, "GET", key=key).json()["version_id"] == second
    assert send(answers, "deleteObject", path, "DELETE", key=key, version_id=second).status_code == 204
    assert send(answers, "getObject", path, "GET", key=key).json()["version_id"] == first
    s3.delete_object(Bucket=VERSIONED, Key=key, VersionId=first)


def plain_client(answers: Answers) -> httpx.Client:
    """No credentials of ours. The local cloud's certificates come from an authority of its own."""
    if answers.lab.cloud.name != "local":
        return httpx.Client()
    bundle = private_directory("cloud", "tls") / "public" / "bundle.pem"
    return httpx.Client(verify=ssl.create_default_context(cafile=str(bundle)), trust_env=False)


def test_presigned_urls_work(answers: Answers) -> None:
    path = f"/buckets/{PLAIN}/object-url"
    key = f"by url/ü {answers.lab.folder.number}+%.txt"
    put = send(answers, "presignObject", path, "POST", key=key, method="PUT")
    assert put.status_code == 201
    get = send(answers, "presignObject", path, "POST", key=key)
    with plain_client(answers) as client:
        assert client.put(put.json()["url"], content=b"through a URL").status_code == 200
        assert client.get(get.json()["url"]).content == b"through a URL"
        forged = get.json()["url"].replace("X-Amz-Expires=900", "X-Amz-Expires=3600")
        assert client.get(forged).status_code == 403
    answers.lab.cloud.client("s3").delete_object(Bucket=PLAIN, Key=key)


@pytest.mark.parametrize("query", [{"prefix": "day-2/"}, {"delimiter": "/"}, {"prefix": "day-3/", "delimiter": "9"}])
def test_pages_of_objects_are_the_whole(answers: Answers, query: dict[str, str]) -> None:
    path = f"/buckets/{LARGE}/objects"
    whole = send(answers, "listObjects", path, "GET", limit="1000", **query).json()
    parts = [send(answers, "listObjects", path, "GET", limit="70", **query).json()]
    while parts[-1]["cursor"]:
        parts.append(send(answers, "listObjects", path, "GET", limit="70", cursor=parts[-1]["cursor"], **query).json())
    assert all(len(part["objects"]) + len(part["prefixes"]) <= 70 for part in parts)
    for member in ("objects", "prefixes"):
        assert [item for part in parts for item in part[member]] == whole[member]
    assert whole["cursor"] is None
