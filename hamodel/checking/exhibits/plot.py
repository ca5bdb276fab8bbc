"""The plot of a spec, and where a run takes each of its turns."""

from __future__ import annotations

from collections.abc import Sequence

from hamodel.checking.exhibits.follow import follow, paying, seen
from hamodel.checking.of_spec import case_of
from hamodel.config.spec import Spec
from hamodel.ir.course import HALF, HERE
from hamodel.ir.exhibit import Milestone
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.properties.words import Definition


def plot(
    spec: Spec, definitions: Sequence[Definition], main: str, names: Sequence[str], times: Sequence[int | None]
) -> tuple[Milestone, ...]:
    """The milestones of the spec with the steps of this run that pass them; none where it has no plot.

    Raises CannotReplay where the run does not keep to the plot.
    """
    if not spec.through:
        return ()
    sight = seen(case_of(spec), definitions, main)
    followed = follow(sight, paying(sight.system, names), names, times)
    states = [followed.trace.initial, *(step.state for step in followed.trace.steps)]
    places = [_place(followed.system, state) for state in states]
    return tuple(
        Milestone(text, next(step for step, place in enumerate(places) if place > number))
        for number, text in enumerate(spec.through)
        if places[-1] > number
    )


def _place(system: System, state: State) -> int:
    """How many milestones are passed."""
    first, second = (state.value(system, name) for name in HERE)
    return (first | second << HALF).bit_length() - 1
