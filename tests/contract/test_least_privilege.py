"""What each function's role may do: what its routes need, and nothing else of any service that it uses."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import Any

import httpx
import pytest

from tests.contract.answers import Answers
from tests.contract.case import Case, nobody
from tests.contract.signer import ADA, ADAS_PASSWORD
from tests.contract.world import PLAIN

pytestmark = pytest.mark.cloud

# Actions on a bucket's settings by the setting's name, as GET /buckets/{bucket} and GET /audit read them.
_SETTINGS = {"GetBucketVersioning", "GetEncryptionConfiguration", "GetBucketPublicAccessBlock"}
_SETTINGS |= {"GetBucketPolicyStatus", "GetLifecycleConfiguration", "GetBucketLocation"}
_DETAILS = {"ListAllMyBuckets", "GetBucketObjectLockConfiguration", "GetBucketTagging", *_SETTINGS}

# function → route → what it needs of S3.
NEEDED: dict[str, dict[str, set[str]]] = {
    "authorizer": {},
    "sessions": {},
    "buckets": {
        "GET /buckets": {"ListAllMyBuckets", "GetBucketLocation"},
        "GET /buckets/{bucket}": _DETAILS,
        "POST /buckets": {
            "CreateBucket",
            "PutBucketPublicAccessBlock",
            "PutEncryptionConfiguration",
            "PutBucketVersioning",
            "PutBucketTagging",
            "DeleteBucket",  # what could not be finished
            *_DETAILS,
        },
        "DELETE /buckets/{bucket}": {"GetBucketLocation", "DeleteBucket"},
    },
    "objects": {
        "GET /buckets/{bucket}/objects": {"ListBucket"},
        # Without ListBucket S3 answers 403 for an object that is missing.
        "GET /buckets/{bucket}/object": {"GetObject", "GetObjectTagging", "ListBucket"},
        "DELETE /buckets/{bucket}/object": {"DeleteObject", "DeleteObjectVersion"},
        # A presigned URL has the rights of its signer.
        "POST /buckets/{bucket}/object-url": {"GetBucketLocation", "GetObject", "PutObject"},
    },
    "usage": {"GET /buckets/{bucket}/usage": {"ListBucket"}},
    "audit": {"GET /audit": {"ListAllMyBuckets", "GetBucketLogging", "GetBucketPolicy", *_SETTINGS}},
}
_AT_ONCE = 100
SIGNING_IN = {"authorizer", "sessions"}
# Simulating takes a resource's ARN, and an action is allowed on what it is about only.
_OF_OBJECTS = {"GetObject", "GetObjectTagging", "PutObject", "DeleteObject", "DeleteObjectVersion"}


@cache
def actions(prefix: str) -> list[str]:
    """Every action that a service has, by cfn-lint's list, which has them in lower case."""
    listed = json.loads((files("cfnlint") / "data" / "AdditionalSpecs" / "Policies.json").read_text())
    return [f"{prefix}:{action}" for action in listed[prefix]["Actions"]]


def role_of(answers: Answers, function: str) -> str:
    """ARN of the role."""
    client = answers.lab.cloud.client("lambda")
    found = client.get_function_configuration(FunctionName=answers.lab.functions[function])
    return str(found["Role"])


def allowed(answers: Answers, function: str, prefix: str, resource: str) -> set[str]:
    """Which of a service's actions the function may do with the resource."""
    iam = answers.lab.cloud.client("iam")
    role, names = role_of(answers, function), actions(prefix)
    found = [
        result
        for first in range(0, len(names), _AT_ONCE)
        for result in iam.simulate_principal_policy(
            PolicySourceArn=role, ActionNames=names[first : first + _AT_ONCE], ResourceArns=[resource]
        )["EvaluationResults"]
    ]
    assert len(found) == len(names)
    return {
        result["EvalActionName"].partition(":")[2].lower() for result in found if result["EvalDecision"] == "allowed"
    }


def lower(names: Iterable[str]) -> set[str]:
    return {name.lower() for name in names}


@pytest.mark.parametrize("function", NEEDED)
def test_s3(answers: Answers, function: str) -> None:
    needed = set().union(*NEEDED[function].values())
    on_bucket = allowed(answers, function, "s3", f"arn:aws:s3:::{PLAIN}")
    on_object = allowed(answers, function, "s3", f"arn:aws:s3:::{PLAIN}/a/key")
    assert on_bucket | on_object == lower(needed)
    assert on_object >= lower(needed & _OF_OBJECTS)


