"""The console's words, and the archive that the machine boots from."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cgroup_v2 import report
from tests.cgroup_v2.cpio import Archive

CONSOLE = """\
=== isolation machine {  "cpu": "cgroup v2",  "notes": []}\r
=== begin machine/measuring\r
test one ... ok\r
test two ... FAILED\r
---- one stdout ----\r
FIGURE 128 MB: 1.004\r
SKIPPED two: no memory control here\r
=== end machine/measuring 101, 9.81 s after the start\r
=== begin machine/hostile\r
"""


def test_a_console_is_read() -> None:
    read = report.read(CONSOLE)
    assert read.tests == {"machine/measuring::one": "ok", "machine/measuring::two": "FAILED"}
    assert read.exit_codes == {"machine/measuring": 101}
    assert read.isolation["machine"]["cpu"] == "cgroup v2"
    assert read.ratios == {128: 1.004}
    assert read.skipped == ["two: no memory control here"]


def test_a_machine_that_did_not_get_to_its_end_has_not_finished() -> None:
    assert not report.read(CONSOLE).finished
    assert report.read(CONSOLE + "=== done\r\n").finished


@pytest.mark.skipif(not shutil.which("cpio"), reason="no cpio on PATH: sudo apt-get install cpio")
def test_an_archive_unpacks_to_what_was_put_in(tmp_path: Path) -> None:
    archive = Archive()
    archive.add("/usr/lib/one", b"content")
    archive.link("bin/two", "/usr/lib/one")
    subprocess.run(["cpio", "--extract", "--quiet"], cwd=tmp_path, input=archive.content(), check=True)
    assert (tmp_path / "usr/lib/one").read_bytes() == b"content"
    assert (tmp_path / "bin/two").readlink() == Path("/usr/lib/one")
