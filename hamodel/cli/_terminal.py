"""What the terminal can show; where there is none, 80 columns without colour."""

from __future__ import annotations

import os
import shutil
import sys

WIDEST = 100


def width() -> int:
    """Columns to write in."""
    if not sys.stdout.isatty():
        return 80
    return max(60, min(WIDEST, shutil.get_terminal_size((80, 24)).columns))


def colour() -> bool:
    """Whether colours are wanted: on a terminal, unless NO_COLOR says otherwise."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
