"""A lab as a notebook sees it: build it, deploy it, call it, measure its functions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Self

import httpx

from workshop.labs import api, build, catalog, demo_users, deploy, one_function, stack
from workshop.labs.errors import LabError
from workshop.labs.stack import Stack
from workshop.labs.users import Users
from workshop.target import Cloud

if TYPE_CHECKING:
    from workshop.measure.function import LambdaFunction

_API = "Api"


class Lab:
    """One lab, by its folder's name or number: `Lab("01-python-baseline")`, `Lab("01")`.

    `deploy` (or `attach`, for one that is deployed) comes before everything that talks to it.
    """

    def __init__(self, name: str, *, directory: Path = catalog.LABS) -> None:
        """LabError, with the names there are, if there is no such lab in the directory."""
        self.folder = catalog.find_lab(name, directory)
        self._deployed: tuple[Cloud, Stack] | None = None

    def __repr__(self) -> str:
        where = f", at {self._deployed[0].name}" if self._deployed else ""
        return f"Lab({self.name!r}{where})"

    @property
    def name(self) -> str:
        """The folder's name, which is also the lab's label in measurements."""
        return self.folder.name

    def build(self) -> Self:
        """Build what changed."""
        build.build(self.folder)
        return self

    def deploy(self, cloud: Cloud, parameters: Mapping[str, str] | None = None) -> Self:
        """Build and deploy what changed, and make sure that the demo users can sign in.

        `parameters` are the template's, e.g. {"MemorySize": "1024"}.
        """
        fingerprint = build.build(self.folder)
        self._deployed = cloud, deploy.deploy(self.folder, cloud, fingerprint, parameters or {})
        if "UsersTable" in self.outputs:
            demo_users.ensure(self.users)
        return self

    def replace(self, cloud: Cloud, function: str) -> Self:
        """Build one function and replace its code, where the lab is deployed: seconds, for a change of that function.

        Anything else that changed waits for the next `deploy`. LabError lists the functions there are.
        """
        self.attach(cloud)
        name = self.function(function).function_name
        found = self._target[1].of_type("AWS::Lambda::Function")
        logical_id = next(logical for logical, physical in found.items() if physical == name)
        one_function.replace(self.folder, cloud, logical_id, name)
        return self

    def attach(self, cloud: Cloud) -> Self:
        """Use what is deployed there, as it is. LabError if nothing is."""
        found = stack.read(cloud, self.folder.stack_name)
        if found is None or found.is_dead:
            raise LabError(f"{self.name} is not deployed to {cloud.name}: run ./poe build-and-deploy {self.name}")
        self._deployed = cloud, found
        return self

    def delete(self, cloud: Cloud) -> None:
        """Delete the stack and all that is in it, users included."""
        stack.delete(cloud, self.folder.stack_name)
        self._deployed = None

    @property
    def cloud(self) -> Cloud:
        """Where it is deployed."""
        return self._target[0]

    @property
    def outputs(self) -> dict[str, str]:
        """The stack's outputs."""
        return self._target[1].outputs

    @property
    def functions(self) -> dict[str, str]:
        """Short name to function name, as found in the stack: {"buckets": "s3-admin-01-…-BucketsFunction-…"}."""
        found = self._target[1].of_type("AWS::Lambda::Function")
        return {
            catalog.short_name(logical): physical
            for logical, physical in sorted(found.items())
            if logical.endswith(catalog.FUNCTION_ENDING)
        }

    @property
    def url(self) -> str:
        """The HTTP API's base URL, without a trailing slash."""
        cloud, found = self._target
        rest_api = found.of_type("AWS::ApiGateway::RestApi").get(_API)
        stages = list(found.of_type("AWS::ApiGateway::Stage").values())
        if not rest_api or len(stages) != 1:
            raise LabError(f"{self.name}: the stack {found.name} has no REST API '{_API}' with one stage")
        return cloud.api_url(rest_api, stages[0])

    @property
    def users(self) -> Users:
        """The users table."""
        return Users(self.cloud, self._output("UsersTable"))

    @property
    def token_keys(self) -> str:
        """ARN of the secret with the keys that tokens are signed with."""
        return self._output("TokenKeysSecret")

    def password(self, role: str) -> str:
        """The demo user's password; for a Basic header, say. Keep it out of notebooks' outputs."""
        return demo_users.password(role)

    def sign_in(self, role: str = "admin") -> httpx.Client:
        """A client of the API, signed in as the demo user of that role ("admin", "viewer").

        It takes paths: `api.get("/buckets").json()`. LabError says why signing in failed.
        """
        return api.client(self.url, role, self.password(role), trust_environment=self.cloud.name == "aws")

    def function(self, name: str) -> LambdaFunction:
        """One function, to be measured: `lab.function("buckets")`. LabError lists those there are."""
        from workshop.measure.function import CLIENT_CONFIG, LambdaFunction

        functions = self.functions
        if name not in functions:
            raise LabError(f"{self.name} has no function '{name}'. It has: {', '.join(functions)}")
        client = self.cloud.client("lambda", config=CLIENT_CONFIG)
        return LambdaFunction(client, functions[name], lab=self.name, function=name, target=self.cloud.name)

    @property
    def _target(self) -> tuple[Cloud, Stack]:
        if self._deployed is None:
            raise LabError(f'{self.name} is not deployed yet: call Lab("{self.folder.number}").deploy(cloud) first')
        return self._deployed

    def _output(self, name: str) -> str:
        value = self.outputs.get(name)
        if not value:
            raise LabError(f"{self.name}: the stack {self._target[1].name} has no output '{name}'")
        return value
