"""Questions that do not depend on each other are asked side by side; the answers come in the order of the questions.

The engines give up the interpreter while they search, so threads use the cores. Ctrl-C reaches only the main thread:
it tells the others at their next sign of progress.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from hamodel.checking.search import Progress

T = TypeVar("T")
R = TypeVar("R")


GLANCE = 0.2
"""Seconds after which a wait is begun anew: once z3 has run, a signal no longer ends it (z3 gives the handler of Ctrl-C
back with SA_RESTART)."""


class SideBySide:
    """At most `jobs` questions at a time."""

    def __init__(self, jobs: int, progress: Progress) -> None:
        self.jobs, self._progress, self._stop = jobs, progress, threading.Event()

    def progress(self, what: str, classes: int) -> None:
        """Passes the sign on; in a thread whose answer nobody waits for any more it ends the search."""
        if self._stop.is_set() and threading.current_thread() is not threading.main_thread():
            raise KeyboardInterrupt
        self._progress(what, classes)

    def map(self, ask: Callable[[T], R], questions: Sequence[T]) -> list[R]:
        """The answers, in order; the first question that fails raises its error.

        A question that is itself asked beside others puts its own ones one after the other.
        """
        alone = threading.current_thread() is threading.main_thread()
        if self.jobs <= 1 or len(questions) <= 1 or not alone:
            return [ask(question) for question in questions]
        with ThreadPoolExecutor(self.jobs) as pool:
            try:
                return _results([pool.submit(ask, question) for question in questions])
            except BaseException as error:
                if isinstance(error, KeyboardInterrupt):
                    self._stop.set()
                pool.shutdown(wait=False, cancel_futures=True)
                raise


def _results(futures: Sequence[Future[R]]) -> list[R]:
    """What came of each, in order; the error of the first that failed."""
    waiting = set(futures)
    while waiting:
        done, waiting = wait(waiting, GLANCE, FIRST_EXCEPTION)
        for future in futures:
            if future in done:
                future.result()
    return [future.result() for future in futures]
