"""Measures Lambda functions, wherever they run, by AWS's public APIs: boto3 and REPORT lines."""

from __future__ import annotations

from workshop.measure.cold_starts import cold_starts
from workshop.measure.errors import MeasureError
from workshop.measure.events import Event, authorizer_event, rest_event
from workshop.measure.function import CLIENT_CONFIG, Configuration, Invocation, LambdaFunction
from workshop.measure.power_tuning import PowerTuning, power_tuning
from workshop.measure.report_line import Report, parse_report
from workshop.measure.restoring import kept
from workshop.measure.rows import Row, cold, data_frame, succeeded, warm
from workshop.measure.stats import Summary, ratio, summarize, summary
from workshop.measure.store import Results, Run, latest, of_runs, results_directory
from workshop.measure.warm_calls import warm_calls

__all__ = [
    "CLIENT_CONFIG",
    "Configuration",
    "Event",
    "Invocation",
    "LambdaFunction",
    "MeasureError",
    "PowerTuning",
    "Report",
    "Results",
    "Row",
    "Run",
    "Summary",
    "authorizer_event",
    "cold",
    "cold_starts",
    "data_frame",
    "kept",
    "latest",
    "of_runs",
    "parse_report",
    "power_tuning",
    "ratio",
    "rest_event",
    "results_directory",
    "succeeded",
    "summarize",
    "summary",
    "warm",
    "warm_calls",
]
