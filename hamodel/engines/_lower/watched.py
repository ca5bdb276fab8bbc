"""One step run on numbers that remember where they come from: which values of the state decided it, and what it does.

The Python rules are run once on a state whose values are `Watched`. Whatever a rule compares, the values of that
variable with which the comparison would have come out alike are noted; what is only moved or counted on is noted as a
function of the variable it came from. So one run speaks for all states that agree with the conditions it met.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from hamodel.engines._lower.appended import Append, Appended, LookedAt, Queue
from hamodel.engines._lower.layout import Layout
from hamodel.engines._lower.python import PythonRules
from hamodel.errors import HamodelError

Operation = Callable[[int, int], int]


class Image:
    """What has become of a variable: for each value it may have had, from the least on, the value now."""

    def __init__(self, values: tuple[int, ...], kept: dict[tuple[int, ...], Image]) -> None:
        self.values, self._kept = values, kept
        self._mapped: dict[tuple[Operation, int], Image] = {}
        self.known: dict[tuple[Operation, int], int] = {}
        """The answers of `where`."""

    def mapped(self, operation: Operation, other: int) -> Image:
        """The image after one more operation with a known number."""
        key = operation, other
        if key not in self._mapped:
            values = tuple(int(operation(value, other)) for value in self.values)
            self._mapped[key] = self._kept.setdefault(values, Image(values, self._kept))
        return self._mapped[key]

    def where(self, operation: Operation, other: int) -> int:
        """A bit for each value of the variable with which this comparison holds."""
        key = operation, other
        if key not in self.known:
            self.known[key] = sum(1 << i for i, value in enumerate(self.values) if operation(value, other))
        return self.known[key]


@dataclass(frozen=True, slots=True)
class Move:
    """Becomes what another variable was, or some function of it."""

    source: int
    image: Image


Change: TypeAlias = int | Move | Append
"""What a variable becomes; of a queue all variables at once."""


@dataclass(frozen=True, slots=True)
class Path:
    """One way through an action. `conditions`: for each variable that decides, a bit for each value that decides alike.

    `writes`: what each variable becomes, None where the guard does not hold. An error is met in place of an effect.
    """

    conditions: dict[int, int]
    writes: dict[int, Change] | None
    error: HamodelError | None = None


class Notes:
    """For each variable that was looked at, a bit for each value with which all would have come out alike."""

    def __init__(self) -> None:
        self.conditions: dict[int, int] = {}

    def alike(self, variable: int) -> int:
        return self.conditions.get(variable, -1)

    def note(self, variable: int, alike: int) -> None:
        self.conditions[variable] = self.alike(variable) & alike


class Watched:
    """A number with the variable it came from and what has become of it since.

    Not an `int` by type: a truth value on the left of a comparison would then not ask it.
    """

    __slots__ = ("image", "notes", "source", "value")

    def __init__(self, value: int, source: int, image: Image, notes: Notes) -> None:
        self.value, self.source, self.image, self.notes = value, source, image, notes

    def settled(self) -> int:
        """The plain number: whoever asks depends on it."""
        self.notes.note(self.source, self.image.where(operator.eq, self.value))
        return self.value

    def __bool__(self) -> bool:
        return _differs(self, 0)

    def __str__(self) -> str:
        return str(self.settled())

    __hash__ = None  # type: ignore[assignment]  # what is compared later must not be a key now


Number = int | Watched


def _plain(number: Number) -> int:
    return number.settled() if isinstance(number, Watched) else number


def _compared(operation: Operation) -> Callable[[Watched, Number], bool]:
    def compare(self: Watched, other: Number) -> bool:
        known = other if type(other) is int else _plain(other)
        key = operation, known
        image = self.image
        where = image.known.get(key)
        if where is None:
            where = image.where(operation, known)
        holds = operation(self.value, known)
        conditions = self.notes.conditions
        conditions[self.source] = conditions.get(self.source, -1) & (where if holds else ~where)
        return holds != 0

    return compare


_differs = _compared(operator.ne)


def _mapped(operation: Operation) -> Callable[[Watched, Number], Watched]:
    def calculate(self: Watched, other: Number) -> Watched:
        known = _plain(other)
        image = self.image.mapped(operation, known)
        return Watched(int(operation(self.value, known)), self.source, image, self.notes)

    return calculate


def _turned(operation: Operation) -> Operation:
    """The same with left and right exchanged."""
    return _TURNED.setdefault(operation, lambda left, right: operation(right, left))


_TURNED: dict[Operation, Operation] = {}
for _name in ("eq", "ne", "lt", "le", "gt", "ge"):
    setattr(Watched, f"__{_name}__", _compared(getattr(operator, _name)))
for _name in ("add", "sub", "mul", "and", "or"):
    _operation: Any = getattr(operator, f"{_name}_" if _name in ("and", "or") else _name)
    setattr(Watched, f"__{_name}__", _mapped(_operation))
    setattr(Watched, f"__r{_name}__", _mapped(_turned(_operation)))
for _name in ("floordiv", "mod"):
    _division: Any = getattr(operator, _name)
    setattr(Watched, f"__{_name}__", _mapped(_division))
    setattr(Watched, f"__r{_name}__", lambda self, other, how=_division: how(other, self.settled()))


class _Row(dict[int, Any]):
    """The values of a state, watched from the moment they are looked at."""

    def __init__(self, state: Sequence[int], images: Sequence[Image], queues: Sequence[Queue]) -> None:
        super().__init__()
        self.state, self.images, self.queues, self.notes = state, images, queues, Notes()
        self.first: dict[int, Watched] = {}

    def __missing__(self, variable: int) -> Watched:
        watched = Watched(self.state[variable], variable, self.images[variable], self.notes)
        self[variable] = self.first[variable] = watched
        return watched

    def append(self, number: int, value: Number) -> bool:
        """Put a message into a queue, whatever its length; False where the length has to be asked for."""
        if not self.queues:
            return False
        queue = self.queues[number]
        messages: tuple[int, ...] = (_plain(value),)
        before = self[queue.length]
        if isinstance(before, Appended):
            self._whole(before, queue)
            messages = (*before.append.messages, *messages)
        elif any(at in self and self[at] is not self.first.get(at) for at in queue.variables):
            return False
        if not queue.takes(self.state[queue.length], messages):
            return before.looked_at() if isinstance(before, Appended) else False
        room = len(queue.places) - len(messages)
        self.notes.note(queue.length, self.images[queue.length].where(operator.le, room))
        self.update(dict.fromkeys(queue.variables, Appended(Append(queue, messages))))
        return True

    def _whole(self, appended: Appended, queue: Queue) -> None:
        """It stands in all variables of this queue, which is its own."""
        if appended.append.queue is not queue or any(self[at] is not appended for at in queue.variables):
            appended.looked_at()

    def writes(self, together: Sequence[frozenset[int]]) -> dict[int, Change]:
        """What has changed."""
        found: dict[int, Change] = {}
        changed = sorted(variable for variable, after in self.items() if after is not self.first.get(variable))
        for variable in changed:
            after = self[variable]
            if isinstance(after, Appended):
                queue = after.append.queue
                if variable == queue.length:
                    self._whole(after, queue)
                    found[variable] = after.append
                elif variable not in queue.places or self[queue.length] is not after:
                    after.looked_at()
            elif isinstance(after, Watched) and all(after.source in names for names in together if variable in names):
                found[variable] = Move(after.source, after.image)
            else:
                found[variable] = int(_plain(after))
        return found


class Watcher:
    """Runs the actions of one system on watched numbers.

    A variable may take over the value of another only within one of the sets of `together`: else it takes the number.
    """

    def __init__(
        self, rules: PythonRules, layout: Layout, together: Sequence[frozenset[int]], queues: Sequence[Queue] = ()
    ) -> None:
        self.rules, self.together, self.queues = rules, together, queues
        self.bounds = list(layout.bounds.values())
        kept: dict[tuple[int, ...], Image] = {}
        ranges = [tuple(range(lo, hi + 1)) for lo, hi in self.bounds]
        self.images = [kept.setdefault(values, Image(values, kept)) for values in ranges]
        self.full = [(1 << len(values)) - 1 for values in ranges]

    def path(self, action: int, state: Sequence[int]) -> Path:
        """What an action does in this state and in all that are alike."""
        try:
            return self._path(action, _Row(state, self.images, self.queues))
        except LookedAt:
            return self._path(action, _Row(state, self.images, ()))

    def _path(self, action: int, row: _Row) -> Path:
        given: Any = row
        try:
            if not self.rules.guards[action](given, {}, {}, ()):
                return Path(self._within(row.notes), None)
            self.rules.fire(action, given, {}, {}, ())
        except HamodelError as error:
            return Path(self._within(row.notes), None, error)
        writes = row.writes(self.together)
        return Path(self._within(row.notes), writes)

    def _within(self, notes: Notes) -> dict[int, int]:
        """The conditions that exclude some value at all."""
        full = self.full
        return {v: alike & full[v] for v, alike in notes.conditions.items() if full[v] & ~alike}
