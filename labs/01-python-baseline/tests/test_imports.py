"""INIT is mostly imports, so a test keeps what may be imported: modules, since times depend on the machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from conftest import SOURCE

FUNCTIONS = ["authorizer", "sessions", "buckets", "objects", "usage", "audit"]
# Each costs more than what a function would gain from it (README.md has the figures).
HEAVY = ["boto3", "s3transfer", "aws_lambda_powertools", "pydantic", "httpx"]


def imported_by(statement: str) -> set[str]:
    code = f"{statement}\nimport sys, json\nprint(json.dumps(sorted(sys.modules)))"
    output = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": str(SOURCE)}, capture_output=True, check=True
    ).stdout
    return set(json.loads(output))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_imports_nothing_heavy(function: str) -> None:
    assert imported_by(f"import functions.{function}") & set(HEAVY) == set()


@pytest.mark.parametrize("function", ["buckets", "objects", "usage", "audit"])
def test_a_function_imports_no_signing_in(function: str) -> None:
    assert "jwt" not in imported_by(f"import functions.{function}")


def test_what_functions_share_needs_no_aws_sdk() -> None:
    """Functions whose S3 work is not done by botocore (lab 02) must not pay for it."""
    shared = "import s3_admin_lab.web, s3_admin_lab.bucket_path, s3_admin_lab.cursor"
    assert imported_by(shared) & {"botocore", "dataclasses", "typing"} == set()
