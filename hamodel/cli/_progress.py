"""A line that moves while somebody waits: only on a terminal, and never in a log."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[str, int], None]


def silent(_what: str, _classes: int) -> None:
    """Nobody looks."""


@contextmanager
def progress(quiet: bool) -> Iterator[Progress]:
    """What an engine may tell about its way, shown on standard error where that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console

    with Console(stderr=True).status("reading") as status:
        now = ["composing"]

        def tell(what: str, classes: int) -> None:
            now[0] = what or now[0]
            counted = f", {classes:,} classes".replace(",", " ", 0) if classes else ""
            status.update(f"exploring: {now[0]}{counted}")

        yield tell
