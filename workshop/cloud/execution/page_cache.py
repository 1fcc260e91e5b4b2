"""Putting files out of the page cache: on AWS a function's code comes off a disk that has not read it yet."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


def evict(directories: Iterable[Path]) -> None:
    """Put every file below out of the cache. Pages that a living process has mapped stay: the kernel keeps those."""
    for directory in directories:
        for parent, _, names in os.walk(directory):
            for name in names:
                _evict_file(Path(parent, name))


def _evict_file(path: Path) -> None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return  # a link, whose target is evicted where it lies, or gone meanwhile
    try:
        # Pages that are still to be written stay, and code has just been unpacked.
        os.fdatasync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    except OSError:
        return  # a pipe or a socket has no pages
    finally:
        os.close(descriptor)
