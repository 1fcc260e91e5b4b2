"""A change of a function is under way in its own answer, and done in the next."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.cloud.functions import RUNTIME, package, python_function
from workshop.target import Cloud

pytestmark = pytest.mark.cloud

SOURCE = "def handler(event, context):\n    return event\n"
# By a thread of MiniStack's own a quarter of the answers were early, and one change in a hundred was late.
CHANGES = 100


def test_the_answer_says_in_progress_and_the_next_call_successful(cloud: Cloud) -> None:
    client = cloud.client("lambda")
    seen: Counter[tuple[str, str]] = Counter()
    with python_function(cloud, SOURCE) as made:
        for number in range(CHANGES):
            if number % 2:
                changed = client.update_function_code(FunctionName=made.name, ZipFile=package(SOURCE + f"# {number}\n"))
            else:
                changed = client.update_function_configuration(FunctionName=made.name, Description=str(number))
            after = client.get_function_configuration(FunctionName=made.name)
            seen[changed["LastUpdateStatus"], after["LastUpdateStatus"]] += 1
    assert seen == {("InProgress", "Successful"): CHANGES}


def test_a_new_function_is_pending_and_then_active(cloud: Cloud) -> None:
    client = cloud.client("lambda")
    with python_function(cloud, SOURCE) as made:
        for number in range(10):
            name = f"{made.name}-{number}"
            role = client.get_function_configuration(FunctionName=made.name)["Role"]
            new = client.create_function(
                FunctionName=name, Role=role, Code={"ZipFile": package(SOURCE)}, Runtime=RUNTIME, Handler="app.handler"
            )
            after = client.get_function_configuration(FunctionName=name)
            client.delete_function(FunctionName=name)
            assert (new["State"], after["State"]) == ("Pending", "Active")
