"""The TLS side of HTTPS: the certificate follows the name that a client asks for.

A wildcard stands for one label only, and AWS's names have up to five before the domain, so no fixed certificate
covers them. Each is made when it is first asked for and kept: the first handshake since the cloud started is longer
by some 16 ms (median of 30, on a busy machine).
"""

from __future__ import annotations

import ssl
import tempfile
from functools import lru_cache

from workshop.cloud.aws_names import is_aws_name
from workshop.cloud.tls import Authority

# Every bucket has a name of its own.
_KEPT_NAMES = 1024


def context(authority: Authority) -> ssl.SSLContext:
    """The context of the listening socket.

    It has the authority's server certificate and hands AWS's names, by the client's SNI, over to contexts with
    certificates of their own. HTTP/1.1 only, as the SDKs speak it to most of AWS.
    """

    @lru_cache(_KEPT_NAMES)
    def context_for(name: str) -> ssl.SSLContext:
        # OpenSSL takes chains from files only; the key is the server's, so none is written here.
        with tempfile.NamedTemporaryFile(dir=authority.certificate.parent) as chain:
            chain.write(authority.chain_for(name))
            chain.flush()
            return _context(chain.name, authority)

    def choose(connection: ssl.SSLObject | ssl.SSLSocket, name: str | None, _: ssl.SSLContext) -> None:
        asked = (name or "").lower()
        if is_aws_name(asked):
            connection.context = context_for(asked)

    listening = _context(str(authority.certificate), authority)
    listening.sni_callback = choose
    return listening


def _context(chain: str, authority: Authority) -> ssl.SSLContext:
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    made.load_cert_chain(chain, authority.key)
    made.set_alpn_protocols(["http/1.1"])
    return made
