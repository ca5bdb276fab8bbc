"""The diary of an incident: each node's facts in cluster time, the lives of its daemon, the calls of its scripts."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import merge
from itertools import pairwise
from typing import TypeVar

from hamodel.incident.clock import Clocks, clocks
from hamodel.incident.clock_lines import CHANGED, SET
from hamodel.incident.facts import QUIET, SECOND, Book, Fact
from hamodel.incident.lives import Ending, Life, Lives
from hamodel.incident.pauses import Pause, pauses
from hamodel.incident.report import Counts, Proof, Silence, Step
from hamodel.incident.resources import Resource
from hamodel.incident.runs import Run, Runs
from hamodel.incident.silences import Log, hiding
from hamodel.incident.steps import BACK
from hamodel.incident.vain import without_vain_starts

_Name = TypeVar("_Name", bound=Hashable)
OF_MACHINE = frozenset({"node-boot"}) | SET | CHANGED
"""What a machine without Heartbeat says as well, where many send their lines to one log."""


@dataclass(frozen=True, slots=True)
class Diary:
    """What one node did. `first` and `last` are the ends of its log, in cluster time.

    From `whole` on no fact was dropped. `uncalled` are ends of calls that nobody began, `silent_agents` those that
    never tell the end of a call in these logs, `places` the facts by their names, `subjects` by their names and the
    node they are about, `links` the names of all media and ping nodes.
    """

    node: str
    facts: tuple[Fact, ...]
    lives: tuple[Life, ...]
    runs: tuple[Run, ...]
    uncalled: tuple[Fact, ...]
    groups: Mapping[tuple[Resource, ...], tuple[str, Proof]]
    known: Mapping[str, Resource]
    refusals: tuple[Fact, ...]
    silent_agents: frozenset[str]
    pauses: tuple[Pause, ...]
    places: Mapping[str, tuple[int, ...]]
    subjects: Mapping[tuple[str, str], tuple[int, ...]]
    links: frozenset[str]
    first: int
    last: int
    whole: int

    def of(self, *keys: str) -> Iterator[Fact]:
        """The facts with one of these names."""
        return (self.facts[place] for place in merge(*(self.places.get(key, ()) for key in keys)))

    def about(self, node: str, *keys: str) -> Iterator[Fact]:
        """The facts with one of these names that are about this node."""
        return (self.facts[place] for place in merge(*(self.subjects.get((key, node), ()) for key in keys)))

    def within(self, begin: int, end: int, *keys: str) -> Iterator[Fact]:
        """The facts with one of these names from `begin` to `end`."""
        found = []
        for key in keys:
            places = self.places.get(key, ())
            first = bisect_left(places, begin, key=lambda place: self.facts[place].at)
            last = bisect_right(places, end, lo=first, key=lambda place: self.facts[place].at)
            found.append(places[first:last])
        return (self.facts[place] for place in merge(*found))

    def life_at(self, at: int) -> Life | None:
        """The daemon's life at a moment, its silent end included up to the next beginning."""
        found = None
        for life in self.lives:
            if life.first <= at + SECOND:
                found = life
        return found


