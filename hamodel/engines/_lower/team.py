"""Threads of a search that wait for work, so that handing it over costs little: a layer takes a millisecond."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from queue import SimpleQueue
from threading import Thread
from typing import TypeVar

T = TypeVar("T")
Work = Callable[[], object]


class Team:
    """Runs parts of a work side by side: one in the thread that asks, each other in a thread of its own."""

    def __init__(self, others: int) -> None:
        """`others`: threads beside the one that asks."""
        self.inboxes: list[SimpleQueue[Work | None]] = [SimpleQueue() for _ in range(others)]
        self.done: SimpleQueue[BaseException | None] = SimpleQueue()
        self.threads = [Thread(target=self._serve, args=(inbox,), daemon=True) for inbox in self.inboxes]
        for thread in self.threads:
            thread.start()

    def _serve(self, inbox: SimpleQueue[Work | None]) -> None:
        while (work := inbox.get()) is not None:
            try:
                work()
            except BaseException as error:
                self.done.put(error)
            else:
                self.done.put(None)

    def run(self, run: Callable[[T], object], parts: Iterable[T]) -> None:
        """Run all parts, at most one more than there are other threads; an error of any is raised when all are done."""
        first, *others = parts
        for inbox, part in zip(self.inboxes[: len(others)], others, strict=True):
            inbox.put(partial(run, part))
        try:
            run(first)
        finally:
            failed = [error for error in [self.done.get() for _ in others] if error is not None]
        if failed:
            raise failed[0]

    def close(self) -> None:
        """Wait for what is under way, and end the threads."""
        for inbox in self.inboxes:
            inbox.put(None)
        for thread in self.threads:
            thread.join()
