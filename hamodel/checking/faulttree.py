"""All minimal sets of faults that break a claim, up to a budget, and the proof that there are no others.

A set is a vector: how often each kind of fault comes. The vectors without any known set inside are a few boxes (limits
for each kind); a box whose exploration shows no violation is done with, and one that does yields new sets. Sizes are
taken in turn, so whatever is found is minimal, and when every box of a size is safe, no set of that size is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations_with_replacement

from hamodel.ir.report import FaultSet

Limits = Mapping[str, int]
MOST_CHOICES = 400
"""More combinations of nodes, cables and resources are not tried one by one."""


@dataclass(frozen=True, slots=True)
class Explored:
    """What one box shows: the sets that break the claim; none, and `complete`: it is safe."""

    sets: frozenset[FaultSet]
    complete: bool = True
    reason: str = ""


@dataclass(slots=True)
class Sets:
    """The search for minimal sets; `explore` answers for a box and a number of faults in all."""

    caps: Limits
    explore: Callable[[Limits, int], Explored]
    minimal: list[FaultSet] = field(default_factory=list)
    complete: int = -1
    """Up to so many faults nothing is missing."""
    reason: str = ""
    searches: int = 0

    def run(self, budget: int) -> None:
        """Every size from none to the budget; ends where a limit ends an exploration."""
        for size in range(budget + 1):
            if not self._level(size):
                return
            self.complete = size

    def _level(self, size: int) -> bool:
        safe: list[dict[str, int]] = []
        while True:
            capped = {kind: min(cap, size) for kind, cap in self.caps.items()}
            open_boxes = [box for box in boxes(capped, self.minimal) if not any(_inside(box, done) for done in safe)]
            if not open_boxes:
                return True
            box = open_boxes[0]
            self.searches += 1
            answer = self.explore(box, size)
            new = smallest([s for s in answer.sets if not any(contains(s, m) for m in self.minimal)])
            self.minimal += new
            if not new and not answer.complete:
                self.reason = answer.reason
                return False
            if not new:
                safe.append(box)


def boxes(caps: Limits, known: Sequence[FaultSet]) -> list[dict[str, int]]:
    """The largest boxes of vectors that contain no known set.

    >>> boxes({"cut": 2, "kill": 1}, [(("cut", 1), ("kill", 1))])
    [{'cut': 0, 'kill': 1}, {'cut': 2, 'kill': 0}]
    """
    found = [dict(caps)]
    for each in known:
        cut: list[dict[str, int]] = []
        for box in found:
            if not all(box.get(kind, 0) >= number for kind, number in each):
                cut.append(box)
                continue
            cut += [{**box, kind: number - 1} for kind, number in each]
        found = [
            b for i, b in enumerate(cut) if not any(_inside(b, o) and (b != o or j < i) for j, o in enumerate(cut))
        ]
    return found


def _inside(box: Limits, other: Limits) -> bool:
    return all(number <= other.get(kind, 0) for kind, number in box.items())


def contains(faults: FaultSet, part: FaultSet) -> bool:
    """Whether a set has another one in it.

    >>> contains((("cut", 2), ("kill", 1)), (("cut", 1),))
    True
    """
    have = dict(faults)
    return all(have.get(kind, 0) >= number for kind, number in part)


def smallest(sets: Sequence[FaultSet]) -> list[FaultSet]:
    """Those that contain no other one, in a fixed order."""
    return sorted(s for s in set(sets) if not any(o != s and contains(s, o) for o in sets))


def choices(faults: FaultSet, actions: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    """Every way to choose so many actions of each kind; none where there are too many.

    >>> choices((("cut", 2),), {"cut": ["cut[a]", "cut[b]"]})
    [('cut[a]', 'cut[a]'), ('cut[a]', 'cut[b]'), ('cut[b]', 'cut[b]')]
    """
    found: list[tuple[str, ...]] = [()]
    for kind, number in faults:
        found = [(*f, *c) for f in found for c in combinations_with_replacement(actions[kind], number)]
        if len(found) > MOST_CHOICES:
            return []
    return found
