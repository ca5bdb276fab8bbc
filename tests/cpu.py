"""Limits in seconds of this process's own time: what a test finds does not depend on who else uses the machine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch


@contextmanager
def by_cpu_time() -> Iterator[None]:
    """Every limit counts the seconds for which this process computes."""
    with patch("time.monotonic", time.process_time):
        yield
