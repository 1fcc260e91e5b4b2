"""GET /buckets and GET /buckets/{bucket}."""

from __future__ import annotations

from tests.contract.case import Case, viewer
from tests.contract.world import EMPTY, FULL, MISSING, PLAIN, VERSIONED

_NOBODYS = "no bucket can have this name"


def _details(bucket: str, status: int, detail: str | None = None, **options: object) -> Case:
    return Case(f"details: {bucket[:40]}", "getBucket", f"/buckets/{bucket}", status, detail, **options)  # type: ignore[arg-type]


CASES = [
    Case("buckets", "listBuckets", "/buckets", 200),
    Case(
        "buckets: unknown parameter",
        "listBuckets",
        "/buckets",
        400,
        "unknown query parameter 'limit'",
        query=[("limit", "1")],
    ),
    Case("buckets: unknown, empty", "listBuckets", "/buckets", 400, "unknown query parameter 'x'", query=[("x", "")]),
    Case(
        "buckets: the first unknown one is named",
        "listBuckets",
        "/buckets",
        400,
        "unknown query parameter 'B'",
        query=[("a", "1"), ("B", "1"), ("c", "1")],
    ),
    _details(
        PLAIN, 200, body={"name": PLAIN, "region": "us-east-1", "versioning": None, "policy_status": None, "errors": {}}
    ),
    _details(EMPTY, 200, credentials=viewer),
    _details(VERSIONED, 200, body={"versioning": "Enabled"}),
    _details(
        FULL,
        200,
        body={
            "region": "eu-west-1",
            "versioning": "Suspended",
            "encryption": {"algorithm": "aws:kms", "bucket_key": True},
            "public_access_block": {
                "block_public_acls": True,
                "ignore_public_acls": False,
                "block_public_policy": False,
                "restrict_public_buckets": False,
            },
            "policy_status": {"is_public": True},
            "tags": {"team": "finance ä"},
            "lifecycle_rules": 1,
            "errors": {},
        },
    ),
    _details(MISSING, 404, f"no bucket '{MISSING}'"),
    _details("Contract_OLD.name", 404, "no bucket 'Contract_OLD.name'"),
    _details("ab", 404, _NOBODYS),
    _details("-abc", 404, _NOBODYS),
    _details("b%C3%BCcket", 404, _NOBODYS),
    _details("a%20b", 404, _NOBODYS),
    _details("x" * 256, 404, _NOBODYS),
    _details("arn:aws:s3:us-east-1:123456789012:accesspoint", 404, _NOBODYS),
    Case(
        "details: parameter before name",
        "getBucket",
        "/buckets/ab",
        400,
        "unknown query parameter 'region'",
        query=[("region", "x")],
    ),
]
