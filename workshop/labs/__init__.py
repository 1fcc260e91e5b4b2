"""The labs: find, build, deploy and call them; their users and their demo data.

| to change … | look at |
|---|---|
| which labs there are | `catalog.py` |
| when a lab is built, and how | `inputs.py` (what a build reads), `build.py` |
| deploying, and what a deployed stack holds | `deploy.py`, `stack.py` |
| what a notebook sees of a lab | `lab.py`, `api.py` |
| users, passwords, token keys | `users.py`, `passwords.py`, `demo_users.py`, `token_keys.py` |
| demo data in S3 | `seed/` |
| walking a whole bucket by a lab's API | `usage/` |
"""

from __future__ import annotations

from workshop.labs.errors import LabError
from workshop.labs.lab import Lab

__all__ = ["Lab", "LabError"]
