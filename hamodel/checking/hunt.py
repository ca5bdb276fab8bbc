"""Unsafe pieces are hunted before everything is explored: an engine for single points is fast where something breaks.

It shows a run at one choice of the options; the same events, followed with the options open, are a piece of the unsafe
region. What the hunt misses the search finds; what it finds the search need not follow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from hamodel.checking.claims import Question
from hamodel.checking.examine import silent
from hamodel.checking.search import Clock, Searcher, steady_starts
from hamodel.engines.regions import Broken, Opened, Search
from hamodel.errors import EngineLimit
from hamodel.ir.expr import not_
from hamodel.ir.polytope import Polytope
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.state import State
from hamodel.ir.verdict import Limits

SAFE_POINTS, POINTS = 3, 12
"""The hunt ends after so many points at which nothing breaks, or so many in all."""
CLASSES, SECONDS = 300_000, 10.0
"""No point is worth more than this."""
Starts = Sequence[tuple[State, Polytope]] | None


def hunt(asked: Question, opened: Opened, starts: Starts, engine: Searcher, clock: Clock) -> list[Broken]:
    """Pieces of the unsafe region, each exact for its own run; perhaps none, and never all for certain."""
    search = Search(asked.system, opened, asked.broken)
    found: list[Broken] = []
    tried: set[tuple[int, ...]] = set()
    safe = 0
    while safe < SAFE_POINTS and len(tried) < POINTS:
        values = next(_candidates(asked, opened, found, tried), None)
        if values is None:
            break
        tried.add(tuple(values.values()))
        pieces = [] if (run := _run(asked, values, engine, clock)) is None else list(_pieces(search, *run, starts))
        found += pieces
        safe += not pieces
    return found


def _candidates(
    asked: Question, opened: Opened, found: Sequence[Broken], tried: set[tuple[int, ...]]
) -> Iterator[Mapping[str, int]]:
    """Values outside of the pieces so far: the configuration, then corners of what is left."""
    space = asked.space
    here = {u.name: u.value for u in space.unknowns if u.follows is None}
    rest = [opened.domain]
    for piece in found:
        rest = [part for one in rest for part in one.without(piece.part)]
    corners = [
        {**here, **{n: x // point[0] for n, x in zip(opened.names, point[1:], strict=True) if n in here}}
        for part in rest
        for point, _ in part.corners
    ]
    for values in (here, *corners):
        place = dict(zip(space.names, space.point(values), strict=True))
        corner = (1, *(place[name] for name in opened.names))
        if tuple(values.values()) in tried or not opened.domain.holds(corner):
            continue
        if all(u.lo <= place[u.name] <= u.hi for u in space.unknowns) and not any(b.part.holds(corner) for b in found):
            yield values


def _run(
    asked: Question, values: Mapping[str, int], engine: Searcher, clock: Clock
) -> tuple[tuple[str, ...], State | None] | None:
    """A run that breaks the claim with these values, and where it begins."""
    system, quiet = asked.at(values)
    left = clock.rest()
    seconds = SECONDS if left.seconds is None else min(SECONDS, left.seconds)
    limits = Limits(min(CLASSES, left.classes), seconds)
    claim = Property(asked.claim.bound.name, PropertyKind.ALWAYS, not_(asked.broken), "")
    try:
        begin: Sequence[State | None] = steady_starts(engine, quiet, limits, silent) if asked.rests else (None,)
        for start in begin:
            trace = engine.check(system, claim, start, limits).trace
            if trace is not None:
                return trace.names(), start
    except EngineLimit:
        return None
    return None


def _pieces(search: Search, names: Sequence[str], start: State | None, starts: Starts) -> Iterator[Broken]:
    """The same events with the options open."""
    if start is None:
        for part in search.follow(names, None):
            yield Broken(part, tuple(names), None)
        return
    for state, known in starts or ():
        if state == start:
            for part in search.follow(names, (state, known)):
                yield Broken(part, tuple(names), state)
