"""What rules compute with in place of an option that is kept open: a linear term instead of a number.

The rules are the generated Python of `python.py`, unchanged: they add, subtract and compare. A comparison that is not
decided by the options' domain takes one side now and the other side in another run of the same step, so one step has
one case for each way its comparisons can go, each with the faces under which it goes that way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from hamodel.errors import NoUnknown
from hamodel.ir.linear import Term, constant, minus, opposite, plus, times
from hamodel.ir.polytope import Polytope

R = TypeVar("R")


@dataclass(slots=True)
class Choices:
    """The comparisons of one run of one step, in the order in which they were made."""

    domain: Polytope
    script: list[bool] = field(default_factory=list)
    """What was decided before this run, and what the run goes on to decide."""
    used: int = 0
    faces: list[Term] = field(default_factory=list)
    part: Polytope | None = None

    def decide(self, face: Term) -> bool:
        """Whether the term is at least 0, in this run."""
        part = self.part or self.domain
        if part.entails(face):
            return True
        if not part.touches(face):
            return False
        other = opposite(face)
        if part.entails(other):
            return False
        if self.used == len(self.script):
            self.script.append(True)
        taken = self.script[self.used]
        self.used += 1
        chosen = face if taken else other
        self.faces.append(chosen)
        self.part = part.cut(chosen)
        return taken

    def rewind(self) -> bool:
        """Get ready for the next run; False where every way was gone."""
        while self.script and not self.script[-1]:
            self.script.pop()
        if not self.script:
            return False
        self.script[-1] = False
        self.used, self.faces, self.part = 0, [], None
        return True


@dataclass(frozen=True, slots=True)
class Case(Generic[R]):
    """One way a step can go, and the faces under which it does."""

    faces: tuple[Term, ...]
    result: R


def cases(choices: Choices, run: Callable[[], R]) -> Iterator[Case[R]]:
    """Run as often as there are ways to go."""
    choices.script, choices.used, choices.faces, choices.part = [], 0, [], None
    while True:
        result = run()
        yield Case(tuple(choices.faces), result)
        if not choices.rewind():
            return


class Open:
    """A linear term that behaves like a whole number as long as nobody needs its value."""

    __slots__ = ("choices", "term")

    def __init__(self, term: Term, choices: Choices) -> None:
        self.term, self.choices = term, choices

    def __repr__(self) -> str:
        return "open"

    def _made(self, term: Term) -> Open | int:
        return Open(term, self.choices) if any(term[1:]) else term[0]

    def _other(self, other: Open | int) -> Term:
        return other.term if isinstance(other, Open) else constant(int(other), len(self.term) - 1)

    def __add__(self, other: Open | int) -> Open | int:
        return self._made(plus(self.term, self._other(other)))

    __radd__ = __add__

    def __sub__(self, other: Open | int) -> Open | int:
        return self._made(minus(self.term, self._other(other)))

    def __rsub__(self, other: int) -> Open | int:
        return self._made(minus(self._other(other), self.term))

    def __mul__(self, other: Open | int) -> Open | int:
        if isinstance(other, Open):
            raise self._refused("multiplied by another one")
        return self._made(times(self.term, int(other)))

    __rmul__ = __mul__

    def __ge__(self, other: Open | int) -> bool:
        return self.choices.decide(minus(self.term, self._other(other)))

    def __le__(self, other: Open | int) -> bool:
        return self.choices.decide(minus(self._other(other), self.term))

    def __gt__(self, other: Open | int) -> bool:
        return not self <= other

    def __lt__(self, other: Open | int) -> bool:
        return not self >= other

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Open | int):
            return NotImplemented
        return self >= other and self <= other

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        raise self._refused("looked up in a table")

    def __bool__(self) -> bool:
        return self != 0

    def __index__(self) -> int:
        raise self._refused("stored in a variable")

    __int__ = __index__

    def _no_division(self, _other: object) -> Any:  # noqa: ANN401  # it never returns
        raise self._refused("divided, or taken apart into bits")

    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __and__ = __rand__ = __or__ = __ror__ = _no_division

    def _refused(self, what: str) -> NoUnknown:
        return NoUnknown(
            f"an option that is to be kept open is {what} by a rule",
            help="only a length of time that nothing but timers depends on can be kept open",
        )


class Wanted(Exception):
    """A rule reads an option whose unknowns are not in play yet."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(*names)
        self.names = tuple(names)


class Settings(Sequence[Any]):
    """The options by index: a number, or an open term."""

    def __init__(self, values: Sequence[int], opened: Mapping[int, Open], missing: Mapping[int, Sequence[str]]) -> None:
        self.values: list[int | Open] = list(values)
        self.missing = missing
        for index, term in opened.items():
            self.values[index] = term

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, index: Any) -> Any:  # noqa: ANN401  # a number or a term; rules are not typed
        if index in self.missing:
            raise Wanted(self.missing[index])
        return self.values[index]
