"""Findings as people read them."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from workshop.doctor.finding import Finding, Status, is_fit

_STYLE = {Status.OK: "green", Status.LIMITED: "yellow", Status.LEFT_OUT: "yellow", Status.MISSING: "bold red"}


def show(findings: Sequence[Finding], console: Console) -> None:
    """The table, then what to do about everything that is not well."""
    table = Table(box=None, pad_edge=False)
    for heading in ("", "", "found", "needed", "what for"):
        table.add_column(heading)
    for finding in findings:
        table.add_row(
            f"[{_STYLE[finding.status]}]{finding.status}[/]",
            escape(finding.name),
            escape(finding.found),
            escape(finding.needed),
            escape(finding.why),
        )
    console.print(table)
    _show_remedies([finding for finding in findings if finding.status is not Status.OK], console)
    console.print(_verdict(findings))


def _show_remedies(findings: Sequence[Finding], console: Console) -> None:
    for finding in findings:
        console.print(
            f"\n[{_STYLE[finding.status]}]{escape(finding.name)}[/] ({finding.status}): {escape(finding.why)}"
        )
        # One unbroken line, so that a command can be copied from any width of terminal.
        console.print(f"  {escape(finding.remedy)}", soft_wrap=True)


def _verdict(findings: Sequence[Finding]) -> str:
    if is_fit(findings):
        return "\n[green]Everything that is required is there.[/] Go on with: ./poe run"
    missing = ", ".join(escape(finding.name) for finding in findings if finding.status is Status.MISSING)
    return f"\n[bold red]Required and missing: {missing}.[/] Mend it as above, then run ./poe doctor again."
