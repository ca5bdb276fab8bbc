"""The words machine files are written in. They declare; they never run.

A machine file is ordinary Python for the type checker and the reader's eye. `compose` imports it for its declarations
(`var`, `timer`, `queue`, `option`, `table`) and reads the text of its rules; the bodies of rules are never executed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, TypeVar, cast


class Index(int):
    """A position in a finite index set, known when the rules are composed: rules are copied for each value."""


class Node(Index):
    """One of the two cluster nodes, in the order of the `node` lines."""


I = TypeVar("I", bound=Index)  # noqa: E741
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(eq=False)
class Declaration:
    """Something a machine file declares; it gets its name and owner from the module it stands in."""

    index: tuple[type[Index], ...]
    name: str = ""
    owner: str = ""
    options: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, key: object) -> Any:  # noqa: ANN401
        raise TypeError("rules are read, not run")

    def __setitem__(self, key: object, value: object) -> None:
        raise TypeError("rules are read, not run")


class VarDecl(Declaration):
    """A state variable for each index."""


class TimerDecl(Declaration):
    """A timer for each index."""


class QueueDecl(Declaration):
    """A queue for each index."""


class OptionDecl(Declaration):
    """A run-time option for each index."""


class TableDecl(Declaration):
    """A constant for each index, known when the rules are composed."""


def var(*index: type[Index], values: type[IntEnum] | int = 2, initial: int = 0) -> VarDecl:
    """A variable with the values of an IntEnum, or 0..values-1."""
    return VarDecl(index, options={"values": values, "initial": initial})


def timer(*index: type[Index], far: bool = False) -> TimerDecl:
    """A timer; `far` for those of an hour, which end only where nothing nearer runs."""
    return TimerDecl(index, options={"far": far})


def queue(*index: type[Index], capacity: int) -> QueueDecl:
    return QueueDecl(index, options={"capacity": capacity})


def option(*index: type[Index], unit: str = "ms") -> Any:  # noqa: ANN401
    """A duration in ms or a switch (unit ""), the same code for every value. Without an index it is used bare."""
    return OptionDecl(index, options={"unit": unit})


def table(*index: type[Index]) -> Any:  # noqa: ANN401
    """A constant of the configuration's structure: who owns which group, what hangs on which cable."""
    return TableDecl(index)


def every(kind: type[I]) -> tuple[I, ...]:
    """All positions of an index set; a `for` over it is unrolled."""
    raise TypeError("rules are read, not run")


def on(timer: object) -> bool:
    """The timer runs."""
    raise TypeError("rules are read, not run")


def length(queue: object) -> int:
    """How many messages wait."""
    raise TypeError("rules are read, not run")


def start(timer: object, lo: int, hi: int) -> None:
    """Draw the remaining time from [lo, hi] ms."""


def cancel(timer: object) -> None: ...


def hasten(timer: object, hi: int) -> None:
    """Let it end within `hi` ms at the latest; for timers that may end at once."""


def push(queue: object, value: int) -> None: ...


def take(queue: object) -> int:
    """Remove and return the head; only as `name = take(queue[n])`."""
    raise TypeError("rules are read, not run")


def clear(queue: object) -> None: ...


def overflow(what: str) -> None:
    """A fixed size of the model does not suffice here."""


def log(at: Node, key: str, /, **fields: object) -> None:
    """The daemon writes this line of the catalogue."""


@dataclass(frozen=True)
class RuleInfo:
    """What the decorator said about a function."""

    ids: tuple[str, ...] = ()
    when: TimerDecl | None = None
    kind: str = ""
    fault: str = ""
    guard: Callable[..., Any] | None = None
    text: str = ""


def _mark(info: RuleInfo) -> Callable[[F], F]:
    def keep(function: F) -> F:
        cast(Any, function).__rule__ = info
        return function

    return keep


def rule(*ids: str, when: TimerDecl | None = None, text: str = "") -> Callable[[F], F]:
    """A procedure that follows the rules `ids` of the reference; with `when` it is what happens as that timer ends."""
    return _mark(RuleInfo(ids, when, "timer" if when is not None else "", text=text))


def formula(function: F) -> F:
    """A procedure without effects that returns a truth value or a number."""
    return _mark(RuleInfo(kind="formula"))(function)


def fault(name: str, *ids: str, guard: Callable[..., Any], text: str = "") -> Callable[[F], F]:
    """Something breaks, at any instant where `guard` holds; paid from the fault budget under `name`."""
    return _mark(RuleInfo(ids, None, "fault", name, guard, text))


def repair(name: str, *ids: str, guard: Callable[..., Any], text: str = "") -> Callable[[F], F]:
    """Something is mended, at any instant where `guard` holds; costs nothing."""
    return _mark(RuleInfo(ids, None, "repair", name, guard, text))


def operator(name: str, *ids: str, guard: Callable[..., Any], text: str = "") -> Callable[[F], F]:
    """Someone types a command, at any instant where `guard` holds; paid from the budget under `name`."""
    return _mark(RuleInfo(ids, None, "operator", name, guard, text))


def observable(name: str) -> Callable[[F], F]:
    """A formula for properties and reports, for each index."""
    return _mark(RuleInfo(kind="observable", fault=name))


def invariant(text: str) -> Callable[[F], F]:
    """A formula that must hold in every reachable state, else the model itself is wrong."""
    return _mark(RuleInfo(kind="invariant", text=text))
