"""From the last lines of a failed tool to the sentence that names the fix."""

from __future__ import annotations

import re

DOCTOR = "run ./poe doctor, which names what is missing and the command that installs it"

# Pattern and fix; the first that matches wins, so the particular stand before the general.
_FIXES = [
    (r"No space left on device", "the disk is full: free some space; 'cargo clean' gives back about 2 GB"),
    (r"[Cc]argo[- ][Ll]ambda.* not (found|installed)|no such command: `lambda`", DOCTOR),
    (r"[Zz]ig is not installed|No module named '?ziglang", DOCTOR),
    (r"Binary validation failed|Couldn't find .* on your PATH|Cannot find .*(mvn|java|node|npm)", DOCTOR),
    (r"linker `cc` not found|(cargo|rustc|zig|java|mvn|maturin|cc): (command )?not found", DOCTOR),
    (r"requires rustc \d|rustc .* is not supported by the following", "Rust is too old: run 'rustup update stable'"),
    (r"lock file .* needs to be updated", "Cargo.lock does not fit the crates: run 'cargo update --workspace'"),
    (r"error: could not compile", "the Rust code does not compile"),
    (r"[Nn]ame resolution|Could not resolve host|Network is unreachable|Connection (refused|reset)"
     r"|failed to download|No matching distribution|Could not find a version that satisfies",
     "a package could not be downloaded: is the network there? (behind a proxy set HTTPS_PROXY)"),
    (r"ExpiredToken|InvalidClientTokenId|security token .*(expired|invalid)", "sign in to AWS again"),
    (r"AccessDenied|not authorized to perform", "these credentials may not do that: the last lines name the action"),
    (r"Could not connect to the endpoint", "the target is out of reach: is it running?"),
    (r"InvalidSamDocument|InvalidTemplate|Template (validation|format) error", "the template is not valid"),
]  # fmt: skip


def fix_for(lines: list[str]) -> str | None:
    """What to do about it, if that is known."""
    text = "\n".join(lines)
    return next((fix for pattern, fix in _FIXES if re.search(pattern, text)), None)
