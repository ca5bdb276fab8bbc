"""Options as unknowns: for which of them can this go wrong? Every run for all options at once.

A class is a state, the part of the options for which a run comes here, and a zone whose bounds are linear terms in the
options. Classes are explored breadth first; where the claim is broken the class's part is a piece of the unsafe region,
exactly, with the run as its evidence. What lies within the unsafe region found so far is not followed any further, nor
is what an explored class includes. If nothing is left, every option outside the pieces is proven safe: for it, every
run was explored.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from hamodel.engines._lower.layout import FAR, NEAR, layout_of
from hamodel.engines._lower.parametric import Started, Zone, covers, joined, lows, pass_time
from hamodel.engines._lower.python import PythonRules, python_rules
from hamodel.engines._lower.unknowns import Case, Choices, Open, Settings, cases
from hamodel.engines._lower.vector import holds
from hamodel.errors import EngineLimit, ModelError, NoUnknown
from hamodel.ir.expr import FALSE, Expr
from hamodel.ir.linear import Term, condition, constant
from hamodel.ir.polytope import Polytope
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.ir.verdict import Limits

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Opened:
    """What is kept open: the names of the unknowns, the options they stand in, and their domain."""

    names: tuple[str, ...]
    terms: Mapping[str, Term]
    """By the name of the setting."""
    domain: Polytope
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Settings that depend on unknowns which are not in play: reading one raises `Wanted`."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A piece of the unsafe region: for exactly these options the events can happen and break the claim."""

    part: Polytope
    names: tuple[str, ...]
    start: State | None


@dataclass(slots=True)
class Explored:
    """What a search has found."""

    broken: list[Broken] = field(default_factory=list)
    undecided: list[Polytope] = field(default_factory=list)
    """Parts of the options for which not every run was explored."""
    resting: list[tuple[State, Polytope]] = field(default_factory=list)
    """Where nothing happens by itself any more, and for which options a run comes there."""
    classes: int = 0
    stopped: str = ""
    """Why the search ended before everything was explored."""
    limit: str = ""
    """The fixed size of the model that some runs exceed; they were not followed."""
    seconds: float = 0.0


Reached = tuple[bytes, Started, Mapping[int, Term]]


