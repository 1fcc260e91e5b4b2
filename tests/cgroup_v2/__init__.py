"""The execution environment on cgroup v2, whatever this machine has: its Rust tests in an emulated machine.

| file | what |
|---|---|
| `fetch.py` | `python -m tests.cgroup_v2.fetch`: gets a kernel and a busybox into `.workshop/cgroup-v2` |
| `machine.py` | what is needed and where it is found; boots the emulator |
| `programs.py` | the Rust programs and tests, as cargo builds them |
| `initramfs.py`, `cpio.py` | the file system of the emulated machine |
| `init.sh` | its first process: mounts, runs the tests, powers off |
| `report.py` | what the serial console said, as results |
"""
