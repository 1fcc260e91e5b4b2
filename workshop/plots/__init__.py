"""Plots of measurements, the same in notebooks and in the report: `from workshop import plot`.

Each function takes rows (the data frames of `workshop.measure`) and returns a `Plot`: the figure, a text that
says what it shows to who cannot see it, and the figures as a table.
"""

from __future__ import annotations

from workshop.plots.bill import bill
from workshop.plots.distributions import client_times, cold_starts, cpu_times, warm_calls
from workshop.plots.memory import cost_by_memory, duration_by_memory
from workshop.plots.phases import cold_start_phases
from workshop.plots.plot import Plot
from workshop.plots.timeline import timeline

__all__ = [
    "Plot",
    "bill",
    "client_times",
    "cold_start_phases",
    "cold_starts",
    "cost_by_memory",
    "cpu_times",
    "duration_by_memory",
    "timeline",
    "warm_calls",
]
