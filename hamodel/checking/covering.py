"""Fewer points that still show every combination of two (or t) values: a covering array.

A point that Heartbeat refuses shows nothing of the combinations in it, so each of them is looked for again in a point
that it accepts; a combination that is refused whatever the other values are is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import combinations, product

from hamodel.ir.sweep import Axis

Values = tuple[str, ...]
Combination = tuple[tuple[int, str], ...]
"""Axes by their number, each with a value."""


def covering(axes: Sequence[Axis], strength: int, accepted: Callable[[Values], bool]) -> tuple[list[Values], int]:
    """The points, the refused ones among them, and how many combinations are in no point that is accepted."""
    accepted = cache(accepted)
    rows = _array(axes, min(strength, len(axes)))
    shown = {c for row in rows if accepted(row) for c in combinations_of(row, strength)}
    never = 0
    for wanted in every(axes, strength):
        if wanted in shown:
            continue
        row = next((r for r in completions(axes, wanted) if accepted(r)), None)
        if row is None:
            never += 1
            continue
        rows.append(row)
        shown |= set(combinations_of(row, strength))
    return list(dict.fromkeys(rows)), never


def _array(axes: Sequence[Axis], strength: int) -> list[Values]:
    if len(axes) < 2:
        return [(value,) for axis in axes for value in axis.values]
    from covertable import make, sorters

    found = make([list(range(len(axis.values))) for axis in axes], strength=strength, sorter=sorters.hash)
    rows = [tuple(axis.values[i] for axis, i in zip(axes, row, strict=True)) for row in found]
    return sorted(rows, key=lambda row: [axis.values.index(v) for axis, v in zip(axes, row, strict=True)])


def combinations_of(row: Values, strength: int) -> Iterator[Combination]:
    """Every combination of so many values in one point."""
    return combinations(enumerate(row), min(strength, len(row)))


def every(axes: Sequence[Axis], strength: int) -> Iterator[Combination]:
    """Every combination of values of so many axes."""
    for chosen in combinations(range(len(axes)), min(strength, len(axes))):
        for values in product(*(axes[i].values for i in chosen)):
            yield tuple(zip(chosen, values, strict=True))


def completions(axes: Sequence[Axis], wanted: Combination) -> Iterator[Values]:
    """Every point with this combination."""
    fixed = dict(wanted)
    return product(*((fixed[i],) if i in fixed else axis.values for i, axis in enumerate(axes)))
