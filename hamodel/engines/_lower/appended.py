"""A message put into a queue of an untimed system, as one effect for all lengths the queue may have.

Where it is put depends on the length alone, and nothing else the step does depends on it. So a watched run puts it
there without asking for the length, as long as nobody looks at the queue afterwards; where somebody does, the run
begins again, and then the length is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, takewhile
from typing import NoReturn

from hamodel.engines._lower.layout import Layout
from hamodel.ir.expr import Expr, Local
from hamodel.ir.statement import Statement
from hamodel.ir.system import System
from hamodel.ir.untimed import bound, length, message, pushes


@dataclass(frozen=True, eq=False, slots=True)
class Queue:
    """Its variables: the length, and the places from the first on; and what a message may be."""

    length: int
    places: tuple[int, ...]
    bounds: tuple[int, int]

    @property
    def variables(self) -> tuple[int, ...]:
        return self.length, *self.places

    def takes(self, waiting: int, messages: Sequence[int]) -> bool:
        """Whether there is room for more messages behind those waiting, and they may be in it."""
        lo, hi = self.bounds
        return waiting + len(messages) <= len(self.places) and lo <= messages[-1] <= hi


@dataclass(frozen=True, slots=True)
class Append:
    """What the length of a queue becomes, and with it the places behind the last message."""

    queue: Queue
    messages: tuple[int, ...]


class LookedAt(Exception):
    """Somebody looked at a queue of which the length was not asked for."""


class Appended:
    """What stands in the variables of a queue after messages were put there: nothing can be done with it."""

    __slots__ = ("append",)

    def __init__(self, append: Append) -> None:
        self.append = append

    def looked_at(self, *_: object) -> NoReturn:
        raise LookedAt

    __hash__ = None  # type: ignore[assignment]


for _name in (
    *("bool", "str", "index", "eq", "ne", "lt", "le", "gt", "ge"),
    *(side + name for name in ("add", "sub", "mul", "and", "or", "floordiv", "mod") for side in ("", "r")),
):
    setattr(Appended, f"__{_name}__", Appended.looked_at)


class Queues:
    """The queues of one system, as far as each of the sets of variables `together` has all of a queue or nothing."""

    def __init__(self, system: System, layout: Layout, together: Sequence[frozenset[int]]) -> None:
        self.all: list[Queue] = []
        self.pushes: list[tuple[Statement, Expr]] = []
        index = system.variable_index
        for name, statement in pushes(system).items():
            places = list(takewhile(index.__contains__, (message(name, n) for n in count())))
            bounds = {layout.bounds[place] for place in places}
            variables = {index[length(name)], *(index[place] for place in places)}
            if len(bounds) == 1 and all(variables <= names or not variables & names for names in together):
                self.all.append(Queue(index[length(name)], tuple(index[place] for place in places), *bounds))
                self.pushes.append((statement, Local(bound(name))))

    def first(self, statement: Statement) -> tuple[str, int, Expr] | None:
        """What the rules try in the place of a statement that puts a message into one of these queues."""
        for number, (push, value) in enumerate(self.pushes):
            if statement == push:
                return "append", number, value
        return None
