"""The local certificate authority: functions reach the cloud over HTTPS, as they reach AWS.

The first TLS handshake is a large part of a function's real first call; plain HTTP would hide it. For the same
reason functions trust the system's roots and ours together: loading some 140 roots costs time on AWS too.
"""

from __future__ import annotations

import ipaddress
import os
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from workshop.cloud.errors import CloudError

_VALID_FOR = timedelta(days=365)


@dataclass(frozen=True)
class Authority:
    """Files of one run: the server's certificate and key, and the directory that functions may see."""

    certificate: Path
    key: Path
    public: Path
    _issuer: _Issuer = field(repr=False)

    def chain_for(self, name: str) -> bytes:
        """A certificate of `name` for the server's key, and the authority's, in PEM."""
        return _pem(self._issuer.issue([x509.DNSName(name)])) + _pem(self._issuer.certificate)


@dataclass(frozen=True)
class _Issuer:
    """The authority's certificate and key, the latter in memory only, and the key that it certifies."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    server_key: ec.EllipticCurvePublicKey

    def issue(self, names: list[x509.GeneralName]) -> x509.Certificate:
        return (
            _builder(_name("server"), self.certificate.subject, self.server_key)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
            .sign(self.key, hashes.SHA256())
        )


def make(directory: Path) -> Authority:
    """A fresh authority and server certificate; the authority's own key is never written down."""
    public = directory / "public"
    public.mkdir(mode=0o755, parents=True, exist_ok=True)
    public.chmod(0o755)
    ca_key = ec.generate_private_key(ec.SECP256R1())
    ca = _ca_certificate(ca_key)
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = _Issuer(ca, ca_key, key.public_key())
    server = issuer.issue(_local_names())
    authority = Authority(directory / "server.pem", directory / "server.key", public, issuer)
    _write(authority.key, _pem(key), mode=0o600)
    _write(authority.certificate, _pem(server) + _pem(ca), mode=0o600)
    _write(public / "ca.pem", _pem(ca), mode=0o644)
    _write(public / "bundle.pem", _system_roots() + _pem(ca), mode=0o644)
    return authority


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "rustifying-serverless local cloud"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + _VALID_FOR)
    )


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates, key_cert_sign=signs_certificates, crl_sign=signs_certificates,
        content_commitment=False, key_encipherment=False, data_encipherment=False, key_agreement=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _ca_certificate(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = _name("local certificate authority")
    return (
        _builder(name, name, key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _local_names() -> list[x509.GeneralName]:
    # Clients refuse a bare *.localhost, so the names in use are spelled out.
    return [
        *(x509.DNSName(name) for name in ("localhost", "*.execute-api.localhost", "*.s3.localhost")),
        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
    ]


def _pem(thing: x509.Certificate | ec.EllipticCurvePrivateKey) -> bytes:
    if isinstance(thing, x509.Certificate):
        return thing.public_bytes(serialization.Encoding.PEM)
    return thing.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _system_roots() -> bytes:
    paths = ssl.get_default_verify_paths()
    for candidate in (paths.cafile, "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"):
        if candidate and Path(candidate).is_file():
            return Path(candidate).read_bytes()
    raise CloudError("this machine has no certificate roots: install the package ca-certificates")


def _write(path: Path, content: bytes, *, mode: int) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
