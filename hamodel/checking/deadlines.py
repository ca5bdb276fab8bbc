"""Promises with a deadline: the deadline is a timer that looks on, and the promise is that it never ends first.

So a promise becomes a claim about single states, and one exploration answers any number of them: their timers take no
part, and hardly any state is told from another by two of them that is not by one (on the pair of specs/01 all with two
faults have 2 to 35 of 100 classes more than none). What such a timer does in a run says nothing of another promise and
is left out of its run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from hamodel.checking.reading import Reading
from hamodel.checking.standing import Standing, remembering
from hamodel.ir.expr import not_
from hamodel.ir.observe import is_late, late_of, remembered, switch_of
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.report import FaultSet
from hamodel.ir.system import System
from hamodel.properties.bind import deadline_of


def never_late(prop: Property) -> Property:
    """The claim that the deadline of a promise never passes."""
    return replace(prop, formula=not_(remembered(late_of(deadline_of(prop.name)))), kind=PropertyKind.ALWAYS)


def on_time(system: System, props: Iterable[Property]) -> System:
    """The system with the timers of these promises."""
    return system.with_settings(**{switch_of(deadline_of(p.name)): 1 for p in props})


def watching(system: System, standings: Sequence[Standing]) -> System:
    """The system with all that these properties remember, and with the timers of those that have a deadline."""
    promises = [p for s in standings for p in s.bound.properties if p.within is not None]
    return on_time(remembering(system, standings), promises)


def without_late(reading: Reading, watched: Iterable[Property] = ()) -> Reading:
    """What was read off an exploration that watched other promises as well, as if it had watched only these."""
    mine = {late_of(deadline_of(p.name)) for p in watched}
    return replace(reading, sets={name: _stripped(sets, mine) for name, sets in reading.sets.items()})


def _stripped(sets: dict[FaultSet, tuple[str, ...]], mine: set[str]) -> dict[FaultSet, tuple[str, ...]]:
    return {f: tuple(e for e in events if e in mine or not is_late(e)) for f, events in sets.items()}
