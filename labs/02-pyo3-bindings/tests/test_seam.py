"""The seam between the labs: the same functions with the same arguments, and no botocore behind them."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests import wheel

LAB = Path(__file__).parents[1]
BASELINE = LAB.parent / "01-python-baseline" / "src"


def signatures(package: Path, module: str) -> dict[str, str]:
    """Public functions of a module with their arguments."""
    tree = ast.parse((package / f"{module}.py").read_text())
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {node.name: ast.unparse(node.args) for node in functions if not node.name.startswith("_")}


@pytest.mark.parametrize("module", ["audit", "buckets", "usage"])
def test_same_functions_as_lab_01(module: str) -> None:
    ours = signatures(LAB / "src" / "s3_work", module)
    theirs = signatures(BASELINE / "s3_work", module)
    assert ours
    assert ours == {name: theirs[name] for name in ours}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel, unpacked."""
    return wheel.unpack(tmp_path_factory.mktemp("site"))


@pytest.mark.wheel
@pytest.mark.parametrize("function", ["audit", "buckets", "usage"])
def test_functions_start_without_botocore(site: Path, function: str) -> None:
    code = f"import functions.{function}, sys; print(sorted({{'botocore', 'boto3'}} & set(sys.modules)))"
    path = os.pathsep.join(map(str, [LAB / "src", site, BASELINE]))
    environment = os.environ | {"PYTHONPATH": path, "AWS_REGION": "us-east-1"}
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (0, "[]\n"), result.stderr
