"""Functions and a table that exist while something is measured."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from workshop.measure import CLIENT_CONFIG, LambdaFunction
from workshop.target import Cloud

_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


@dataclass(frozen=True)
class Variant:
    """A function to be made: what it is called in rows, and what Lambda needs to know."""

    lab: str
    function: str
    runtime: str
    handler: str
    code: bytes = field(repr=False)
    memory_mb: int = 1769
    variables: dict[str, str] = field(default_factory=dict)
    layers: tuple[str, ...] = ()


@contextmanager
def functions(
    cloud: Cloud, variants: list[Variant], policy: dict[str, object] | None = None
) -> Iterator[list[LambdaFunction]]:
    """The variants as functions with one role, which allows `policy`; deleted at the end."""
    with ExitStack() as stack:
        role = stack.enter_context(_role(cloud, policy))
        yield [stack.enter_context(_function(cloud, variant, role)) for variant in variants]


@contextmanager
def table(cloud: Cloud) -> Iterator[tuple[str, dict[str, object]]]:
    """A table's name and the policy that allows its use; the keys are the published benchmark's."""
    dynamodb, name = cloud.client("dynamodb"), f"bench-{uuid.uuid4().hex[:8]}"
    keys = {"pk": "HASH", "sk": "RANGE"}
    arn = dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
        KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in keys.items()],
    )["TableDescription"]["TableArn"]
    try:
        dynamodb.get_waiter("table_exists").wait(TableName=name)
        actions = [f"dynamodb:{action}" for action in ("BatchWriteItem", "BatchGetItem", "GetItem")]
        yield name, {"Effect": "Allow", "Action": actions, "Resource": arn}
    finally:
        dynamodb.delete_table(TableName=name)


@contextmanager
def _role(cloud: Cloud, statement: dict[str, object] | None) -> Iterator[str]:
    iam, name = cloud.client("iam"), f"bench-{uuid.uuid4().hex[:8]}"
    arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(_TRUST))["Role"]["Arn"]
    try:
        if statement:
            document = {"Version": "2012-10-17", "Statement": [statement]}
            iam.put_role_policy(RoleName=name, PolicyName="table", PolicyDocument=json.dumps(document))
        yield arn
    finally:
        if statement:
            iam.delete_role_policy(RoleName=name, PolicyName="table")
        iam.delete_role(RoleName=name)


@contextmanager
def _function(cloud: Cloud, variant: Variant, role: str) -> Iterator[LambdaFunction]:
    client, name = cloud.client("lambda", config=CLIENT_CONFIG), f"bench-{uuid.uuid4().hex[:8]}"
    client.create_function(
        FunctionName=name,
        Role=role,
        Runtime=variant.runtime,
        Handler=variant.handler,
        MemorySize=variant.memory_mb,
        Timeout=60,
        Environment={"Variables": variant.variables},
        Layers=list(variant.layers),
        Code={"ZipFile": variant.code},
    )
    try:
        client.get_waiter("function_active_v2").wait(FunctionName=name)
        yield LambdaFunction(client, name, lab=variant.lab, function=variant.function, target=cloud.name)
    finally:
        client.delete_function(FunctionName=name)
