"""Zones with open options: a bound on the distance of two deadlines is the least of several linear terms.

For any one choice of the options within a class's part, the least of the terms is the bound of the canonical zone of
`slow.py`: each operation here is the one there, taken for all options at once. Terms that never are the least on the
part are dropped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hamodel.errors import ModelError
from hamodel.ir.linear import Term, constant, minus, plus, times
from hamodel.ir.polytope import Polytope

Bound = tuple[Term, ...]
"""The least of these."""
Zone = tuple[Bound, ...]
"""Bounds on x - y over 'now' and the running clocks in timer order, row by row."""
Started = Mapping[int, tuple[Term, Term]]


def least(terms: Sequence[Term], part: Polytope) -> Bound:
    """The same bound without terms that another one is never above."""
    if len(terms) == 1:
        return tuple(terms)
    best: dict[tuple[int, ...], int] = {}
    for term in terms:
        slope = term[1:]
        if slope not in best or term[0] < best[slope]:
            best[slope] = term[0]
    if len(best) == 1:
        ((slope, value),) = best.items()
        return ((value, *slope),)
    kept: list[Term] = []
    for slope, value in best.items():
        term = (value, *slope)
        if any(part.entails(minus(term, k)) for k in kept):
            continue
        kept = [k for k in kept if not part.entails(minus(k, term))]
        kept.append(term)
    return tuple(sorted(kept))


def lows(zone: Zone, clocks: int, part: Polytope) -> list[Bound]:
    """For 'now' and each clock: how late it can still be that this clock ends first, as a bound on now - clock."""
    n, size = clocks + 1, len(zone[0][0]) - 1
    zero = (constant(0, size),)
    return [zero, *(least([t for j in range(1, n) for t in zone[j * n + y]], part) for y in range(1, n))]


def pass_time(
    zone: Zone,
    clocks: Sequence[int],
    p: int,
    low: Sequence[Bound],
    after: Sequence[int],
    started: Started,
    hastened: Mapping[int, Term],
    part: Polytope,
) -> Zone:
    """The zone after clock `p` has ended (0: after a free action), over the clocks that run `after`."""
    n, size = len(clocks) + 1, part_size(part)
    zero: Bound = (constant(0, size),)
    kept = [clocks.index(t) + 1 for t in after if t not in started]
    names = [clocks[x - 1] for x in kept]
    z: list[list[Bound]] = [[zero, *(low[y] for y in kept)]]
    for x in kept:
        up = zone[x * n + p]
        row = [zero if x == y else least((*zone[x * n + y], *sums(up, low[y])), part) for y in kept]
        z.append([up, *row])
    for timer, hi in ((t, hi) for t, hi in hastened.items() if t in names):
        i = names.index(timer) + 1
        if not all(part.entails(plus(hi, t)) for t in z[0][i]):
            raise ModelError(f"timer {timer} is hastened but cannot end so early any more")
        through = z[0]
        z = [
            [least((*bound, *(plus(plus(a, hi), b) for a in row[i] for b in through[y])), part) if x != y else zero
             for y, bound in enumerate(row)]
            for x, row in enumerate(z)
        ]  # fmt: skip
    return joined(z, names, after, started, part)


def joined(
    z: Sequence[Sequence[Bound]], kept: Sequence[int], after: Sequence[int], started: Started, part: Polytope
) -> Zone:
    """The zone over `after`: started clocks are independent of everything that was there."""
    zero: Bound = (constant(0, part_size(part)),)
    upper, lower, place = {0: zero}, {0: zero}, {0: 0}
    for i, t in enumerate(kept, 1):
        place[t + 1] = i
        upper[t + 1], lower[t + 1] = z[i][0], z[0][i]
    for t, (lo, hi) in started.items():
        upper[t + 1], lower[t + 1] = (hi,), (times(lo, -1),)
    order = [0, *(t + 1 for t in after)]
    return tuple(
        zero
        if x == y
        else z[place[x]][place[y]]
        if x in place and y in place
        else least(sums(upper[x], lower[y]), part)
        for x in order
        for y in order
    )


def covers(stored: Zone, zone: Zone, part: Polytope) -> bool:
    """Whether for every choice of the options in `part` the stored zone holds all of the other; where in doubt, not."""
    return all(_at_most(new, old, part) for old, new in zip(stored, zone, strict=True) if old != new)


def _at_most(new: Bound, old: Bound, part: Polytope) -> bool:
    """Whether the new bound is nowhere above the old one.

    The least of some terms may be above a limit inside a part and not at its corners, so the corners can only refute.
    """
    for limit in old:
        above = (1 << len(part.corners)) - 1
        for term in new:
            above &= part.outside(minus(limit, term))
            if not above:
                break
        if above:
            return False
        if any(part.entails(minus(limit, term)) for term in new):
            continue
        rest: Polytope | None = part
        for term in new:
            face = minus(term, limit)
            rest = rest.cut((face[0] - 1, *face[1:])) if rest is not None else None
        if rest is not None:
            return False
    return True


def sums(one: Bound, other: Bound) -> Bound:
    """All terms of the sum of two bounds."""
    if len(one) == 1 and len(other) == 1:
        return (plus(one[0], other[0]),)
    return tuple(plus(a, b) for a in one for b in other)


def part_size(part: Polytope) -> int:
    """The number of unknowns."""
    return len(part.corners[0][0]) - 1