class Search:
    """One search under way."""

    def __init__(self, system: System, opened: Opened, broken: Expr = FALSE, *, free: bool = True) -> None:
        """`broken`: the states that break the claim. Without `free` only timers act."""
        self.system, self.opened, self.formula = system, opened, broken
        self.layout = layout_of(system)
        self.rules = rules_of(system)
        self.choices = Choices(opened.domain)
        self.options = _options(system, opened, self.choices)
        self.size = len(opened.names)
        self.actions = [
            (index, self.layout.timers[a.timer] if a.timer is not None else -1)
            for index, a in enumerate(system.actions)
            if (a.timer is not None or free) and system.may_happen(a)
        ]
        self.clocks_at = [(t, self.layout.running + t) for t, kind in enumerate(self.layout.kinds) if kind != FAR]
        self.far_at = [self.layout.running + t for t, kind in enumerate(self.layout.kinds) if kind == FAR]
        self.near_at = [self.layout.running + t for t, kind in enumerate(self.layout.kinds) if kind == NEAR]
        self.steps: dict[tuple[bytes, int], list[Case[Reached]]] = {}
        self.able: dict[bytes, list[tuple[int, int]]] = {}
        self.breaks: dict[bytes, bool] = {}
        self.rows: list[bytes] = []
        self.zones: list[Zone] = []
        self.parts: list[Polytope | None] = []
        self.parents: list[int] = []
        self.via: list[int] = []
        self.starts: dict[int, State] = {}
        self.known: dict[bytes, list[int]] = {}
        self.unsafe: list[Polytope] = []
        self.found = Explored()

    # -- searching

    def run(
        self,
        starts: Sequence[tuple[State, Polytope]] | None,
        limits: Limits,
        known: Sequence[Broken] = (),
        progress: Progress | None = None,
    ) -> Explored:
        """Explore from the beginning, or from states at rest, each for a part of the options.

        For options in the pieces that are known already nobody needs to see more. Ctrl-C ends the search; what is open
        then is undecided.
        """
        began = time.monotonic()
        for piece in known:
            self.found.broken.append(piece)
            self.widen(piece.part)
        self.begin(starts)
        head = 0
        try:
            while head < len(self.rows) and not self.found.stopped:
                if len(self.rows) > limits.classes:
                    self.found.stopped = f"the limit of {limits.classes} classes was reached"
                elif limits.seconds is not None and time.monotonic() - began > limits.seconds:
                    self.found.stopped = "the time was over"
                else:
                    self.expand(head)
                    head += 1
                    if progress is not None and head % 16 == 0:
                        progress(len(self.rows))
        except KeyboardInterrupt:
            self.found.stopped = "interrupted"
        waiting = [self.parts[i] for i in range(head, len(self.rows))]
        self.found.undecided += [part for part in waiting if part is not None]
        self.found.classes, self.found.seconds = len(self.rows), time.monotonic() - began
        return self.found

    def begin(self, starts: Sequence[tuple[State, Polytope]] | None) -> None:
        if starts is not None:
            for state, part in starts:
                row = bytes(self.layout.pack(state))
                if self.clocks(row):
                    raise ModelError("a search starts in the initial state or in one where no clock runs")
                self.starts[len(self.rows)] = state
                self.admit(row, ((constant(0, self.size),),), part, -1, -1)
            return
        for row, zone, part in self.front(None):
            self.admit(row, zone, part, -1, -1)

    def _first(self) -> Reached:
        row = bytearray(self.layout.width)
        row[: len(self.system.variables)] = bytes(v.initial for v in self.system.variables)
        started: dict[int, tuple[int, int]] = {}
        with self._meaning():
            self.rules.begin(row, started, {}, self.options)
        return bytes(row), self._terms(started), {}

    @contextmanager
    def _meaning(self) -> Iterator[None]:
        """What the model refuses for some options alone is refused as something to keep open."""
        try:
            yield
        except ModelError as error:
            if not self.choices.faces:
                raise
            where = " and ".join(condition(f, self.opened.names) for f in self.choices.faces)
            raise NoUnknown(
                f"the model has no meaning where {where}",
                seen=[error.message],
                help="vary the options within narrower bounds",
            ) from error

    def clocks(self, row: bytes) -> list[int]:
        return [t for t, at in self.clocks_at if row[at]]

    def expand(self, head: int) -> None:
        """Every step from one class, for the options that are not known to be unsafe."""
        part = self.rest(self.parts[head])
        if part is None:
            return
        row, zone = self.rows[head], self.zones[head]
        clocks = self.clocks(row)
        low = lows(zone, len(clocks), part)
        near = any(row[at] for at in self.near_at)
        if not near and not any(row[at] for at in self.far_at):
            self.found.resting.append((self.layout.unpack(row), part))
        for index, timer in self.enabled(row, near):
            p = clocks.index(timer) + 1 if timer >= 0 else 0
            here = part.within(low[p]) if p else part
            if here is not None:
                self.take(head, index, p, clocks, low, here)

    def enabled(self, row: bytes, near: bool) -> list[tuple[int, int]]:
        """The actions of a state with the clock each waits for, -1 where it waits for none."""
        if row not in self.able:
            able = []
            for index, timer in self.actions:
                far = timer >= 0 and self.layout.kinds[timer] == FAR
                if (timer >= 0 and not row[self.layout.running + timer]) or (far and near):
                    continue
                if timer >= 0 or self.ways(row, index):
                    able.append((index, -1 if far else timer))
            self.able[row] = able
        return self.able[row]

    def take(self, head: int, index: int, p: int, clocks: list[int], low: Sequence[object], part: Polytope) -> None:
        row, zone = self.rows[head], self.zones[head]
        try:
            ways = self.ways(row, index)
        except EngineLimit as error:
            self.found.undecided.append(part)
            self.found.limit = error.message
            return
        for case in ways:
            here = part.within(case.faces)
            here = self.rest(here)
            if here is None:
                continue
            after, started, hastened = case.result
            if self.is_broken(after):
                self.note(here, head, index)
                continue
            reached = pass_time(zone, clocks, p, low, self.clocks(after), started, hastened, here)  # type: ignore[arg-type]
            self.admit(after, reached, here, head, index)

    def follow(self, names: Sequence[str], start: tuple[State, Polytope] | None) -> list[Polytope]:
        """For which options these events, one after the other, are possible and break the claim."""
        front = self.front(start)
        for name in names:
            index = self.system.action_index[name]
            front = [reached for row, zone, part in front for reached in self.step(row, zone, part, index)]
        return [part for row, _, part in front if self.is_broken(row)]

    def front(self, start: tuple[State, Polytope] | None) -> list[tuple[bytes, Zone, Polytope]]:
        """The first classes of a run."""
        if start is not None:
            return [(bytes(self.layout.pack(start[0])), ((constant(0, self.size),),), start[1])]
        found = []
        for case in cases(self.choices, self._first):
            here = self.opened.domain.within(case.faces)
            row, started, _ = case.result
            if here is not None:
                found.append((row, joined([], [], self.clocks(row), started, here), here))
        return found

    def step(self, row: bytes, zone: Zone, part: Polytope, index: int) -> Iterator[tuple[bytes, Zone, Polytope]]:
        """The classes after one action."""
        clocks = self.clocks(row)
        low = lows(zone, len(clocks), part)
        near = any(row[at] for at in self.near_at)
        for timer in (t for i, t in self.enabled(row, near) if i == index):
            p = clocks.index(timer) + 1 if timer >= 0 else 0
            first = part.within(low[p]) if p else part
            for case in self.ways(row, index) if first is not None else ():
                here = first.within(case.faces) if first is not None else None
                if here is not None:
                    after, started, hastened = case.result
                    yield after, pass_time(zone, clocks, p, low, self.clocks(after), started, hastened, here), here

    def ways(self, row: bytes, index: int) -> list[Case[Reached]]:
        """Every way an action can go from a state; none where it is not enabled."""
        key = (row, index)
        if key not in self.steps:
            found = list(cases(self.choices, lambda: self._fire(row, index)))
            self.steps[key] = [Case(c.faces, c.result) for c in found if c.result is not None]
        return self.steps[key]

    def _fire(self, row: bytes, index: int) -> Reached | None:
        after = bytearray(row)
        started: dict[int, tuple[int, int]] = {}
        hastened: dict[int, int] = {}
        free = self.system.actions[index].timer is None
        with self._meaning():
            if free and not self.rules.guards[index](after, {}, {}, self.options):
                return None
            self.rules.fire(index, after, started, hastened, self.options)
        return bytes(after), self._terms(started), {t: self._term(hi) for t, hi in hastened.items()}

    def _terms(self, started: Mapping[int, tuple[int, int]]) -> Started:
        return {t: (self._term(lo), self._term(hi)) for t, (lo, hi) in started.items()}

    def _term(self, value: object) -> Term:
        return value.term if isinstance(value, Open) else constant(int(value), self.size)  # type: ignore[call-overload]

    # -- storing

    def rest(self, part: Polytope | None) -> Polytope | None:
        """The part without what is known to be unsafe, as far as that is one polytope."""
        for piece in self.unsafe:
            if part is None:
                return None
            part = part.less(piece)
        if part is not None and len(self.unsafe) > 1 and part.covered_by(self.unsafe):
            return None
        return part

    def widen(self, piece: Polytope) -> None:
        """Add a piece to the unsafe region, which is kept as few polytopes as simply can be."""
        pieces = [*self.unsafe, piece]
        own = [face for face in piece.faces if not self.opened.domain.entails(face)]
        for face in list(own):
            wider = self.opened.domain.within(f for f in own if f != face)
            if wider is not None and wider.covered_by(pieces):
                own.remove(face)
                piece = wider
        self.unsafe = [*(u for u in self.unsafe if not u.covered_by([piece])), piece]

    def admit(self, row: bytes, zone: Zone, part: Polytope, source: int, action: int) -> None:
        """Store a class, unless stored ones hold all of it."""
        if self.is_broken(row):
            self.note(part, source, action)
            return
        same = self.known.setdefault(row, [])
        here: Polytope | None = part
        for number in same:
            stored = self.parts[number]
            if stored is None or here is None:
                continue
            common = here if here.faces == stored.faces else here.within(stored.faces)
            if common is not None and covers(self.zones[number], zone, common):
                here = here.less(stored)
                if here is None:
                    return
        number = len(self.rows)
        if here is None:
            return
        same.append(number)
        self.rows.append(row)
        self.zones.append(zone)
        self.parts.append(here)
        self.parents.append(source)
        self.via.append(action)

    def note(self, part: Polytope, source: int, action: int) -> None:
        """The claim is broken after this action."""
        names = [self.system.actions[action].name] if action >= 0 else []
        while source >= 0 and self.parents[source] >= 0:
            names.append(self.system.actions[self.via[source]].name)
            source = self.parents[source]
        start = self.starts.get(max(source, 0))
        self.found.broken.append(Broken(part, tuple(reversed(names)), start))
        self.widen(part)

    def is_broken(self, row: bytes) -> bool:
        if row not in self.breaks:
            rows = np.frombuffer(row, np.uint8).reshape(1, -1)
            self.breaks[row] = bool(holds(self.system, self.layout, rows, self.formula)[0])
        return self.breaks[row]


def rules_of(system: System) -> PythonRules:
    """The rules of a system as Python; the same ones for systems that differ in option values alone."""
    for known, rules in _RULES:
        if known.procedures is system.procedures and known.actions is system.actions:
            return rules
    rules = python_rules(system, layout_of(system))
    _RULES[:] = [(system, rules), *_RULES[:3]]
    return rules


_RULES: list[tuple[System, PythonRules]] = []


def _options(system: System, opened: Opened, choices: Choices) -> Settings:
    index = {s.name: i for i, s in enumerate(system.settings)}
    return Settings(
        [s.value for s in system.settings],
        {index[name]: Open(term, choices) for name, term in opened.terms.items()},
        {index[name]: wanted for name, wanted in opened.missing.items()},
    )


def parts_of(found: Sequence[tuple[State, Polytope]]) -> Iterator[tuple[State, Polytope]]:
    """Each state at rest with as few parts as hold all that was found for it."""
    for state in dict.fromkeys(s for s, _ in found):
        kept: list[Polytope] = []
        for part in (p for s, p in found if s == state):
            if not part.covered_by(kept):
                kept.append(part)
        yield from ((state, part) for part in kept)
