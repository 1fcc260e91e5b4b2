"""The managed Java runtimes, on this machine's JDK and with AWS's runtime interface client."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

from workshop.cloud.errors import CloudError
from workshop.cloud.execution import runtime_packages
from workshop.cloud.execution.function import FunctionConfig
from workshop.cloud.execution.runtimes import java_trust, programs
from workshop.cloud.execution.runtimes.programs import Installed
from workshop.cloud.execution.runtimes.runtime import Mount, Runtime

_CLASS_PATH = "/var/runtime/*:/var/task:/var/task/lib/*:/opt/java/lib/*"
_CLIENT = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda"
# As AWS's bootstrap: the rest is for the JVM itself.
_HEAP_SHARE = 0.85


def find(function: FunctionConfig, trust: Path) -> Runtime:
    """The JDK at /var/lang and the client at /var/runtime.

    The trust store is told on the command line, so that the function's own JAVA_TOOL_OPTIONS stay as they are.
    """
    jdk = _choose(function.runtime, programs.number(function.runtime))
    store = java_trust.store(jdk.prefix, trust)
    heap_kb = int(function.memory_mb * 1024 * _HEAP_SHARE)
    return Runtime(
        command=[
            "/var/lang/bin/java", f"-XX:MaxHeapSize={heap_kb}k", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
            f"-Djavax.net.ssl.trustStore=/var/tls/{store.name}",
            f"-Djavax.net.ssl.trustStorePassword={java_trust.PASSWORD}",
            "-cp", _CLASS_PATH, _CLIENT, function.handler,
        ],
        mounts=[Mount(jdk.prefix, "/var/lang"), Mount(runtime_packages.java(), "/var/runtime")],
        variables={"JAVA_HOME": "/var/lang"},
    )  # fmt: skip


def _choose(runtime: str, major: int) -> Installed:
    installed = [jdk for program in _candidates() if (jdk := _installed(program))]
    chosen = programs.choose(installed, major)
    if chosen is None:
        found = f"it has {max(jdk.major for jdk in installed)}" if installed else "it has none"
        raise CloudError(
            f"runtime '{runtime}' needs a JDK {major} or newer on this machine; {found}. "
            f"Install it (e.g. openjdk-{major}-jdk-headless), run './poe stop', and try again"
        )
    if chosen.major != major:
        programs.say_newer(runtime, f"Java {chosen.major}")
    return chosen


def _candidates() -> list[Path]:
    """JAVA_HOME, PATH, and where Linux distributions install JDKs side by side."""
    home = os.environ.get("JAVA_HOME")
    beside = [path for path in sorted(Path("/usr/lib/jvm").glob("*/bin/java")) if not path.parents[1].is_symlink()]
    return [*([Path(home) / "bin" / "java"] if home else []), *programs.on_path("java"), *beside]


@cache
def _installed(program: Path) -> Installed | None:
    answer = programs.ask([program, "-XshowSettings:properties", "-version"]) or ""
    home = re.search(r"^\s*java\.home = (.+)$", answer, re.MULTILINE)
    major = re.search(r"^\s*java\.specification\.version = (\d+)$", answer, re.MULTILINE)
    return Installed(int(major[1]), Path(home[1].strip())) if home and major else None