@dataclass(frozen=True, slots=True)
class Incident:
    """All diaries, the clocks that join them, and the configured times where they are known."""

    diaries: Mapping[str, Diary]
    clocks: Clocks
    counts: Counts
    deadtime: int | None = None
    keepalive: int | None = None

    @property
    def nodes(self) -> tuple[str, ...]:
        return tuple(self.diaries)

    @property
    def begin(self) -> int:
        return min((diary.first for diary in self.diaries.values()), default=0)

    @property
    def end(self) -> int:
        return max((diary.last for diary in self.diaries.values()), default=0) + SECOND

    def others(self, node: str) -> tuple[Diary, ...]:
        """The diaries of all other nodes."""
        return tuple(diary for name, diary in self.diaries.items() if name != node)

    def slack(self, *nodes: str) -> int | None:
        """ms by which moments of these nodes may be wrong against each other; None where that is not known."""
        return _together(self.clocks.slack(node) for node in nodes)

    def width(self, *nodes: str) -> int | None:
        """The same for moments that are `bound`."""
        return _together(self.clocks.width(node) for node in nodes)

    def bound(self, node: str, *others: str) -> tuple[int, int]:
        """From when to when a node's lines are bound to those of others: no silence hides that its clock was set."""
        hiding = {silence for each in (node, *others) for silence in self.clocks.hiding(each)}
        own = [silence for silence in hiding if silence.node == node]
        since = max((silence.end for silence in own if not silence.after), default=self.begin)
        return since, min((silence.begin + SECOND for silence in own if silence.after), default=self.end)

    def resource(self, name: str) -> Resource | None:
        """A resource by its short name."""
        return next((d.known[name] for d in self.diaries.values() if name in d.known), None)

    @property
    def resources(self) -> tuple[str, ...]:
        """The short names of all resources the lines tell of, in order of their first mention."""
        return tuple(dict.fromkeys(name for diary in self.diaries.values() for name in diary.known))


def diaries(book: Book, counts: Counts, deadtime: int | None = None) -> Incident:
    """Joins the nodes of a book by their clocks."""
    raw = {node: without_vain_starts(book.facts(node)) for node in book.nodes}
    raw = {node: facts for node, facts in raw.items() if any(fact.key not in OF_MACHINE for fact in facts)}
    joined, steady = clocks(raw)
    found, logs = {}, dict[str, Log]()
    for node, facts in steady.items():
        shifted = tuple(
            replace(fact, at=joined.shift(node, fact.clock), until=joined.shift(node, fact.until)) for fact in facts
        )
        lives, runs = Lives(node), Runs(node)
        first, last = (joined.shift(node, clock) for clock in _span(book, node, joined, facts))
        quiet, noticed = tuple(_silences(book, node, joined)), tuple(_noticed(shifted, joined.steps[node]))
        logs[node] = Log((first, last), shifted, quiet, noticed)
        found[node] = Diary(
            node,
            shifted,
            tuple(lives.read(shifted)),
            tuple(runs.read(shifted)),
            tuple(runs.uncalled),
            runs.groups,
            runs.known,
            tuple(lives.refusals),
            runs.silent_agents,
            pauses(node, shifted),
            _places(fact.key for fact in shifted),
            _places((fact.key, fact.get("node")) for fact in shifted),
            frozenset(fact.get("link") for fact in shifted if fact.key == "hb-link-status"),
            first,
            last,
            max(first, joined.shift(node, joined.steady(node, book.whole(node)))),
        )
    untold = frozenset.intersection(*(diary.silent_agents for diary in found.values())) if found else frozenset[str]()
    found = {node: replace(diary, silent_agents=untold) for node, diary in found.items()}
    joined = replace(joined, silences=tuple(_hiding(joined, logs)))
    incident = Incident(found, joined, counts, deadtime)
    for diary in found.values():
        _fallen_silent(incident, diary)
    return incident


def _span(book: Book, node: str, joined: Clocks, facts: Sequence[Fact]) -> tuple[int, int]:
    """The ends of a node's log by a clock that was never set."""
    if not joined.steps[node]:
        return book.span(node)
    first, last = book.ends(node)
    return min(first, facts[0].clock), max(joined.steady(node, last), facts[-1].clock)


def _together(each: Iterable[int | None]) -> int | None:
    """The sum, if all are known."""
    total = 0
    for part in each:
        if part is None:
            return None
        total += part
    return total


def _silences(book: Book, node: str, joined: Clocks) -> Iterator[tuple[int, int]]:
    """The silences of a log in cluster time, without the steps of its clock."""
    for each in book.silences(node):
        begin, end = (joined.shift(node, joined.steady(node, shown)) for shown in each)
        if end - begin >= QUIET:
            yield begin, end


