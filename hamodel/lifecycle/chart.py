"""A chart is a lifecycle as it moves: which event leads from which mode to which, how often, and what it needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from hamodel.errors import EnginesDisagree
from hamodel.ir.semantics import initial_state
from hamodel.ir.state import State
from hamodel.ir.system import Kind, System
from hamodel.lifecycle.control import Control
from hamodel.lifecycle.reading import passages
from hamodel.lifecycle.wording import in_words, short

Step = tuple[State, str, State]
"""A state, the action taken there, and the state it led to."""
Move = tuple[str, str, str]
"""From mode, by action, to mode."""
Moves = Mapping[Move, int]
"""How often each was seen."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """One move. `count` 0: the rules permit it, but it was never seen."""

    source: str
    action: str
    dest: str
    kind: Kind
    label: str
    count: int = 0
    conditions: tuple[str, ...] = ()
    """What must hold for the rules to take this way; there may be more to it."""


@dataclass(frozen=True)
class Chart:
    """A lifecycle ready to be drawn or made a machine of."""

    control: Control
    initial: str
    arrows: tuple[Arrow, ...]
    scope: str = ""
    """What was looked at, in words."""

    @cached_property
    def modes(self) -> tuple[str, ...]:
        """The modes that occur, in the order of the declaration."""
        used = {self.initial, *(a.source for a in self.arrows), *(a.dest for a in self.arrows)}
        return tuple(m.name for m in self.control.modes if m.name in used)

    @property
    def moves(self) -> bool:
        return bool(self.arrows)

    def taken(self) -> Chart:
        """Only what was seen."""
        return Chart(self.control, self.initial, tuple(a for a in self.arrows if a.count), self.scope)

    def edges(self) -> tuple[tuple[str, str, tuple[Arrow, ...]], ...]:
        """The arrows between two modes together, what was seen first."""
        found: dict[tuple[str, str], list[Arrow]] = {}
        for arrow in self.arrows:
            found.setdefault((arrow.source, arrow.dest), []).append(arrow)
        return tuple((*ends, tuple(sorted(arrows, key=lambda a: a.count == 0))) for ends, arrows in found.items())


def seen(system: System, controls: Sequence[Control], steps: Iterable[Step]) -> tuple[Counter[Move], ...]:
    """How often each lifecycle made each move in these steps of the whole system; a counter for each control."""
    numbers: dict[tuple[str, ...], int] = {}
    present = _Modes(system, controls)
    known: dict[State, int] = {}

    def number(state: State) -> int:
        if state not in known:
            known[state] = numbers.setdefault(present.of(state), len(numbers))
        return known[state]

    together = Counter((number(source), action, number(target)) for source, action, target in steps)
    modes = list(numbers)
    found: tuple[Counter[Move], ...] = tuple(Counter() for _ in controls)
    for (source, action, target), count in together.items():
        for counter, before, after in zip(found, modes[source], modes[target], strict=True):
            if before != after:
                counter[before, action, after] += count
    return found


class _Modes:
    """The modes of many lifecycles in one state, each looked up by what it looks at."""

    def __init__(self, system: System, controls: Sequence[Control]) -> None:
        self.system, self.controls = system, controls
        self.kept: list[dict[tuple[int, ...], str]] = [{} for _ in controls]

    def of(self, state: State) -> tuple[str, ...]:
        return tuple(self.one(c, kept, state) for c, kept in zip(self.controls, self.kept, strict=True))

    def one(self, control: Control, kept: dict[tuple[int, ...], str], state: State) -> str:
        values = control.values(self.system, state)
        if values not in kept:
            kept[values] = control.mode(self.system, state)
        return kept[values]


def chart(
    system: System, control: Control, moves: Moves | None = None, scope: str = "", start: State | None = None
) -> Chart:
    """The chart of one lifecycle: what was seen, and what the rules permit beside it.

    Raises EnginesDisagree where something was seen that the rules do not permit.
    """
    first = initial_state(system)[0] if start is None else start
    counts = dict(moves or {})
    permitted = passages(system, control)
    needs = {(p.source, p.action, p.dest): p.tests for p in permitted or ()}
    if permitted is not None and (strange := [k for k in counts if k not in needs]):
        raise EnginesDisagree(
            f"{control.name} was seen to make a move that no rule makes",
            seen=[f"{source} to {dest} by {action}" for source, action, dest in strange],
            help="please report this, with the configuration",
        )
    arrows = []
    for action in system.actions:
        for key in [k for k in (*counts, *(n for n in needs if n not in counts)) if k[1] == action.name]:
            tests = tuple(in_words(system, *test) for test in needs.get(key, ()))
            label = short(action.name, control.labels)
            arrows.append(Arrow(key[0], action.name, key[2], action.kind, label, counts.get(key, 0), tests))
    return Chart(control, control.mode(system, first), tuple(arrows), scope)
