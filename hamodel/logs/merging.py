"""Many files of a node become one stream: in order of time as far as clocks can be trusted, every line once.

Processes stamp their lines themselves, so neighbours can be out of order by seconds; they are put in order within a
short window. A larger step back (a clock set anew, an hour gained in autumn, another log pasted behind) is no disorder:
the file's order holds. The window, and not the log, decides how much is kept in memory.
"""

from __future__ import annotations

import heapq
from bisect import insort_right
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
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
            limit = _early(newest)
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


@dataclass(frozen=True, slots=True)
class Stream(Generic[T]):
    """The lines of one source, opened when its begin comes near: a year of rotated files is read one by one."""

    begin: datetime
    open: Callable[[], Iterator[Dated[T]]]


def merged(streams: Sequence[Stream[T]]) -> Iterator[Dated[T]]:
    """The lines of several sources by time; each source keeps its own order even where its clock steps back."""
    waiting = deque(sorted(enumerate(streams), key=lambda numbered: numbered[1].begin))
    active: list[_Head[T]] = []
    while waiting or active:
        while waiting and (not active or active[0][0] >= _early(waiting[0][1].begin)):
            place, stream = waiting.popleft()
            _advance(active, datetime.min, place, 0, stream.open())
        if active:
            latest, _, place, count, line, rest = heapq.heappop(active)
            yield line
            _advance(active, latest, place, count + 1, rest)


_Head = tuple[datetime, datetime, int, int, Dated[T], Iterator[Dated[T]]]


def _advance(active: list[_Head[T]], latest: datetime, place: int, count: int, rest: Iterator[Dated[T]]) -> None:
    line = next(rest, None)
    if line is not None:
        heapq.heappush(active, (max(latest, line[0]), line[0], place, count, line, rest))


def _early(begin: datetime) -> datetime:
    return begin - DISORDER if begin.year > 1 else begin


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
