"""Puts a benchmark's Markdown into a document, between `<!-- bench NAME -->` and `<!-- /bench NAME -->`."""

from __future__ import annotations

from pathlib import Path

from workshop.cloud.errors import CloudError
from workshop.cloud.paths import ROOT

DOCUMENTS = {
    "cloud": "docs/benchmarks.md",
    "labs": "docs/benchmarks.md",
    "layer": "docs/benchmarks.md",
    "secrets": "docs/benchmarks.md",
    "variants": "docs/benchmarks.md",
    "fidelity": "docs/fidelity.md",
    "tls": "docs/fidelity.md",
}


def write(name: str, markdown: str, root: Path = ROOT) -> Path:
    """Replace what is between the marks of benchmark `name`; answers the document.

    Raises CloudError when a mark is missing, or there more than once.
    """
    document = root / DOCUMENTS[name]
    begin, end = f"<!-- bench {name} -->\n", f"<!-- /bench {name} -->\n"
    text = document.read_text(encoding="utf-8")
    before, found, rest = text.partition(begin)
    _, ended, after = rest.partition(end)
    if not (found and ended) or begin in rest or end in before + after:
        raise CloudError(f"{DOCUMENTS[name]} needs one line {begin.strip()} and one line {end.strip()} after it")
    document.write_text(f"{before}{begin}\n{markdown}\n\n{end}{after}", encoding="utf-8")
    return document
