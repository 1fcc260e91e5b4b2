"""Whatever ships asks for the same features of all it stands on, so that it is compiled once.

Cargo knows a dependency's compilation by the features that one build asks for: with one feature more or less
somewhere below, each crate above is compiled again, which takes minutes. shared_rust/same-features asks for what a
package would not.
"""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from workshop.cloud.paths import ROOT

pytestmark = pytest.mark.skipif(shutil.which("cargo") is None, reason="cargo not found")

LIKE = "rust-rewrite"
TARGET = "x86_64-unknown-linux-gnu"
SDK = "aws-sdk-"
EXTENSION = "analytics-extension"
# Its own: with HTTP/2 it would be above its 4 MB, and the rest is small.
OF_THE_EXTENSION = ("aws-", "hyper")


def cargo(*arguments: str) -> str:
    command = ["cargo", *arguments, "--locked"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def features(package: str) -> dict[str, str]:
    """The features of each crate below a package that is not of this workspace, by "name version"."""
    lines = cargo("tree", "--package", package, "--edges", "normal,build", "--prefix", "none", "--no-dedupe",
                  "--target", TARGET, "--format", "{p}|{f}").splitlines()  # fmt: skip
    found = dict(line.split("|") for line in lines if line)
    return {crate.removesuffix(" (proc-macro)"): asked for crate, asked in found.items() if str(ROOT) not in crate}


def differing(tree: dict[str, str], other: dict[str, str]) -> list[str]:
    """The crates of a tree that the other has with other features, with both."""
    return [
        f"{crate} with [{asked}], in {LIKE} with [{other[crate]}]"
        for crate, asked in tree.items()
        if other.get(crate, asked) != asked
    ]


@pytest.fixture(scope="module")
def like() -> dict[str, str]:
    return features(LIKE)


def test_everything_with_the_sdk_is_compiled_once(like: dict[str, str]) -> None:
    metadata = json.loads(cargo("metadata", "--no-deps", "--format-version", "1"))
    programs = [
        package["name"]
        for package in metadata["packages"]
        if any({"bin", "cdylib"} & set(target["kind"]) for target in package["targets"])
    ]
    trees = {name: features(name) for name in programs}
    built = {name: tree for name, tree in trees.items() if any(crate.startswith(SDK) for crate in tree)}
    assert {LIKE, "s3-admin-py"} <= built.keys()
    assert {name: found for name, tree in built.items() if (found := differing(tree, like))} == {}


def test_the_extension_shares_all_but_its_http(like: dict[str, str]) -> None:
    tree = features(EXTENSION)
    assert any(crate.startswith("rustls") for crate in tree)
    found = [text for text in differing(tree, like) if not text.startswith(OF_THE_EXTENSION)]
    assert found == []