def _noticed(facts: Sequence[Fact], steps: Sequence[Step]) -> Iterator[tuple[int, int]]:
    """The times in which a clock was set, by lines that do not say how far; no step that is known comes near them."""
    for before, fact in pairwise(facts):
        if fact.key in CHANGED and not any(abs(step.at - fact.clock) <= BACK for step in steps):
            yield before.at, fact.at


def _hiding(joined: Clocks, logs: Mapping[str, Log]) -> Iterator[Silence]:
    """The silences in which a clock may have been set."""
    for node in logs:
        tied = joined.tied(node)
        if tied is not None:
            yield from hiding(joined.reference, node, logs, tied)


def _places(names: Iterable[_Name]) -> Mapping[_Name, tuple[int, ...]]:
    found: dict[_Name, list[int]] = {}
    for place, name in enumerate(names):
        found.setdefault(name, []).append(place)
    return {key: tuple(places) for key, places in found.items()}


def _fallen_silent(incident: Incident, diary: Diary) -> None:
    """A log that just ends is a daemon's death where a peer misses it and does not hear it again."""
    life = diary.lives[-1] if diary.lives else None
    if life is None or life.ending is not Ending.OPEN:
        return
    for peer in incident.others(diary.node):
        slack = incident.slack(diary.node, peer.node)
        if slack is None:
            continue
        dead, heard = _last(peer, diary.node, DEAD), _last(peer, diary.node, HEARD)
        if dead is None or (heard is not None and heard.at >= dead.at):
            continue
        own = _last(diary, peer.node, DEAD)
        if dead.at > life.last + slack + SECOND and (own is None or own.at < dead.at - 2 * TOGETHER - slack):
            life.ending = Ending.SILENT


TOGETHER = 3000
"""ms within which both nodes of a partition miss each other."""
DEAD, HEARD = ("hb-node-dead",), ("hb-node-status", "hb-peer-restarted", "hb-partition-healed", "hb-link-status")


def _last(peer: Diary, node: str, keys: tuple[str, ...]) -> Fact | None:
    said = [fact for fact in peer.about(node, *keys) if fact.get("status") != "dead"]
    return said[-1] if said else None


def alive_until(incident: Incident, diary: Diary, life: Life) -> int:
    """The last moment at which a life is proved: by its own lines, or by a peer that still heard it.

    A peer declares a node dead once the dead time has passed without a word, so the node lived until a dead time
    before; a peer that says nothing of the kind heard it until a dead time before its own last line.
    """
    if life.ending is not Ending.SILENT and life.ending is not Ending.OPEN:
        return life.end - SECOND if life.end is not None else life.last
    best = max(life.last, life.cut_short or life.last)
    if life.ending is Ending.OPEN:
        best = max(best, diary.last)
    if incident.deadtime is None:
        return best
    later = [other.begin for other in diary.lives if other.begin is not None and other.begin > life.first]
    limit = min(later, default=incident.end)
    for peer in incident.others(diary.node):
        slack = incident.slack(diary.node, peer.node)
        if slack is None:
            continue
        heard = _heard_until(peer, diary.node, life.last, limit)
        if heard is not None:
            best = max(best, heard - incident.deadtime - 2 * (SECOND + slack))
    return min(best, limit)


def machine_until(incident: Incident, diary: Diary, life: Life) -> int:
    """The last moment at which the machine of a life is proved to run, by any of its processes."""
    return max(alive_until(incident, diary, life), life.machine)


def _heard_until(peer: Diary, node: str, since: int, limit: int) -> int | None:
    """When a peer that heard this node at `since` first missed it, or the last line of that life of the peer's.

    A later life that declares the node dead has perhaps never heard it.
    """
    watching = None
    for life in peer.lives:
        if life.active is not None and life.active <= since and (life.end or life.last) > since:
            watching = life
    if watching is None:
        return None
    limit = min([limit, *(life.first for life in peer.lives if life.first > watching.first)])
    for fact in peer.within(since + 1, limit, "hb-node-dead", "hbr-shutdown-notice"):
        if fact.get("node") == node:
            return fact.at
    last = min(watching.end or watching.last, peer.last, limit)
    return last if last > since else None
