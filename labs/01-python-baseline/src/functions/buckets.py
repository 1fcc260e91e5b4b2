"""Buckets: list and details."""

from __future__ import annotations

from s3_admin_lab.bucket_path import bucket_of, bucket_problem
from s3_admin_lab.service_error import ServiceError
from s3_admin_lab.web import Request, Response, serve
from s3_work import buckets


def list_all(request: Request) -> Response:
    """All buckets with their regions."""
    request.query.allow()
    return Response(200, {"buckets": buckets.list_buckets()})


def details(request: Request) -> Response:
    """One bucket's settings."""
    request.query.allow()
    bucket = bucket_of(request)
    try:
        return Response(200, buckets.bucket_details(bucket))
    except ServiceError as error:
        raise bucket_problem(error, bucket) from error


handler = serve(
    {
        "/buckets": {"GET": list_all},
        "/buckets/{bucket}": {"GET": details},
    }
)
