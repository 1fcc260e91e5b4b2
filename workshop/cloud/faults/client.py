"""`cloud.faults`: faults of the local cloud from Python, each for the length of a `with` block."""

from __future__ import annotations

import dataclasses
from types import TracebackType
from typing import Any, Literal, TypedDict, Unpack

import httpx

from workshop.cloud.errors import CloudError
from workshop.cloud.faults.fault import Fault, Kind, check


class Where(TypedDict, total=False):
    """Which calls of the operation a fault hits: all of them, unless one of these is given."""

    times: int
    """Only the next so many."""
    share: float
    """Only this share of them, more than 0 and at most 1."""
    seed: int
    """Chooses which calls make up the share: the same seed, the same choice."""
    resource: str
    """Only those about this bucket, table, secret, queue or function."""
    by: Literal["anyone", "functions"]
    """`functions`: only those made by functions."""


class SetFault:
    """A fault that holds inside its `with` block."""

    def __init__(self, admin: _Admin, fault: Fault) -> None:
        check(fault)
        self._admin = admin
        self._fault = fault
        self._id: str | None = None
        self._last_hits = 0

    def __enter__(self) -> SetFault:
        if self._id is not None:
            raise CloudError("this fault is set already: make another one")
        self._id = self._admin.ask("POST", "faults", dataclasses.asdict(self._fault))["id"]
        self._last_hits = 0
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        cleared = self._admin.ask("POST", "clear-faults", {"id": self._id})
        self._last_hits = cleared[self._id]["hits"] if self._id in cleared else self._last_hits
        self._id = None

    @property
    def hits(self) -> int:
        """How many calls it has hit so far, or had when it ended. A call that an SDK tries again counts each time."""
        if self._id is not None:
            active = self._admin.ask("GET", "faults", {})
            self._last_hits = active[self._id]["hits"] if self._id in active else self._last_hits
        return self._last_hits


class Faults:
    """Makes faults. Operations are named as in boto3 with the service before them: `s3:GetBucketLocation`, `sqs:*`."""

    def __init__(self, endpoint_url: str, secret: str) -> None:
        self._admin = _Admin(endpoint_url, secret)

    def fail(
        self,
        operation: str,
        code: str,
        *,
        status: int | None = None,
        message: str | None = None,
        **where: Unpack[Where],
    ) -> SetFault:
        """The call is not carried out; AWS's error `code` is answered, with the status that AWS has for it."""
        return self._make(operation, "fail", where, code=code, status=status, message=message)

    def delay(self, operation: str, milliseconds: float, **where: Unpack[Where]) -> SetFault:
        """The call is carried out so much later."""
        return self._make(operation, "delay", where, seconds=milliseconds / 1000)

    def hold(self, operation: str, seconds: float = 60.0, **where: Unpack[Where]) -> SetFault:
        """The call is not carried out and gets no answer until the client gives up, at most for `seconds`."""
        return self._make(operation, "hold", where, seconds=seconds)

    def drop(self, operation: str, **where: Unpack[Where]) -> SetFault:
        """The call is not carried out; the connection is closed without an answer."""
        return self._make(operation, "drop", where)

    def garble(self, operation: str, **where: Unpack[Where]) -> SetFault:
        """The call is not carried out; a success is answered whose body cannot be read.

        boto3 takes JSON that it cannot read for an empty answer, and S3's XML for a status 500, which it tries again.
        """
        return self._make(operation, "garble", where)

    def active(self) -> list[dict[str, Any]]:
        """All faults that are set, also by others, with their `hits`."""
        return list(self._admin.ask("GET", "faults", {}).values())

    def clear(self) -> None:
        """Clear all faults, also those that an ended process has left."""
        self._admin.ask("POST", "clear-faults", {})

    def _make(self, operation: str, kind: Kind, where: Where, **what: Any) -> SetFault:
        return SetFault(self._admin, Fault(operation, kind, **what, **where))


class _Admin:
    """The server's own routes."""

    def __init__(self, endpoint_url: str, secret: str) -> None:
        self._base = f"{endpoint_url}/_workshop/"
        self._headers = {"Authorization": f"Bearer {secret}"}

    def ask(self, method: str, route: str, body: dict[str, Any]) -> Any:
        """The answer of a route; CloudError if it refuses."""
        try:
            with httpx.Client(base_url=self._base, headers=self._headers, timeout=60, trust_env=False) as client:
                answer = client.request(method, route, json=body)
        except httpx.HTTPError as error:
            raise CloudError(f"the local cloud does not answer ({error}): start it with Cloud.local()") from error
        if answer.status_code != httpx.codes.OK:
            raise CloudError(f"the local cloud refused: {answer.text}; if its code changed, ./poe stop and start again")
        return answer.json()
