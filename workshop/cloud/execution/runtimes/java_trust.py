"""Java's trust store: Java reads neither SSL_CERT_FILE nor AWS_CA_BUNDLE."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import threading
from pathlib import Path

from workshop.cloud.errors import CloudError

PASSWORD = "changeit"  # noqa: S105 - Java's own default; the store holds public certificates only
_lock = threading.Lock()


def store(jdk: Path, trust: Path) -> Path:
    """The JDK's own roots and the authority of this run, as a file in `trust`. Made when Java is first used.

    keytool makes it, because Java takes a PKCS12 entry for trusted only with an attribute of Oracle's own.
    """
    authority = trust / "ca.pem"
    run = f"java-{_digest(authority.read_bytes())}"
    target = trust / f"{run}-{_digest(str(jdk).encode())}.truststore"
    with _lock:
        if not target.is_file():
            _remove_earlier(trust, run)
            _make(jdk, authority, target)
    return target


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


def _remove_earlier(trust: Path, run: str) -> None:
    """Stores of earlier runs; that of another JDK in this run may be in use."""
    for path in trust.glob("java-*.truststore"):
        if not path.name.startswith(run):
            path.unlink()


def _make(jdk: Path, authority: Path, target: Path) -> None:
    partial = target.with_suffix(".partial")
    try:
        shutil.copyfile(jdk / "lib" / "security" / "cacerts", partial)
    except OSError as error:
        raise CloudError(f"the JDK in {jdk} has no readable certificate roots ({error}); reinstall it") from error
    command: list[str | Path] = [
        jdk / "bin" / "keytool", "-importcert", "-noprompt", "-trustcacerts", "-alias", "local-cloud",
        "-file", authority, "-keystore", partial, "-storepass", PASSWORD,
    ]  # fmt: skip
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        raise CloudError(f"keytool cannot make Java's trust store: {(result.stdout + result.stderr).strip()}")
    partial.chmod(0o644)
    partial.rename(target)
