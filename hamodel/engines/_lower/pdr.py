"""IC3: a proof grows clause by clause, each one a set of states that is out of reach within so many steps.

Level `i` holds clauses that every state within `i` steps meets. A state that leads to a bad one is either shown to be
out of reach one level lower, which yields a new clause, or it leads back to the beginning: a run. Where two levels
become equal their clauses are an inductive invariant. A cube is a set of states: some bits, the others free.

Steps are functions: that an action leads into a cube is said by the gates of the bits it writes, and a cube it does not
write can only be entered from itself. Each action is asked in its own small solver.
"""

from __future__ import annotations

import heapq
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count

from hamodel.engines._lower.bits import Bits, Step
from hamodel.engines._lower.clauses import Solver
from hamodel.engines._lower.gates import FALSE, TRUE, Literal

Cube = frozenset[int]
"""Bits of the state, counted from 1; negative where the bit is 0."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Every state that can be reached meets all these clauses, and no bad one does."""

    clauses: tuple[Cube, ...]


@dataclass(frozen=True, slots=True)
class Reached:
    """The actions of a run into a bad state."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stopped:
    """Neither was found before a limit was met."""

    level: int
    why: str


@dataclass(frozen=True, slots=True, order=True)
class _Duty:
    """A cube to be shown unreachable within `level` steps; `then` leads from it to a bad state."""

    level: int
    number: int
    cube: Cube = field(compare=False)
    then: tuple[str, ...] = field(compare=False)


class _Out(Exception):
    """A limit was met."""


class Pdr:
    """One search for a proof that `bad` is never true."""

    def __init__(
        self,
        bits: Bits,
        bad: Literal,
        *,
        seconds: float | None = None,
        depth: int | None = None,
        tell: Callable[[int, int], None] | None = None,
    ) -> None:
        """Gives up after so many seconds, or where no run of up to `depth` steps is bad."""
        self.bits, self.bad, self.depth, self.tell = bits, bad, depth, tell
        self.end = None if seconds is None else time.monotonic() + seconds
        self.initial = frozenset(i if on else -i for i, on in enumerate(bits.initial, 1))
        self.frames: list[set[Cube]] = []
        self.numbers = count()
        self.activity: Counter[int] = Counter()
        """How often a bit is in a clause; the rare ones are the first to be left out."""
        self.taken: Counter[str] = Counter()
        """How often an action led into a cube; the busy ones are asked first."""
        self.steps = tuple(s for s in bits.steps if s.writes)
        self.solvers: dict[str, Solver] = {}
        self.writers: dict[int, list[Step]] = {}
        for step in self.steps:
            for bit in step.writes:
                self.writers.setdefault(bit + 1, []).append(step)
        self.bad_solver = Solver(bits, [bad])
        self._open_level()
        self._open_level()

    # -- solvers

    def solver(self, step: Step) -> Solver:
        """The solver of an action, made when it is first asked for."""
        if step.name not in self.solvers:
            made = self.solvers[step.name] = Solver(self.bits, [step.guard, *step.writes.values()])
            for _ in self.frames:
                made.open_level()
            for level, clause in self._clauses():
                made.add(level, clause)
        return self.solvers[step.name]

    def _clauses(self) -> Iterable[tuple[int, list[int]]]:
        yield from ((0, [bit]) for bit in sorted(self.initial, key=abs))
        for level, cubes in enumerate(self.frames):
            yield from ((level, [-bit for bit in cube]) for cube in sorted(cubes, key=sorted))

    def _all(self) -> list[Solver]:
        return [self.bad_solver, *self.solvers.values()]

    def _open_level(self) -> None:
        self.frames.append(set())
        for solver in self._all():
            solver.open_level()
        if len(self.frames) == 1:
            for bit in sorted(self.initial, key=abs):
                self.bad_solver.add(0, [bit])

    def close(self) -> None:
        for solver in self._all():
            solver.close()

    def queries(self) -> int:
        return sum(solver.queries for solver in self._all())

    # -- questions

    def enters(self, cube: Cube, level: int) -> tuple[Cube, Step] | Cube:
        """A state of this level outside the cube that steps into it, or the part of the cube that is not entered."""
        if self.end is not None and time.monotonic() > self.end:
            raise _Out
        needed: set[int] = set()
        touching = {step.name: step for bit in cube for step in self.writers.get(abs(bit), ())}
        for step in sorted(touching.values(), key=lambda s: -self.taken[s.name]):
            found = self._enters_by(step, cube, level)
            if isinstance(found, tuple):
                self.taken[step.name] += 1
                return found
            needed |= found
        return frozenset(needed)

    def _enters_by(self, step: Step, cube: Cube, level: int) -> tuple[Cube, Step] | set[int]:
        solver = self.solver(step)
        source = solver.source
        meant: dict[int, int] = {}
        wanted: list[int] = []
        for bit in sorted(cube, key=abs):
            made = step.writes.get(abs(bit) - 1)
            if made is None:
                literal = bit
            else:
                made ^= bit < 0
                if made == FALSE:
                    return {bit}
                if made == TRUE:
                    continue
                literal = source.literal(made)
            meant.setdefault(literal, bit)
            wanted.append(literal)
        if step.guard != TRUE:
            wanted.append(source.literal(step.guard))
        if solver.ask(wanted, level, [-bit for bit in cube]):
            state = solver.state()
            solver.retire()
            return self._lifted(solver, state, wanted), step
        core = solver.core()
        solver.retire()
        return {meant[literal] for literal in core if literal in meant}

    def _lifted(self, solver: Solver, state: list[int], wanted: list[int]) -> Cube:
        """As few bits of the state as still make all that is wanted true."""
        assert not solver.ask(state, None, [-literal for literal in wanted]), "a step function that is not total"
        core = solver.core()
        solver.retire()
        return frozenset(bit for bit in state if bit in core)

    def _excludes_start(self, cube: Cube, whole: Cube) -> Cube:
        """The cube, with a bit of the whole one that the initial state does not have."""
        if any(-bit in self.initial for bit in cube):
            return cube
        return cube | {next(bit for bit in sorted(whole, key=abs) if -bit in self.initial)}

    def _generalised(self, cube: Cube, level: int) -> Cube:
        """The cube without bits that are not needed for it to be out of reach from the level."""
        for bit in sorted(cube, key=lambda b: (self.activity[b], b)):
            if bit not in cube or len(cube) == 1:
                continue
            smaller = cube - {bit}
            if not any(-b in self.initial for b in smaller):
                continue
            found = self.enters(smaller, level)
            if isinstance(found, frozenset):
                cube = self._excludes_start(found, smaller)
        return cube

    # -- the search

    def run(self) -> Proof | Reached | Stopped:
        """A proof or a run; Stopped where the time is over."""
        try:
            while True:
                level = len(self.frames) - 1
                found = self._clean(level)
                if found is not None:
                    return found
                if self.tell is not None:
                    self.tell(level, sum(len(f) for f in self.frames))
                proof = self._push(level)
                if proof is not None:
                    return proof
                if self.depth is not None and level >= self.depth:
                    return Stopped(level + 1, f"depth {self.depth}")
        except _Out:
            return Stopped(len(self.frames) - 1, "out of time")

    def _clean(self, level: int) -> Reached | None:
        """No bad state is left at this level, or a run into one."""
        if self.bad == FALSE:
            return None
        if self.bad == TRUE:
            return Reached(())
        bad = self.bad_solver.source.literal(self.bad)
        if self.bad_solver.ask([*sorted(self.initial, key=abs), bad]):
            return Reached(())
        while self.bad_solver.ask([bad], level):
            state = self.bad_solver.state()
            names = self._blocked(self._lifted(self.bad_solver, state, [bad]), level)
            if names is not None:
                return Reached(names)
        return None

    def _blocked(self, cube: Cube, level: int) -> tuple[str, ...] | None:
        """The cube is shown to be out of reach within `level` steps, or the actions that lead into it."""
        duties = [_Duty(level, next(self.numbers), cube, ())]
        while duties:
            duty = heapq.heappop(duties)
            if not any(-bit in self.initial for bit in duty.cube):
                return duty.then
            if any(known <= duty.cube for frame in self.frames[duty.level :] for known in frame):
                if duty.level < level:
                    heapq.heappush(duties, _Duty(duty.level + 1, next(self.numbers), duty.cube, duty.then))
                continue
            found = self.enters(duty.cube, duty.level - 1)
            if isinstance(found, tuple):
                before, step = found
                heapq.heappush(duties, duty)
                heapq.heappush(duties, _Duty(duty.level - 1, next(self.numbers), before, (step.name, *duty.then)))
                continue
            small = self._generalised(self._excludes_start(found, duty.cube), duty.level - 1)
            reach = duty.level
            while reach < len(self.frames) - 1 and isinstance(self.enters(small, reach), frozenset):
                reach += 1
            self._add(small, reach)
            if reach < level:
                heapq.heappush(duties, _Duty(reach + 1, next(self.numbers), duty.cube, duty.then))
        return None

    def _add(self, cube: Cube, level: int) -> None:
        for frame in self.frames[1 : level + 1]:
            frame -= {known for known in frame if cube <= known}
        self.frames[level].add(cube)
        self.activity.update(cube)
        clause = [-bit for bit in sorted(cube, key=abs)]
        for solver in self._all():
            solver.add(level, clause)

    def _push(self, level: int) -> Proof | None:
        """Clauses move on where they still hold one step later; the proof where a level loses none."""
        self._open_level()
        for i in range(1, level + 1):
            for cube in sorted(self.frames[i], key=lambda c: (len(c), sorted(c))):
                if cube not in self.frames[i]:
                    continue
                found = self.enters(cube, i)
                if isinstance(found, frozenset):
                    self.frames[i].discard(cube)
                    self._add(self._excludes_start(found, cube), i + 1)
            if not self.frames[i]:
                kept = {cube for frame in self.frames[i + 1 :] for cube in frame}
                return Proof(tuple(sorted(kept, key=lambda c: (len(c), sorted(c, key=abs)))))
        keep = list(self._clauses())
        for solver in self._all():
            solver.forget(keep)
        return None
