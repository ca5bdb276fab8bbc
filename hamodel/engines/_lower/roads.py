"""All steps from many states at once: which actions may happen there and what becomes of each part.

An action begins where most of its guard is read. What it does there is written down once for each value of that part:
either its whole effect, where nothing else is asked or changed, or the fork at which it goes on in the other parts.
Formulas are actions that change nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from hamodel.engines._lower.appended import Queues
from hamodel.engines._lower.arrays import Bits
from hamodel.engines._lower.footprint import Touched
from hamodel.engines._lower.forks import FIRST_END, UNKNOWN, Forks, Growing
from hamodel.engines._lower.keyed import ABSENT, Numbers, distinct
from hamodel.engines._lower.layout import layout_of
from hamodel.engines._lower.pairs import Pairs, paired
from hamodel.engines._lower.parts import NOTHING, Part
from hamodel.engines._lower.python import python_rules
from hamodel.engines._lower.watched import Change, Path, Watcher
from hamodel.errors import HamodelError
from hamodel.ir.expr import Expr
from hamodel.ir.semantics import initial_state
from hamodel.ir.statement import Procedure
from hamodel.ir.system import Action, Kind, System

DISABLED = FIRST_END
"""The end of an action that may not happen."""
NOT_YET = -1
FEW = 32
"""So many steps are done one by one."""
ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Steps:
    """Some steps: from which row, by which action (formulas come first), and the change of the number of each part.

    `changes` has one array for each part that may differ.
    """

    rows: Numbers
    actions: Numbers
    changes: dict[int, Numbers]
    errors: dict[int, HamodelError]
    """What cannot be done, by its place among the steps."""

    def where(self, these: Bits) -> Steps:
        """Some of the steps, none of which fails."""
        at = these.nonzero()[0]
        changes = {p: change.take(at) for p, change in self.changes.items()}
        return Steps(self.rows.take(at), self.actions.take(at), changes, {})


class Roads:
    """The actions of one system and the formulas asked of it, over one division into parts."""

    def __init__(self, system: System, formulas: Sequence[Expr], groups: Sequence[Sequence[int]]) -> None:
        self.system = _with_questions(system, formulas)
        layout = layout_of(self.system)
        self.parts = [Part(group, layout) for group in groups]
        place = {variable: at for at, variable in enumerate(v for group in groups for v in group)}
        self.place = [place[v] for v in range(len(place))]
        """Where each variable is in the parts one after the other."""
        self.together = [frozenset(group) for group in groups]
        queues = Queues(self.system, layout, self.together)
        rules = python_rules(self.system, layout, queues.first)
        self.watcher = Watcher(rules, layout, self.together, queues.all)
        self.forks = Forks(list(layout.bounds.values()), groups)
        self.ends: dict[tuple[tuple[int, Change], ...], int] = {}
        self.effects = [Growing() for _ in groups]
        """For each part and each end what the end does to it."""
        self.errors: dict[int, HamodelError] = {}
        self._end([NOTHING] * len(groups))
        self.through = [Pairs() for _ in groups]
        """For each part: from a fork that asks it, by the value, to where the road leaves the part."""
        self.alone, self.onward = [Entries() for _ in groups], [Entries() for _ in groups]
        """What begins in each part: with the change of its number, where that is all, or the fork where it goes on."""
        first = initial_state(system)[0].variables
        self.first = [part.number(bytes(first[v] for v in part.variables)) for part in self.parts]
        self._begin(first)

    def _begin(self, state: Sequence[int]) -> None:
        by, index = Touched(self.system), self.system.variable_index
        begun: list[list[tuple[int, int]]] = [[] for _ in self.parts]
        for number, action in enumerate(self.system.actions):
            read = frozenset(index[name] for name in by.read(action.guard))
            part = self._home(read)
            path = self.watcher.path(number, state)
            begun[part].append((number, self.forks.road(path, self._end_of(path), part)))
        self.actions = [np.array([a for a, _ in each], np.int64) for each in begun]
        self.starts = [np.array([start for _, start in each], np.int64) for each in begun]

    @property
    def memory(self) -> int:
        """About so many bytes."""
        parts, entries = sum(p.memory for p in self.parts), sum(e.memory for e in (*self.alone, *self.onward))
        return parts + entries + sum(t.nbytes for t in self.through) + self.forks.memory

    def _home(self, read: frozenset[int]) -> int:
        """The part that knows most of what no other part knows."""
        alone = [names.difference(*(o for o in self.together if o is not names)) for names in self.together]
        return max(range(len(self.parts)), key=lambda p: (len(read & alone[p]), len(read & self.together[p])))

    # -- ends

    def _end_of(self, path: Path) -> int:
        if path.writes is None and path.error is None:
            return 0
        if path.error is not None:
            end = self._end([NOTHING] * len(self.parts))
            self.errors[end] = path.error
            return end
        writes = path.writes or {}
        key = tuple(writes.items())
        if key not in self.ends:
            self.ends[key] = self._end([part.effect(writes) for part in self.parts])
        return self.ends[key]

    def _end(self, effects: Sequence[int]) -> int:
        number = 0
        for each, effect in zip(self.effects, effects, strict=True):
            number = each.extend([effect])
        return number

    # -- walking

    def values(self, ids: Sequence[int]) -> list[int]:
        """The values of a state, in the order of the system's variables."""
        joined = b"".join([part.rows[n].tobytes() for part, n in zip(self.parts, ids, strict=True)])
        return list(map(joined.__getitem__, self.place))

    def _walk(self, ids: Sequence[Numbers], rows: Numbers, actions: Numbers, at: Numbers) -> None:
        """Go on from the forks `at` to the ends, in place, part by part: each way through a part is walked once."""
        left = (at >= 0).nonzero()[0]
        while len(left):
            forks, further = at.take(left), []
            parts = self.forks.part.array.take(forks)
            for p, through in enumerate(self.through):
                chosen = (parts == p).nonzero()[0]
                if len(chosen):
                    of, here = left.take(chosen), forks.take(chosen)
                    values = ids[p].take(rows.take(of))
                    then = through.find(here, values, (len(self.forks.variable), len(self.parts[p])))
                    missing = (then == ABSENT).nonzero()[0]
                    if len(missing):
                        first, where = distinct(paired(here[missing], values[missing]))
                        once = of[missing[first]]
                        reached = at[once]
                        self._cross(p, ids, rows[once], actions[once], reached)
                        through.put(here[missing[first]], values[missing[first]], reached)
                        then[missing] = reached[where]
                    at[of] = then
                    further.append(of.compress(then >= 0))
            left = np.concatenate(further)

    def _cross(self, p: int, ids: Sequence[Numbers], rows: Numbers, actions: Numbers, at: Numbers) -> None:
        """Go on from the forks `at`, in place, as long as they ask this part."""
        values, forks = self.parts[p].rows, self.forks
        flat, begins = values.ravel(), ids[p].take(rows)
        begins *= values.shape[1]
        left = (at >= 0).nonzero()[0]
        here = at.take(left)
        while len(left := left.compress(inside := forks.part.array.take(here) == p)) > FEW:
            here = here.compress(inside)
            asked = forks.asked.array.take(here)
            asked += begins.take(left)
            ways = forks.base.array.take(here)
            ways += flat.take(asked)
            then = forks.next.array.take(ways)
            if (unknown := (then == UNKNOWN).nonzero()[0]).size:
                for n in unknown.tolist():
                    if forks.next.room[ways[n]] == UNKNOWN:
                        self._learn(ids, rows[left[n]], int(actions[left[n]]), int(here[n]))
                then = forks.next.array.take(ways)
            at[left] = then
            further = then >= 0
            left, here = left.compress(further), then.compress(further)
        for step in left.tolist():
            at[step] = self._crossed(p, ids, rows[step], int(actions[step]), int(at[step]))

    def _crossed(self, p: int, ids: Sequence[Numbers], row: int, action: int, fork: int) -> int:
        """Where one step leaves a part, from a fork there. Few steps are done sooner one by one."""
        values = self.parts[p].rows[ids[p][row]].tolist()
        while fork >= 0:
            part, column, least, ways = self.forks.questions[fork]
            if part != p:
                break
            then = ways[values[column] - least]
            if then == UNKNOWN:
                self._learn(ids, row, action, fork)
            else:
                fork = then
        return fork

    def _learn(self, ids: Sequence[Numbers], row: int, action: int, fork: int) -> None:
        """A way on from a fork for this state, by this action, and for all that are alike."""
        state = self.values([int(each[row]) for each in ids])
        path = self.watcher.path(action, state)
        self.forks.add(fork, path, self._end_of(path))

    # -- steps

    def steps(self, ids: Sequence[Numbers], before: int | None = None) -> list[Steps]:
        """All steps from these states, a number for each part; only of actions numbered below `before`."""
        found: list[Steps] = []
        open_: list[tuple[Numbers, Numbers, Numbers]] = []
        for p, numbers in enumerate(ids):
            self._enter(p, ids)
            rows, actions, change = self.alone[p].of(numbers, before)
            found.append(Steps(rows, actions, {p: change}, {}))
            open_.append(self.onward[p].of(numbers, before))
        rows, actions, at = (np.concatenate(each) for each in zip(*open_, strict=True))
        self._walk(ids, rows, actions, at)
        happens = (at != DISABLED).nonzero()[0]
        found.append(self._at_ends(ids, rows.take(happens), actions.take(happens), FIRST_END - at.take(happens)))
        return found

    def _at_ends(self, ids: Sequence[Numbers], rows: Numbers, actions: Numbers, ends: Numbers) -> Steps:
        changes: dict[int, Numbers] = {}
        for p, part in enumerate(self.parts):
            effects = self.effects[p].array.take(ends)
            of = (effects != NOTHING).nonzero()[0]
            if len(of):
                here = ids[p].take(rows.take(of))
                changes[p] = np.zeros(len(rows), np.int64)
                changes[p][of] = part.after(effects.take(of), here) - here
        wrong = np.isin(ends, list(self.errors)).nonzero()[0] if self.errors else ()
        return Steps(rows, actions, changes, {int(n): self.errors[int(ends[n])] for n in wrong})

    def _enter(self, p: int, ids: Sequence[Numbers]) -> None:
        """Write down what begins at the values of a part that are new among these states."""
        part = self.parts[p]
        missing = self.alone[p].missing(ids[p], len(part))
        if not len(missing):
            return
        new, first = np.unique(ids[p][missing], return_index=True)
        rep = missing[first]
        many = len(self.actions[p])
        rows, actions, at = np.repeat(rep, many), np.tile(self.actions[p], len(new)), np.tile(self.starts[p], len(new))
        self._cross(p, ids, rows, actions, at)
        may = (at != DISABLED).nonzero()[0]
        rows, actions, at = rows[may], actions[may], at[may]
        change = np.zeros(len(may), np.int64)
        ends = (at < 0).nonzero()[0]
        numbers = FIRST_END - at[ends]
        alone = ~np.isin(numbers, list(self.errors)) if self.errors else np.ones(len(numbers), np.bool_)
        for other, effects in enumerate(self.effects):
            alone &= (effects.array[numbers] == NOTHING) | (other == p)
        ends, numbers = ends[alone], numbers[alone]
        here = ids[p][rows[ends]]
        change[ends] = part.after(self.effects[p].array[numbers], here) - here
        whole = np.zeros(len(may), np.bool_)
        whole[ends] = True
        for entries, these, what in ((self.alone[p], whole, change), (self.onward[p], ~whole, at)):
            entries.room_for(len(part))
            entries.add(new, np.bincount(may[these] // many, minlength=len(new)), actions[these], what[these])


class Entries:
    """For each value of a part some of the actions that begin there, and for each a number that says what then."""

    def __init__(self) -> None:
        self.first, self.count = np.zeros(1024, np.int64), np.full(1024, NOT_YET)
        self.action, self.what = Growing(), Growing()

    def room_for(self, values: int) -> None:
        while len(self.count) < values:
            self.first = np.concatenate([self.first, np.zeros_like(self.first)])
            self.count = np.concatenate([self.count, np.full_like(self.count, NOT_YET)])

    def missing(self, values: Numbers, most: int) -> Numbers:
        """The places among these values, all of them below `most`, of those for which nothing is written down."""
        self.room_for(most)
        found: Numbers = (self.count.take(values) == NOT_YET).nonzero()[0]
        return found

    def add(self, values: Numbers, counts: Numbers, actions: Numbers, what: Numbers) -> None:
        """The entries of new values, one value after the other."""
        first = self.action.extend(actions)
        self.what.extend(what)
        self.count[values] = counts
        self.first[values] = first + np.cumsum(counts) - counts

    def of(self, values: Numbers, before: int | None) -> tuple[Numbers, Numbers, Numbers]:
        """The entries of these values: of the how manieth value, the action, and what then; only of actions below."""
        if not self.action.used:
            return values[:0], values[:0], values[:0]
        count = self.count.take(values)
        rows = np.repeat(np.arange(len(count)), count)
        at = (self.first.take(values) - np.cumsum(count) + count).take(rows)
        at += np.arange(len(rows))
        actions = self.action.array.take(at)
        if before is not None:
            kept = (actions < before).nonzero()[0]
            rows, actions, at = rows.take(kept), actions.take(kept), at.take(kept)
        return rows, actions, self.what.array.take(at)

    @property
    def memory(self) -> int:
        return sum(a.nbytes for a in (self.first, self.count, self.action.room, self.what.room))


def _with_questions(system: System, formulas: Sequence[Expr]) -> System:
    """The formulas before the actions: each may happen where it holds, and does nothing."""
    nothing = Procedure(ASKED, (), ())
    asked = tuple(Action(f"{ASKED} {n}", Kind.OPERATOR, ASKED, guard=formula) for n, formula in enumerate(formulas))
    return replace(system, actions=asked + system.actions, procedures={**system.procedures, ASKED: nothing})
