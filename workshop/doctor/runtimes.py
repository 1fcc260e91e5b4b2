"""Languages of single functions: what is missing is left out of build, tests and report by name."""

from __future__ import annotations

from workshop.doctor import versions
from workshop.doctor.finding import Finding, Remedy, Status


def java() -> Finding:
    """A JDK (not only a JRE: SAM compiles)."""
    return _optional(
        "Java (JDK)", ["javac", "-version"], 17, "Java function (lifecycle); left out without",
        Remedy("sudo apt-get install openjdk-17-jdk-headless", macos="brew install openjdk@17"),
    )  # fmt: skip


def maven() -> Finding:
    """Maven, by which SAM builds Java functions and the local cloud fetches their runtime client."""
    return _optional(
        "Maven", ["mvn", "--version"], 3, "Java function (lifecycle); left out without",
        Remedy("sudo apt-get install maven", macos="brew install maven"),
    )  # fmt: skip


def node() -> Finding:
    """Node, for the Node function of the mixed fleet."""
    return _optional(
        "Node", ["node", "--version"], 20, "Node functions; left out without",
        Remedy(
            "install Node 20 or newer: https://nodejs.org/en/download (Debian 12's own is 18)",
            macos="brew install node@20",
        ),
    )  # fmt: skip


def dotnet() -> Finding:
    """The .NET SDK, for the C# function. No distribution of Debian has one."""
    return _optional(
        ".NET SDK", ["dotnet", "--version"], 8, ".NET function (tags); left out without",
        Remedy("https://learn.microsoft.com/dotnet/core/install/linux", macos="brew install dotnet@8"),
    )  # fmt: skip


def _optional(name: str, command: list[str], major: int, why: str, remedy: Remedy) -> Finding:
    version = versions.ask(command)
    good = version is not None and version.major >= major
    return Finding(
        name,
        Status.OK if good else Status.LEFT_OUT,
        str(version) if version else "not found",
        f"{major} or newer",
        why,
        "" if good else remedy.here(),
    )
