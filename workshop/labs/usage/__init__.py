"""The usage of a whole bucket, however large: many calls of a lab's `GET /buckets/{bucket}/usage`, added up.

| file | what |
|---|---|
| `parts.py` | how a bucket is divided: one part a top-level prefix, and the keys beside them |
| `walk.py` | follows each part's cursor to its end, several parts side by side |
| `merge.py` | adds reports up |
| `show.py` | the sum as tables |
"""

from __future__ import annotations

from workshop.labs.usage.walk import Progress, walk

__all__ = ["Progress", "walk"]
