"""Buckets: list, details, create, delete."""

from __future__ import annotations

from s3_admin_lab.bucket_path import bucket_of, bucket_problem
from s3_admin_lab.service_error import ServiceError
from s3_admin_lab.web import Request, Response, serve
from s3_work import buckets


def list_all(request: Request) -> Response:
    """All buckets with their regions."""
    request.query.allow()
    return Response(200, {"buckets": buckets.list_buckets()})


def create(request: Request) -> Response:
    """A new bucket."""
    from s3_admin_lab import bucket_changes, new_bucket  # buckets are made rarely: no part of INIT

    request.query.allow()
    new = new_bucket.parse(request.json_object())
    bucket_changes.create(new)
    return Response(201, buckets.bucket_details(new.name), {"Location": f"buckets/{new.name}"})


def details(request: Request) -> Response:
    """One bucket's settings."""
    request.query.allow()
    bucket = bucket_of(request)
    try:
        return Response(200, buckets.bucket_details(bucket))
    except ServiceError as error:
        raise bucket_problem(error, bucket) from error


def delete(request: Request) -> Response:
    """Delete an empty bucket."""
    from s3_admin_lab import bucket_changes

    request.query.allow()
    bucket_changes.delete(bucket_of(request))
    return Response(204)


handler = serve(
    {
        "/buckets": {"GET": list_all, "POST": create},
        "/buckets/{bucket}": {"GET": details, "DELETE": delete},
    }
)
