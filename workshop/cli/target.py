"""The options that say where a command works: `--target`, `--profile`, `--region`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from workshop.labs.errors import LabError, aws_errors
from workshop.target import Cloud


class Target(StrEnum):
    """Where."""

    LOCAL = "local"
    AWS = "aws"


TargetOption = Annotated[Target, typer.Option("--target", help="The local cloud or your AWS account.")]
ProfileOption = Annotated[str | None, typer.Option("--profile", help="AWS profile, with --target aws.")]
RegionOption = Annotated[str | None, typer.Option("--region", help="AWS region, with --target aws.")]


def cloud_of(target: Target, profile: str | None, region: str | None) -> Cloud:
    """The target, signed in to. Raises LabError or CloudError, whose message names the fix."""
    if target is Target.LOCAL:
        if profile or region:
            raise LabError("--profile and --region go with --target aws")
        return Cloud.local()
    with aws_errors("signing in to AWS"):
        cloud = Cloud.aws(profile=profile, region=region)
        cloud.client("sts").get_caller_identity()
    return cloud
