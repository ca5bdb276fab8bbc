"""The page of every spec in the gallery: the run that breaks its worst promise, to step through."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

POSITIONS = 300
"""Situations of the game in a page of the gallery: enough for the first moves."""


def write_exhibits(specs: Path, out: Path) -> Iterator[str]:
    """Write `out/NAME.html` for every spec of which something is violated; the names, as they are done."""
    out.mkdir(parents=True, exist_ok=True)
    for folder in sorted(path.parent for path in specs.glob("*/spec.toml")):
        page = out / f"{folder.name}.html"
        words = [str(folder), "--html", str(page), "--quick", "--quiet", "--positions", str(POSITIONS)]
        done = subprocess.run([sys.executable, "-m", "hamodel.cli", "report", *words], check=False)
        if done.returncode == 0:
            yield folder.name
