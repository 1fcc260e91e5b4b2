"""What everything is built with: required on every machine."""

from __future__ import annotations

import sys
from pathlib import Path

from workshop.doctor import versions
from workshop.doctor.finding import Finding, Remedy, Status
from workshop.doctor.versions import Version

_RUSTUP = "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y && . ~/.cargo/env"
_COMPILER = Remedy("sudo apt-get install build-essential", macos="xcode-select --install")
_PYTHON = Remedy("sudo apt-get install python3.11 python3.11-venv", macos="brew install python@3.11")


def python() -> Finding:
    """The interpreter of the environment, which ./poe picked."""
    version = Version(*sys.version_info[:3])
    good = (3, 11) <= version[:2] < (3, 14)
    return Finding(
        "Python",
        Status.OK if good else Status.MISSING,
        str(version),
        "3.11 to 3.13",
        "notebooks and measuring",
        "" if good else _PYTHON.here(),
    )


def python_runtime() -> Finding:
    """The labs' functions are of runtime python3.11; the local cloud runs them with the interpreter of that version."""
    return _required("python3.11", ["python3.11", "--version"], "runs the labs' functions, like AWS's runtime", _PYTHON)


def rust() -> Finding:
    """The compiler and cargo, at least as new as the workspace asks for."""
    needed = versions.rust_needed()
    found = versions.ask(["rustc", "--version"])
    cargo = versions.ask(["cargo", "--version"])
    good = found is not None and cargo is not None and found >= needed
    return Finding(
        "Rust",
        Status.OK if good else Status.MISSING,
        str(found) if found and cargo else "not found",
        f"{needed.major}.{needed.minor} or newer",
        "builds labs 02 and 03 and the local Lambda",
        "" if good else _rust_remedy(found).here(),
    )


def _rust_remedy(found: Version | None) -> Remedy:
    if found is not None:
        return Remedy("rustup update stable (no rustup: see https://rustup.rs)")
    if (Path.home() / ".cargo/bin/cargo").exists():
        return Remedy(". ~/.cargo/env (it is installed, but not on PATH)")
    return Remedy(_RUSTUP)


def rust_components() -> Finding:
    """Formatter and linter, which only the project's own tests run."""
    missing = [
        name
        for name in ("rustfmt", "clippy")
        if versions.ask([f"cargo-{name.replace('rustf', 'f')}", "--version"]) is None
    ]
    return Finding(
        "rustfmt, clippy",
        Status.LEFT_OUT if missing else Status.OK,
        f"no {' and no '.join(missing)}" if missing else "found",
        "of the same toolchain",
        "./poe test and ./poe lint check the Rust code with them",
        Remedy("rustup component add rustfmt clippy").here() if missing else "",
    )


def c_compiler() -> Finding:
    """The linker's driver, and the C parts of crates such as ring."""
    return _required("C compiler", ["cc", "--version"], "links Rust programs", _COMPILER)


def make() -> Finding:
    """SAM's makefile build method."""
    return _required("make", ["make", "--version"], "sam build runs the labs' makefiles", _COMPILER)


def git() -> Finding:
    """Exercises and their resets."""
    remedy = Remedy("sudo apt-get install git", macos="xcode-select --install")
    return _required("git", ["git", "--version"], "the checkout itself; exercises are reset with it", remedy)


def _required(name: str, command: list[str], why: str, remedy: Remedy) -> Finding:
    version = versions.ask(command)
    return Finding(
        name,
        Status.OK if version else Status.MISSING,
        str(version) if version else "not found",
        "any",
        why,
        "" if version else remedy.here(),
    )
