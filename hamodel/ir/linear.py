"""Linear terms over unknowns, as rows of whole numbers: the constant first, then one coefficient for each unknown.

A face is a term that is to be at least 0. Unknowns are whole milliseconds, so what is not at least 0 is at most -1, and
the opposite of a face is a face again.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import add, mul, sub

Term = tuple[int, ...]


def constant(value: int, size: int) -> Term:
    """A number as a term over `size` unknowns."""
    return (value, *(0,) * size)


def unknown(index: int, size: int) -> Term:
    """The unknown with this index as a term."""
    return (0, *(int(i == index) for i in range(size)))


def plus(one: Term, other: Term) -> Term:
    return tuple(map(add, one, other))


def minus(one: Term, other: Term) -> Term:
    return tuple(map(sub, one, other))


def times(one: Term, factor: int) -> Term:
    return tuple(factor * c for c in one)


def opposite(face: Term) -> Term:
    """The face of all points, in whole numbers, that are not on the inner side of `face`."""
    return (-face[0] - 1, *(-c for c in face[1:]))


def at(term: Term, point: Sequence[int]) -> int:
    """The value of a term where the unknowns have these values."""
    value: int = term[0] + sum(map(mul, term[1:], point))
    return value


def condition(face: Term, names: Sequence[str]) -> str:
    """A face as one writes it down: the first unknown with a coefficient alone on the left where that is possible.

    >>> condition((600, 1, -1, -1), ("deadtime", "keepalive", "watchdog"))
    'deadtime + 600 ms >= keepalive + watchdog'
    >>> condition((-601, -1, 1, 1), ("deadtime", "keepalive", "watchdog"))
    'deadtime <= keepalive + watchdog - 601 ms'
    >>> condition((-1, 1, -2), ("deadtime", "keepalive"))
    'deadtime >= 2*keepalive + 1 ms'
    >>> condition((-1, 0, 0), ("deadtime", "keepalive"))
    'never'
    """
    lead = next((i for i, c in enumerate(face[1:], 1) if c), 0)
    if not lead:
        return "always" if face[0] >= 0 else "never"
    sign = 1 if face[lead] > 0 else -1
    left = [(names[lead - 1], abs(face[lead]))]
    right: list[tuple[str, int]] = []
    for i, c in enumerate(face[1:], 1):
        if i != lead and c:
            (right if c * sign < 0 else left).append((names[i - 1], abs(c)))
    rest = -face[0] * sign
    if not right:
        return f"{_sum(left, 0)} {'>=' if sign > 0 else '<='} {_sum([], rest)}"
    if rest < 0 and sign > 0:
        return f"{_sum(left, -rest)} >= {_sum(right, 0)}"
    return f"{_sum(left, 0)} {'>=' if sign > 0 else '<='} {_sum(right, rest)}"


def _sum(parts: Sequence[tuple[str, int]], rest: int) -> str:
    text = " + ".join(name if c == 1 else f"{c}*{name}" for name, c in parts)
    if not text:
        return _time(rest)
    if not rest:
        return text
    return f"{text} {'+' if rest > 0 else '-'} {_time(abs(rest))}"


def _time(ms: int) -> str:
    if abs(ms) < 1000:
        return f"{ms} ms"
    return f"{ms / 1000:.3f}".rstrip("0").rstrip(".") + " s"
