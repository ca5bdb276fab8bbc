"""Many files of a node become one stream: in order of time as far as clocks can be trusted, every line once.

Processes stamp their lines themselves, so neighbours can be out of order by seconds; they are put in order within a
short window. A larger step back (a clock set anew, an hour gained in autumn, another log pasted behind) is no disorder:
the file's order holds. The window, and not the log, decides how much is kept in memory.
"""

from __future__ import annotations

import heapq
from bisect import insort_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Generic, TypeVar

T = TypeVar("T")
DISORDER = timedelta(seconds=10)
"""How far behind a line may stand to be put back in its place."""
MOST_WAITING = 4096
"""Lines that wait at most for an earlier one."""
SAME = timedelta(seconds=2)
"""How far apart two files may date the same line: syslog stamps what it receives, when it receives it."""
_WHEN = itemgetter(0)

Dated = tuple[datetime, T]


def in_order(lines: Iterable[Dated[T]]) -> Iterator[Dated[T]]:
    """The lines of one source by time, those of one instant in the order of the file."""
    waiting: deque[Dated[T]] = deque()
    newest: datetime | None = None
    for line in lines:
        when = line[0]
        if newest is None or when >= newest:
            newest = when
            waiting.append(line)
            limit = newest - DISORDER if newest.year > 1 else newest
            while waiting[0][0] < limit or len(waiting) > MOST_WAITING:
                yield waiting.popleft()
        elif newest - when > DISORDER:
            yield from waiting
            waiting.clear()
            waiting.append(line)
            newest = when
        else:
            insort_right(waiting, line, key=_WHEN)
    yield from waiting


def merged(streams: Sequence[Iterator[Dated[T]]]) -> Iterator[Dated[T]]:
    """The lines of several sources by time; each source keeps its own order even where its clock steps back."""
    if len(streams) == 1:
        yield from streams[0]
        return
    for _, _, _, _, line in heapq.merge(*(_marked(place, stream) for place, stream in enumerate(streams))):
        yield line


def _marked(place: int, stream: Iterator[Dated[T]]) -> Iterator[tuple[datetime, datetime, int, int, Dated[T]]]:
    latest = datetime.min
    for count, line in enumerate(stream):
        latest = max(latest, line[0])
        yield latest, line[0], place, count, line


class Duplicates(Generic[T]):
    """Tells the first copy of a line from those in other files, and both from a line that was written twice."""

    def __init__(self) -> None:
        self._seen: dict[T, tuple[datetime, Counted]] = {}
        self._sweep = MOST_WAITING

    def is_new(self, what: T, when: datetime, place: int) -> bool:
        """Whether this line, found in the source at this place, was not yet seen in another source."""
        last = self._seen.pop(what, None)
        counted = last[1] if last is not None and abs(when - last[0]) <= SAME else Counted()
        self._seen[what] = (when, counted)
        if len(self._seen) > self._sweep:
            self._forget(when)
        return counted.add(place)

    def _forget(self, now: datetime) -> None:
        """Drop what is too old to come again; what was seen last stands last."""
        while self._seen:
            oldest = next(iter(self._seen))
            if abs(now - self._seen[oldest][0]) <= SAME and len(self._seen) < 16 * MOST_WAITING:
                break
            del self._seen[oldest]
        self._sweep = len(self._seen) + MOST_WAITING


class Counted:
    """How often each source has held one line lately."""

    __slots__ = ("_most", "_times")

    def __init__(self) -> None:
        self._times: dict[int, int] = {}
        self._most = 0

    def add(self, place: int) -> bool:
        times = self._times[place] = self._times.get(place, 0) + 1
        if times <= self._most:
            return False
        self._most = times
        return True
