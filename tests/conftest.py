"""No test is answered by what an earlier one found out: verdicts are kept only where a test is about that."""

from __future__ import annotations

import os
import sys

os.environ["HAMODEL_NO_CACHE"] = "1"


def pytest_sessionfinish() -> None:
    """joblib keeps its workers for the next question; the last one to ask sends them home, or a test run ends late."""
    executor = getattr(sys.modules.get("joblib.externals.loky.reusable_executor"), "_executor", None)
    if executor is not None:
        executor.shutdown(wait=True, kill_workers=True)
