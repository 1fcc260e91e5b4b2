"""Tries, for real, what one execution environment does first. Run as a program of its own: it changes itself for good.

    python namespaces.py root|user

Exit code 0: new mount, pid and network namespaces were made, a file system mounted and the loopback brought up in them.
Else the last line of stderr says which step failed and why. Uses the standard library only.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import struct
import sys
from pathlib import Path

CLONE_NEWNS = 0x00020000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000
MS_REC_PRIVATE = 0x4000 | 0x40000
SIOCSIFFLAGS = 0x8914
IFF_UP = 0x1


def main(kind: str) -> None:
    """Raise OSError, with the step's name, at the first step that this machine refuses."""
    libc = ctypes.CDLL(None, use_errno=True)

    def check(step: str, result: int) -> None:
        if result != 0:
            number = ctypes.get_errno()
            raise OSError(number, f"{step}: {os.strerror(number)}")

    if kind == "user":
        user, group = os.getuid(), os.getgid()
        check("user namespace", libc.unshare(CLONE_NEWUSER))
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"0 {user} 1")
        Path("/proc/self/gid_map").write_text(f"0 {group} 1")
    check("mount namespace", libc.unshare(CLONE_NEWNS))
    check("pid namespace", libc.unshare(CLONE_NEWPID))
    check("network namespace", libc.unshare(CLONE_NEWNET))
    check("private mounts", libc.mount(b"none", b"/", None, ctypes.c_ulong(MS_REC_PRIVATE), None))
    check("mounting a tmpfs", libc.mount(b"tmpfs", b"/tmp", b"tmpfs", ctypes.c_ulong(0), None))
    _bring_up_loopback()


def _bring_up_loopback() -> None:
    request = struct.pack("16sh14x", b"lo", IFF_UP)  # struct ifreq, its flags
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            fcntl.ioctl(probe, SIOCSIFFLAGS, request)
        except OSError as error:
            raise OSError(error.errno, f"loopback: {error.strerror}") from error


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except OSError as error:
        sys.exit(str(error.strerror or error))
