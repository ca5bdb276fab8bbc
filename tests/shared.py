"""The reference material, where a checkout has it beside itself.

Users do not, so tests that read it skip with a reason.
"""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
TRACES = SHARED / "traces"

needs_shared = pytest.mark.skipif(
    not TRACES.is_dir(), reason="the recorded runs of the real daemon are not beside this checkout"
)
