"""What the serial console said, as results. The words are those of `init.sh` and of Rust's test harness."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

_BEGIN = re.compile(r"=== begin (\S+)")
_END = re.compile(r"=== end (\S+) (\d+)")
_TEST = re.compile(r"test (\w+) \.\.\. (ok|FAILED|ignored)")
_ISOLATION = re.compile(r"=== isolation (\w+) (\{.*\})")
_SKIPPED = re.compile(r"SKIPPED (.*)")
_FIGURE = re.compile(r"FIGURE (\d+) MB: ([0-9.]+)")


@dataclass
class Report:
    """One boot's results. A place is `machine` or `container`; a program is `place/test file`."""

    finished: bool = False
    isolation: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By place."""
    exit_codes: dict[str, int] = field(default_factory=dict)
    """By program."""
    tests: dict[str, str] = field(default_factory=dict)
    """`program::test` → ok, FAILED or ignored."""
    skipped: list[str] = field(default_factory=list)
    """What tests said they did not do."""
    ratios: dict[int, float] = field(default_factory=dict)
    """Memory size in MB → duration of CPU-bound work over the ideal one."""


def read(console: str) -> Report:
    """The results; what was never reached is missing."""
    report = Report()
    program = ""
    for line in console.splitlines():
        if match := _BEGIN.match(line):
            program = match[1]
        elif match := _END.match(line):
            report.exit_codes[match[1]] = int(match[2])
        elif match := _TEST.match(line):
            report.tests[f"{program}::{match[1]}"] = match[2]
        elif match := _ISOLATION.match(line):
            report.isolation[match[1]] = json.loads(match[2])
        elif match := _SKIPPED.match(line):
            report.skipped.append(match[1])
        elif match := _FIGURE.match(line):
            report.ratios[int(match[1])] = float(match[2])
        elif line.startswith("=== done"):
            report.finished = True
    return report
