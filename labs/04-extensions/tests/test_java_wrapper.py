"""The Java wrapper's own tests; left out by name where there is no Maven."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from conftest import WRAPPERS

MAVEN = shutil.which("mvn")


@pytest.mark.skipif(MAVEN is None, reason="Maven is not installed")
@pytest.mark.timeout(300)
def test_the_java_wrapper() -> None:
    assert MAVEN
    command = [MAVEN, "--batch-mode", "--file", str(WRAPPERS / "java" / "pom.xml"), "test"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    ran = re.search(r"Tests run: (\d+), Failures: 0, Errors: 0, Skipped: 0\n", done.stdout)
    assert ran
    assert int(ran[1]) > 10
