"""`python -m workshop.doctor`."""

from __future__ import annotations

import typer

from workshop.doctor.command import doctor

typer.run(doctor)
