"""One look for every plot. Colours are Okabe and Ito's, which people with any colour vision can tell apart."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

# https://jfly.uni-koeln.de/color/ - each lab keeps its colour and marker in every plot.
_LAB_COLOURS = ("#0072B2", "#E69F00", "#D55E00", "#009E73")
_MARKERS = ("o", "s", "^", "D")
_OTHER_MARKERS = ("v", "P", "X")
_OTHER_COLOURS = ("#CC79A7", "#56B4E9", "#000000", "#F0E442")

# Variants of one function, when they are compared.
_VARIANTS = ("no layer", "Rust extension", "Python extension")

# What the labs are, for readers of a legend; any other lab goes by its own name.
_LAB_TITLES = {
    "01-python-baseline": "01 Python",
    "02-pyo3-bindings": "02 Python + Rust module",
    "03-rust-rewrite": "03 Rust",
    "04-extensions": "04 mixed + Rust extension",
}

_RC = {
    "font.size": 10,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.grid.axis": "x",
    "grid.color": "#dddddd",
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "hatch.linewidth": 0.6,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
}


@contextmanager
def styled() -> Iterator[None]:
    """The kit's look for what is drawn inside, whatever the user has set outside."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_RC)  # type: ignore[arg-type]
        yield


def colour(lab: str) -> str:
    """The colour of a lab, by its number; of anything else by its name."""
    index = _lab_index(lab)
    if index is not None:
        return _LAB_COLOURS[index]
    return _OTHER_COLOURS[_other_index(lab) % len(_OTHER_COLOURS)]


def marker(lab: str) -> str:
    """The marker of a lab: what colour tells is never told by colour alone."""
    index = _lab_index(lab)
    return _MARKERS[index] if index is not None else _OTHER_MARKERS[_other_index(lab) % len(_OTHER_MARKERS)]


def lab_title(lab: str) -> str:
    """A lab's name for people."""
    return _LAB_TITLES.get(lab, lab or "function")


def case_title(function: str, event: str, separator: str = "\n") -> str:
    """A function and its event for people."""
    return f"{function}{separator}{event}" if event else function


def _other_index(name: str) -> int:
    return _VARIANTS.index(name) if name in _VARIANTS else sum(name.encode())


def _lab_index(lab: str) -> int | None:
    found = re.match(r"0([1-4])-", lab)
    return int(found[1]) - 1 if found else None


def number(value: float) -> str:
    """A figure with three digits and no exponent: 0.0123, 2.71, 332, 5,120."""
    if pd.isna(value):
        return "–"
    if value == 0 or value == int(value):
        return f"{value:,.0f}"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    digits = 2 if abs(value) < 10 else 1
    return f"{value:.{digits}f}" if abs(value) >= 0.1 else f"{value:.3g}"


def _plain(value: float, _position: object = None) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:g}"


# Ticks without exponents.
PLAIN = FuncFormatter(_plain)


_LOG_TICKS: tuple[tuple[float, tuple[float, ...]], ...] = (
    (150, (1.0, 2.0, 5.0)),
    (2000, (1.0, 3.0)),
    (float("inf"), (1.0,)),
)


def log_axis(axes: Axes, which: str, ticks: Sequence[float] | None = None) -> None:
    """A logarithmic axis whose ticks read as plain figures."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    (axes.set_xscale if which == "x" else axes.set_yscale)("log")
    axis.set_minor_formatter(NullFormatter())
    if ticks is None:
        # Few decades need more than powers of ten to be read; many would be crowded by more.
        low, high = axes.get_xlim() if which == "x" else axes.get_ylim()
        subs = next(subs for most, subs in _LOG_TICKS if high / low < most)
        axis.set_major_locator(LogLocator(subs=subs))
    else:
        axis.set_ticks(list(ticks))
        axis.set_ticks([], minor=True)
    axis.set_major_formatter(PLAIN)


def new_figure(width: float, height: float) -> Figure:
    """A figure that belongs to no global state, so that nothing has to be closed."""
    return Figure(figsize=(width, height), layout="constrained")


def headline(figure: Figure, text: str) -> None:
    """The title of a figure, on the left, where reading starts."""
    characters = int(figure.get_figwidth() * 9.5)
    figure.suptitle(textwrap.fill(text, characters), x=0.01, ha="left", fontweight="bold")


def n_text(counts: Sequence[int]) -> str:
    """How many samples stand behind a plot: "n = 15" or "n = 5 to 15", in one piece when a title is wrapped."""
    least, most = min(counts), max(counts)
    text = f"n = {least}" if least == most else f"n = {least} to {most}"
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def label_labs(axes: Axes, of_labs: Sequence[str]) -> None:
    """Name the labs on the y axis of a bar chart, the first on top."""
    axes.set_yticks(range(len(of_labs)), [lab_title(lab) for lab in of_labs])
    axes.set_ylim(len(of_labs) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
