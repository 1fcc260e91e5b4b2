"""`workshop users`, from adding a user to keeping it out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from tests.contract import environments, secrets_used
from tests.contract.answers import Answers
from tests.contract.case import Case, nobody
from tests.contract.signer import basic
from workshop.labs import cli
from workshop.labs.errors import LabError

pytestmark = pytest.mark.cloud
USER = "contract-by-command"
TYPED = "a pässword: typed by hand"


def run(*arguments: str, typed: str | None = None) -> str:
    """What a command writes."""
    result = CliRunner().invoke(cli.app, ["users", *arguments], input=typed)
    if result.exception is not None:
        raise result.exception
    return result.output


@pytest.fixture
def user(answers: Answers) -> Iterator[str]:
    """A name that nobody has before and after."""
    dynamodb, table = answers.lab.cloud.client("dynamodb"), answers.lab.outputs["UsersTable"]
    dynamodb.delete_item(TableName=table, Key={"username": {"S": USER}})
    yield USER
    dynamodb.delete_item(TableName=table, Key={"username": {"S": USER}})


def sign_in(answers: Answers, username: str, password: str) -> tuple[int, str]:
    """Status, and role or detail."""
    body = {"username": username, "password": password}
    answer = answers.send(Case("", "signIn", "/sessions", 0, method="POST", credentials=nobody, json=body))
    return answer.status_code, answer.json().get("role") or answer.json()["detail"]


def test_a_user_with_a_generated_password(answers: Answers, user: str) -> None:
    lab = answers.lab.folder.number
    told = run("add", lab, user, "--role", "admin", "--generate")
    (password,) = re.findall(r"password, shown only now: (\S+)\n", told)
    secrets_used.use(password)
    assert told.count(password) == 1
    assert sign_in(answers, user, password) == (201, "admin")
    listed = run("list", lab)
    assert re.search(rf"{user}.*admin", listed)
    assert not re.search(r"scrypt|\$", listed)
    assert password not in listed

    with pytest.raises(LabError, match=f"there is a user '{user}' already") as taken:
        run("add", lab, user, "--generate")
    assert password not in str(taken.value)
    assert sign_in(answers, user, password) == (201, "admin"), "the password of before"

    told = run("disable", lab, user)
    assert password not in told
    assert sign_in(answers, user, password) == (401, "wrong username or password")
    case = Case("", "listBuckets", "/buckets", 401, credentials=lambda _: basic(user, password))
    assert answers.send(case).status_code == 401
    assert re.search(rf"{user}.*yes", run("list", lab))


def test_a_user_with_a_password_typed(answers: Answers, user: str) -> None:
    lab = answers.lab.folder.number
    told = run("add", lab, user, typed=f"{TYPED}\n{TYPED}\n")
    assert TYPED not in told
    assert sign_in(answers, user, TYPED) == (201, "viewer")


def test_what_cannot_be_done_is_told(answers: Answers, user: str) -> None:
    lab = answers.lab.folder.number
    with pytest.raises(LabError, match="12 to 1024 characters"):
        run("add", lab, user, typed="short\nshort\n")
    with pytest.raises(LabError, match=f"there is no user '{user}'"):
        run("disable", lab, user)
    with pytest.raises(LabError, match="none of them a space or a colon"):
        run("add", lab, "a:b", "--generate")
    assert user not in run("list", lab)


def test_new_keys_sign_nobody_out(answers: Answers, spare_keys: dict[str, object], fresh: None) -> None:
    before = answers.signer.token()
    told = run("rotate-keys", answers.lab.folder.number)
    client = answers.lab.cloud.client("secretsmanager")
    now = json.loads(client.get_secret_value(SecretId=answers.lab.token_keys)["SecretString"])
    secrets_used.use(now["key"])
    assert f"key {now['kid']}" in told
    assert now["key"] not in told
    assert str(spare_keys["key"]) not in told
    environments.end(answers.lab.cloud)
    for token in (before, answers.signer.token(kid=now["kid"], key=now["key"])):
        case = Case("", "listBuckets", "/buckets", 200, credentials=lambda _, token=token: token)  # type: ignore[misc]
        assert answers.send(case).status_code == 200
