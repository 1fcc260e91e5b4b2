"""A figure with what belongs to it: alternative text and a table."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from html import escape
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from workshop.plots.style import number


@dataclass(frozen=True)
class Plot:
    """One plot. In a notebook it shows itself with its table; `save` writes it as PNG or SVG."""

    title: str
    alt: str
    figure: Figure
    table: pd.DataFrame

    def png(self, dpi: int = 110) -> bytes:
        """The figure as PNG, with the alternative text in its metadata."""
        buffer = io.BytesIO()
        metadata = {"Title": self.title, "Description": self.alt}
        self.figure.savefig(buffer, format="png", dpi=dpi, metadata=metadata)
        return buffer.getvalue()

    def save(self, path: Path | str) -> Path:
        """Write the figure, in the format that the name's ending tells."""
        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        self.figure.savefig(target, dpi=150)
        return target

    def image_html(self) -> str:
        """The figure as an HTML element that needs no other file."""
        data = base64.b64encode(self.png()).decode()
        return f'<img alt="{escape(self.alt)}" src="data:image/png;base64,{data}" style="max-width:100%">'

    def table_html(self) -> str:
        """The table as HTML, figures with three digits."""
        return table_html(self.table)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/html": self.image_html() + self.table_html(), "text/plain": f"{self.title}: {self.alt}"}


def table_html(table: pd.DataFrame) -> str:
    """A data frame as an HTML table: figures right-aligned with three digits, a dash for what is missing."""
    head = "".join(f'<th scope="col">{escape(str(column))}</th>' for column in table.columns)
    lines = []
    for values in table.itertuples(index=False):
        lines.append("<tr>" + "".join(_cell(value) for value in values) + "</tr>")
    return f'<table class="figures"><thead><tr>{head}</tr></thead><tbody>{"".join(lines)}</tbody></table>'


def _cell(value: object) -> str:
    if isinstance(value, str):
        return f"<td>{escape(value)}</td>"
    if pd.isna(value):  # type: ignore[call-overload]
        return "<td>–</td>"
    return f'<td style="text-align:right">{number(float(value))}</td>'  # type: ignore[arg-type]
