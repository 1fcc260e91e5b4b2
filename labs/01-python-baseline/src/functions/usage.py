"""Where a bucket's bytes are."""

from __future__ import annotations

from s3_admin_lab import cursor
from s3_admin_lab.bucket_path import bucket_of, bucket_problem
from s3_admin_lab.service_error import ServiceError
from s3_admin_lab.web import Request, Response, serve
from s3_work.usage import walk_usage


def usage(request: Request) -> Response:
    """A walk over every key of a bucket, or as many as the time allows."""
    query = request.query
    query.allow("prefix", "depth", "top", "delimiter", "cursor")
    prefix = query.prefix()
    depth = query.whole_number("depth", default=1, low=1, high=8)
    top = query.whole_number("top", default=10, low=0, high=100)
    delimiter = query.delimiter() or "/"
    text = query.get("cursor")
    after = None if text is None else cursor.decode(text, "after", prefix=prefix)
    bucket = bucket_of(request)
    try:
        report = walk_usage(
            bucket,
            prefix=prefix,
            depth=depth,
            top=top,
            delimiter=delimiter,
            after=after,
            seconds_left=request.seconds_left,
        )
    except ServiceError as error:
        raise bucket_problem(error, bucket) from error
    return Response(200, report)


handler = serve({"/buckets/{bucket}/usage": {"GET": usage}})
