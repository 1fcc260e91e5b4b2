"""An environment's own memory: whose processes count, and what is added up."""

from __future__ import annotations

from pathlib import Path

from workshop.bench import memory


def process(proc: Path, pid: int, exe: str, children: str = "", rss: int = 0, pss: int = 0) -> None:
    task = proc / str(pid) / "task" / str(pid)
    task.mkdir(parents=True)
    (task / "children").write_text(children)
    (proc / str(pid) / "exe").symlink_to(exe)
    (proc / str(pid) / "smaps_rollup").write_text(
        f"00-ff ---p [rollup]\nRss: {rss} kB\nPss: {pss} kB\nPss_Anon: 9 kB\n"
    )


def test_the_functions_process_does_not_count(tmp_path: Path) -> None:
    process(tmp_path, 10, "/bin/environment", "11 13 ")
    process(tmp_path, 11, "/bin/environment", "12 ")
    process(tmp_path, 12, "/var/task/bootstrap")
    process(tmp_path, 13, "/usr/bin/python3", "14")
    process(tmp_path, 14, "/bin/environment")
    assert memory.own_processes(10, Path("/bin/environment"), tmp_path) == [10, 11, 14]


def test_rss_and_pss_are_added_up_apart(tmp_path: Path) -> None:
    process(tmp_path, 1, "/bin/environment", rss=3000, pss=1500)
    process(tmp_path, 2, "/bin/environment", rss=1000, pss=200)
    assert memory.resident_kib([1, 2], tmp_path) == (4000, 1700)
