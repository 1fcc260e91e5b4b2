"""What this machine has, what it lacks and the command that mends it.

| file | checks |
|---|---|
| `toolchain.py` | Python, Rust, C compiler, make, git |
| `packaged.py` | tools that come with the Python environment: sam, cargo-lambda, zig, maturin |
| `runtimes.py` | languages whose functions are left out, by name, when missing: Java + Maven, Node |
| `machine.py` | operating system, disk, memory, cores, clock, port |
| `isolation.py`, `cgroups.py` | what the local Lambda needs of the kernel: namespaces, CPU and memory limits |
"""

from __future__ import annotations

from workshop.doctor.checks import examine
from workshop.doctor.finding import Finding, Status, is_fit

__all__ = ["Finding", "Status", "examine", "is_fit"]
