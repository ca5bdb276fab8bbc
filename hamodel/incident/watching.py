"""An incident while it happens: lines in, changes of what is known out.

What is known is what `explain` says of all facts so far; it is asked again only when a line has come or something
waits to be told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from hamodel.config.cluster import Cluster
from hamodel.incident.case import NAMELESS
from hamodel.incident.changes import Changes, Event
from hamodel.incident.explain import explain
from hamodel.incident.facts import Book
from hamodel.incident.forgetting import MOST, NEWEST, present, remembered
from hamodel.incident.recent import Recent
from hamodel.incident.report import Certainty, Counts, Explanation
from hamodel.logs.following import Order
from hamodel.logs.reading import Line

Configuration = Callable[[Book], Cluster | None]


class Watching:
    """One watch. `configuration` gives the cluster, read by the rules of the release that wrote the lines."""

    def __init__(self, configuration: Configuration = lambda _: None, *, settle: int = 0, most: int = MOST) -> None:
        self.report: Explanation | None = None
        self._configuration, self._most = configuration, most
        self._changes = Changes(settle)
        self._recent = Recent()
        self._stale = False

    @property
    def level(self) -> Certainty | None:
        """The worst that was told and is not over."""
        return self._changes.level

    @property
    def size(self) -> int:
        """How many facts are remembered."""
        return sum(len(self._recent.settled.facts(node)) for node in self._recent.settled.nodes)

    def begin_again(self) -> None:
        """All lines will come once more; what was told remains told."""
        self._recent, self._stale = Recent(), True

    def add(self, lines: Iterable[tuple[Order, Line]]) -> None:
        """Lines of the logs, as they are read."""
        for order, line in lines:
            self._stale = True
            self._recent.add(order, line if line.node else replace(line, node=NAMELESS))

    def look(self, now: int, *, past: bool = False, at_once: bool = False) -> list[Event]:
        """What is new at `now` (ms of the watcher's clock); `past` and `at_once` as for `Changes.of`."""
        if self._stale:
            book = self._recent.book()
            self.report = explain(book, Counts(), self._configuration(book))
            self._stale = False
            self._forget(self.report)
        elif not self._changes.pending:
            return []
        return [] if self.report is None else self._changes.of(self.report, now, past=past, at_once=at_once)

    def _forget(self, report: Explanation) -> None:
        """Drop what nothing rests on, if what is known of the present stays the same without it."""
        settled = self._recent.settled
        before = {node: settled.facts(node) for node in settled.nodes}
        since = {node: settled.whole(node) for node in settled.nodes}
        if all(len(facts) <= self._most for facts in before.values()):
            return
        for node, facts in before.items():
            settled.replace(node, remembered(facts, report), facts[max(0, len(facts) - NEWEST)].clock)
        book = self._recent.book()
        if present(explain(book, Counts(), self._configuration(book))) == present(report):
            return
        for node, facts in before.items():
            settled.replace(node, facts, since[node])
        self._most *= 2
