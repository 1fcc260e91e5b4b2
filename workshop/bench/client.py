"""What `lambda.invoke` takes in boto3 itself: against a server that answers every call at once.

`python -m workshop.bench.client PORT` is that server, in a process of its own like the cloud, and served like it.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import boto3
import uvicorn

from workshop.bench.table import Figure
from workshop.cloud import ports
from workshop.cloud.admin import Receive, Scope, Send, read_body
from workshop.cloud.errors import CloudError
from workshop.measure import CLIENT_CONFIG, LambdaFunction
from workshop.measure.function import Invocation

# Of this server and of the cloud alike: code has run before it is timed; and many calls, since a machine is faster for
# some seconds and slower for others.
_WARM_UP = 20
CALLS = 10
_PATIENCE_S = 20.0


def figures(n: int) -> Iterator[Figure]:
    """The whole of a call that takes the server no time."""
    with _server() as url:
        key = "nobody"
        session = boto3.Session(aws_access_key_id=key, aws_secret_access_key=key, region_name="us-east-1")
        client = session.client("lambda", endpoint_url=url, config=CLIENT_CONFIG)
        function = LambdaFunction(client, "hello", lab="", function="hello", target="local")
        yield Figure(
            "lambda.invoke of a server that answers at once", "ms", [call.client_ms for call in calls(function, n)]
        )


def calls(function: LambdaFunction, n: int) -> list[Invocation]:
    """`CALLS` times `n` warm calls, one after the other with nothing between them."""
    for _ in range(_WARM_UP):
        function.invoke({})
    return [function.invoke({}) for _ in range(CALLS * n)]


@contextmanager
def _server() -> Iterator[str]:
    port = ports.any_free()
    process = subprocess.Popen([sys.executable, "-m", __name__, str(port)])
    try:
        end = time.monotonic() + _PATIENCE_S
        while not ports.answers(port):
            if process.poll() is not None or time.monotonic() > end:
                raise CloudError("the server that answers at once did not start: run it again")
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
    del scope
    await read_body(receive)
    headers = [(b"content-type", b"application/json"), (b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"{}"})


if __name__ == "__main__":
    settings = {"http": "httptools", "loop": "uvloop", "lifespan": "off", "log_level": "error"}
    uvicorn.run(_answer, port=int(sys.argv[1]), **settings)  # type: ignore[arg-type]
