"""The facts of logs that grow: what is settled, and the last seconds, in which an earlier line may still turn up.

Files are read one after the other, and processes stamp their lines themselves, so a line may come seconds after others
that it precedes. Lines wait as long as a line may be late; what is known now counts them in. Only facts are kept.
"""

from __future__ import annotations

from bisect import insort_right
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter

from hamodel.incident.facts import Book
from hamodel.logs.following import Order
from hamodel.logs.merging import DISORDER, SAME, Duplicates
from hamodel.logs.reading import Line

WAIT = DISORDER + SAME
"""How long a line waits for an earlier one, in the time the lines themselves tell."""

Ordered = tuple[Order, Line]
_What = tuple[str, int | None, str, str]


@dataclass(slots=True)
class _Node:
    """One node's lines: those that wait, those that were settled last, and the copies seen in several files."""

    waiting: list[Ordered] = field(default_factory=list)
    settled: deque[Ordered] = field(default_factory=deque)
    seen: Duplicates[_What] = field(default_factory=Duplicates)


class Recent:
    """Takes lines as they come; `book` gives the facts in order."""

    def __init__(self) -> None:
        self.settled = Book()
        self._nodes: dict[str, _Node] = {}

    def add(self, order: Order, line: Line) -> None:
        """One line, at most as late against its node's others as a line may be."""
        node = self._nodes.setdefault(line.node, _Node())
        insort_right(node.waiting, (order, line), key=itemgetter(0))
        newest = node.waiting[-1][0].reached
        while newest - node.waiting[0][0].reached > WAIT:
            self._settle(node, *node.waiting.pop(0))

    def book(self) -> Book:
        """All facts, with those of the last seconds."""
        book = self.settled.copy()
        for node in self._nodes.values():
            seen: Duplicates[_What] = Duplicates()
            for order, line in node.settled:
                seen.is_new(_what(line), order.when, order.place)
            for line in _fresh(seen, node.waiting):
                book.add(line)
        return book

    def _settle(self, node: _Node, order: Order, line: Line) -> None:
        for each in _fresh(node.seen, [(order, line)]):
            self.settled.add(each)
        node.settled.append((order, line))
        while abs(order.when - node.settled[0][0].when) > 2 * SAME:
            node.settled.popleft()


def _fresh(seen: Duplicates[_What], lines: Iterable[Ordered]) -> Iterator[Line]:
    """The lines that no other file has told already."""
    for order, line in lines:
        if seen.is_new(_what(line), order.when, order.place):
            yield line


def _what(line: Line) -> _What:
    entry = line.entry
    return entry.tag, entry.pid, entry.level, entry.text.replace("\n", " ")