@pytest.mark.parametrize("function", NEEDED)
def test_users_and_keys(answers: Answers, function: str) -> None:
    table = f"arn:aws:dynamodb:{answers.lab.cloud.region}:000000000000:table/{answers.lab.outputs['UsersTable']}"
    may = {"GetItem"} if function in SIGNING_IN else set()
    assert allowed(answers, function, "dynamodb", table) == lower(may)
    assert allowed(answers, function, "dynamodb", f"{table}-of-others") == set()
    may = {"GetSecretValue"} if function in SIGNING_IN else set()
    assert allowed(answers, function, "secretsmanager", answers.lab.token_keys) == lower(may)
    others = answers.lab.token_keys.replace(":secret:", ":secret:others-")
    assert allowed(answers, function, "secretsmanager", others) == set()


@pytest.mark.parametrize("function", NEEDED)
@pytest.mark.parametrize("service", ["iam", "sts", "lambda", "kms", "apigateway", "cloudformation"])
def test_other_services(answers: Answers, function: str, service: str) -> None:
    assert allowed(answers, function, service, "*") == set()


@contextmanager
def without(answers: Answers, function: str, action: str) -> Iterator[None]:
    """The function's role without one action."""
    iam = answers.lab.cloud.client("iam")
    role = role_of(answers, function).rpartition("/")[2]
    before = {
        name: iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        for name in iam.list_role_policies(RoleName=role)["PolicyNames"]
    }
    reduced = {name: _reduced(document, action) for name, document in before.items()}
    assert reduced != before, f"the role of {function} does not have {action}"
    try:
        for name, document in reduced.items():
            if document["Statement"]:
                iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))
            else:  # a policy needs a statement
                iam.delete_role_policy(RoleName=role, PolicyName=name)
        yield
    finally:
        for name, document in before.items():
            iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))


def _reduced(document: dict[str, Any], action: str) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    for statement in changed["Statement"]:
        listed = statement["Action"]
        statement["Action"] = [name for name in ([listed] if isinstance(listed, str) else listed) if name != action]
    changed["Statement"] = [statement for statement in changed["Statement"] if statement["Action"]]
    return changed


def get(answers: Answers, path: str, **query: str) -> httpx.Response:
    return answers.send(Case("", "", path, 0, query=list(query.items())))


def sign_in(answers: Answers) -> httpx.Response:
    body = {"username": ADA, "password": ADAS_PASSWORD}
    return answers.send(Case("", "signIn", "/sessions", 0, method="POST", credentials=nobody, json=body))


def delete(answers: Answers) -> httpx.Response:
    case = Case("", "", f"/buckets/{PLAIN}/object", 0, method="DELETE", query=[("key", "no such object")])
    return answers.send(case)


# function, action, the request, and what its answer is without the action.
WITHOUT: list[tuple[str, str, Callable[[Answers], httpx.Response], Any]] = [
    ("usage", "s3:ListBucket", lambda a: get(a, f"/buckets/{PLAIN}/usage"), "S3 does not allow this (AccessDenied)"),
    ("objects", "s3:DeleteObject", delete, "S3 does not allow this (AccessDenied)"),
    ("sessions", "dynamodb:GetItem", sign_in, "DynamoDB does not allow this (AccessDenied)"),
    ("buckets", "s3:GetBucketTagging", lambda a: get(a, f"/buckets/{PLAIN}"), {"tags": "AccessDenied"}),
    ("audit", "s3:GetBucketLogging", lambda a: get(a, "/audit"), {"no-access-logging": "AccessDenied"}),
]


@pytest.mark.parametrize(("function", "action", "ask", "told"), WITHOUT, ids=[row[1] for row in WITHOUT])
def test_an_action_that_is_taken_away_is_missed(
    answers: Answers, function: str, action: str, ask: Callable[[Answers], httpx.Response], told: Any
) -> None:
    good = ask(answers)
    assert good.is_success
    with without(answers, function, action):
        answer = ask(answers)
    body = answer.json()
    if isinstance(told, str):
        assert (answer.status_code, body["detail"]) == (403, told)
    else:
        rows = [row for row in body.get("buckets", [body]) if row["name"] == PLAIN]
        assert [row["errors"] for row in rows] == [told]
    assert ask(answers).status_code == good.status_code
