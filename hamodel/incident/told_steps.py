"""Steps of a clock that the program which set it tells: when, and by how much.

Such a line bears the new time or still the old one, and lines of other programs stand between it and the step: the
step is where the time jumps by so much nearby. A step back by so little that its lines are put in order as neighbours
is no step here; it widens what is not known of the clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hamodel.incident.clock_lines import set_by
from hamodel.incident.facts import Fact
from hamodel.incident.report import Step
from hamodel.incident.steps import BACK

NEARBY = 5
"""Facts around the line among which the step is looked for."""
EXACT = 2000
"""ms by which the jump may be smaller than the line says: what the resolution of two lines hides."""


def told(node: str, facts: Sequence[Fact]) -> tuple[Step, ...]:
    """Every step of a node's clock that a line tells, in order."""
    found: list[Step] = []
    taken = 0
    for line, fact in enumerate(facts):
        by = set_by(fact.key, fact.fields)
        if by is None or -BACK <= by < 0:
            continue
        place = _jump(facts, line, by)
        first = facts[place]
        proofs = tuple(dict.fromkeys((fact.proof, first.proof)))
        taken += by
        found.append(Step(node, place, by, first.clock - taken, first.clock, proofs, said=fact.tag))
    return tuple(found)


def jitter(facts: Sequence[Fact]) -> int:
    """The most ms by which a clock was set back unnoticed by the order of its lines."""
    small = (set_by(fact.key, fact.fields) or 0 for fact in facts)
    return max((-by for by in small if -BACK <= by < 0), default=0)


def joined(said: Sequence[Step], seen: Sequence[Step]) -> tuple[Step, ...]:
    """The steps that lines tell and those that the times show once these are taken out, as one list."""
    both = [replace(step, at=step.at - _sum(seen, step.place)) for step in said]
    both += [replace(step, shown=step.shown + _sum(said, step.place)) for step in seen]
    return tuple(sorted(both, key=lambda step: step.place))


def _sum(steps: Sequence[Step], place: int) -> int:
    return sum(step.by for step in steps if step.place <= place)


def _jump(facts: Sequence[Fact], line: int, by: int) -> int:
    """The first fact after the step: where the time jumps so, the line itself, or the one behind it before others."""
    places = sorted(range(max(1, line - NEARBY), min(len(facts), line + NEARBY)), key=lambda place: _away(place, line))
    for place in places:
        passed = facts[place].clock - facts[place - 1].clock - by
        if passed >= -EXACT and (by > 0 or passed <= -by - EXACT):
            return place
    return line


def _away(place: int, line: int) -> tuple[int, int]:
    return abs(place - line), -place
