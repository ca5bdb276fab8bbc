"""No test is answered by what an earlier one found out: verdicts are kept only where a test is about that."""

from __future__ import annotations

import gc
import os
import signal
import sys

from hypothesis import settings

os.environ["HAMODEL_NO_CACHE"] = "1"
settings.register_profile("hamodel", deadline=None)
settings.load_profile("hamodel")
"""A busy machine is no fault: how long one example takes decides nothing."""

if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
"""A shell starts what runs in the background deaf to Ctrl-C, and so would be all that the tests start and interrupt."""


def pytest_sessionfinish() -> None:
    """A test run ends in time.

    joblib keeps its workers for the next question; the last one to ask sends them home. And what a worker of the tests
    holds after thousands of them is not looked through for garbage again: pytest would do it five times, which takes
    longer than the worker is given to end, so that it is interrupted in the middle.
    """
    executor = getattr(sys.modules.get("joblib.externals.loky.reusable_executor"), "_executor", None)
    if executor is not None:
        executor.shutdown(wait=True, kill_workers=True)
    gc.freeze()
