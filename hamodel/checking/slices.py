"""A search too large for one go is divided: a run with two faults has faults of two kinds at most.

Every run with at most k faults uses some of a multiset of kinds with k members, and a slice is all runs that use no
others: the same system with other limits, so the slices together are the whole, run by run. What is asked of single
states (claims, deadlines, least and greatest durations, which faults come) is the union of the answers, and the
smallest set of faults that breaks a claim is the same, because the steps of the ladder below have excluded smaller
ones. The claims speak of the whole budget (`faults_spent`), which every slice has. Only one slice for each worker is
in memory. A slice that is still too large is divided once more, by the actions themselves: which cable, which node.

Slices are searched with merged zones (see `engines._lower.merged`). One that does not end so is searched by hulls,
which hold more than is reached (see `engines._lower.hulls`): what breaks a claim there counts if a run to it is found,
and leaves the claim undecided if not. The answers are put together in the order of the slices: neither the number of
workers nor their pace changes anything but the time, unless a limit is met.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import combinations_with_replacement, product
from math import comb

from hamodel.checking.faultsets import breakers, count, kinds_of, used_by, without
from hamodel.checking.search import Found, Searcher, is_interrupted
from hamodel.checking.side_by_side import SideBySide
from hamodel.errors import HamodelError
from hamodel.ir import expr as e
from hamodel.ir.compose import BUDGET, BUDGET_TOTAL, left, limit
from hamodel.ir.report import FaultSet
from hamodel.ir.state import State
from hamodel.ir.system import Kind, Measure, System
from hamodel.ir.verdict import Limits, Range

UNDIVIDED = 250_000
"""Classes up to which a search is done in one go, as if there were no slices."""
UNSPLIT = 2_000_000
"""Classes up to which a slice of kinds is not divided into slices of actions."""
APART = 5_000_000
"""Classes up to which a slice of actions is searched exactly, and by hulls then, with as many as the limits allow."""
CANDIDATES = 50
"""So many states of a search by hulls are asked for a run to them."""
FEW_TRACES = 50
"""Of this many violating states of a search that is merged and not divided the traces are read."""
MOST_SLICES = 5_000
"""With more multisets than this their number would cost more than it saves: the search is merged and not divided."""


@dataclass(slots=True)
class Reading:
    """What one exploration says about every question, so that the exploration itself can be forgotten."""

    classes: int = 0
    seconds: float = 0.0
    complete: bool = True
    stopped: str = ""
    sets: dict[str, dict[FaultSet, tuple[str, ...]]] = field(default_factory=dict)
    """For each property that is shown or broken: the smallest sets of faults, each with its shortest events."""
    witnessed: set[str] = field(default_factory=set)
    perhaps: set[str] = field(default_factory=set)
    """The claims of which it is not known whether their situation comes about in runs that a search by hulls had."""
    doubtful: set[str] = field(default_factory=set)
    """The claims that are broken (or shown) by hulls, and no run was found that does it."""
    hulls: list[str] = field(default_factory=list)
    """The slices that were searched by hulls."""
    came: set[str] = field(default_factory=set)
    idle: set[str] = field(default_factory=set)
    """The promises of whose situation no state of this exploration knows anything (see `Division.idle`)."""
    idle_in: dict[str, set[str]] = field(default_factory=dict)
    """For each of them the slices of a divided search in which that is so."""
    unfinished: list[str] = field(default_factory=list)
    """The slices that were not explored to their end."""
    split: list[str] = field(default_factory=list)
    """The slices of kinds that were divided once more."""
    took: Range | None = None
    at_most: Range | None = None
    """A range that holds all that a search by hulls had."""
    divided: bool = False
    ends: bool = True
    """Some run of a measured situation ends; else its least duration, 0, says nothing."""


Breakers = Callable[[e.Expr], dict[FaultSet, tuple[str, ...]]]
"""The smallest sets of faults that lead to a formula, each with its shortest events; the shortest story first."""
Read = Callable[[System, Found, Breakers], Reading]


@dataclass(frozen=True, slots=True)
class Slice:
    """The runs with no other faults than these, and no more of them."""

    text: str
    system: System
    start: State | None
    faults: FaultSet
    budget: int

    def fewest(self, found: Found, violation: e.Expr) -> dict[FaultSet, tuple[str, ...]]:
        """What is left of the budget tells which faults a state has seen: one trace is enough for each set of them."""
        for size in range(sum(n for _, n in self.faults) + 1):
            shown = {}
            for used in product(*(range(n + 1) for _, n in self.faults)):
                if sum(used) != size:
                    continue
                rest = [e.binary(e.Op.EQ, e.Read(BUDGET), e.Const(self.budget - size))]
                for (kind, n), m in zip(self.faults, used, strict=True):
                    if n < self.budget:
                        rest.append(e.binary(e.Op.EQ, e.Read(left(kind)), e.Const(n - m)))
                runs = (found.run_to(index) for index in list(found.where(e.and_(violation, *rest))[:CANDIDATES]))
                names = next((run for run in runs if run is not None), None)
                if names is not None:
                    shown[used_by(self.system, names)] = names
            if shown:
                return {f: shown[f] for f in sorted(shown, key=lambda f: (len(shown[f]), f))}
        return {}


@dataclass(frozen=True, slots=True)
class Division:
    """Who searches, with how many workers, and when to stop."""

    searcher: Searcher
    side: SideBySide
    limits: Callable[[], Limits]
    endless: frozenset[str] = frozenset()
    """Slices that an earlier question did not come to the end of: this one tries less hard."""
    split: frozenset[str] = frozenset()
    """Slices of kinds that were too large for it: this one divides them at once."""
    exact: bool = False
    """Search by hulls nothing: they time nothing."""
    idle: frozenset[str] = frozenset()
    """Slices that cannot say anything: a deadline starts after a step in which its situation begins, observers take no
    part, and an earlier question has seen every state of the slice and none in which it begins."""

    def read(self, system: System, start: State | None, read: Read, measure: Measure | None = None) -> Reading:
        """What `read` reads off all runs: in one go where that is enough, else off one slice after the other.

        A divided search also takes the range of `measure`, so that the slices need not be searched again for it.
        """
        limits = self.limits()
        most = min(limits.classes, UNDIVIDED)
        found = self._explore(system, start, "inclusion", replace(limits, classes=most))
        if found.complete or found.classes < most or most == limits.classes or is_interrupted(found):
            return self._read(system, found, partial(breakers, system, found), read)
        del found
        if measure is not None:
            system, read = system.with_settings(**{measure.switch: 1}), timing(read, measure)
        slices = list(slices_of(system, start))
        if slices:
            return self._divided([s for s in slices if s.text not in self.idle], read)
        found = self._explore(system, start, "merged", self.limits())
        return self._read(system, found, partial(breakers, system, found, most=FEW_TRACES), read)

    def _divided(self, slices: Sequence[Slice], read: Read) -> Reading:
        """The answers of the slices together; of those that were finished, where somebody pressed Ctrl-C."""
        whole = Reading(divided=True)
        again = [part for slice in slices if slice.text in self.split for part in self._parts(slice)]
        try:
            for slice, reading in self._all([s for s in slices if s.text not in self.split], read, last=False):
                if reading is None:
                    whole.split.append(slice.text)
                    again += self._parts(slice)
                else:
                    add(whole, reading, slice.text)
            for slice, reading in self._all(again, read, last=True):
                assert reading is not None
                add(whole, reading, slice.text)
        except KeyboardInterrupt:
            whole.complete, whole.stopped = False, "interrupted"
        return whole

    def _parts(self, slice: Slice) -> list[Slice]:
        return [part for part in actions_of(slice) if part.text not in self.idle]

    def _all(self, slices: Sequence[Slice], read: Read, *, last: bool) -> Iterator[tuple[Slice, Reading | None]]:
        """The slices with their answers, in order; None for one that is still to be divided."""
        done: dict[int, Reading | None] = {}

        def ask(number: int) -> None:
            slice, limits = slices[number], self.limits()
            memory = None if limits.memory is None else limits.memory // max(1, min(self.side.jobs, len(slices)))
            most = min(UNSPLIT, limits.classes)
            if last and slice.text not in self.endless:
                most = limits.classes if self.exact else max(most, min(APART, limits.classes))
            self.side.progress(slice.text, 0)
            found = self._explore(slice.system, slice.start, "merged", replace(limits, classes=most, memory=memory))
            if is_interrupted(found):
                raise KeyboardInterrupt
            if not last and not found.complete and found.classes >= most:
                done[number] = None
                return
            done[number] = first = self._read(slice.system, found, partial(slice.fewest, found), read)
            del found
            if last and not first.complete and most < limits.classes and not self.exact:
                done[number] = self._by_hulls(slice, first, replace(limits, memory=memory), read)

        try:
            self.side.map(ask, range(len(slices)))
        except KeyboardInterrupt:
            yield from ((slices[number], done[number]) for number in sorted(done))
            raise
        yield from ((slices[number], done[number]) for number in sorted(done))

    def _by_hulls(self, slice: Slice, first: Reading, limits: Limits, read: Read) -> Reading:
        """What a slice says that was not explored to its end, and by hulls is; as it was where it is not either."""
        try:
            limits = replace(limits, seconds=self.limits().seconds)
            found = self._explore(slice.system, slice.start, "hulls", limits)
            if is_interrupted(found):
                raise KeyboardInterrupt
            if not found.complete:
                return first
            whole = self._read(slice.system, found, partial(slice.fewest, found), read)
        except HamodelError:
            return first
        whole.seconds += first.seconds
        whole.sets = {**whole.sets, **first.sets}
        whole.doubtful -= first.sets.keys()
        whole.witnessed |= first.witnessed
        whole.perhaps -= first.witnessed
        if found.sure is not None:
            whole.hulls = [slice.text]
            whole.at_most, whole.took = whole.took, None
        return whole

    def _explore(self, system: System, start: State | None, mode: str, limits: Limits) -> Found:
        return self.searcher.explore(system, start, mode, limits, self.side.progress)

    def _read(self, system: System, found: Found, shown: Breakers, read: Read) -> Reading:
        reading = read(system, found, shown)
        reading.classes, reading.seconds = found.classes, found.seconds
        reading.complete, reading.stopped = found.complete, found.stopped
        return reading


def timing(read: Read, measure: Measure) -> Read:
    """The same reading with the range of a measured duration."""

    def timed(part: System, found: Found, shown: Breakers) -> Reading:
        reading = read(part, found, shown)
        reading.took, reading.ends = found.measured(measure.name), found.ends(measure.name)
        return reading

    return timed


def slices_of(system: System, start: State | None) -> Iterator[Slice]:
    """The multisets of kinds as large as budget and limits allow; none where limits cannot be set or all is small."""
    budget = system.setting_value.get(BUDGET_TOTAL, 0)
    kinds = [kind for kind in sorted(kinds_of(system)) if system.setting_value.get(limit(kind), 0) > 0]
    if budget < 1 or any(limit(kind) not in system.setting_value for kind in kinds_of(system)):
        return
    most = {kind: min(budget, system.setting_value[limit(kind)]) for kind in kinds}
    size = min(budget, sum(most.values()))
    if comb(len(kinds) + size - 1, size) > MOST_SLICES:
        return
    for chosen in combinations_with_replacement(kinds, size):
        faults = tuple((kind, chosen.count(kind)) for kind in dict.fromkeys(chosen))
        if all(n <= most[kind] for kind, n in faults):
            yield slice_of(system, start, faults, budget)


def slice_of(system: System, start: State | None, faults: FaultSet, budget: int) -> Slice:
    """The runs of a system that use at most these faults."""
    kinds = dict(faults)
    less = without(system, [kind for kind in kinds_of(system) if kind not in kinds])
    less = less.with_settings(**{limit(kind): n for kind, n in faults})
    text = " + ".join(kind for kind, n in faults for _ in range(n))
    return Slice(text, less, _with_limits(system, start, faults, budget), faults, budget)


def actions_of(slice: Slice) -> Iterator[Slice]:
    """The same runs by the actions they use: one choice of as many actions of each kind as may come of it."""
    system = slice.system
    loose = [a for a in system.actions if a.timer is None and system.may_happen(a)]
    paid = [a for a in loose if a.fault and a.kind in (Kind.FAULT, Kind.OPERATOR)]
    free = frozenset(a.name for a in loose) - {a.name for a in paid}
    choices = []
    for kind, n in slice.faults:
        names = [a.name for a in paid if a.fault == kind]
        choices.append([frozenset(c) for c in combinations_with_replacement(names, n)])
    chosen = [frozenset(name for names in sets for name in names) for sets in product(*choices)]
    for some in dict.fromkeys(c for c in chosen if not any(c < other for other in chosen)):
        yield replace(slice, text=" + ".join(sorted(some)), system=system.with_enabled(free | some))


def _with_limits(system: System, start: State | None, faults: FaultSet, budget: int) -> State | None:
    """The start as the budget's first rule would set it: what is left of a kind is counted only below the whole."""
    if start is None:
        return None
    values = list(start.variables)
    for kind, n in faults:
        values[system.variable_index[left(kind)]] = n if n < budget else 0
    return replace(start, variables=tuple(values))


