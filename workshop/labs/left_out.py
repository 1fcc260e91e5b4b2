"""Functions in a language that this machine cannot build: left out of a lab by name, so that the rest works."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from workshop.doctor import runtimes
from workshop.doctor.finding import Finding, Status
from workshop.labs import template
from workshop.labs.catalog import LabFolder, short_name

# By the file that a folder of code in that language has, and what builds it.
_TOOLCHAINS: Sequence[tuple[str, Sequence[Callable[[], Finding]]]] = (
    ("pom.xml", (runtimes.java, runtimes.maven)),
    ("**/*.csproj", (runtimes.dotnet,)),
)


@dataclass(frozen=True, order=True)
class LeftOut:
    """One function and what it would take."""

    logical_id: str
    missing: str

    @property
    def name(self) -> str:
        """The function's short name."""
        return short_name(self.logical_id)


def of_lab(lab: LabFolder) -> list[LeftOut]:
    """The functions that cannot be built here, in the template's order."""
    found = []
    for logical_id, folder in template.function_folders(lab.template).items():
        missing = [name for sign, tools in _TOOLCHAINS if any(folder.glob(sign)) for name in _missing(tools)]
        if missing:
            found.append(LeftOut(logical_id, " and ".join(missing)))
    return found


def sentence(functions: Sequence[LeftOut]) -> str:
    """What to tell about them."""
    named = (f"{it.name} ({it.missing} not found; ./poe doctor tells how to get it)" for it in functions)
    return f"left out: {', '.join(named)}"


@contextmanager
def without(lab: LabFolder, functions: Sequence[LeftOut]) -> Iterator[list[str]]:
    """`sam build`'s options for the template without them: none for the template as it is."""
    if not functions:
        yield []
        return
    # Beside the template, since SAM looks for samconfig.toml and for the code from there.
    copy = lab.path / ".template-without-left-out.yaml"
    try:
        template.write_without(lab.template, {function.logical_id for function in functions}, copy)
        yield ["--template-file", copy.name]
    finally:
        copy.unlink(missing_ok=True)


def _missing(tools: Sequence[Callable[[], Finding]]) -> list[str]:
    findings = [tool() for tool in tools]
    return [finding.name for finding in findings if finding.status is not Status.OK]
