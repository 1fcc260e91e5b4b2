"""`workshop build-and-deploy`, `workshop seed`, `workshop usage` and `workshop users …`."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from workshop.cli.target import ProfileOption, RegionOption, Target, TargetOption, cloud_of
from workshop.labs import catalog, seed, token_keys, usage
from workshop.labs.errors import LabError
from workshop.labs.lab import Lab
from workshop.labs.passwords import generate_password
from workshop.labs.progress import ProgressLine
from workshop.labs.usage.calls import PatientCalls
from workshop.labs.usage.show import show
from workshop.labs.users import ROLES, SHORTEST_PASSWORD, Role

app = typer.Typer()
users_app = typer.Typer(help="Users of a deployed lab.", no_args_is_help=True)
app.add_typer(users_app, name="users")
_console = Console()


class _Role(StrEnum):
    VIEWER = "viewer"
    ADMIN = "admin"


_LabArgument = Annotated[str, typer.Argument(metavar="LAB", help='A lab by name or number: "01".')]
_UserArgument = Annotated[str, typer.Argument(metavar="USERNAME")]


@app.command()
def build_and_deploy(
    labs: Annotated[list[str] | None, typer.Argument(metavar="[LAB]...", help="Which (default: all).")] = None,
    target: TargetOption = Target.LOCAL,
    profile: ProfileOption = None,
    region: RegionOption = None,
    parameter: Annotated[
        list[str] | None, typer.Option("--parameter", metavar="NAME=VALUE", help="A template's parameter; repeatable.")
    ] = None,
    only: Annotated[
        str | None, typer.Option("--only", metavar="FUNCTION", help="Replace the code of this function, nothing else.")
    ] = None,
) -> None:
    """Build and deploy what changed. The first build of the Rust labs takes minutes, later ones seconds."""
    if only is not None:
        if not labs or len(labs) != 1 or parameter:
            raise LabError("--only wants one lab and no --parameter: ./poe build-and-deploy 03 --only usage")
        Lab(labs[0]).replace(cloud_of(target, profile, region), only)
        return
    parameters = dict(_name_and_value(text) for text in parameter or [])
    # A wrong name is told before anything is started or built.
    chosen = [Lab(name) for name in labs or [folder.name for folder in catalog.all_labs()]]
    if not chosen:
        raise LabError(f"there are no labs under {catalog.LABS}")
    cloud = cloud_of(target, profile, region)
    for lab in chosen:
        lab.deploy(cloud, parameters)
        _console.print(f"{lab.name}: {lab.url}", highlight=False, soft_wrap=True)


@app.command(name="seed")
def seed_command(
    objects: Annotated[int, typer.Option("--objects", help="Objects in the big bucket.")] = seed.DEFAULT_OBJECTS,
    from_directory: Annotated[
        Path | None, typer.Option("--from-directory", help="Upload this folder into a bucket of its own instead.")
    ] = None,
    target: TargetOption = Target.LOCAL,
    profile: ProfileOption = None,
    region: RegionOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before writing to AWS.")] = False,
) -> None:
    """Fill the target's S3 with the demo company's buckets, the same every time."""
    cloud = cloud_of(target, profile, region)
    if target is Target.AWS and not yes:
        typer.confirm("This makes buckets and objects in your AWS account, which cost money. Go on?", abort=True)
    if from_directory is not None:
        done = seed.seed_from_directory(cloud, from_directory)
    else:
        done = seed.seed(cloud, object_count=objects)
    _console.print(_told(done), highlight=False, soft_wrap=True)


@app.command(name="usage")
def usage_command(
    lab: _LabArgument,
    bucket: Annotated[str, typer.Argument(metavar="BUCKET")],
    prefix: Annotated[str, typer.Option("--prefix", help="Only keys that begin so.")] = "",
    depth: Annotated[int, typer.Option("--depth", min=1, max=8, help="Folders that are told apart.")] = 1,
    top: Annotated[int, typer.Option("--top", min=0, max=100, help="How many of the largest objects.")] = 10,
    workers: Annotated[int, typer.Option("--workers", min=1, max=64, help="Parts walked at a time.")] = 4,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    target: TargetOption = Target.LOCAL,
    profile: ProfileOption = None,
    region: RegionOption = None,
) -> None:
    """Walk a whole bucket by a lab's API: however large it is, part by part and past the function's time-out."""
    deployed = _attached(lab, target, profile, region)
    with (
        deployed.sign_in("viewer") as client,
        ProgressLine(f"usage of {bucket}", Console(stderr=True)) as line,
    ):
        report = usage.walk(
            PatientCalls(client), bucket, prefix=prefix, depth=depth, top=top, workers=workers,
            tell=lambda so_far: line.show(f"{so_far.objects:,} objects, {so_far.done} of {so_far.parts} parts done"),
        )  # fmt: skip
    if as_json:
        print(json.dumps(report, ensure_ascii=False))
    else:
        show(report, _console)


@users_app.command(name="add")
def add_user(
    lab: _LabArgument,
    username: _UserArgument,
    role: Annotated[_Role, typer.Option("--role", help="What the user may do.")] = _Role.VIEWER,
    generate: Annotated[bool, typer.Option("--generate", help="Make a password and show it once.")] = False,
    target: TargetOption = Target.LOCAL,
    profile: ProfileOption = None,
    region: RegionOption = None,
) -> None:
    """Add a user; the password is asked for, or generated and shown once."""
    deployed = _attached(lab, target, profile, region)
    password = generate_password() if generate else _ask_for_password()
    deployed.users.add(username, password, _role(role))
    _console.print(f"{deployed.name}: added {username} ({role})", highlight=False, markup=False)
    if generate:
        _console.print(f"password, shown only now: {password}", highlight=False, markup=False, soft_wrap=True)


@users_app.command(name="list")
def list_users(
    lab: _LabArgument,
    target: TargetOption = Target.LOCAL,
    profile: ProfileOption = None,
    region: RegionOption = None,
) -> None:
    """List users."""
    table = Table("username", "role", "created", "disabled")
    for user in _attached(lab, target, profile, region).users.all():
        table.add_row(user.username, user.role, user.created_at, "yes" if user.disabled else "")
    _console.print(table)


@users_app.command(name="disable")
def disable_user(
    lab: _LabArgument,
    username: _UserArgument,
    target: TargetOption = Target.LOCAL,
    profile: ProfileOption = None,
    region: RegionOption = None,
) -> None:
    """Keep a user from signing in from now on. Tokens already made stay good for up to 15 minutes."""
    deployed = _attached(lab, target, profile, region)
    deployed.users.disable(username)
    _console.print(f"{deployed.name}: disabled {username}", highlight=False, markup=False)


@users_app.command(name="rotate-keys")
def rotate_keys(
    lab: _LabArgument,
    target: TargetOption = Target.LOCAL,
    profile: ProfileOption = None,
    region: RegionOption = None,
) -> None:
    """Make a new key for signing tokens. Those made with the current one stay good: nobody is signed out."""
    deployed = _attached(lab, target, profile, region)
    kid = token_keys.rotate(deployed.cloud, deployed.token_keys)
    _console.print(f"{deployed.name}: new tokens are signed with key {kid}", highlight=False)


def _attached(lab: str, target: Target, profile: str | None, region: str | None) -> Lab:
    found = Lab(lab)
    return found.attach(cloud_of(target, profile, region))


def _name_and_value(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator or not name.isalnum():
        raise LabError(f"'{text}' is no parameter: write NAME=VALUE, e.g. MemorySize=1024")
    return name, value


def _role(role: _Role) -> Role:
    return next(name for name in ROLES if name == role.value)


def _ask_for_password() -> str:
    answer: str = typer.prompt(
        f"Password (at least {SHORTEST_PASSWORD} characters)", hide_input=True, confirmation_prompt=True
    )
    return answer


def _told(done: seed.Seeded) -> str:
    what = f"{done.objects:,} objects ({done.bytes / 1e6:.1f} MB) in {done.buckets} bucket{'s'[: done.buckets > 1]}"
    how = f"{done.written:,} written" if done.written else "all there already"
    ages = "" if done.has_ages else "; S3 cannot backdate them, so they are all of today"
    return f"{what}, {how} in {done.seconds:.1f} s{ages}"
