"""`./poe bench layer`: what lab 04's layer costs each function, and what the same extension costs written in Python.

Each function is there more than once, from the same package: as its own lab has it, with no layer and no wrapper; with
the layer but no wrapper, so that the extension is there and gets no event; with both. Python's also with the extension
in Python, which needs a function's interpreter. The routes are those that make a single call of another service. All
have a whole core: with a share of one, a function waits for its next period at the end of each, and a millisecond is
lost in how the periods happen to fall.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any

from workshop.bench import packages
from workshop.bench.labs.copies import built, copied, packed
from workshop.bench.labs.setting import CALLER, FULL_CPU_MB, in_turn
from workshop.bench.labs.walks import reported
from workshop.bench.table import Figure
from workshop.labs import Lab, LabError, seed
from workshop.measure import Event, LambdaFunction, Report, rest_event
from workshop.target import Cloud

NONE, ALONE, RUST, PYTHON = "no layer", "Rust extension alone", "Rust extension", "Python extension"

# One function of each runtime, and a route of it.
CASES = {
    "objects": "GET /buckets/{bucket}/objects",
    "lifecycle": "GET /buckets/{bucket}/lifecycle",
    "analytics": "GET /analytics",
    "usage": "GET /buckets/{bucket}/usage",
}
_OWN_HANDLER = "ANALYTICS_HANDLER"
_WARM_UP = 3


def figures(cloud: Cloud, n: int, only: Collection[str] = ()) -> Iterator[Figure]:
    """INIT, client time and CPU time when warm, memory: of each variant, and beyond the function without a layer.

    Of the functions in `only`, or of all in `CASES`. Raises LabError for one that is not there.
    """
    unknown = set(only) - set(CASES)
    if unknown:
        raise LabError(f"no such function: {', '.join(sorted(unknown))}. There are {', '.join(CASES)}")
    lab = Lab("04").attach(cloud)
    seed.seed(cloud)
    for name in CASES:
        if name in lab.functions and (not only or name in only):
            yield from _of_function(lab, name, event_of(lab, name), n)


def _of_function(lab: Lab, name: str, event: Event, n: int) -> Iterator[Figure]:
    with ExitStack() as stack:
        made = stack.enter_context(variants(lab, name))
        colds = in_turn({variant: partial(_cold, each, event) for variant, each in made.items()}, n)
        for _ in range(_WARM_UP):
            for each in made.values():
                _warm(each, event)
        warms = in_turn({variant: partial(_warm, each, event) for variant, each in made.items()}, 6 * n)
    runtime = lab.function(name).configuration().runtime
    inits = {variant: [report.init_ms or 0.0 for report in reports] for variant, reports in colds.items()}
    clients = {variant: [ms for ms, _ in calls] for variant, calls in warms.items()}
    cpu = {variant: [report.cpu_ms or 0.0 for _, report in calls] for variant, calls in warms.items()}
    memory = {variant: [float(report.max_memory_mb) for _, report in calls] for variant, calls in warms.items()}
    yield from _compared(f"INIT, {name} ({runtime})", "ms", inits)
    yield from _compared(f"warm client time, {name} ({runtime})", "ms", clients)
    yield from _compared(f"warm CPU time, {name} ({runtime})", "ms", cpu)
    yield from _compared(f"memory, {name} ({runtime})", "MB", memory)


def _compared(what: str, unit: str, samples: dict[str, list[float]]) -> Iterator[Figure]:
    for variant, found in samples.items():
        yield Figure(f"{what}, {variant}", unit, found)
    for variant in samples:
        if variant != NONE:
            beyond = [own - base for own, base in zip(samples[variant], samples[NONE], strict=True)]
            yield Figure(f"{what}, {variant} beyond {NONE}", unit, beyond)


@contextmanager
def variants(lab: Lab, name: str) -> Iterator[dict[str, LambdaFunction]]:
    """A function of lab 04, deployed and built here, without a layer and with each; their rows are labelled so."""
    deployed = lab.function(name)
    found = deployed.client.get_function_configuration(FunctionName=deployed.function_name)
    variables: dict[str, str] = dict(found.get("Environment", {}).get("Variables", {}))
    layers = [layer["Arn"] for layer in found.get("Layers", [])]
    logical_id = f"{name.capitalize()}Function"
    package = packed(built(lab, logical_id), {})
    own: dict[str, Any] = {"Handler": variables.pop(_OWN_HANDLER, found["Handler"])}
    with ExitStack() as stack:

        def copy(label: str, **settings: Any) -> LambdaFunction:
            return stack.enter_context(copied(deployed, package, lab=label, MemorySize=FULL_CPU_MB, **settings))

        made = {
            NONE: copy(NONE, Layers=[], Environment={"Variables": variables}, **own),
            ALONE: copy(ALONE, Layers=layers, Environment={"Variables": variables}, **own),
            RUST: copy(RUST, Layers=layers),
        }
        if found["Runtime"].startswith("python"):
            made[PYTHON] = copy(PYTHON, Layers=[stack.enter_context(_python_layer(lab, deployed))])
        yield made


@contextmanager
def _python_layer(lab: Lab, function: LambdaFunction) -> Iterator[str]:
    """The ARN of a layer like the lab's, whose extension is the one in Python."""
    built = lab.folder.built_template.parent / "AnalyticsLayer"
    paths = [path for part in ("analytics", "python") for path in sorted((built / part).rglob("*")) if path.is_file()]
    files = {path.relative_to(built).as_posix(): path.read_bytes() for path in paths}
    extension = lab.folder.path / "extension-in-python" / "analytics-in-python"
    files[f"extensions/{extension.name}"] = extension.read_bytes()
    layer = "bench-analytics-in-python"
    made = function.client.publish_layer_version(LayerName=layer, Content={"ZipFile": packages.of_files(files)})
    try:
        yield made["LayerVersionArn"]
    finally:
        function.client.delete_layer_version(LayerName=layer, VersionNumber=made["Version"])


def event_of(lab: Lab, name: str) -> Event:
    """What the function of `CASES` is asked for; the demo data must be there."""
    route, today = CASES[name], datetime.now(UTC).date().isoformat()
    path = {"bucket": seed.bucket_name(lab.cloud, seed.ODD_KEYS_BUCKET)} if "{bucket}" in route else {}
    query = {"from": today, "to": today} if name == "analytics" else {}
    return rest_event(route, path=path, query=query, caller=CALLER)


def _cold(function: LambdaFunction, event: Event) -> Report:
    function.force_cold_start()
    return reported(function, function.invoke(event.payload))


def _warm(function: LambdaFunction, event: Event) -> tuple[float, Report]:
    invocation = function.invoke(event.payload)
    return invocation.client_ms, reported(function, invocation)
