"""The search without machine code: many states at a time, by numpy alone.

A state is one number of 63 bits, made of the numbers of its parts (see `parts`). The states of a layer are taken a
chunk at a time: `roads` says all steps from them, and of the states these lead to, those that are new are numbered in
the order of the system's actions. So the numbers, the layers and the runs are those of the plainest search.
With a second thread, while the states of one chunk are numbered the steps from the next one are found already; they
are counted when their turn comes, so that every search ends with the same counts.
Where the numbers of the parts together need more than 63 bits, the search goes on with coarser parts.

Why there is no second process: of the 3.0 s of CPU that the pair of specs/01 with one cut takes, 1.3 s go into learning
the roads and 0.2 s into setting out. Half of the states, chosen by hash, still meet nine tenths of the values
of each part, and learning for them takes nearly as long as for all. So halving the rest, 0.8 s of walking known roads
and 0.7 s of numbering, gives 1.3 times the speed at best, without what it costs to hand over half of the steps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from hamodel.engines._lower.fields import Fields
from hamodel.engines._lower.keyed import Keys, Numbers
from hamodel.engines._lower.layers import deepest, slices
from hamodel.engines._lower.numpy_states import FoundStates
from hamodel.engines._lower.packing import WORD
from hamodel.engines._lower.parts import groups_of
from hamodel.engines._lower.roads import Roads, Steps
from hamodel.engines._lower.search import Stop
from hamodel.engines._lower.team import Team
from hamodel.engines._lower.untimed_search import Tell
from hamodel.errors import EngineLimit, HamodelError
from hamodel.ir.expr import Expr
from hamodel.ir.state import State
from hamodel.ir.system import System

CHUNK = 1 << 16
"""States that are expanded at a time."""


class _TooWide(Exception):
    """The numbers of the parts need more bits than there are."""


@dataclass(frozen=True, slots=True)
class _Expanded:
    """The states from one to another, and the steps from them."""

    first: int
    end: int
    steps: list[Steps]


class NumpySearch:
    """One search under way."""

    def __init__(self, system: System, formulas: Sequence[Expr], jobs: int = 1) -> None:
        self.system, self.formulas, self.jobs = system, formulas, jobs
        self.groups = groups_of(system)
        self.team: Team | None = None
        self.roads = Roads(system, formulas, self.groups.pop(0))
        self.of_step = len(self.roads.system.actions)
        self.fields = Fields([WORD // len(self.roads.parts)] * len(self.roads.parts))
        self.found = FoundStates(self.fields.keys([np.array([n]) for n in self.roads.first]))
        self.expanded, self.layers = 0, [0, 1]
        self.edges = self.deadlocks = self.looked = 0
        self.hits: list[int] = [0 for _ in self.formulas]
        self.firsts: list[int | None] = [None for _ in self.formulas]
        self.stopped = ""
        self.error: HamodelError | None = None
        self.ahead: _Expanded | None = None
        """What comes next, if it has been expanded already."""

    @property
    def states(self) -> int:
        return self.found.used

    # -- keys

    def _wider(self) -> None:
        """Give every part the bits its numbers need, and some to spare."""
        needed = _needed(self.roads)
        if not self.fields.narrow(needed):
            return
        spare = (WORD - sum(needed)) // len(needed)
        if spare < 0:
            raise _TooWide
        ids = self.fields.numbers(self.found.keys[: self.states])
        self.fields = Fields([n + spare for n in needed])
        self.found.change(self.fields.keys(ids))

    def _coarser(self) -> None:
        """The states found so far in coarser parts. Raises EngineLimit where the numbers of the coarsest do not fit."""
        while self.groups:
            roads = Roads(self.system, self.formulas, self.groups.pop(0))
            ids = [np.zeros(self.states, np.int64) for _ in roads.parts]
            for first, end in slices(0, self.states, CHUNK):
                finer = self.fields.numbers(self.found.keys[first:end])
                for part, numbers in zip(roads.parts, ids, strict=True):
                    numbers[first:end] = part.joined(self.roads.parts, finer)
            needed = _needed(roads)
            if sum(needed) <= WORD:
                self.roads, self.ahead, self.fields = roads, None, Fields(needed)
                self.found.change(self.fields.keys(ids))
                return
        raise EngineLimit(f"the numbers of the parts of {self.system.name} need more than {WORD} bits")

    # -- the search

    def run(self, stop: Stop, until: int = 0, tell: Tell | None = None) -> None:
        """Until all is found, the layer in which a formula of the mask `until` holds is done, or a limit is met.

        Raises EngineLimit where the numbers of the coarsest parts do not fit.
        """
        self.team = Team(1) if self.jobs > 1 else None
        try:
            while self.layers[-2] < self.layers[-1] and not self.stopped:
                if any(until >> f & 1 and n for f, n in enumerate(self.hits)):
                    self.stopped = "found"
                    return
                last = stop.depth is not None and self.depth >= stop.depth
                try:
                    self._layer(stop, tell, last=last)
                except _TooWide:
                    self._coarser()
        except KeyboardInterrupt:
            self.stopped = "interrupted"
            self.layers.append(self.states)
        finally:
            if self.team is not None:
                self.team.close()
                self.team = None

    def _layer(self, stop: Stop, tell: Tell | None, *, last: bool) -> None:
        """Expand a layer, or only look which formulas hold in it."""
        at, layer = self.expanded, self.layers[-1]
        size = self._size(layer - at)
        next_too = stop.depth is None or self.depth + 1 < stop.depth
        while at < layer:
            piece = self.ahead or self._expanded(at, min(at + size, layer), len(self.formulas) if last else None)
            if not last:
                self._wider()
            self.ahead, at, end = None, piece.end, piece.end
            found = self._before_error(piece)
            self._judge(found, piece.first, end)
            if not last:
                known = layer if end < layer else self.states if next_too else end
                self.together(
                    partial(self._take, found, piece, stop), partial(self._look_ahead, end, min(end + size, known))
                )
            self.expanded = end
            if not self.stopped and (end < self.layers[-1] or self.states > self.layers[-1]):
                self.stopped = stop.reason(self.states, self.memory())
            if tell is not None:
                tell(self.states, self.edges, stop.elapsed())
            if self.stopped:
                break
        if last:
            self.stopped = self.stopped or f"the depth limit of {stop.depth} steps was reached"
        else:
            self.layers.append(self.states)

    def _size(self, states: int) -> int:
        """How many states of a layer are expanded at a time: as many each time, so that no thread waits for long."""
        if self.team is None:
            return CHUNK
        left = states if self.ahead is None else states - (self.ahead.end - self.ahead.first)
        return max(1, -(-left // max(1, round(2 * left / CHUNK))))

    def _expanded(self, first: int, end: int, before: int | None = None) -> _Expanded:
        return _Expanded(first, end, self.roads.steps(self.fields.numbers(self.found.keys[first:end]), before))

    def _look_ahead(self, first: int, end: int) -> None:
        if first < end:
            self.ahead = self._expanded(first, end)

    def together(self, number: Callable[[], None], expand: Callable[[], None]) -> None:
        """Number states and meanwhile, if there is a thread for that, expand others: nothing is written by both."""
        if self.team is None:
            number()
        else:
            self.team.run(lambda work: work(), (expand, number))

    def _before_error(self, piece: _Expanded) -> list[Steps]:
        """The steps before the first that cannot be done."""
        found, first = piece.steps, piece.first
        wrong = {
            int(s.rows[n]) * self.of_step + int(s.actions[n]): error for s in found for n, error in s.errors.items()
        }
        if not wrong:
            return found
        earliest = min(wrong)
        self.error = wrong[earliest]
        self.stopped = self.error.message
        row, action = divmod(earliest, self.of_step)
        self.failed = first + row, action - len(self.formulas)
        return [s.where(s.rows * self.of_step + s.actions < earliest) for s in found]

    def _judge(self, found: Sequence[Steps], first: int, end: int) -> None:
        """Count the states in which each formula holds."""
        for steps in found:
            for f in range(len(self.formulas)):
                rows = steps.rows[steps.actions == f]
                if len(rows):
                    earliest, before = first + int(rows.min()), self.firsts[f]
                    self.hits[f] += len(rows)
                    self.firsts[f] = earliest if before is None else min(before, earliest)
        self.looked = end if self.error is None else self.failed[0] + (self.failed[1] >= 0)

    def _take(self, found: list[Steps], piece: _Expanded, stop: Stop) -> None:
        """Count the steps and number the states they lead to."""
        end = piece.end if self.error is None else self.failed[0]
        keys, claims, deadlocks = self._reached(found, piece.first, end)
        self.edges += len(keys)
        self.deadlocks += deadlocks
        if refused := self.found.number(keys, claims, stop, self.roads.memory):
            self.stopped = refused

    def _reached(self, found: list[Steps], first: int, end: int) -> tuple[Keys, Numbers, int]:
        """Where the steps from these states lead, the claims of these, and how many states no step leads away from.

        The last state may be one that has not all its steps.
        """
        keys = self.found.keys[first : end + 1].view(np.int64)
        nexts, claims = [], []
        leads = np.zeros(len(keys), np.bool_)
        for steps in found:
            if self.formulas:
                steps = steps.where(steps.actions >= len(self.formulas))
            then = keys.take(steps.rows)
            for p, change in steps.changes.items():
                then += change << self.fields.shifts[p]
            nexts.append(then.view(np.uint64))
            claims.append((first + steps.rows) * self.of_step + steps.actions)
            leads[steps.rows] = True
        deadlocks = end - first - int(np.count_nonzero(leads[: end - first]))
        return np.concatenate(nexts), np.concatenate(claims), deadlocks

    def memory(self) -> int:
        """Bytes of everything that grows."""
        return self.found.nbytes + self.roads.memory

    # -- what was found

    @property
    def depth(self) -> int:
        """Steps to the states of the last layer that is not empty."""
        return deepest(self.layers)

    def where(self, formula: int, most: int) -> list[int]:
        """The first states, at most so many, in which a formula holds."""
        found: list[int] = []
        for first, end in slices(0, self.looked, CHUNK):
            if len(found) >= most:
                break
            steps = self.roads.steps(self.fields.numbers(self.found.keys[first:end]), len(self.formulas))
            rows = np.sort(np.concatenate([s.rows[s.actions == formula] for s in steps]))
            found += (first + rows).tolist()
        return found[:most]

    def path(self, index: int) -> list[int]:
        """The actions of a shortest run to a state, as indices: of all shortest ones the first."""
        actions: list[int] = []
        while index > 0:
            index, action = divmod(int(self.found.claims[index]), self.of_step)
            actions.append(action - len(self.formulas))
        return actions[::-1]

    def state(self, index: int) -> State:
        """A state of the untimed system."""
        ids = self.fields.numbers(self.found.keys[index : index + 1])
        return State(tuple(self.roads.values([int(each[0]) for each in ids])), (), ())


def _needed(roads: Roads) -> list[int]:
    """The bits that the numbers of each part need."""
    return [len(part).bit_length() for part in roads.parts]
