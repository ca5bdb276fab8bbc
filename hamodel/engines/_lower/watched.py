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
        self._moves: dict[int, Move] = {}

    def mapped(self, operation: Operation, other: int) -> Image:
        """The image after one more operation with a known number."""
        key = operation, other
        if key not in self._mapped:
            values = tuple(int(operation(value, other)) for value in self.values)
            self._mapped[key] = self._kept.setdefault(values, Image(values, self._kept))
        return self._mapped[key]

    def where(self, operation: Operation, other: int) -> int:
        """A bit for each value of the variable with which this comparison holds."""
        return sum(1 << i for i, value in enumerate(self.values) if operation(value, other))

    def of(self, source: int) -> Move:
        """That something becomes this image of a variable: always the same object."""
        if source not in self._moves:
            self._moves[source] = Move(source, self)
        return self._moves[source]


@dataclass(frozen=True, eq=False, slots=True)
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

    Not an `int` by type: a truth value on the left of a comparison would then not ask it. What has been asked of it or
    calculated from it once is kept, by the operation and the other number: the same is asked in run after run.
    """

    __slots__ = ("after", "answers", "image", "notes", "source", "value")

    def __init__(self, value: int, source: int, image: Image, notes: Notes) -> None:
        self.value, self.source, self.image, self.notes = value, source, image, notes
        self.answers: dict[tuple[Operation, int], tuple[bool, int]] = {}
        """Of comparisons: the answer, and a bit for each value of the variable with which it is the same."""
        self.after: dict[tuple[Operation, int], Watched] = {}

    def settled(self) -> int:
        """The plain number: whoever asks depends on it."""
        _is(self, self.value)
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
        answer = self.answers.get((operation, known))
        if answer is None:
            holds, where = bool(operation(self.value, known)), self.image.where(operation, known)
            answer = self.answers[operation, known] = holds, where if holds else ~where
        source, conditions = self.source, self.notes.conditions
        conditions[source] = conditions.get(source, -1) & answer[1]
        return answer[0]

    return compare


_is, _differs, _at_most = (_compared(how) for how in (operator.eq, operator.ne, operator.le))


def _mapped(operation: Operation) -> Callable[[Watched, Number], Watched]:
    def calculate(self: Watched, other: Number) -> Watched:
        known = other if type(other) is int else _plain(other)
        after = self.after.get((operation, known))
        if after is None:
            image = self.image.mapped(operation, known)
            after = Watched(int(operation(self.value, known)), self.source, image, self.notes)
            self.after[operation, known] = after
        return after

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


_FIRST = operator.itemgetter(0)


class _Row(dict[int, Any]):
    """The values of a state, watched from the moment they are looked at."""

    def __init__(self, watcher: Watcher, state: Sequence[int], queues: Sequence[Queue]) -> None:
        super().__init__()
        self.watcher, self.state, self.queues, self.notes = watcher, state, queues, watcher.notes
        self.known, self.notes.conditions = watcher.known, {}

    def __missing__(self, variable: int) -> Watched:
        watched = self[variable] = self.first(variable)
        return watched

    def first(self, variable: int) -> Watched:
        """A value of the state, the same object in all runs."""
        value, known = self.state[variable], self.known[variable]
        watched = known.get(value)
        if watched is None:
            watched = known[value] = Watched(value, variable, self.watcher.images[variable], self.notes)
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
        elif any(at in self and self[at] is not self.first(at) for at in queue.variables):
            return False
        if not queue.takes(self.state[queue.length], messages):
            return before.looked_at() if isinstance(before, Appended) else False
        _at_most(self.first(queue.length), len(queue.places) - len(messages))
        self.update(dict.fromkeys(queue.variables, Appended(Append(queue, messages))))
        return True

    def _whole(self, appended: Appended, queue: Queue) -> None:
        """It stands in all variables of this queue, which is its own."""
        if appended.append.queue is not queue or any(self[at] is not appended for at in queue.variables):
            appended.looked_at()

    def writes(self) -> dict[int, Change]:
        """What has changed."""
        found: dict[int, Change] = {}
        homes, images = self.watcher.homes, self.watcher.images
        for variable, after in sorted(self.items(), key=_FIRST):
            if type(after) is Watched:
                source, image = after.source, after.image
                if source == variable and image is images[variable]:
                    continue
                found[variable] = image.of(source) if not homes[variable] & ~homes[source] else after.settled()
            elif isinstance(after, Appended):
                queue = after.append.queue
                if variable == queue.length:
                    self._whole(after, queue)
                    found[variable] = after.append
                elif variable not in queue.places or self[queue.length] is not after:
                    after.looked_at()
            else:
                found[variable] = int(after)
        return found


class Watcher:
    """Runs the actions of one system on watched numbers.

    A variable may take over the value of another only within one of the sets of `together`: else it takes the number.
    """

    def __init__(
        self, rules: PythonRules, layout: Layout, together: Sequence[frozenset[int]], queues: Sequence[Queue] = ()
    ) -> None:
        self.rules, self.queues, self.notes = rules, queues, Notes()
        self.bounds = list(layout.bounds.values())
        kept: dict[tuple[int, ...], Image] = {}
        ranges = [tuple(range(lo, hi + 1)) for lo, hi in self.bounds]
        self.images = [kept.setdefault(values, Image(values, kept)) for values in ranges]
        self.full = [(1 << len(values)) - 1 for values in ranges]
        self.homes = [sum(1 << n for n, names in enumerate(together) if v in names) for v in range(len(ranges))]
        """For each variable a bit for each of the sets that has it."""
        self.known: list[dict[int, Watched]] = [{} for _ in ranges]
        """For each variable the values met in states."""

    def path(self, action: int, state: Sequence[int]) -> Path:
        """What an action does in this state and in all that are alike."""
        try:
            return self._path(action, _Row(self, state, self.queues))
        except LookedAt:
            return self._path(action, _Row(self, state, ()))

    def _path(self, action: int, row: _Row) -> Path:
        given: Any = row
        try:
            if not self.rules.guards[action](given, {}, {}, ()):
                return Path(self._within(row.notes), None)
            self.rules.fire(action, given, {}, {}, ())
        except HamodelError as error:
            return Path(self._within(row.notes), None, error)
        writes = row.writes()
        return Path(self._within(row.notes), writes)

    def _within(self, notes: Notes) -> dict[int, int]:
        """The conditions that exclude some value at all."""
        full = self.full
        return {v: alike & full[v] for v, alike in notes.conditions.items() if full[v] & ~alike}
