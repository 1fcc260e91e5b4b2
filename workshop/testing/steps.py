"""The steps of `./poe test`. What is found by pattern (templates, notebooks) is tested without being listed here."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from workshop.testing.step import Step

ROOT = Path(__file__).resolve().parents[2]
CLEAN_UP = "clean-up"
STAGES = ("lint", "unit", "rust", "labs", "notebooks", "packaging", CLEAN_UP)
"""In this order: seconds, then minutes. Each but the last runs only if the ones before it passed."""

_PYTEST = (sys.executable, "-m", "pytest")
_WHEEL_TESTS = ("shared_rust/s3-admin-py/tests", "labs/02-pyo3-bindings/tests")
_SCRIPTS = sorted(
    str(path.relative_to(ROOT)) for path in [*ROOT.glob(".devcontainer/*.sh"), *ROOT.glob("tests/*/*.sh")]
)
_CONFORMANCE = ("--manifest-path", "tests/conformance/rust/Cargo.toml")


def all_steps() -> list[Step]:
    """Every step, in the order of `STAGES`."""
    return [*_lint(), *_unit(), *_rust(), *_labs(), *_notebooks(), *_packaging(), *_clean_up()]


def _lint() -> Iterator[Step]:
    yield Step("ruff", "lint", ("ruff", "check"))
    yield Step("ruff format", "lint", ("ruff", "format", "--check"))
    yield Step("cargo fmt", "lint", ("cargo", "fmt", "--all", "--check"))
    yield Step("cargo fmt of the conformance suite", "lint", ("cargo", "fmt", *_CONFORMANCE, "--check"))
    yield Step("shellcheck", "lint", ("shellcheck", "poe", ".ci/run", *_SCRIPTS))
    yield Step("mypy", "lint", ("mypy", "--strict"))
    templates = [str(template.relative_to(ROOT)) for template in sorted(ROOT.glob("labs/*/template.yaml"))]
    yield Step("cfn-lint", "lint", ("cfn-lint", *templates))
    for template in templates:
        # sam looks for a region, and for nothing else of an account.
        command = ("sam", "validate", "--lint", "--template", template)
        yield Step(f"sam validate {template}", "lint", command, {"AWS_DEFAULT_REGION": "us-east-1"})


def _unit() -> Iterator[Step]:
    selection = ("-m", "not cloud and not slow", "--ignore=tests/contract")
    yield Step("unit tests", "unit", (*_PYTEST, *selection, "tests"))
    for tests in sorted(ROOT.glob("labs/*/tests")):
        name = f"unit tests {tests.parent.name}"
        yield Step(name, "unit", (*_PYTEST, "-m", "not wheel", str(tests.relative_to(ROOT))))


def _rust() -> Iterator[Step]:
    # Two compiles of every dependency: clippy needs metadata only (a minute), tests the dev profile without
    # optimising. Tests in the release profile would link each test binary with LTO instead.
    everything = ("--workspace", "--all-targets", "--locked")
    yield Step("clippy", "rust", ("cargo", "clippy", *everything, "--", "-D", "warnings"))
    # A workspace of its own, whose dependencies have other features.
    apart = (*_CONFORMANCE, "--target-dir", "target/conformance", "--locked")
    yield Step("clippy of the conformance suite", "rust", ("cargo", "clippy", *apart, "--", "-D", "warnings"))
    yield Step("cargo test", "rust", ("cargo", "test", "--workspace", "--locked"))


def _labs() -> Iterator[Step]:
    # A cloud that was started from older code would be refused: begin with none.
    yield Step("stop the cloud", "labs", ("workshop", "stop"))
    yield Step("local cloud", "labs", (*_PYTEST, "-m", "cloud and not slow", "--ignore=tests/contract", "tests"))
    yield Step("build and deploy", "labs", ("workshop", "build-and-deploy"))
    # The wheel is there only now: building lab 02 makes it.
    yield Step("Python module", "labs", (*_PYTEST, *_WHEEL_TESTS))
    yield Step("contract", "labs", (*_PYTEST, "-m", "not slow", "tests/contract"))


def _notebooks() -> Iterator[Step]:
    options = ("--nbval-lax", "--nbval-cell-timeout=900", "-W", "default")
    yield Step("notebooks", "notebooks", (*_PYTEST, *options, "notebooks"), {"WORKSHOP_QUICK": "1"})


def _packaging() -> Iterator[Step]:
    yield Step("slow tests", "packaging", (*_PYTEST, "-m", "slow", "tests"))


def _clean_up() -> Iterator[Step]:
    yield Step("stop", CLEAN_UP, ("workshop", "stop"))
    yield Step("nothing left running", CLEAN_UP, (sys.executable, "-m", "workshop.testing.leftovers"))
