"""Objects of a bucket."""

from __future__ import annotations

from s3_admin_lab import cursor, objects
from s3_admin_lab.bucket_path import bucket_of
from s3_admin_lab.problem import bad_request
from s3_admin_lab.web import Request, Response, serve


def list_page(request: Request) -> Response:
    """One page of objects."""
    query = request.query
    query.allow("prefix", "delimiter", "limit", "cursor")
    prefix = query.prefix()
    delimiter = query.delimiter()
    limit = query.whole_number("limit", default=100, low=1, high=1000)
    text = query.get("cursor")
    token = None if text is None else cursor.decode(text, "token", prefix=prefix, delimiter=delimiter)
    bucket = bucket_of(request)
    return Response(200, objects.list_page(bucket, prefix=prefix, delimiter=delimiter, limit=limit, token=token))


def details(request: Request) -> Response:
    """An object's metadata and tags."""
    request.query.allow("key")
    key = request.query.key()
    return Response(200, objects.details(bucket_of(request), key))


def delete(request: Request) -> Response:
    """Delete an object or a version of it."""
    request.query.allow("key", "version_id")
    key = request.query.key()
    version_id = request.query.short_text("version_id", 1024)
    objects.delete(bucket_of(request), key, version_id)
    return Response(204)


def create_url(request: Request) -> Response:
    """A presigned URL."""
    query = request.query
    query.allow("key", "method", "expires")
    key = query.key()
    method = query.get("method")
    if method not in (None, "GET", "PUT"):
        raise bad_request("'method' must be GET or PUT")
    expires = query.whole_number("expires", default=900, low=1, high=3600)
    bucket = bucket_of(request)
    return Response(201, objects.presigned_url(bucket, key, method=method or "GET", expires=expires))


handler = serve(
    {
        "/buckets/{bucket}/objects": {"GET": list_page},
        "/buckets/{bucket}/object": {"GET": details, "DELETE": delete},
        "/buckets/{bucket}/object-url": {"POST": create_url},
    }
)
