"""Everything that touches MiniStack's private names, and nothing else does.

`executor.py` puts our Lambda executor in the place of MiniStack's; `logs.py` writes log events; `storage.py` sets what
S3's API cannot; `corrections.py` mends faults that IAM enforcement meets. `check()` says at start-up whether this
version of MiniStack still has these names.
"""

from __future__ import annotations

from workshop.cloud.ministack_seam.check import check

__all__ = ["check"]
