"""The runner of `./poe test`, on commands of its own."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from workshop.testing import leftovers, runner, steps
from workshop.testing.__main__ import main
from workshop.testing.step import Outcome, Step


def python(code: str, stage: str = "first", **environment: str) -> Step:
    return Step(code, stage, (sys.executable, "-c", code), environment)


GOOD = python("pass")
BAD = python("raise SystemExit(3)")
LATER = python("pass", "second")
CLEAN_UP = python("'cleaned up'", steps.CLEAN_UP)


@pytest.fixture
def console() -> Console:
    return Console(file=io.StringIO(), width=120)


def outcomes(results: list[runner.Result]) -> list[Outcome]:
    return [result.outcome for result in results]


def test_a_stage_with_a_failure_is_finished_and_ends_the_run_but_not_the_clean_up(console: Console) -> None:
    results = runner.run([BAD, GOOD, LATER, CLEAN_UP], console)
    assert outcomes(results) == [Outcome.FAILED, Outcome.PASSED, Outcome.NOT_RUN, Outcome.PASSED]
    assert runner.exit_code(results) == 1


def test_keep_going(console: Console) -> None:
    results = runner.run([BAD, LATER], console, keep_going=True)
    assert outcomes(results) == [Outcome.FAILED, Outcome.PASSED]
    assert runner.exit_code(results) == 1


def test_all_well(console: Console) -> None:
    results = runner.run([GOOD, LATER, CLEAN_UP], console)
    assert runner.exit_code(results) == 0
    runner.summarise(results, console)
    assert "passed in" in console.file.getvalue()


def test_a_program_that_is_not_there_is_left_out_and_alone_does_not_pass(console: Console) -> None:
    results = runner.run([Step("absent", "first", ("absent-program",))], console)
    assert outcomes(results) == [Outcome.LEFT_OUT]
    assert "absent-program is not on PATH" in console.file.getvalue()
    assert runner.exit_code(results) == 1


def test_a_steps_environment_and_directory(console: Console, tmp_path: Path) -> None:
    code = "import os, pathlib; pathlib.Path('seen').write_text(os.environ['QUICK'])"
    runner.run([python(code, QUICK="yes")], console, root=tmp_path)
    assert (tmp_path / "seen").read_text() == "yes"


INTERRUPTED = """
import io, sys
from pathlib import Path
from rich.console import Console
from workshop.testing import runner, steps
from workshop.testing.step import Step
def step(name, stage, code):
    return Step(name, stage, (sys.executable, "-c", code))
tidies_up = "import time, pathlib\\npathlib.Path('started').touch()\\ntry: time.sleep(60)\\n" \\
    "finally: time.sleep(0.5); pathlib.Path('tidied').touch()"
todo = [step("long", "first", tidies_up), step("next", "first", "open('next', 'w')"),
        step("stop", steps.CLEAN_UP, "open('cleaned', 'w')")]
try:
    runner.run(todo, Console(file=io.StringIO()), root=Path.cwd())
except runner.InterruptedRunError as error:
    print([str(result.outcome) for result in error.results])
"""


def test_after_ctrl_c_a_step_may_tidy_up_and_the_clean_up_still_runs(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED], cwd=tmp_path, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    wait_until((tmp_path / "started").exists)
    os.killpg(process.pid, signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert output.strip() == "['not run', 'not run', 'passed']"
    assert {path.name for path in tmp_path.iterdir()} == {"started", "tidied", "cleaned"}


def test_steps_come_in_the_order_of_the_stages() -> None:
    stages = [step.stage for step in steps.all_steps()]
    assert stages == sorted(stages, key=steps.STAGES.index)
    assert set(stages) == set(steps.STAGES)


def test_step_names_are_unique() -> None:
    names = [step.name for step in steps.all_steps()]
    assert len(names) == len(set(names))


def test_an_unknown_step_is_refused() -> None:

    app = typer.Typer()
    app.command()(main)
    result = CliRunner().invoke(app, ["--only", "nonsense"])
    assert result.exit_code == 2
    listed = CliRunner().invoke(app, ["--only", "lint", "--skip", "mypy", "--list"])
    assert "lint: ruff:" in listed.output
    assert "mypy" not in listed.output


def test_a_program_of_the_checkout_that_still_runs_is_found(tmp_path: Path) -> None:
    program = tmp_path / "target" / "release" / "sleeper"
    program.parent.mkdir(parents=True)
    program.write_bytes(Path("/bin/sleep").read_bytes())
    program.chmod(0o755)
    process = subprocess.Popen([program, "60"])
    try:
        wait_until(lambda: Path(f"/proc/{process.pid}/exe").readlink() == program)
        assert [number for number, _ in leftovers.processes(tmp_path)] == [process.pid]
    finally:
        process.kill()
        process.wait()
    assert not list(leftovers.processes(tmp_path))


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)
