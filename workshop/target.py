"""Where a lab runs: the local cloud or an AWS account. The rest of the kit asks this and nothing else."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import boto3

if TYPE_CHECKING:
    from workshop.cloud.faults.client import Faults

DEFAULT_REGION = "us-east-1"


@dataclass(frozen=True)
class Cloud:
    """A target for deploying and calling labs.

    Make one with `Cloud.local()` or `Cloud.aws()`. Everything that differs between the two is in here;
    code that measures or calls a lab is the same for both.
    """

    name: Literal["local", "aws"]
    region: str
    session: boto3.Session = field(repr=False, compare=False)
    endpoint_url: str | None = None
    _clients: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def local(cls, *, start: bool = True) -> Cloud:
        """The local cloud of this checkout, started if it is not running (unless `start` is false).

        Raises `workshop.cloud.CloudError`, whose message names the fix.
        """
        from workshop.cloud import control

        server = control.ensure_running() if start else control.require_running()
        session = boto3.Session(
            aws_access_key_id=server.access_key_id,
            aws_secret_access_key=server.secret_access_key,
            region_name=DEFAULT_REGION,
        )
        return cls("local", DEFAULT_REGION, session, server.endpoint_url)

    @classmethod
    def aws(cls, *, profile: str | None = None, region: str | None = None) -> Cloud:
        """An AWS account, by the profile and region that the AWS CLI would use."""
        session = boto3.Session(profile_name=profile, region_name=region)
        return cls("aws", session.region_name or DEFAULT_REGION, session)

    def client(self, service: str, **options: Any) -> Any:
        """A boto3 client of this target; `options` go to `boto3.Session.client`.

        Without options it is made once and shared: making one takes longer than most calls, and it is thread-safe.
        """
        if not options:
            if service not in self._clients:
                self._clients[service] = self._make_client(service)
            return self._clients[service]
        return self._make_client(service, **options)

    def _make_client(self, service: str, **options: Any) -> Any:
        options.setdefault("region_name", self.region)
        return self.session.client(service, endpoint_url=self.endpoint_url, **options)  # type: ignore[call-overload]

    @cached_property
    def faults(self) -> Faults:
        """Makes calls of the local cloud fail, for tests and lessons.

        `with cloud.faults.fail("s3:GetObject", "SlowDown", times=2) as fault: ...`, then `fault.hits`.
        """
        from workshop.cloud.errors import CloudError
        from workshop.cloud.faults.client import Faults

        credentials = self.session.get_credentials()
        if self.name != "local" or self.endpoint_url is None or credentials is None:
            raise CloudError("faults can be made in the local cloud only: use Cloud.local()")
        return Faults(self.endpoint_url, credentials.secret_key)

    def environment(self) -> dict[str, str]:
        """The `AWS_*` variables that make a subprocess (sam, the AWS CLI) talk to this target."""
        credentials = self.session.get_credentials()
        variables = {"AWS_REGION": self.region, "AWS_DEFAULT_REGION": self.region}
        if credentials is not None:
            frozen = credentials.get_frozen_credentials()
            pairs = {
                "AWS_ACCESS_KEY_ID": frozen.access_key,
                "AWS_SECRET_ACCESS_KEY": frozen.secret_key,
                "AWS_SESSION_TOKEN": frozen.token,
            }
            variables |= {name: value for name, value in pairs.items() if value}
        if self.endpoint_url:
            variables["AWS_ENDPOINT_URL"] = self.endpoint_url
        return variables

    def network_delay(self, ms: float) -> AbstractContextManager[None]:
        """`with cloud.network_delay(2):` each round trip between a function and the local cloud takes `ms` longer.

        So a first call's handshakes cost what they do in a region. Every function's next call is cold, now and
        after the block.
        """
        from workshop import conditions

        return conditions.local(self, network_delay_ms=ms)

    def cold_pages(self) -> AbstractContextManager[None]:
        """`with cloud.cold_pages():` code, layers and runtime come off the disk at each cold start, not out of memory.

        Pages that another living process has mapped stay. Every function's next call is cold, now
        and after the block.
        """
        from workshop import conditions

        return conditions.local(self, cold_pages=True)

    def api_url(self, rest_api_id: str, stage: str) -> str:
        """Base URL, without a trailing slash, of a REST API's stage."""
        if self.endpoint_url:
            return f"{self.endpoint_url}/restapis/{rest_api_id}/{stage}/_user_request_"
        return f"https://{rest_api_id}.execute-api.{self.region}.amazonaws.com/{stage}"
