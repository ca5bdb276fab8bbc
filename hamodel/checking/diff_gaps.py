"""The times between the points of a run: which of them a run allows, and what is left of some without others.

The points of a run are its acts, after its beginning where that is not at rest, and where it shows something, if that
is timed too. Every order of events allows a zone of times between them: bounds B[i, j], the most that point i comes
after point j, in ms.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from hamodel.checking.witness import bounds_of
from hamodel.engines._lower.differences import Matrix, closed, unbounded
from hamodel.errors import CannotReplay
from hamodel.ir.acts import FIRST, LONGEST
from hamodel.ir.constraints import Constraint, Run

Point = tuple[int, ...]
"""When each point comes, in ms after the first."""


def points(names: Sequence[str], *, at_rest: bool, timed: bool) -> list[int]:
    """The numbers of the events that are points; 0 is the beginning, which counts unless the run begins at rest."""
    found = [i for i, name in enumerate(names, 1) if name == FIRST or name.startswith("act[")]
    found = found if at_rest else [0, *found]
    return [*found, len(names)] if timed else found


def anywhere(size: int, *, timed: bool = False) -> Matrix:
    """So many points in their order; acts at most `LONGEST` apart, a change that is looked for as late as it likes."""
    bounds = unbounded(size)
    for k in range(size - 1 - timed):
        bounds[k + 1, k] = LONGEST
    bounds[np.triu_indices(size)] = 0
    found = closed(bounds)
    assert found is not None
    return found


def zone(run: Run, where: Sequence[int]) -> Matrix:
    """The times of these points in a run. Raises CannotReplay where it has none."""
    bounds = bounds_of(run)
    if (np.diag(bounds) < 0).any():
        raise CannotReplay("these events cannot happen at any time")
    return bounds[np.ix_(list(where), list(where))]


def earliest_of(bounds: Matrix) -> Point:
    """The earliest times of a zone that is not empty."""
    return tuple(int(-b) for b in bounds[0]) if len(bounds) else ()


def at(point: Point) -> Matrix:
    """These times and no others."""
    times = np.array(point, np.int64)
    return times[:, None] - times[None, :]


def rest_of(bounds: Matrix, taken: Matrix) -> Iterator[Matrix]:
    """The zone without the other one, in zones that do not overlap.

    >>> inside = np.array([[0, -3], [4, 0]])
    >>> [part.tolist()[1][0] for part in rest_of(np.array([[0, 0], [9, 0]]), inside)]
    [2, 9]
    """
    here = bounds
    for i, j in np.argwhere(taken < bounds).tolist():
        outside, inside = here.copy(), here.copy()
        outside[j, i] = min(outside[j, i], -taken[i, j] - 1)
        inside[i, j] = min(inside[i, j], taken[i, j])
        part, rest = closed(outside), closed(inside)
        if part is not None:
            yield part
        if rest is None:
            return
        here = rest


def and_any_later(bounds: Matrix, size: int) -> Matrix:
    """The zone of so many points of which the last ones come after all of this one's; its last is no point of it."""
    known, whole = len(bounds), unbounded(size + 1)
    whole[:known, :known] = bounds
    whole[np.triu_indices(size + 1)] = np.minimum(whole[np.triu_indices(size + 1)], 0)
    found = closed(whole)
    assert found is not None
    kept = [*range(known - 1), *range(known, size + 1)]
    return found[np.ix_(kept, kept)]


def pinned(run: Run, where: Sequence[int], point: Point) -> Run:
    """The same run, with its points at these times."""
    for (before, from_), (after, to) in zip(
        zip(where, point, strict=True), list(zip(where, point, strict=True))[1:], strict=False
    ):
        why = f"event {after} comes {to - from_} ms after event {before}"
        run.constraints += [Constraint(after, before, to - from_, why), Constraint(before, after, from_ - to, why)]
    return run
