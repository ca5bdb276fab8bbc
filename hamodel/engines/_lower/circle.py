"""The way round: a short circle through a class on which every duty is done.

The shortest circle is taken if it does its duties; else it is led past what is missing, the nearest first.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Steps = Mapping[int, Sequence[tuple[int, int]]]
"""For each class of a component its edges inside, as (edge, target)."""


@dataclass(frozen=True, slots=True)
class Due:
    """What a run that counts does again and again, if it is `owed` in a class that it comes to again and again.

    It is done by being in a class (`at`) or by taking an edge (`on`).
    """

    name: str
    owed: Callable[[int], bool]
    at: Callable[[int], bool]
    on: Callable[[int], bool]


def everywhere(_: int) -> bool:
    """It is owed in every class."""
    return True


def nowhere(_: int) -> bool:
    """No class, or no edge, does it."""
    return False


def rests(number: int, dues: Sequence[Due]) -> bool:
    """Whether a class in which nothing happens by itself may be the last one: nothing owed there is left undone."""
    return all(due.at(number) or not due.owed(number) for due in dues)


def circle(number: int, steps: Steps, dues: Sequence[Due]) -> list[int]:
    """The edges of a circle from a class back to itself, inside a component in which all can be done."""
    way = _shortest(number, steps, lambda _, target: target == number)
    while (due := _missing(number, way, steps, dues)) is not None:
        way = [*_detour(number, steps, due), *way]
    return [edge for edge, _ in way]


def _missing(number: int, way: Sequence[tuple[int, int]], steps: Steps, dues: Sequence[Due]) -> Due | None:
    for due in dues:
        owed = any(due.owed(target) for _, target in way)
        if owed and not any(due.at(target) or due.on(edge) for edge, target in way):
            return due
    return None


def _detour(number: int, steps: Steps, due: Due) -> list[tuple[int, int]]:
    """From a class to the nearest place where the duty is done, and back."""
    there = _shortest(number, steps, lambda edge, target: due.at(target) or due.on(edge))
    if there[-1][1] == number:
        return there
    return [*there, *_shortest(there[-1][1], steps, lambda _, target: target == number)]


def _shortest(number: int, steps: Steps, arrived: Callable[[int, int], bool]) -> list[tuple[int, int]]:
    """The shortest way, of one edge at least, whose last edge and class are what was looked for."""
    came: dict[int, tuple[int, int]] = {}
    todo = deque([number])
    while todo:
        here = todo.popleft()
        for edge, target in steps[here]:
            if arrived(edge, target):
                found = [(edge, target)]
                while here != number:
                    before, by = came[here]
                    found.append((by, here))
                    here = before
                return found[::-1]
            if target not in came and target != number:
                came[target] = (here, edge)
                todo.append(target)
    raise AssertionError("a component without the way that makes it one")
