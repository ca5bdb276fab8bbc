"""What is read off one exploration: which claims it breaks or shows, and whether the model keeps its own invariants."""

from __future__ import annotations

from collections.abc import Sequence

from hamodel.checking.reading import Breakers, Reading
from hamodel.checking.search import Found, surely
from hamodel.errors import ModelError
from hamodel.ir.expr import Expr, not_
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.system import System


def wanted(prop: Property) -> Expr:
    """What shows a claim, or breaks it."""
    return prop.formula if prop.kind is PropertyKind.SOMETIMES else not_(prop.formula)


def looked(found: Found, shown: Breakers, props: Sequence[Property]) -> Reading:
    """Read claims off an exploration: what shows or breaks each, and whether its situation comes about."""
    reading = Reading()
    for prop in props:
        sets = shown(wanted(prop))
        if sets:
            reading.sets[prop.name] = sets
        elif found.sure is not None and len(found.where(wanted(prop))) > 0:
            reading.doubtful.add(prop.name)
        elif prop.witness is not None and len(found.where(prop.witness)) > 0:
            (reading.witnessed if surely(found, prop.witness) else reading.perhaps).add(prop.name)
    return reading


def keeps_its_invariants(system: System, found: Found) -> None:
    """What a machine promises about itself has to be true in every state that was reached."""
    for text, formula in system.invariants:
        broken = list(found.where(not_(formula))[:1])
        run = found.run_to(broken[0]) if broken else None
        if run is not None:
            raise ModelError(f"the model breaks its own invariant: {text}", seen=[f"after {' '.join(run)}"])
