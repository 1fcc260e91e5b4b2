"""What is amiss with the buckets' settings."""

from __future__ import annotations

from s3_admin_lab.web import Request, Response, serve
from s3_work import audit


def run(request: Request) -> Response:
    """The findings of every bucket."""
    request.query.allow()
    return Response(200, {"buckets": audit.audit_buckets()})


handler = serve({"/audit": {"GET": run}})