def add(whole: Reading, part: Reading, name: str) -> None:
    """Take the answers of one slice into those of all before it."""
    whole.classes += part.classes
    whole.seconds += part.seconds
    if not part.complete:
        whole.complete = False
        whole.unfinished.append(name)
        whole.stopped = part.stopped if is_interrupted(part) else f"not all runs with {', '.join(whole.unfinished)}"
    for prop, sets in part.sets.items():
        known = whole.sets.setdefault(prop, {})
        for faults, names in sets.items():
            if faults not in known or len(names) < len(known[faults]):
                known[faults] = names
        fewest = min(count(f) for f in known)
        order = sorted((f for f in known if count(f) == fewest), key=lambda f: (len(known[f]), f))
        whole.sets[prop] = {f: known[f] for f in order}
    whole.witnessed |= part.witnessed
    whole.perhaps |= part.perhaps
    whole.doubtful |= part.doubtful
    whole.hulls += part.hulls
    whole.at_most = wider(whole.at_most, part.at_most)
    whole.came |= part.came
    for prop in part.idle if part.complete else ():
        whole.idle_in.setdefault(prop, set()).add(name)
    _add_duration(whole, part)


def _add_duration(whole: Reading, part: Reading) -> None:
    if part.took is None or whole.took is None:
        if whole.took is None:
            whole.took, whole.ends = part.took, part.ends
        return
    took = wider(whole.took, part.took)
    assert took is not None
    least = [r.took.lo for r in (whole, part) if r.took is not None and r.ends]
    whole.took, whole.ends = replace(took, lo=min(least, default=0)), bool(least)


def is_exact(reading: Reading) -> bool:
    """Whether the range that was measured is that of all runs: those of hulls may be as long as their classes show."""
    most, took = reading.at_most, reading.took
    return most is None or (took is not None and wider(took, most) == took)


def wider(one: Range | None, other: Range | None) -> Range | None:
    """The range that holds both."""
    if one is None or other is None:
        return one or other
    return Range(min(one.lo, other.lo), None if one.hi is None or other.hi is None else max(one.hi, other.hi))
