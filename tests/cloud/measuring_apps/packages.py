"""Deployment packages of the measuring apps' kind: one file, perhaps with the SDK v2 beside it."""

from __future__ import annotations

import io
import shutil
import zipfile
from functools import cache
from pathlib import Path

from tests.cloud.functions import package
from workshop.cloud.execution import runtime_packages

_LOCKED = Path(__file__).parent / "sdk_v2"


def plain(source: str) -> bytes:
    return package(source, "app.js")


@cache
def with_sdk_v2(source: str) -> bytes:
    """Also `node_modules` with aws-sdk 2, without what only browsers and compilers need."""
    target = io.BytesIO(plain(source))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        installed = _sdk_v2()
        for path in sorted(installed.rglob("*")):
            name = path.relative_to(installed).as_posix()
            if path.is_file() and path.suffix in (".js", ".json") and not _unused(name):
                archive.write(path, name)
    return target.getvalue()


def _unused(name: str) -> bool:
    return name.startswith(("node_modules/aws-sdk/dist", "node_modules/.")) or (
        name.startswith("node_modules/aws-sdk/apis/") and "/apis/l" not in name and "/apis/metadata" not in name
    )


def _sdk_v2() -> Path:
    """Installed once, from the lock file and checked by its hashes."""

    def install(directory: Path) -> None:
        shutil.copytree(_LOCKED, directory)
        command = ["npm", "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"]
        runtime_packages._run(command, directory, "the AWS SDK v2 for tests")

    return runtime_packages._once("test-sdk-v2", (_LOCKED / "package-lock.json").read_bytes(), install)
