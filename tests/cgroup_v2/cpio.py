"""Writes the archive format that Linux unpacks its first file system from ("newc" cpio)."""

from __future__ import annotations

import stat
from pathlib import PurePosixPath

_EXECUTABLE = stat.S_IFREG | 0o755
_DIRECTORY = stat.S_IFDIR | 0o755
_LINK = stat.S_IFLNK | 0o777


class Archive:
    """An archive that is put together in memory; directories are added as they are needed."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._names: set[str] = set()

    def add(self, path: str, content: bytes) -> None:
        """A file, readable and executable by everybody."""
        self._add(path, _EXECUTABLE, content)

    def link(self, path: str, target: str) -> None:
        """A symbolic link."""
        self._add(path, _LINK, target.encode())

    def directory(self, path: str) -> None:
        """A directory and those above it."""
        self._add(path, _DIRECTORY, b"")

    def content(self) -> bytes:
        """The whole archive."""
        return b"".join([*self._parts, _entry("TRAILER!!!", 0, b"", 0)])

    def _add(self, path: str, mode: int, content: bytes) -> None:
        name = path.strip("/")
        if name in self._names:
            return
        parent = PurePosixPath(name).parent
        if parent != PurePosixPath("."):
            self.directory(str(parent))
        self._names.add(name)
        self._parts.append(_entry(name, mode, content, len(self._names)))


def _entry(name: str, mode: int, content: bytes, inode: int) -> bytes:
    encoded = name.encode() + b"\0"
    # ino, mode, uid, gid, nlink, mtime, filesize, four device numbers, namesize, check
    numbers = (inode, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(encoded), 0)
    header = b"070701" + b"".join(b"%08X" % number for number in numbers)
    return _padded(header + encoded) + _padded(content)


def _padded(part: bytes) -> bytes:
    return part + b"\0" * (-len(part) % 4)
