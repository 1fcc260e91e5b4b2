from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from tests.cloud.handshakes import connected
from workshop.cloud import tls


def handshake(authority: tls.Authority, trust: str | None, name: str) -> str:
    """What the two have agreed on, where the client trusts the server."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(authority.certificate, authority.key)
    with connected(server, ssl.create_default_context(cafile=trust), name) as connection:
        return connection.version() or ""


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "abc123.execute-api.localhost"])
def test_clients_that_trust_the_bundle_accept_the_server(tmp_path: Path, name: str) -> None:
    authority = tls.make(tmp_path)
    assert handshake(authority, str(authority.public / "bundle.pem"), name) == "TLSv1.3"


def test_others_do_not(tmp_path: Path) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(tls.make(tmp_path), None, "localhost")


def test_functions_see_no_key_and_all_of_the_systems_roots(tmp_path: Path) -> None:
    authority = tls.make(tmp_path)
    files = {path.name: path.read_bytes() for path in authority.public.iterdir()}
    assert set(files) == {"ca.pem", "bundle.pem"}
    assert not any(b"PRIVATE KEY" in content for content in files.values())
    assert files["bundle.pem"].count(b"BEGIN CERTIFICATE") > 50
    assert authority.key.stat().st_mode & 0o077 == 0
