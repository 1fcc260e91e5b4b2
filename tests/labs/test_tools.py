from __future__ import annotations

import io
import os
import time
from pathlib import Path

import pytest
from rich.console import Console

from workshop.labs import tools
from workshop.labs.progress import ProgressLine


class _Interrupting(ProgressLine):
    """Stands for somebody who presses Ctrl-C when a line appears."""

    def __init__(self) -> None:
        super().__init__("test")
        self.seen: list[str] = []

    def show(self, text: str) -> None:
        self.seen.append(text)
        raise KeyboardInterrupt


def _run(script: str, log: Path, progress: ProgressLine | None = None) -> None:
    tools.run(
        ["sh", "-c", script], directory=log.parent, variables=tools.environment({}), log=log,
        progress=progress or ProgressLine("test", Console(file=io.StringIO())),
    )  # fmt: skip


def test_everything_printed_goes_to_the_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    _run("echo one; echo two >&2", log)
    assert log.read_text().splitlines()[1:] == ["one", "two"]


def test_a_failure_has_the_code_and_the_last_lines(tmp_path: Path) -> None:
    with pytest.raises(tools.ToolError, match="exit code 3") as failed:
        _run("seq 1 100; exit 3", tmp_path / "log")
    assert failed.value.tail[-1] == "100"
    assert len(failed.value.tail) < 100


def test_output_that_is_not_utf8_does_no_harm(tmp_path: Path) -> None:
    _run(r"printf '\377\n'", tmp_path / "log")
    assert (tmp_path / "log").read_text(errors="replace").count("\n") == 2


def test_an_interrupt_ends_the_tool_and_what_it_started(tmp_path: Path) -> None:
    progress = _Interrupting()
    with pytest.raises(KeyboardInterrupt):
        _run("sleep 1000 & echo $!; wait", tmp_path / "log", progress)
    child = int(progress.seen[0])
    for _ in range(200):
        if not _is_alive(child):
            return
        time.sleep(0.05)
    pytest.fail(f"process {child} still runs")


def test_the_tool_gets_none_of_the_persons_own_aws_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_S3", "AWS_DEFAULT_REGION", "AWS_SECRET_ACCESS_KEY"]
    for name in names:
        monkeypatch.setenv(name, "mine")
    variables = tools.environment({"AWS_DEFAULT_REGION": "eu-west-1"})
    assert {name: variables[name] for name in names if name in variables} == {"AWS_DEFAULT_REGION": "eu-west-1"}


def test_a_line_is_shown_now_and_then_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workshop.labs.progress._LOG_BEAT_S", 0.01)
    console = Console(file=io.StringIO())
    with ProgressLine("building", console) as progress:
        progress.show("Compiling [serde]")
        time.sleep(0.1)
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "building (0 s): Compiling [serde]\n" in shown
    assert shown.endswith("building: done after 0 s\n")


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A zombie is as good as gone: its parent has not looked yet.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
