"""The two users that notebooks and tests sign in with. Their passwords are this checkout's own secret."""

from __future__ import annotations

from pathlib import Path

from workshop.cloud.paths import private_directory
from workshop.files import lock, read_json, write_json
from workshop.labs.errors import LabError
from workshop.labs.passwords import generate_password
from workshop.labs.users import ROLES, Role, Users


def password(role: str) -> str:
    """The password of the demo user of a role, whose name is the role's: "admin" or "viewer".

    Generated once for a checkout and kept in `.workshop/users.json` (mode 0600), the same for all its labs.
    """
    if role not in ROLES:
        raise LabError(f"there is no demo user '{role}': take {' or '.join(ROLES)}")
    with lock(_file().with_suffix(".lock")):
        known = read_json(_file())
        if role not in known:
            known[role] = generate_password()
            write_json(_file(), known)
    return str(known[role])


def ensure(users: Users) -> None:
    """Make sure that both can sign in: a table may be older than this checkout's passwords, or new."""
    for role in ROLES:
        _ensure(users, role)


def _ensure(users: Users, role: Role) -> None:
    secret = password(role)
    if not users.can_sign_in(role, secret, role):
        users.add(role, secret, role, replace=True)


def _file() -> Path:
    return private_directory() / "users.json"
