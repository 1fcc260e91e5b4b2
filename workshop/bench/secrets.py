"""`./poe bench secrets`: what a function saves that reads a secret from lab 04's extension, not through its SDK.

Each runtime has the same handler twice: with an SDK client made in INIT, and with plain HTTP to the extension, which
comes as the deployed lab's layer. Neither keeps the secret, so that a warm call shows what another read costs.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pandas as pd

from workshop.bench import deployed, packages, tls
from workshop.bench.deployed import Variant
from workshop.bench.rows import checked, to_answer
from workshop.bench.table import about
from workshop.cloud.errors import CloudError
from workshop.labs import Lab, LabError
from workshop.measure import cold, cold_starts, warm, warm_calls
from workshop.plots.style import number
from workshop.target import Cloud

MEMORY_SIZES = (128, 512)
SDK, EXTENSION = "SDK", "extension"
RUST = "no program of the workspace reads a secret both ways"

_WARM_UP = 3
_COPY_DEPENDENCIES = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
# As lab 04's Java function has them.
_JAVA_OPTIONS = {"JAVA_TOOL_OPTIONS": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"}
# As long as the labs' token keys; a secret that is none.
_CONTENT = json.dumps({"kid": "1", "key": "k" * 64})


def left_out() -> dict[str, str]:
    """Runtimes that are not compared, with the reason."""
    return {name: f"{tools} not found" for name, tools in tls.left_out().items()} | {"Rust": RUST}


def measure(cloud: Cloud, n: int) -> pd.DataFrame:
    """`n` cold and `n` warm calls of each, in turn. Raises CloudError if one fails, LabError without lab 04."""
    python, layers = _fleet(cloud)
    readers = _readers(python)
    with _secret(cloud) as (secret, policy):
        variants = [
            replace(
                reader,
                function=label(reader.function, size),
                memory_mb=size,
                variables={"SECRET_ID": secret, **reader.variables},
                layers=layers if reader.function == EXTENSION else (),
            )
            for size in MEMORY_SIZES
            for reader in readers
        ]
        with deployed.functions(cloud, variants, policy) as functions:
            rows = pd.concat([cold_starts(functions, {}, n=n), warm_calls(functions, {}, n=n, warm_up=_WARM_UP)])
    return checked(rows)


def label(way: str, memory_mb: int) -> str:
    """How a function is called in the rows."""
    return f"{way} {memory_mb} MB"


def markdown(rows: pd.DataFrame, machine: dict[str, str], n: int) -> str:
    """The table of medians, under a line that says where and when it was measured."""
    head = ["runtime", "MB", "read by", "INIT", "first", "INIT + first", "saved", "warm", "memory, MB"]
    lines = [f"| {' | '.join(head)} |", "|---|--:|---|--:|--:|--:|--:|--:|--:|"]
    for runtime, size in dict.fromkeys(zip(rows["lab"], rows["memory_mb"], strict=True)):
        of_pair = rows[(rows["lab"] == runtime) & (rows["memory_mb"] == size)]
        parts = {way: of_pair[of_pair["function"] == label(way, size)] for way in (SDK, EXTENSION)}
        saved = {SDK: "", EXTENSION: _saved(to_answer(parts[SDK]), to_answer(parts[EXTENSION]))}
        lines += [_line(f"{runtime} | {size} | {way}", part, saved[way]) for way, part in parts.items()]
    missing = [f"{name} is left out: {why}." for name, why in left_out().items()]
    return "\n\n".join([about(machine, n), "\n".join(lines), *missing])


def _line(names: str, part: pd.DataFrame, saved: str) -> str:
    colds = cold(part)
    columns = (colds["init_ms"], colds["duration_ms"], to_answer(part), warm(part)["duration_ms"])
    init, first, both, again = (number(statistics.median(column)) for column in columns)
    memory = number(statistics.median(part["max_memory_mb"]))
    return f"| {names} | {init} | {first} | {both} | {saved} | {again} | {memory} |"


def _saved(by_sdk: list[float], by_extension: list[float]) -> str:
    """Median and range of the rounds' differences: both sides of one met the same machine."""
    differences = [one - other for one, other in zip(by_sdk, by_extension, strict=True)]
    least, most = min(differences), max(differences)
    return f"{number(statistics.median(differences))} ({number(least)} to {number(most)})"


def _fleet(cloud: Cloud) -> tuple[str, tuple[str, ...]]:
    """The runtime of lab 04's Python functions, and their layers."""
    one = Lab("04").attach(cloud).function("buckets")
    found = one.client.get_function_configuration(FunctionName=one.function_name)
    layers = tuple(layer["Arn"] for layer in found.get("Layers", []))
    if not layers:
        raise LabError("lab 04 is deployed without its layer: run ./poe build-and-deploy 04")
    return found["Runtime"], layers


@contextmanager
def _secret(cloud: Cloud) -> Iterator[tuple[str, dict[str, object]]]:
    """A secret's ARN and the policy that allows to read it."""
    client = cloud.client("secretsmanager")
    arn = client.create_secret(Name=f"bench-{uuid.uuid4().hex[:8]}", SecretString=_CONTENT)["ARN"]
    try:
        yield arn, {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": arn}
    finally:
        client.delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)


def _readers(python: str) -> list[Variant]:
    """What this machine can run, each way of each runtime; `function` is the way."""
    missing = left_out()
    readers = _scripts("Python", python, ".py")
    if "Node" not in missing:
        readers += _scripts("Node", "nodejs20.x", ".mjs")
    if "Java" not in missing:
        readers += _java()
    return readers


def _scripts(name: str, runtime: str, ending: str) -> list[Variant]:
    return [
        Variant(name, way, runtime, f"{module}.handler", packages.of_source(module + ending))
        for way, module in ((SDK, "sdk_secret"), (EXTENSION, "extension_secret"))
    ]


def _java() -> list[Variant]:
    """Both classes, each with the jars that it needs. Raises CloudError if they cannot be built."""
    source = packages.FUNCTIONS / "java_secret"
    with tempfile.TemporaryDirectory() as directory:
        jars, classes = Path(directory) / "lib", Path(directory) / "classes"
        maven = ["mvn", "--batch-mode", "--quiet", "--strict-checksums", "--file", str(source / "pom.xml")]
        _run([*maven, _COPY_DEPENDENCIES, "-DincludeScope=runtime", f"-DoutputDirectory={jars}"])
        compiler = ["javac", "--release", "17", "-cp", f"{jars}/*", "-d", str(classes)]
        _run([*compiler, *map(str, sorted(source.glob("*.java")))])
        return [
            _java_variant(SDK, classes / "SdkSecret.class", [jar for jar in jars.iterdir() if not _is_parser(jar)]),
            _java_variant(EXTENSION, classes / "ExtensionSecret.class", filter(_is_parser, jars.iterdir())),
        ]


def _java_variant(way: str, program: Path, jars: Iterable[Path]) -> Variant:
    files = {program.name: program.read_bytes()} | {f"lib/{jar.name}": jar.read_bytes() for jar in jars}
    handler = f"{program.stem}::handle"
    return Variant("Java", way, "java17", handler, packages.of_files(files), variables=_JAVA_OPTIONS)


def _is_parser(jar: Path) -> bool:
    """The only jar that the extension's client needs; the SDK has a parser of its own."""
    return jar.name.startswith("jackson-core-")


def _run(command: list[str]) -> None:
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        told = (result.stdout + result.stderr).strip()
        raise CloudError(f"the Java functions do not build ({command[0]}): {told}: run ./poe doctor")
