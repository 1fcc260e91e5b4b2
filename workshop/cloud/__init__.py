"""The local cloud: MiniStack with a Lambda executor of our own, in one process on loopback.

| to change … | look at |
|---|---|
| starting, finding, stopping the server | `control.py`, `state.py`, `sweep.py` |
| what the server process does | `server.py`, `admin.py`, `tls.py` |
| how a Lambda invocation runs | `execution/` |
| what is borrowed from MiniStack's inside | `ministack_seam/`, and nowhere else |
"""

from __future__ import annotations

from workshop.cloud.errors import CloudError

__all__ = ["CloudError"]
