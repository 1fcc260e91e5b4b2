"""CloudWatch Logs Insights: a query's text, a plan, rows. It knows nothing of where log events are kept.

| file | what it does |
|---|---|
| `tokens.py`, `expressions.py`, `commands.py` | text → tokens → expressions → the plan's commands (`syntax.py`) |
| `discovery.py` | a log event → its fields, those that Insights finds by itself |
| `values.py`, `evaluate.py`, `functions.py` | what an expression is worth, for a column of rows at once |
| `patterns.py`, `aggregates.py` | regular expressions and aggregates, both by DuckDB |
| `engine.py` | runs the commands one after the other |

A query is understood wholly or refused with `MalformedQueryError`: rows of a query half understood would be
wrong ones.

Choices where AWS's documents are silent: `stddev` is that of a sample (n - 1); `percentile` and `median` are exact,
with linear interpolation between neighbours; a comparison with a missing value is missing, and `filter` drops it.
"""

from workshop.cloud.insights.commands import parse
from workshop.cloud.insights.discovery import LogEvent
from workshop.cloud.insights.engine import MAX_ROWS, Result, run
from workshop.cloud.insights.errors import MalformedQueryError
from workshop.cloud.insights.syntax import Plan

__all__ = ["MAX_ROWS", "LogEvent", "MalformedQueryError", "Plan", "Result", "parse", "run"]
