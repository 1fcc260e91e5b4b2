"""Java functions run on this machine's JDK with AWS's own runtime client."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cloud.functions import Function, function
from workshop.cloud.execution import runtime_packages
from workshop.target import Cloud

pytestmark = [
    pytest.mark.cloud,
    pytest.mark.skipif(
        not (shutil.which("javac") and shutil.which("mvn")), reason="left out: no JDK or no Maven on this machine"
    ),
]

SOURCE = """
    import com.amazonaws.services.lambda.runtime.Context;
    import java.net.URI;
    import java.net.http.HttpClient;
    import java.net.http.HttpRequest;
    import java.net.http.HttpResponse.BodyHandlers;
    import java.util.Map;

    public class App {
        public Map<String, Object> echo(Map<String, Object> event, Context context) {
            context.getLogger().log("said " + event.get("text"));
            return Map.of(
                "event", event, "request", context.getAwsRequestId(), "arn", context.getInvokedFunctionArn(),
                "remaining", context.getRemainingTimeInMillis(), "memory", context.getMemoryLimitInMB(),
                "heap", Runtime.getRuntime().maxMemory() >> 20, "option", System.getProperty("an.option", "unset"),
                "java", Runtime.version().feature());
        }

        public int fail(Object event) { throw new IllegalStateException("gone"); }

        public String sleep(int seconds) throws Exception { Thread.sleep(seconds * 1000L); return "done"; }

        public int https(Object event) throws Exception {
            var request = HttpRequest.newBuilder(URI.create(System.getenv("AWS_ENDPOINT_URL"))).build();
            return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
        }
    }

    class Broken {
        static final int VALUE = Integer.parseInt("no number");
        public int handle(Object event) { return VALUE; }
    }
"""


@pytest.fixture(scope="module")
def code(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    directory: Path = tmp_path_factory.mktemp("java")
    (directory / "App.java").write_text(SOURCE)
    client = f"{runtime_packages.java()}/*"
    subprocess.run(["javac", "--release", "17", "-cp", client, "App.java"], cwd=directory, check=True)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for path in directory.glob("*.class"):
            archive.write(path, path.name)
    return target.getvalue()


@pytest.fixture(scope="module")
def made(cloud: Cloud, code: bytes) -> Iterator[Function]:
    settings = {"Runtime": "java17", "Handler": "App::echo", "MemorySize": 512, "Timeout": 20}
    with function(cloud, code, **settings) as java:
        yield java


def test_a_handler_and_its_context(made: Function) -> None:
    options = {"JAVA_TOOL_OPTIONS": "-Dan.option=kept"}
    made.configure(Handler="App::echo", Environment={"Variables": options})
    cold, warm = made.invoke({"text": "ünï ☃"}), made.invoke({"text": "again"})
    told = cold.payload
    assert told["event"] == {"text": "ünï ☃"}
    assert f"REPORT RequestId: {told['request']}" in cold.log
    assert told["arn"].endswith(f":function:{made.name}")
    assert 0 < told["remaining"] <= 20_000
    assert told["memory"] == 512
    assert 400 < told["heap"] < 440, "85 % of the memory, as on AWS"
    assert told["option"] == "kept"
    assert told["java"] >= 17
    assert cold.reported("Init Duration") is not None
    assert warm.reported("Init Duration") is None
    assert "said again" in warm.log


def test_an_exception_has_lambdas_shape(made: Function) -> None:
    made.configure(Handler="App::fail")
    answer, again = made.invoke(), made.invoke()
    assert answer.error == "Unhandled"
    assert answer.payload["errorType"] == "java.lang.IllegalStateException"
    assert answer.payload["errorMessage"] == "gone"
    assert "App.fail" in "".join(answer.payload["stackTrace"])
    assert again.reported("Init Duration") is None


def test_a_timeout_is_said_and_the_next_call_starts_afresh(made: Function) -> None:
    # INIT is done again within the next call's time-out, on its CPU share, and this machine may have other work.
    made.configure(Handler="App::sleep", Timeout=10)
    late, next_one = made.invoke(30), made.invoke(0)
    made.configure(Timeout=20)
    assert "Task timed out after 10.00 seconds" in late.payload["errorMessage"]
    assert next_one.payload == "done"


@pytest.mark.parametrize("handler", ["Nothing::handle", "App::nothing", "Broken::handle"])
def test_a_handler_that_cannot_be_loaded_is_an_error_that_names_it(made: Function, handler: str) -> None:
    made.configure(Handler=handler)
    answer = made.invoke()
    assert answer.error == "Unhandled"
    assert handler.split("::")[0] in str(answer.payload) or handler.split("::")[1] in str(answer.payload)


def test_java_trusts_the_clouds_authority(made: Function) -> None:
    made.configure(Handler="App::https")
    answer = made.invoke()
    assert answer.error is None, answer.payload
    assert isinstance(answer.payload, int)


def test_a_newer_java_beside_the_first_is_found_or_else_named(made: Function) -> None:
    made.configure(Runtime="java21", Handler="App::echo")
    answer = made.invoke({"text": "hello"})
    made.configure(Handler="App::https")
    status = made.invoke()
    made.configure(Runtime="java17")
    if answer.error:
        assert "'java21' needs a JDK 21 or newer" in answer.payload["errorMessage"]
    else:
        assert answer.payload["java"] >= 21
        assert isinstance(status.payload, int), "each JDK has a trust store of its own"
