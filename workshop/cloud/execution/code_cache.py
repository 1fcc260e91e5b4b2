"""Deployment packages unpacked once, by content, to be mounted into any number of environments."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import stat
import threading
import zipfile
from pathlib import Path


class CodeCache:
    """Directories named after the SHA-256 of the zip they came from."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()

    def unpack(self, archive: bytes) -> Path:
        """The directory with the archive's content, readable by the sandbox's user.

        Raises `zipfile.BadZipFile` for what is no zip.
        """
        target = self._root / hashlib.sha256(archive).hexdigest()[:32]
        with self._lock:
            if not target.is_dir():
                partial = self._root / f".{target.name}.{os.getpid()}"
                shutil.rmtree(partial, ignore_errors=True)
                partial.mkdir(parents=True, mode=0o755)
                _extract(archive, partial)
                partial.rename(target)
        return target


def _extract(archive: bytes, target: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(archive)) as package:
        for entry in package.infolist():
            path = Path(package.extract(entry, target))
            mode = entry.external_attr >> 16
            if stat.S_ISLNK(mode):
                link = path.read_bytes().decode()
                path.unlink()
                path.symlink_to(link)
            else:
                # Lambda needs files to be world-readable and refuses them otherwise; sam and zip keep the x bit.
                path.chmod(0o755 if path.is_dir() or mode & 0o111 else 0o644)
    for directory in target.rglob("*/"):
        directory.chmod(0o755)
