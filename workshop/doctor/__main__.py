"""`python -m workshop.doctor`: the doctor alone, for a checkout whose other parts do not import."""

from __future__ import annotations

from workshop.doctor.cli import app

app()
