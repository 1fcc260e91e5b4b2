"""Hypercorn's settings for HTTPS: the certificate follows the name that a client asks for.

A wildcard stands for one label only, and AWS's names have up to five before the domain, so no fixed certificate
covers them. Each is made when it is first asked for and kept: the first handshake since the cloud started is longer
by some 16 ms (median of 30, on a busy machine).
"""

from __future__ import annotations

import ssl
import tempfile
from functools import lru_cache

from hypercorn.config import Config

from workshop.cloud.aws_names import is_aws_name
from workshop.cloud.tls import Authority

# Every bucket has a name of its own.
_KEPT_NAMES = 1024


class HttpsConfig(Config):
    """Serves AWS's names with certificates of their own, and all else with the authority's server certificate."""

    def __init__(self, authority: Authority) -> None:
        """HTTP/1.1 only, as the SDKs speak it to most of AWS."""
        super().__init__()
        self._authority = authority
        self.certfile, self.keyfile = str(authority.certificate), str(authority.key)
        self.alpn_protocols = ["http/1.1"]
        self._context_for = lru_cache(_KEPT_NAMES)(self._make_context)

    def create_ssl_context(self) -> ssl.SSLContext | None:
        """The context of the listening socket, which hands over to another one by the client's SNI."""
        context = super().create_ssl_context()
        if context is not None:
            context.sni_callback = self._choose
        return context

    def _choose(self, connection: ssl.SSLObject | ssl.SSLSocket, name: str | None, _: ssl.SSLContext) -> None:
        asked = (name or "").lower()
        if is_aws_name(asked):
            connection.context = self._context_for(asked)

    def _make_context(self, name: str) -> ssl.SSLContext:
        context = super().create_ssl_context()
        if context is None:
            raise ValueError("HTTPS needs a certificate and a key")
        # OpenSSL takes chains from files only; the key is the server's, so none is written here.
        with tempfile.NamedTemporaryFile(dir=self._authority.certificate.parent) as chain:
            chain.write(self._authority.chain_for(name))
            chain.flush()
            context.load_cert_chain(chain.name, self._authority.key)
        return context
