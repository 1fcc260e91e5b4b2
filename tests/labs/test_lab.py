"""The tiny lab, built, deployed, called and administered for real."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from workshop.labs import demo_users, token_keys
from workshop.labs.errors import LabError
from workshop.labs.lab import Lab
from workshop.target import Cloud


def test_a_lab_that_is_not_deployed_says_how(labs: Path) -> None:
    with pytest.raises(LabError, match=r'Lab\("90"\)\.deploy\(cloud\) first'):
        _ = Lab("90", directory=labs).url


@pytest.mark.cloud
class TestDeployed:
    def test_it_can_be_called_as_each_demo_user(self, tiny: Lab) -> None:
        for role in ("admin", "viewer"):
            with tiny.sign_in(role) as api:
                assert api.get("/greet").json()["authorization"] == f"Bearer token-of-{role}"

    def test_its_functions_and_outputs_are_those_of_the_stack(self, tiny: Lab) -> None:
        assert set(tiny.functions) == {"greet", "sessions"}
        assert tiny.functions["greet"] == tiny.outputs["GreetFunction"]

    def test_a_function_can_be_measured(self, tiny: Lab) -> None:
        function = tiny.function("greet")
        assert (function.lab, function.function, function.target) == ("90-tiny", "greet", "local")
        answer = function.invoke({"headers": {}}).answer
        assert json.loads(answer["body"])["authorization"] is None

    def test_an_unknown_function_is_refused_with_those_there_are(self, tiny: Lab) -> None:
        with pytest.raises(LabError, match="greet, sessions"):
            tiny.function("nope")

    def test_deploying_again_does_nothing_and_new_parameters_do(
        self, tiny: Lab, cloud: Cloud, capsys: pytest.CaptureFixture[str]
    ) -> None:
        again = Lab("90", directory=tiny.folder.path.parent)
        again.deploy(cloud)
        assert capsys.readouterr().out == ""
        again.deploy(cloud, {"Greeting": "moin"})
        assert "deploying 90-tiny" in capsys.readouterr().out
        with again.sign_in("viewer") as api:
            assert api.get("/greet").json()["greeting"] == "moin"

    def test_a_stack_that_somebody_else_deleted_is_deployed_afresh(self, tiny: Lab, cloud: Cloud) -> None:
        before = tiny._target[1].id
        Lab("90", directory=tiny.folder.path.parent).delete(cloud)
        with pytest.raises(LabError, match="not deployed to local"):
            Lab("90", directory=tiny.folder.path.parent).attach(cloud)
        tiny.deploy(cloud)
        assert tiny._target[1].id != before
        with tiny.sign_in("admin") as api:
            assert api.get("/greet").status_code == 200

    def test_one_function_is_replaced_and_the_next_deployment_brings_it_back(self, tiny: Lab, cloud: Cloud) -> None:
        def greeting() -> str:
            answer = json.loads(tiny.function("greet").invoke({"headers": {}}).answer["body"])
            return str(answer["greeting"])

        source = tiny.folder.path / "src/app.py"
        before, text = greeting(), source.read_text()
        source.write_text(text.replace('os.environ["GREETING"]', '"ahoy"'))
        try:
            tiny.replace(cloud, "greet")
            assert greeting() == "ahoy"
        finally:
            source.write_text(text)
        # The source is as it was, and so is the build: but not what runs.
        tiny.deploy(cloud)
        assert greeting() == before
        with pytest.raises(LabError, match="greet, sessions"):
            tiny.replace(cloud, "nope")

    def test_a_failing_deployment_shows_what_was_wrong(self, tiny: Lab, cloud: Cloud) -> None:
        with pytest.raises(LabError, match=r"(?s)deploying 90-tiny to the local cloud failed.*Whole log: "):
            tiny.deploy(cloud, {"NoSuchParameter": "x", "Greeting": ""})

    def test_a_wrong_password_is_refused_readably(self, tiny: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(demo_users, "password", lambda _: "something else")
        with pytest.raises(LabError, match="'viewer' was refused: 401 wrong username or password") as refused:
            tiny.sign_in("viewer")
        assert "something else" not in str(refused.value)

    def test_demo_users_are_mended_when_the_table_is_older_than_their_passwords(self, tiny: Lab) -> None:
        tiny.users.add("viewer", "another password", "viewer", replace=True)
        tiny.users.disable("admin")
        demo_users.ensure(tiny.users)
        for role in ("admin", "viewer"):
            tiny.sign_in(role).close()


@pytest.mark.cloud
class TestUsers:
    def test_a_user_can_be_added_once_listed_and_disabled(self, tiny: Lab) -> None:
        users = tiny.users
        users.add("anna", "a long password", "viewer", replace=True)
        assert users.can_sign_in("anna", "a long password", "viewer")
        with pytest.raises(LabError, match="a user 'anna' already"):
            users.add("anna", "another password", "viewer")
        assert [user.username for user in users.all()] == ["admin", "anna", "viewer"]
        users.disable("anna")
        assert not users.can_sign_in("anna", "a long password", "viewer")
        assert next(user for user in users.all() if user.username == "anna").disabled

    def test_an_unknown_user_cannot_be_disabled(self, tiny: Lab) -> None:
        with pytest.raises(LabError, match="no user 'nobody'"):
            tiny.users.disable("nobody")
        assert "nobody" not in {user.username for user in tiny.users.all()}

    @pytest.mark.parametrize("name", ["", "a:b", "a b", "x" * 65])
    def test_a_name_that_cannot_sign_in_is_refused(self, tiny: Lab, name: str) -> None:
        with pytest.raises(LabError, match="user name"):
            tiny.users.add(name, "a long password", "viewer")

    @pytest.mark.parametrize("password", ["short", "x" * 1025])
    def test_a_password_of_a_bad_length_is_refused_and_not_repeated(self, tiny: Lab, password: str) -> None:
        with pytest.raises(LabError, match="characters") as refused:
            tiny.users.add("anna2", password, "viewer")
        assert password not in str(refused.value)

    def test_rotating_keys_keeps_the_current_one_as_previous(self, tiny: Lab, cloud: Cloud) -> None:
        client = cloud.client("secretsmanager")

        def keys() -> dict[str, object]:
            secret: dict[str, object] = json.loads(client.get_secret_value(SecretId=tiny.token_keys)["SecretString"])
            return secret

        before = keys()
        kid = token_keys.rotate(cloud, tiny.token_keys)
        after = keys()
        assert after["kid"] == kid != before["kid"]
        assert after["previous"] == {"kid": before["kid"], "key": before["key"]}


@pytest.mark.cloud
def test_the_users_commands(tiny: Lab, cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    from workshop.labs import cli

    monkeypatch.setattr(cli, "_attached", lambda *_: tiny)
    run = CliRunner().invoke
    added = run(cli.app, ["users", "add", "90", "berta", "--role", "admin", "--generate"])
    assert added.exit_code == 0, added.output
    password = added.output.split("shown only now: ")[1].strip()
    assert tiny.users.can_sign_in("berta", password, "admin")
    asked = run(cli.app, ["users", "add", "90", "carl"], input="a typed password\na typed password\n")
    assert asked.exit_code == 0, asked.output
    assert "a typed password" not in asked.output
    assert tiny.users.can_sign_in("carl", "a typed password", "viewer")
    assert run(cli.app, ["users", "disable", "90", "berta"]).exit_code == 0
    listed = run(cli.app, ["users", "list", "90"]).output
    assert "berta" in listed
    assert "scrypt" not in listed
    assert run(cli.app, ["users", "rotate-keys", "90"]).exit_code == 0
