"""Published versions behind aliases, one for each memory size, so that sizes can be invoked in turn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from botocore.exceptions import ClientError, WaiterError

from workshop.measure.errors import MeasureError
from workshop.measure.function import LambdaFunction
from workshop.measure.restoring import kept, uninterrupted

_ALIAS = "workshop-{memory_mb}MB"


@contextmanager
def published(
    functions: Iterable[LambdaFunction], memory_sizes: Iterable[int]
) -> Iterator[dict[tuple[LambdaFunction, int], str]]:
    """An alias for each function and memory size (MB), by (function, size), to invoke with as qualifier.

    `$LATEST` is given each size and published; at the end, and on Ctrl-C, the aliases and the versions
    made for them are deleted and `$LATEST` is as it was.
    """
    functions, memory_sizes = list(dict.fromkeys(functions)), list(dict.fromkeys(memory_sizes))
    existing = {function: _versions(function) for function in functions}
    aliases: dict[tuple[LambdaFunction, int], str] = {}
    try:
        # $LATEST is back at its own size before the first sample is taken.
        with kept(functions):
            for function in functions:
                for memory_mb in memory_sizes:
                    alias = _ALIAS.format(memory_mb=memory_mb)
                    aliases[function, memory_mb] = alias  # before it exists: an interruption must find it
                    function.configure(memory_mb=memory_mb)
                    _publish(function, alias)
        yield aliases
    finally:
        with uninterrupted():
            for function in functions:
                _tidy(function, [alias for (one, _), alias in aliases.items() if one == function], existing[function])


def _versions(function: LambdaFunction) -> set[str]:
    pages = function.client.get_paginator("list_versions_by_function").paginate(FunctionName=function.function_name)
    return {version["Version"] for page in pages for version in page["Versions"]}


def _publish(function: LambdaFunction, alias: str) -> None:
    name, client = function.function_name, function.client
    try:
        version = client.publish_version(FunctionName=name)["Version"]
        client.get_waiter("published_version_active").wait(FunctionName=name, Qualifier=version)
        try:
            client.create_alias(FunctionName=name, Name=alias, FunctionVersion=version)
        except client.exceptions.ResourceConflictException:  # left by a run that was killed
            client.update_alias(FunctionName=name, Name=alias, FunctionVersion=version)
    except (ClientError, WaiterError) as error:
        raise MeasureError(f"{name} cannot be published: {error}") from error


def _tidy(function: LambdaFunction, aliases: Iterable[str], existing: set[str]) -> None:
    name, client = function.function_name, function.client
    for alias in aliases:
        try:
            version = client.get_alias(FunctionName=name, Name=alias)["FunctionVersion"]
        except client.exceptions.ResourceNotFoundException:
            continue
        client.delete_alias(FunctionName=name, Name=alias)
        # Lambda publishes nothing new if nothing changed: the version may be somebody else's.
        if version not in existing:
            client.delete_function(FunctionName=name, Qualifier=version)
    for version in _versions(function) - existing - {"$LATEST"}:  # published, but interrupted before its alias
        client.delete_function(FunctionName=name, Qualifier=version)
