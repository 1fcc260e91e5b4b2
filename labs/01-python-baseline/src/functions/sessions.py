"""Signing in."""

from __future__ import annotations

from s3_admin_lab.auth import tokens, users
from s3_admin_lab.auth.credentials import MAX_PASSWORD, MAX_USERNAME
from s3_admin_lab.body import check_fields, required_string
from s3_admin_lab.problem import Problem
from s3_admin_lab.timestamps import rfc3339_of_epoch
from s3_admin_lab.web import Request, Response, serve

CHALLENGE = 'Bearer realm="s3-admin", Basic realm="s3-admin", charset="UTF-8"'


def create(request: Request) -> Response:
    """A token for username and password."""
    request.query.allow()
    body = request.json_object()
    check_fields(body, "username", "password")
    username = required_string(body, "username", MAX_USERNAME)
    password = required_string(body, "password", MAX_PASSWORD)
    role = users.role_of(username, password)
    if role is None:
        raise Problem(401, "wrong username or password", {"WWW-Authenticate": CHALLENGE})
    token, expires = tokens.issue(tokens.Caller(username, role))
    return Response(201, {"token": token, "expires_at": rfc3339_of_epoch(expires), "role": role})


handler = serve({"/sessions": {"POST": create}})
