"""The packed search: layer by layer, threads side by side, and the same numbers whatever the threads did.

A layer is expanded in waves, and a wave in small chunks that each thread takes when it is done with its last one; then
the owners of the states look up what was sent to them. Between waves Python looks at limits, progress and Ctrl-C. A
thread that runs out of room keeps the rest of its chunk and goes on when Python has made room.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import numpy as np

from hamodel.engines._lower.layers import deepest, slices
from hamodel.engines._lower.packed_own import Own, write
from hamodel.engines._lower.packed_program import CURSOR, IDS, NEVER, NO_ACTION, PackedProgram, steps_of
from hamodel.engines._lower.packed_tables import RESERVED, Halves, larger, room_for
from hamodel.engines._lower.packed_workers import ROW, Boxes, Worker, merged
from hamodel.engines._lower.prepared import Array, pointer
from hamodel.engines._lower.search import Stop
from hamodel.engines._lower.team import Team
from hamodel.errors import HamodelError
from hamodel.ir.state import State

FEW = 1024
"""So many states are not worth waking another thread for."""
SHARES = 2
"""Chunks of a wave for each thread: who has less to do than expected takes another."""
WAVE = 1 << 17
"""States that all threads together expand in one call, some milliseconds."""
Tell = Callable[[int, int, float], None]
T = TypeVar("T")


class PackedSearch:
    """One search under way; `keys` are the states in the order in which they are found, each with its claim."""

    def __init__(self, program: PackedProgram, first: Sequence[Sequence[int]], jobs: int = 1) -> None:
        self.program, self.jobs = program, max(1, jobs)
        self.workers = [Worker(program, n, self.jobs) for n in range(self.jobs)]
        self.halves = Halves(program, self.jobs)
        self.boxes = Boxes(self.jobs, steps_of(program.actions) + len(first))
        self.keys = room_for(RESERVED // 2 + 1, 2)
        self.states = 0
        self.layers: list[int] = [0]
        """Where each layer begins, in numbers of states; the last entry is where the next one will."""
        self.team: Team | None = None
        self.stopped = ""
        self.error: HamodelError | None = None
        self.halves.enlarge(self.halves.wanted([]))
        self._let_know()
        for n, words in enumerate(first):
            self._store(words, n << 16 | NO_ACTION)
        self._enter(self.workers[:1], self.boxes.sent_to())
        self.layers.append(self.states)

    def _store(self, words: Sequence[int], claim: int) -> None:
        """A state to begin with."""
        worker = self.workers[0]
        worker.t[: len(words)] = words
        self.program.call["begin"](claim, worker.address)

    def memory(self) -> int:
        """Bytes of everything that grows."""
        return (
            self.halves.memory()
            + ROW * self.states
            + self.boxes.steps.nbytes
            + sum(w.known.memory() for w in self.workers)
            + sum(w.found.nbytes for w in self.workers if self.jobs > 1)
        )

    # -- the search

    def run(self, stop: Stop, until: int = 0, tell: Tell | None = None) -> None:
        """Until everything is found, a formula of the mask `until` holds somewhere, or a limit is met (`stopped`)."""
        self.team = Team(self.jobs - 1) if self.jobs > 1 else None
        try:
            while self.layers[-2] < self.layers[-1] and not self.stopped:
                if stop.depth is not None and self.depth >= stop.depth:
                    self._look_at_last()
                    self.stopped = f"the depth limit of {stop.depth} steps was reached"
                    return
                self._layer(stop, tell)
                if not self.error and not self.stopped and any(until >> f & 1 and n for f, n in enumerate(self.hits)):
                    self.stopped = "found"
        except KeyboardInterrupt:
            self.stopped = "interrupted"
        finally:
            if self.team is not None:
                self.team.close()
                self.team = None

    def together(self, run: Callable[[T], object], parts: Iterable[T]) -> None:
        """Run all parts, each in a thread of its own if there are threads."""
        if self.team is not None:
            self.team.run(run, parts)
        else:
            for part in parts:
                run(part)

    def _layer(self, stop: Stop, tell: Tell | None) -> None:
        first, end = self.layers[-2], self.layers[-1]
        while first < end and not self.stopped and not self._failing():
            last = min(first + WAVE, end)
            busy = self.workers if last - first > FEW else self.workers[:1]
            chunk = -(-(last - first) // (SHARES * len(busy)))
            self.halves.shared[CURSOR] = first
            while not self.stopped and (int(self.halves.shared[CURSOR]) < last or any(w.rest for w in self.workers)):
                self.stopped = self._room(stop)
                if not self.stopped:
                    self.together(lambda w: self.program.call["expand"](last, chunk, w.address), busy)  # noqa: B023
            sent = self.boxes.sent_to()
            self.stopped = self.stopped or self._room_to_enter(stop, sent)
            if not self.stopped:
                self._enter(busy, sent)
                self.stopped = stop.reason(self.states, self.memory())
            if tell is not None:
                tell(self.states, self.edges, stop.elapsed())
            first = last
        self.layers.append(self.states)
        if self._failing():
            self._fail()

    def _room(self, stop: Stop) -> str:
        """Make room for what the threads will write, or say why there is none."""
        wanted = self.halves.wanted([w.own for w in self.workers])
        halves, boxes = self.halves.more(wanted), self.boxes.more()
        if (halves or boxes) and (refused := self._refused(stop, halves + boxes)):
            return refused
        if self.halves.enlarge(wanted) or boxes:
            if boxes:
                self.boxes.enlarge()
            self._let_know()
        return ""

    def _let_know(self) -> None:
        """Every thread works with the tables as they are now."""
        work = {**self.halves.work(), **self.boxes.work(), Own.KEYS_AT: pointer(self.keys)}
        for worker in self.workers:
            write(worker.own, work)

    def _refused(self, stop: Stop, more: int) -> str:
        return stop.room((self.memory() + more + 1) // 2)

    def _room_to_enter(self, stop: Stop, sent: Sequence[int]) -> str:
        """Whether all that was sent may be entered; if not, why."""
        more = sum(w.known.more(self._slots(w, s)) for w, s in zip(self.workers, sent, strict=True)) + ROW * sum(sent)
        return self._refused(stop, more)

    def _slots(self, worker: Worker, sent: int) -> tuple[int, int]:
        return worker.known.wanted(worker.states + sent, int(self.halves.shared[IDS]))

    def _enter(self, busy: Sequence[Worker], sent: Sequence[int]) -> None:
        """What was sent is looked up; the new states get their numbers, in the order of their claims."""
        keys = larger(self.keys, self.states, self.states + sum(sent) + 1)
        if keys is not self.keys:
            self.keys = keys
            self._let_know()
        parts = list(zip(self.workers, sent, strict=True))
        if len(busy) > 1:
            self.together(lambda part: self._take(*part), parts)
        else:
            for worker, many in parts:
                self._take(worker, many)
        if self.jobs > 1:
            into = int(self.workers[0].own[Own.KEYS_AT]) + ROW * self.states
            merged(self.program, [(int(w.own[Own.FOUND_AT]), w.new) for w in self.workers], into)
        self.states += sum(w.new for w in self.workers)
        self.boxes.sent[:] = 0

    def _take(self, worker: Worker, sent: int) -> None:
        """One owner's share; where there is one owner its new states come behind the others at once."""
        worker.known.enlarge(self.program, self._slots(worker, sent), sent)
        if self.jobs == 1:
            worker.own[Own.FOUND_AT] = worker.own[Own.KEYS_AT] + ROW * self.states
        elif sent > len(worker.found) - 2:
            worker.find(2 * sent)
        worker.new = self.program.call["enter"](worker.address)
        worker.states += worker.new

    def _failing(self) -> bool:
        return any(w.own[Own.BAD] for w in self.workers)

    def _look_at_last(self) -> None:
        """The formulas in the states of the last layer, which is not expanded."""
        first, last = self.layers[-2], self.layers[-1]
        bits = self.judged(first, last)
        own = self.workers[0].own
        for f in range(self.program.formulas):
            where = np.flatnonzero(bits >> f & 1)
            if len(where):
                own[Own.HITS + f] += len(where)
                own[Own.HITS + self.program.formulas + f] = min(
                    own[Own.HITS + self.program.formulas + f], first + int(where[0])
                )

    def _fail(self) -> None:
        """The error that one thread would have met first: all states before it are expanded."""
        worker = min((w for w in self.workers if w.own[Own.BAD]), key=lambda w: int(w.own[Own.AT_PARENT]))
        self.error = self.program.error(int(worker.own[Own.BAD]))
        self.failed = int(worker.own[Own.AT_PARENT]), int(worker.own[Own.AT_ACTION])
        self.stopped = self.error.message

    # -- what was found

    @property
    def depth(self) -> int:
        """Steps to the states of the last layer that is not empty."""
        return deepest(self.layers)

    @property
    def edges(self) -> int:
        return sum(int(w.own[Own.EDGES]) for w in self.workers)

    @property
    def deadlocks(self) -> int:
        """States without a step."""
        return sum(int(w.own[Own.DEADLOCKS]) for w in self.workers)

    @property
    def hits(self) -> list[int]:
        """For each formula, in how many of the expanded states it holds."""
        return [sum(int(w.own[Own.HITS + f]) for w in self.workers) for f in range(self.program.formulas)]

    @property
    def firsts(self) -> list[int | None]:
        """For each formula, the first state in which it holds."""
        least = [
            min(int(w.own[Own.HITS + self.program.formulas + f]) for w in self.workers)
            for f in range(self.program.formulas)
        ]
        return [None if n >= NEVER else n for n in least]

    def judged(self, first: int, last: int) -> Array:
        """For each of these states, a bit for each formula that holds in it."""
        out, worker = np.zeros(max(0, last - first), np.int64), self.workers[0]
        self.program.call["judged"](first, last, pointer(out), worker.address)
        return out

    def where(self, formula: int, most: int) -> list[int]:
        """The first states, at most so many, in which a formula holds."""
        found: list[int] = []
        for first, last in slices(0, self.states, 1 << 16):
            bits = self.judged(first, last)
            found += [first + int(i) for i in np.flatnonzero(bits >> formula & 1)[: most - len(found)]]
            if len(found) >= most:
                break
        return found

    def state(self, index: int) -> State:
        """A state of the untimed system."""
        return self.program.packing.state(self.words(index))

    def words(self, index: int) -> list[int]:
        """The words of a state."""
        out = np.zeros(2 * self.program.packing.half, np.int64)
        self.program.call["read"](index, index + 1, pointer(out), self.workers[0].address)
        found: list[int] = out.tolist()
        return found

    def path(self, index: int) -> list[int]:
        """The actions of a shortest run to a state, as indices: of all shortest ones the first."""
        actions: list[int] = []
        while index >= self.layers[1]:
            index, action = divmod(int(self.keys[index, 1]), 1 << 16)
            actions.append(action)
        return actions[::-1]
