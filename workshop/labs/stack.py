"""A deployed stack, as CloudFormation tells it."""

from __future__ import annotations

from dataclasses import dataclass, field

from botocore.exceptions import ClientError

from workshop.labs.errors import aws_errors
from workshop.target import Cloud

# A stack in one of these cannot be updated; it must be deleted first.
_DEAD = {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "REVIEW_IN_PROGRESS", "DELETE_FAILED", "CREATE_FAILED"}
_GONE = {"DELETE_COMPLETE"}


@dataclass(frozen=True)
class Stack:
    """Name, id, state and outputs of a stack; `resources` maps logical id to (type, physical id)."""

    name: str
    id: str
    status: str
    updated: str
    outputs: dict[str, str] = field(default_factory=dict)
    resources: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def is_dead(self) -> bool:
        """Whether a deployment has to delete it first: its creation never succeeded."""
        return self.status in _DEAD

    def of_type(self, resource_type: str) -> dict[str, str]:
        """Logical id to physical id of every resource of a type."""
        return {logical: physical for logical, (kind, physical) in self.resources.items() if kind == resource_type}


def read(cloud: Cloud, name: str) -> Stack | None:
    """The stack of that name; None if there is none. Raises LabError when the target does not answer."""
    client = cloud.client("cloudformation")
    with aws_errors(f"reading the stack {name}"):
        try:
            found = client.describe_stacks(StackName=name)["Stacks"][0]
        except ClientError as error:
            # The service has no error of its own for this.
            if "does not exist" in str(error):
                return None
            raise
        if found["StackStatus"] in _GONE:
            return None
        pages = client.get_paginator("list_stack_resources").paginate(StackName=name)
        resources = {
            entry["LogicalResourceId"]: (entry["ResourceType"], entry.get("PhysicalResourceId", ""))
            for page in pages
            for entry in page["StackResourceSummaries"]
        }
    return Stack(
        name=name,
        id=found["StackId"],
        status=found["StackStatus"],
        updated=str(found.get("LastUpdatedTime", found["CreationTime"])),
        outputs={entry["OutputKey"]: entry["OutputValue"] for entry in found.get("Outputs", [])},
        resources=resources,
    )


def delete(cloud: Cloud, name: str) -> None:
    """Delete a stack and wait until it is gone. Deleting one that does not exist is no error."""
    client = cloud.client("cloudformation")
    with aws_errors(f"deleting the stack {name}"):
        client.delete_stack(StackName=name)
        client.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig={"Delay": 2, "MaxAttempts": 300})
