"""Deploying a lab with an unmodified `sam deploy`, to the local cloud and to AWS alike."""

from __future__ import annotations

from collections.abc import Mapping

from workshop.cloud.paths import private_directory
from workshop.files import lock
from workshop.labs import one_function, records, sam, stack
from workshop.labs.catalog import LabFolder
from workshop.labs.errors import LabError
from workshop.labs.stack import Stack
from workshop.target import Cloud


def deploy(lab: LabFolder, cloud: Cloud, build: str, parameters: Mapping[str, str]) -> Stack:
    """Bring what was built to the target, unless that is there already; answers the stack.

    `build` is the fingerprint that `build()` answered. Raises LabError.
    """
    with lock(
        private_directory("builds") / f"deploy-{lab.stack_name}.lock", f"{lab.name}: waiting for another deployment"
    ):
        content = records.deployed_content(build, parameters)
        found = stack.read(cloud, lab.stack_name)
        if found and records.is_deployed(lab, cloud, found, content):
            return found
        if found and found.is_dead:
            # CloudFormation refuses to update a stack whose creation failed.
            stack.delete(cloud, lab.stack_name)
        _sam_deploy(lab, cloud, parameters)
        found = stack.read(cloud, lab.stack_name)
        if found is None:
            raise LabError(f"{lab.name}: sam deploy ended well, but there is no stack {lab.stack_name} at {cloud.name}")
        # CloudFormation compares templates, so it does not see that a function's code was replaced.
        one_function.restore(lab, cloud, found.of_type("AWS::Lambda::Function"))
        records.remember_deployment(lab, cloud, found, content)
        return found


def _sam_deploy(lab: LabFolder, cloud: Cloud, parameters: Mapping[str, str]) -> None:
    arguments = [
        "deploy", "--stack-name", lab.stack_name,
        "--region", cloud.region, "--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND", "--resolve-s3",
        "--no-confirm-changeset", "--no-fail-on-empty-changeset", "--no-progressbar",
    ]  # fmt: skip
    if parameters:
        arguments += ["--parameter-overrides", *(f"{name}={value}" for name, value in sorted(parameters.items()))]
    what = f"deploying {lab.name} to {_place(cloud)}"
    sam.run(lab, arguments, cloud.environment(), log=f"deploy-{lab.name}-{cloud.name}", what=what, title=what)


def _place(cloud: Cloud) -> str:
    return "the local cloud" if cloud.name == "local" else f"AWS ({cloud.region})"
