"""Symbolic reachability: sets of states as decision diagrams, so that a hundred million states may be one small graph.

Over the untimed abstraction: what is not in the set of reachable states never happens, whatever the delays. The rules
run on sets (`_lower/images.py`), action by action, each on the states it has not seen; what one action finds the next
one already starts from. Numbers of states are exact. Without oxidd, CUDD does it (both in the extra `symbolic`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from hamodel.engines._lower import abstraction
from hamodel.engines._lower.abstraction import Question
from hamodel.engines._lower.decisions import Set, Store, store
from hamodel.engines._lower.footprint import footprints
from hamodel.engines._lower.images import Images
from hamodel.errors import EngineLimit, EnginesDisagree
from hamodel.ir.expr import FALSE, Expr, Value
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.rewrite import statements, terms, within
from hamodel.ir.semantics import fire, initial_state
from hamodel.ir.state import State
from hamodel.ir.statement import Assign, Call
from hamodel.ir.system import Action, System, Variable
from hamodel.ir.verdict import Limits, Outcome, Verdict

FULL = "the tables of the decision diagrams are full"
FEW = 256
"""So many states are tried one by one."""
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Ring:
    """What one action added: the states it was taken in, and what was known before and after it."""

    action: str
    taken: Set
    known: Set
    after: Set

    @property
    def new(self) -> Set:
        return self.after & ~self.known


@dataclass(slots=True)
class Reach:
    """Everything that can be reached, as far as the search came."""

    system: System
    images: Images
    sets: Store
    first: State
    reached: Set
    rings: list[Ring] = field(default_factory=list)
    complete: bool = True
    stopped: str = ""
    rounds: int = 0
    seconds: float = 0.0

    @property
    def states(self) -> int:
        """The exact number."""
        return self.sets.count(self.reached)

    @property
    def nodes(self) -> int:
        """The size of the diagram of all reachable states."""
        return self.sets.size(self.reached)

    def where(self, formula: Expr) -> Set:
        """The reachable states in which a formula holds."""
        return self.reached & self.images.where(formula)

    def some(self, formula: Expr) -> bool:
        return bool(self.where(formula) != self.sets.false)

    def close(self) -> None:
        """Give the diagrams back, before the library looks whether somebody still holds some."""
        self.images.forget()
        self.rings.clear()
        self.reached = None

    def names_to(self, formula: Expr) -> tuple[str, ...]:
        """The actions of a run to a state in which the formula holds, from ring to ring."""
        wanted = self.where(formula)
        names: list[str] = []
        position = next(i for i in range(len(self.rings) + 1) if self._known_by(i, wanted))
        while position:
            ring = self.rings[position - 1]
            state = self.images.state(self.sets.pick(wanted & ring.new))
            names.append(ring.action)
            before = self._before(ring, state)
            wanted = self.images.one(before)
            position = next(i for i in range(position) if self._known_by(i, wanted))
        return tuple(reversed(names))

    def _known_by(self, position: int, wanted: Set) -> bool:
        """Whether one of the wanted states is the first one, or new in the ring before this position."""
        new = self.images.one(self.first) if position == 0 else self.rings[position - 1].new
        return bool(wanted & new != self.sets.false)

    def _before(self, ring: Ring, state: State) -> State:
        """A state from which the action of the ring leads to this one."""
        target = self.images.one(state)
        written = _written(self.system, ring.action)
        sources = ring.taken
        for variable in self.images.order:
            if variable.name not in written:
                value = state.value(self.system, variable.name)
                sources = sources & self.images.value_is(variable.name, value)
        for bit in (b for v in self.images.order if v.name in written for b in self.images.bits[v.name]):
            if self.sets.count(sources) <= FEW:
                break
            half = sources & self.sets.bit(bit)
            found = self.images.image(half, ring.action) & target != self.sets.false
            sources = half if found else sources & ~self.sets.bit(bit)
        action = self.system.actions[self.system.action_index[ring.action]]
        for source in self._each(sources):
            effect = fire(self.system, source, action)
            if effect is not None and effect.state == state:
                return source
        raise EnginesDisagree(f"no state leads by {ring.action} to one that its image has")

    def _each(self, states: Set) -> Iterator[State]:
        while states != self.sets.false:
            state = self.images.state(self.sets.pick(states))
            yield state
            states = states & ~self.images.one(state)


class Symbolic:
    """Safety over the untimed abstraction by sets of states."""

    name: ClassVar[str] = "symbolic"
    answers: ClassVar[frozenset[PropertyKind]] = frozenset({PropertyKind.ALWAYS, PropertyKind.SOMETIMES})

    def __init__(self, library: str = "") -> None:
        """`library`: "oxidd" or "cudd"; the first that is installed where none is named."""
        self.library = library

    def explore(
        self,
        system: System,
        limits: Limits | None = None,
        *,
        until: Expr = FALSE,
        chain: bool = True,
        progress: Progress | None = None,
    ) -> Reach:
        """Every state an untimed system can reach, or those up to the first round in which `until` holds somewhere.

        `chain`: what one action finds, the next one starts from in the same round; without it rounds are steps.
        """
        try:
            return _Search(system, self.library, limits or Limits(), until, chain, progress).run()
        except MemoryError as error:
            raise EngineLimit(FULL) from error

    def check(
        self,
        system: System,
        prop: Property,
        limits: Limits | None = None,
        start: State | None = None,
        progress: Progress | None = None,
    ) -> Verdict:
        """The verdict on one property of a timed system: what holds here holds whatever the delays."""
        return self.answer(abstraction.asked(system, prop, start), limits, progress)

    def answer(self, question: Question, limits: Limits | None = None, progress: Progress | None = None) -> Verdict:
        found = self.explore(question.system, limits, until=question.wanted, chain=False, progress=progress)
        try:
            return self._read(question, found)
        except MemoryError as error:
            raise EngineLimit(FULL) from error
        finally:
            found.close()

    def _read(self, question: Question, found: Reach) -> Verdict:
        states = found.states
        if found.some(question.wanted):
            return abstraction.verdict_on_run(question, self.name, found.names_to(question.wanted), states)
        if not found.complete:
            reason = f"nothing found in {states} states: {found.stopped}"
            return abstraction.verdict(question, self.name, Outcome.BOUNDED, reason, states)
        if found.some(question.limit):
            return abstraction.verdict(question, self.name, Outcome.UNKNOWN, abstraction.TOO_SMALL, states)
        witnessed = None if question.witness is None else found.some(question.witness)
        return abstraction.verdict_on_absence(
            question, self.name, witnessed=_shown(question, found, witnessed), states=states
        )


def _shown(question: Question, found: Reach, witnessed: bool | None) -> bool | None:
    """True: the situation comes about in time too. False: never. None: only in the abstraction, as far as is known."""
    if question.witness is None:
        return True
    if not witnessed:
        return False
    return True if abstraction.feasible(question, found.names_to(question.witness)) else None


class _Search:
    def __init__(
        self, system: System, library: str, limits: Limits, until: Expr, chain: bool, progress: Progress | None
    ) -> None:
        self.system, self.limits, self.chain, self.progress = system, limits, chain, progress
        order = ordered(system)
        bits = sum((v.hi - v.lo).bit_length() for v in order)
        self.sets = store(bits, library, limits.memory)
        self.images = Images(system, order, self.sets)
        self.until = self.images.where(until)
        self.began = time.monotonic()

    def run(self) -> Reach:
        first = initial_state(self.system)[0]
        reached = self.images.one(first)
        found = Reach(self.system, self.images, self.sets, first, reached)
        seen: dict[str, Set] = {a.name: self.sets.false for a in self.system.actions}
        while found.reached & self.until == self.sets.false:
            before = found.reached
            for action in self.system.actions:
                again = True
                while again:
                    if self._over(found):
                        return self._done(found)
                    again = self._takes(action, before, seen, found)
            found.rounds += 1
            if found.reached == before:
                break
            if self.progress is not None:
                self.progress(found.states)
        return self._done(found)

    def _takes(self, action: Action, before: Set, seen: dict[str, Set], found: Reach) -> bool:
        """One image of what the action has not been taken in yet; whether it should be taken again at once.

        With chaining it is taken until it finds nothing more: time that passes goes round by itself.
        """
        states = (found.reached if self.chain else before) & self.images.where(action.guard)
        if states == seen[action.name]:
            return False
        new = states if self.chain else states & ~seen[action.name]
        seen[action.name] = states
        known = found.reached
        found.reached = known | self.images.image(new, action.name)
        if found.reached == known:
            return False
        found.rings.append(Ring(action.name, new, known, found.reached))
        return self.chain

    def _over(self, found: Reach) -> bool:
        limits = self.limits
        if limits.seconds is not None and time.monotonic() - self.began > limits.seconds:
            found.stopped = "out of time"
        elif limits.depth is not None and found.rounds >= limits.depth:
            found.stopped = f"{limits.depth} rounds"
        found.complete = not found.stopped
        return not found.complete

    def _done(self, found: Reach) -> Reach:
        found.seconds = time.monotonic() - self.began
        return found


def ordered(system: System) -> Sequence[Variable]:
    """The variables in the order of the diagrams: what most actions touch is decided first.

    What many actions test or change, such as the budget of faults and the states of the nodes, parts the set into a
    few that each stay simple below. Among equals the order of declaration, which is machine by machine, stays.
    """
    prints = footprints(system).values()
    touching = {v.name: sum(v.name in p.guard for p in prints) for v in system.variables}
    return sorted(system.variables, key=lambda v: -touching[v.name])


def _written(system: System, action: str) -> set[str]:
    """The variables a step of this action may write."""
    found: set[str] = set()
    waiting = [system.actions[system.action_index[action]].procedure, *([system.after] if system.after else [])]
    done: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in done:
            continue
        done.add(name)
        for statement in statements(system.procedures[name].body):
            if isinstance(statement, Assign):
                found.add(statement.variable)
            elif isinstance(statement, Call):
                waiting.append(statement.procedure)
            waiting += [t.procedure for term in terms(statement) for t in within(term) if isinstance(t, Value)]
    return found
