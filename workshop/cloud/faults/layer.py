"""The ASGI layer in front of MiniStack that makes calls fail. Without faults it costs one look at an empty dict."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import random
import uuid
from typing import Any

from workshop.cloud.admin import Application, Receive, Scope, Send, read_body
from workshop.cloud.errors import CloudError
from workshop.cloud.faults import answers, connection, operations, recogniser
from workshop.cloud.faults.fault import Fault, check
from workshop.cloud.faults.recogniser import Call


class _Active:
    """A fault that is set, and how many calls it has hit."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.hits = 0
        self.service, self._operation = operations.find(fault.operation)
        self.signed_for = operations.model(self.service).signing_name
        self._random = random.Random(fault.seed)  # noqa: S311 - a seed is the point

    def takes(self, call: Call, *, from_function: bool) -> bool:
        """Whether this call is hit; counts it if so."""
        fault = self.fault
        if self._operation not in (operations.EVERY, call.operation):
            return False
        if fault.resource is not None and fault.resource not in call.resources:
            return False
        if fault.by == "functions" and not from_function:
            return False
        if fault.times is not None and self.hits >= fault.times:
            return False
        if fault.share is not None and self._random.random() >= fault.share:
            return False
        self.hits += 1
        return True


class FaultLayer:
    """Sets, lists and clears faults, and answers the calls that they hit."""

    def __init__(self, inner: Application) -> None:
        self._inner = inner
        self._active: dict[str, _Active] = {}

    async def add(self, described: dict[str, Any]) -> dict[str, Any]:
        """Set a fault, given as the fields of `Fault`."""
        fault = Fault(**described)
        try:
            await asyncio.to_thread(check, fault)
        except CloudError as error:
            raise ValueError(str(error)) from error
        name = uuid.uuid4().hex
        self._active[name] = _Active(fault)
        return {"id": name}

    async def list(self, _: dict[str, Any]) -> dict[str, Any]:
        """The faults that are set, by id."""
        return {name: _described(active) for name, active in self._active.items()}

    async def clear(self, request: dict[str, Any]) -> dict[str, Any]:
        """Clear the fault `id`, or all; answers those that were set."""
        gone = [request["id"]] if "id" in request else list(self._active)
        return {name: _described(self._active.pop(name)) for name in gone if name in self._active}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if not self._active or scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        request = recogniser.request(scope)
        candidates = [active for active in self._active.values() if active.signed_for == request.signed_for]
        body = None
        if any(recogniser.needs_body(active.service) for active in candidates):
            body = await read_body(receive)
            receive = _replayed(body, receive)
        from_function = scope["scheme"] == "https"  # functions are the only ones told of the HTTPS port
        for active in candidates:
            call = recogniser.recognise(active.service, request, body or b"")
            if call is not None and active.takes(call, from_function=from_function):
                await self._hit(active, call, scope, receive, send)
                return
        await self._inner(scope, receive, send)

    async def _hit(self, active: _Active, call: Call, scope: Scope, receive: Receive, send: Send) -> None:
        fault = active.fault
        if fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
            await self._inner(scope, receive, send)
            return
        await read_body(receive)  # clients send all of it before they look at an answer
        if fault.kind == "hold":
            await _wait_for_disconnect(receive, fault.seconds)
        if fault.kind in ("hold", "drop"):
            connection.cut(send)
        elif fault.kind == "garble":
            await _answer(answers.garbled(call.protocol), send)
        else:
            error = answers.error(active.service, call.protocol, fault.code, fault.status, fault.message)
            await _answer(error, send)


def _described(active: _Active) -> dict[str, Any]:
    return {**dataclasses.asdict(active.fault), "hits": active.hits}


def _replayed(body: bytes, receive: Receive) -> Receive:
    """`receive` as it was before the body was read."""
    pending = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> dict[str, Any]:
        return pending.pop() if pending else await receive()

    return again


async def _wait_for_disconnect(receive: Receive, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while (await receive())["type"] != "http.disconnect":
                pass


async def _answer(answer: answers.Answer, send: Send) -> None:
    headers = {**answer.headers, "Content-Length": str(len(answer.body))}
    pairs = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": pairs})
    await send({"type": "http.response.body", "body": answer.body})
