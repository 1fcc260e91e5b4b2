"""The managed .NET runtime, which the local cloud does not have."""

from __future__ import annotations

from typing import NoReturn

from workshop.cloud.errors import CloudError
from workshop.cloud.execution.function import FunctionConfig


def find(function: FunctionConfig) -> NoReturn:
    """Raises CloudError: AWS's own runtime client for .NET comes with its image only.

    A .NET program that brings the client along (`Amazon.Lambda.RuntimeSupport`) runs as a custom runtime.
    """
    raise CloudError(
        f"runtime '{function.runtime}' is not available in the local cloud. With the .NET SDK (see ./poe doctor), "
        "publish the function self-contained with Amazon.Lambda.RuntimeSupport and set 'Runtime: provided.al2023'"
    )
