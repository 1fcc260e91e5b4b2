"""`--only`: a function in Rust is built as SAM has it built, without SAM."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from workshop.labs import LabError, one_function, template
from workshop.labs.catalog import find_lab

RUST = "Metadata: {BuildMethod: rust-cargolambda, BuildProperties: {Binary: one}}"


def written(folder: Path, metadata: str, architecture: str) -> Path:
    path = folder / "template.yaml"
    path.write_text(
        f"Globals: {{Function: {{CodeUri: ., Architectures: [{architecture}]}}}}\n"
        f"Resources:\n  OneFunction:\n    Type: AWS::Serverless::Function\n    {metadata}\n"
        "    Properties: {Handler: bootstrap}\n"
    )
    return path


def test_every_function_of_the_rust_lab_is_one_and_no_function_in_python() -> None:
    rust, python = find_lab("03").template, find_lab("01").template
    found = {name: template.rust_binary(rust, name) for name in template.function_folders(rust)}
    assert all(binary == (rust.parent, name.removesuffix("Function").lower()) for name, binary in found.items())
    assert {template.rust_binary(python, name) for name in template.function_folders(python)} == {None}


@pytest.mark.parametrize(
    ("metadata", "architecture"),
    [(RUST, "arm64"), ("Metadata: {BuildMethod: makefile}", "x86_64"), ("Description: none", "x86_64")],
)
def test_whatever_sam_does_otherwise_is_left_to_sam(tmp_path: Path, metadata: str, architecture: str) -> None:
    assert template.rust_binary(written(tmp_path, metadata, architecture), "OneFunction") is None


def test_an_unknown_function_is_none(tmp_path: Path) -> None:
    path = written(tmp_path, RUST, "x86_64")
    assert template.rust_binary(path, "OneFunction") == (tmp_path, "one")
    assert template.rust_binary(path, "OtherFunction") is None


@pytest.mark.skipif(shutil.which("cargo") is None, reason="cargo not found")
def test_what_does_not_compile_is_told_with_the_compilers_words(labs: Path) -> None:
    folder = labs / "90-tiny"
    (folder / "src-rust" / "src").mkdir(parents=True)
    (folder / "src-rust" / "Cargo.toml").write_text('[package]\nname = "one"\nedition = "2024"\n[workspace]\n')
    (folder / "src-rust" / "src" / "main.rs").write_text('fn main() { let number: u8 = "no number"; }\n')
    written(folder, RUST, "x86_64").write_text(
        (folder / "template.yaml").read_text().replace("CodeUri: .", "CodeUri: src-rust")
    )
    with pytest.raises(LabError, match=r"(?s)building OneFunction of 90-tiny failed.*mismatched types"):
        one_function._build(find_lab("90", labs), "OneFunction")
