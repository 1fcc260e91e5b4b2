"""Keys and rules that MiniStack alone does not carry as S3 does."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import botocore.auth
import pytest
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError
from botocore.httpsession import URLLib3Session

from tests.cloud.functions import python_function
from workshop.target import Cloud

pytestmark = pytest.mark.cloud

ODD_KEYS = sorted(["\x01//\r\nb/=", "tab\tand\nline", "bell\x07", "ünï ☃+%20", "&<>\"'", "plain"])


@pytest.fixture
def bucket(cloud: Cloud) -> Iterator[str]:
    s3, name = cloud.client("s3"), f"test-{uuid.uuid4().hex[:12]}"
    s3.create_bucket(Bucket=name)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    yield name
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=name):
        for version in page.get("Versions", []) + page.get("DeleteMarkers", []):
            s3.delete_object(Bucket=name, Key=version["Key"], VersionId=version["VersionId"])
    s3.delete_bucket(Bucket=name)


def fill(s3: Any, bucket: str) -> None:
    for key in ODD_KEYS:
        s3.put_object(Bucket=bucket, Key=key, Body=b"1")


def test_versions_of_keys_with_control_characters_are_listed(cloud: Cloud, bucket: str) -> None:
    s3 = cloud.client("s3")
    fill(s3, bucket)
    s3.delete_object(Bucket=bucket, Key=ODD_KEYS[0])
    pages = list(s3.get_paginator("list_object_versions").paginate(Bucket=bucket, PaginationConfig={"PageSize": 2}))
    assert len(pages) > 2
    assert [version["Key"] for page in pages for version in page.get("Versions", [])] == ODD_KEYS
    assert [marker["Key"] for page in pages for marker in page.get("DeleteMarkers", [])] == ODD_KEYS[:1]


def test_versions_are_grouped_by_prefixes_with_control_characters(cloud: Cloud, bucket: str) -> None:
    s3 = cloud.client("s3")
    fill(s3, bucket)
    answer = s3.list_object_versions(Bucket=bucket, Prefix="\x01/", Delimiter="\n")
    assert (answer["Prefix"], answer["Delimiter"]) == ("\x01/", "\n")
    assert [group["Prefix"] for group in answer["CommonPrefixes"]] == ["\x01//\r\n"]


@pytest.mark.parametrize("query", ["?versions", "?list-type=2"])
def test_without_an_encoding_control_characters_are_references_as_on_aws(cloud: Cloud, bucket: str, query: str) -> None:
    """XML 1.0 has no such characters, and most parsers refuse these; but a line's end survives the others."""
    s3 = cloud.client("s3")
    fill(s3, bucket)
    request = AWSRequest("GET", f"{s3.meta.endpoint_url}/{bucket}{query}")
    botocore.auth.S3SigV4Auth(s3._request_signer._credentials, "s3", "us-east-1").add_auth(request)
    answer = URLLib3Session().send(request.prepare())
    assert answer.status_code == 200
    assert "<Key>&#x1;//&#xD;\nb/=</Key>" in answer.text
    assert "<Key>tab\tand\nline</Key>" in answer.text


def test_a_policy_for_all_keys_holds_for_keys_with_line_ends(cloud: Cloud, bucket: str) -> None:
    source = """
        import boto3

        def handler(event, context):
            return boto3.client("s3").get_object(Bucket=event["bucket"], Key=event["key"])["Body"].read().decode()
    """
    fill(cloud.client("s3"), bucket)
    with python_function(cloud, source, Timeout=20) as made:
        made.allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*")
        answers = [made.invoke({"bucket": bucket, "key": key}) for key in ODD_KEYS]
    assert [(answer.payload, answer.error) for answer in answers] == [("1", None)] * len(ODD_KEYS)


def test_a_policy_for_one_key_is_none_for_that_key_and_a_line_end(cloud: Cloud, bucket: str) -> None:
    source = """
        import boto3

        def handler(event, context):
            boto3.client("s3").put_object(Bucket=event["bucket"], Key=event["key"], Body=b"1")
    """
    with python_function(cloud, source, Timeout=20) as made:
        made.allow("s3:PutObject", f"arn:aws:s3:::{bucket}/key")
        allowed, refused = (made.invoke({"bucket": bucket, "key": key}) for key in ("key", "key\n"))
    assert allowed.error is None
    assert "AccessDenied" in refused.payload["errorMessage"]


def test_a_lifecycle_rules_own_prefix_is_kept(cloud: Cloud, bucket: str) -> None:
    """The old form, without a filter. S3 gives each rule back in its own form."""
    s3 = cloud.client("s3")
    rules = [
        {"ID": "old", "Status": "Enabled", "Prefix": "logs/&\n", "Expiration": {"Days": 1}},
        {"ID": "new", "Status": "Enabled", "Filter": {"Prefix": "tmp/"}, "Expiration": {"Days": 2}},
        {"ID": "all", "Status": "Disabled", "Prefix": "", "Expiration": {"Days": 3}},
    ]
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})
    assert s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"] == rules


@pytest.mark.parametrize("scope", [{}, {"Prefix": "a", "Filter": {"Prefix": "b"}}])
def test_a_lifecycle_rule_has_either_a_filter_or_a_prefix(cloud: Cloud, bucket: str, scope: dict[str, Any]) -> None:
    rule = {"ID": "odd", "Status": "Enabled", "Expiration": {"Days": 1}, **scope}
    with pytest.raises(ClientError, match="MalformedXML"):
        cloud.client("s3").put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [rule]})


@pytest.mark.parametrize(("principal", "public"), [("*", True), ({"AWS": "arn:aws:iam::000000000000:root"}, False)])
def test_the_status_of_a_bucket_policy(cloud: Cloud, principal: object, public: bool) -> None:
    s3, name = cloud.client("s3"), f"test-{uuid.uuid4().hex[:12]}"
    s3.create_bucket(Bucket=name)
    with pytest.raises(ClientError, match="NoSuchBucketPolicy"):
        s3.get_bucket_policy_status(Bucket=name)
    s3.delete_public_access_block(Bucket=name)
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{name}/*",
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps(policy))
    assert s3.get_bucket_policy_status(Bucket=name)["PolicyStatus"]["IsPublic"] is public
    s3.delete_bucket(Bucket=name)


def test_lifecycle_rules_get_an_id(cloud: Cloud) -> None:
    s3, name = cloud.client("s3"), f"test-{uuid.uuid4().hex[:12]}"
    s3.create_bucket(Bucket=name)
    rule = {"Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}
    rules = [{"ID": "mine", **rule}, rule, rule]
    s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": rules})
    found = [rule["ID"] for rule in s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]]
    assert found[0] == "mine"
    assert len(set(found)) == 3
    s3.delete_bucket(Bucket=name)
