"""One self-contained HTML file of what was measured: tables, plots, the machine and how to do it again."""

from __future__ import annotations

from workshop.report.published import published
from workshop.report.write import write_report

__all__ = ["published", "write_report"]
