"""Sends cases, each once to each lab, and keeps the answers for all tests that look at them."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.contract import secrets_used
from tests.contract.case import Case
from tests.contract.openapi import operations
from tests.contract.signer import Signer
from workshop.labs import left_out
from workshop.labs.api import TIMEOUT
from workshop.labs.lab import Lab

# What differs from request to request, or from lab to lab.
_PASSING = ("request_id", "token", "expires_at", "url")
_HEADERS = ("content-type", "www-authenticate", "retry-after", "location", "allow", "cache-control")


class Answers:
    """The answers of one lab."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.signer = Signer(lab)
        self.texts: list[str] = []
        """Headers and bodies of all answers but new sessions."""
        # Of functions in languages that this machine cannot build.
        self.left_out = {function.name for function in left_out.of_lab(lab.folder)}
        self._kept: dict[str, httpx.Response] = {}
        self._http = httpx.Client(timeout=TIMEOUT, trust_env=lab.cloud.name == "aws")

    def of(self, case: Case) -> httpx.Response:
        """The answer to a case."""
        if case.id not in self._kept:
            self._kept[case.id] = self.send(case)
        return self._kept[case.id]

    def send(self, case: Case) -> httpx.Response:
        """Send it, whether or not it was sent before."""
        header = case.credentials(self.signer)
        content = json.dumps(case.json).encode() if case.json is not None else case.content
        secrets_used.in_request(header, content)
        answer = self._http.request(
            case.method,
            self.lab.url + case.path,
            params=httpx.QueryParams(case.query) if case.query else None,
            content=content,
            headers={} if header is None else {"Authorization": header},
        )
        self._remember(answer)
        return answer

    def _remember(self, answer: httpx.Response) -> None:
        """What a new session holds is a secret from now on; all else that is answered must hold none."""
        if answer.request.url.path.endswith("/sessions") and answer.status_code == httpx.codes.CREATED:
            secrets_used.use(answer.json()["token"])
        else:
            self.texts.append(f"{dict(answer.headers)} {answer.text}")

    def send_raw(self, method: str, target: str, authorization: str | None, content: bytes) -> httpx.Response:
        """Send what is encoded already, as it is: `target` is the path below the stage, with its query."""
        headers = {} if authorization is None else {"Authorization": authorization}
        raw = httpx.URL(self.lab.url).raw_path + target.encode()
        return self._http.request(method, self.lab.url, content=content, headers=headers, extensions={"target": raw})

    def serves(self, operation: str) -> bool:
        """Whether the lab has that operation, and its function was built."""
        return self.has(operation) and operations()[operation].function not in self.left_out

    def has(self, operation: str) -> bool:
        """Whether the operation is one of this lab's."""
        labs = operations()[operation].labs
        return labs is None or self.lab.name in labs

    def skip_unless_served(self, operation: str) -> None:
        """Skip the test, by the function's name, where the lab does not have it or it was left out."""
        if not self.has(operation):
            pytest.skip(f"not in {self.lab.name}: {operation}")
        if not self.serves(operation):
            pytest.skip(f"left out of {self.lab.name}: {operations()[operation].function}")

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def routes(self) -> set[tuple[str, str]]:
        """(method, path) of all that the lab's API has."""
        client = self.lab.cloud.client("apigateway")
        pages = client.get_paginator("get_resources").paginate(restApiId=self._api_id(), embed=["methods"])
        return {
            (method, resource["path"])
            for page in pages
            for resource in page["items"]
            for method in resource.get("resourceMethods", {})
        }

    def _api_id(self) -> str:
        client = self.lab.cloud.client("cloudformation")
        found = client.describe_stack_resource(StackName=self.lab.folder.stack_name, LogicalResourceId="Api")
        return str(found["StackResourceDetail"]["PhysicalResourceId"])


def comparable(answer: httpx.Response) -> dict[str, Any]:
    """What must be the same from every lab."""
    body = answer.json() if answer.content else None
    if isinstance(body, dict):
        body = {name: value for name, value in body.items() if name not in _PASSING}
    headers = {name: answer.headers[name] for name in _HEADERS if name in answer.headers}
    return {"status": answer.status_code, "headers": headers, "body": body}
