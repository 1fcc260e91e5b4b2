"""Lines that the tools really print, and the fix that belongs to each."""

from __future__ import annotations

import pytest

from workshop.labs.advice import DOCTOR, fix_for


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        ("Build Failed\nError: RustCargoLambdaBuilder:RustCargoLambdaBuild - Cargo Lambda failed: error: no such "
         "command: `lambda`\n\nhelp: view all installed commands with `cargo --list`", DOCTOR),
        ("Error: PythonPipBuilder:Validation - Binary validation failed for python, searched for python in following "
         "locations  : ['/usr/bin/python3'] which did not satisfy constraints for runtime: python3.11.", DOCTOR),
        ("make: maturin: command not found", DOCTOR),
        ("sh: 1: maturin: not found", DOCTOR),
        ("error: could not compile `s3-admin` (lib) due to 1 previous error", "does not compile"),
        ("error: failed to write /x: No space left on device (os error 28)", "disk is full"),
        ("ERROR: No matching distribution found for PyJWT==2.15.1", "could not be downloaded"),
        ("An error occurred (ExpiredToken) when calling the CreateChangeSet operation", "sign in to AWS again"),
        ("Error: Could not connect to the endpoint URL: \"http://127.0.0.1:1/\"", "out of reach"),
    ],
)  # fmt: skip
def test_the_fix_is_named(line: str, fix: str) -> None:
    assert fix in (fix_for(line.splitlines()) or "")


def test_what_is_not_known_gets_no_advice() -> None:
    assert fix_for(["Error: something new"]) is None
