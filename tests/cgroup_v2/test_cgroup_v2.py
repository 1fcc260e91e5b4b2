"""Boots a machine that has cgroup v2 and nothing else, and runs the execution environment's own tests in it."""

from __future__ import annotations

import pytest

from tests.cgroup_v2 import initramfs, machine, programs, report

pytestmark = pytest.mark.slow

NOT_THERE = {"v2 without controllers": "that is about a v2 hierarchy beside v1 controllers"}
"""What Rust tests may say they skip, and why."""
IN_A_CONTAINER = {"ahead", "isolation"}


@pytest.fixture(scope="module")
def built() -> programs.Programs:
    return programs.build()


@pytest.fixture(scope="module")
def parts() -> machine.Parts:
    try:
        return machine.find()
    except machine.MissingPartError as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def run(parts: machine.Parts, built: programs.Programs) -> report.Report:
    console = machine.boot(parts, initramfs.assemble(parts, built))
    # pytest shows this with a test that fails.
    print(console)
    return report.read(console)


def test_the_machine_got_to_its_end(run: report.Report) -> None:
    assert run.finished


@pytest.mark.parametrize("place", ["machine", "container"])
def test_everything_is_had_from_cgroup_v2(run: report.Report, place: str) -> None:
    isolation = run.isolation[place]
    assert (isolation["cpu"], isolation["memory"], isolation["freeze"]) == ("cgroup v2", "cgroup v2", "cgroup")
    assert isolation["notes"] == []


def test_every_rust_test_passes(run: report.Report, built: programs.Programs) -> None:
    assert [name for name, outcome in run.tests.items() if outcome != "ok"] == []
    expected = {f"machine/{name}" for name in built.tests} | {f"container/{name}" for name in IN_A_CONTAINER}
    assert run.exit_codes == dict.fromkeys(expected, 0)
    assert {name.partition("::")[0] for name in run.tests} == expected


def test_nothing_else_is_skipped(run: report.Report) -> None:
    assert [skipped for skipped in run.skipped if skipped.partition(":")[0] not in NOT_THERE] == []


def test_durations_are_those_of_the_memory_size(run: report.Report) -> None:
    assert set(run.ratios) == {128, 512, 1769}
