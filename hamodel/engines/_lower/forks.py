"""What an action does in a state, as forks in a road: each asks one variable, and at the end stands the effect.

A road is built where states come along it: a state for which it has no way on is run once by `Watcher`, and the way
that run speaks for is added. Forks are arrays, so that many states walk side by side.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from hamodel.engines._lower.watched import Path

UNKNOWN = -1
FIRST_END = -2
"""End number n stands as FIRST_END - n; end 0 is that of an action whose guard does not hold."""
Array = npt.NDArray[np.int64]


class Growing:
    """A list of numbers that can be read as an array."""

    def __init__(self) -> None:
        self.room, self.used = np.zeros(1024, np.int64), 0

    @property
    def array(self) -> Array:
        return self.room[: self.used]

    def extend(self, numbers: Sequence[int] | Array) -> int:
        """Add some; where they begin."""
        first, self.used = self.used, self.used + len(numbers)
        if self.used > len(self.room):
            self.room = np.concatenate([self.room, np.zeros(max(self.used, len(self.room)), np.int64)])
        self.room[first : self.used] = numbers
        return first


class Forks:
    """The roads of all actions. A variable is asked in a part of the state that has it, if possible in the last one."""

    def __init__(self, bounds: Sequence[tuple[int, int]], parts: Sequence[Sequence[int]]) -> None:
        self.bounds = bounds
        self.column = [{variable: i for i, variable in enumerate(part)} for part in parts]
        self.part, self.asked, self.base, self.next = Growing(), Growing(), Growing(), Growing()
        """For each fork: the part, the column in it, and where its ways on begin, one for each value of a variable."""
        self.full = [(1 << hi - lo + 1) - 1 for lo, hi in bounds]
        self.variable: list[int] = []
        self.questions: list[tuple[int, int, int, list[int]]] = []
        """For each fork the same as lists: the part, the column, the least value, and the ways on from that on."""
        self.ways: list[list[int]] = []
        self.row: list[tuple[int, dict[int, int]]] = []
        """For each fork the first of those that were built with it one after the other; and of each variable asked on
        the way there a bit for each value that leads there."""
        self.alike: list[dict[int, int]] = []
        """For each fork and each way on from it the values that lead there, a bit each."""

    @property
    def memory(self) -> int:
        """About so many bytes."""
        return self.next.room.nbytes + 800 * len(self.variable)

    def road(self, path: Path, end: int, part: int) -> int:
        """A new road: where it begins. It ends there at once if nothing is asked."""
        return self._built(path.conditions, end, part, {})

    def add(self, fork: int, path: Path, end: int) -> None:
        """A way on from a fork, for a state that has none there and all that are alike."""
        first, on_the_way = self.row[fork]
        known = dict(on_the_way)
        for before in range(first, fork):
            asked = self.variable[before]
            known[asked] = known.get(asked, -1) & self.alike[before][before + 1]
        variable = self.variable[fork]
        taken = 0
        for there in self.alike[fork].values():
            taken |= there
        mine = path.conditions.get(variable, self.full[variable]) & ~taken
        known[variable] = known.get(variable, -1) & mine
        open_ = {v: alike for v, alike in path.conditions.items() if known.get(v, -1) & self.full[v] & ~alike}
        then = self._built(open_, end, int(self.part.room[fork]), known)
        self._lead(fork, mine, then)
        first = int(self.base.room[fork]) + self.bounds[variable][0]
        self.next.room[first : first + len(self.ways[fork])] = self.ways[fork]

    def _built(self, conditions: dict[int, int], end: int, part: int, known: dict[int, int]) -> int:
        """Forks that ask for all these conditions, one after the other, where so much is known; the first."""
        order: list[tuple[int, int]] = []
        left = dict(conditions)
        while left:
            here = self.column[part]
            mine = [v for v in left if v in here]
            if not mine:
                part = max(range(len(self.column)), key=lambda p: len(left.keys() & self.column[p].keys()))
                continue
            order += [(part, v) for v in mine]
            left = {v: alike for v, alike in left.items() if v not in here}
        first = len(self.variable)
        bases, at = [], self.next.used
        for n, (p, variable) in enumerate(order, first + 1):
            lo, hi = self.bounds[variable]
            self.variable.append(variable)
            self.ways.append([UNKNOWN] * (hi - lo + 1))
            self.questions.append((p, self.column[p][variable], lo, self.ways[-1]))
            self.row.append((first, known))
            self.alike.append({})
            self._lead(n - 1, conditions[variable], n if n < first + len(order) else FIRST_END - end)
            bases.append(at - lo)
            at += hi - lo + 1
        self.part.extend([p for p, *_ in self.questions[first:]])
        self.asked.extend([column for _, column, *_ in self.questions[first:]])
        self.base.extend(bases)
        self.next.extend([then for ways in self.ways[first:] for then in ways])
        return first if order else FIRST_END - end

    def _lead(self, fork: int, values: int, then: int) -> None:
        self.alike[fork][then] = self.alike[fork].get(then, 0) | values
        ways = self.ways[fork]
        for value in range(values.bit_length()):
            if values >> value & 1:
                ways[value] = then
