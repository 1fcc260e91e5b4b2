"""A walk that is cut short, and goes on from its cursor, finds what a walk in one go finds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.answers import Answers
from tests.contract.case import Case
from tests.contract.world import LARGE, LARGE_OBJECTS

pytestmark = pytest.mark.cloud


@pytest.fixture
def hurried(answers: Answers) -> Iterator[Answers]:
    """A lab whose usage function has 3 s, so that each call stops after its first page."""
    client = answers.lab.cloud.client("lambda")
    name = answers.lab.functions["usage"]
    before = client.get_function_configuration(FunctionName=name)["Timeout"]
    client.update_function_configuration(FunctionName=name, Timeout=3)
    client.get_waiter("function_updated_v2").wait(FunctionName=name)
    yield answers
    client.update_function_configuration(FunctionName=name, Timeout=before)
    client.get_waiter("function_updated_v2").wait(FunctionName=name)


def usage(answers: Answers, **query: str) -> dict[str, Any]:
    answer = answers.send(Case("", "getUsage", f"/buckets/{LARGE}/usage", 200, query=list(query.items())))
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def walk(answers: Answers, **query: str) -> list[dict[str, Any]]:
    parts = [usage(answers, **query)]
    while parts[-1]["truncated"]:
        parts.append(usage(answers, cursor=parts[-1]["cursor"], **query))
    return parts


def added(parts: list[dict[str, Any]], member: str, label: str) -> dict[Any, tuple[int, int]]:
    """(objects, bytes) by label, over all parts."""
    sums: dict[Any, tuple[int, int]] = {}
    for part in parts:
        for row in part[member]:
            objects, size = sums.get(row[label], (0, 0))
            sums[row[label]] = (objects + row["objects"], size + row["bytes"])
    return sums


def test_the_parts_add_up_to_the_whole(answers: Answers, request: pytest.FixtureRequest) -> None:
    whole = usage(answers, depth="2", top="100")
    request.getfixturevalue("hurried")
    parts = walk(answers, depth="2", top="100")
    assert [part["objects"] for part in parts] == [1000, 1000, LARGE_OBJECTS - 2000]
    assert [part["scanned_pages"] for part in parts] == [1, 1, 1]
    assert sum(part["bytes"] for part in parts) == whole["bytes"]
    for member, label in [
        ("by_prefix", "prefix"),
        ("by_storage_class", "storage_class"),
        ("by_age", "bucket"),
        ("size_histogram", "le_bytes"),
    ]:
        assert added(parts, member, label) == added([whole], member, label)
    largest = [item for part in parts for item in part["largest"]]
    assert sorted(largest, key=lambda item: (-item["size"], item["key"]))[:100] == whole["largest"]


def test_a_cursor_is_for_its_prefix(hurried: Answers) -> None:
    text = usage(hurried, prefix="day-")["cursor"]
    assert usage(hurried, prefix="day-", cursor=text)["scanned_pages"] == 1
    answer = hurried.send(Case("", "getUsage", f"/buckets/{LARGE}/usage", 400, query=[("cursor", text)]))
    assert (answer.status_code, answer.json()["detail"]) == (400, "'cursor' is not valid")
