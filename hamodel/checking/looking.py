"""What is read off one exploration: which claims it breaks or shows, and whether the model keeps its own invariants."""

from __future__ import annotations

from collections.abc import Sequence

from hamodel.checking.reading import Breakers, Reading
from hamodel.checking.search import Found, surely
from hamodel.errors import ModelError
from hamodel.ir.expr import Expr, Read, and_, not_, or_
from hamodel.ir.observe import OWNER as OBSERVED
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.rewrite import within
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


def is_idle(system: System, found: Found, prop: Property) -> bool:
    """Whether no state that was reached begins the situation of a promise, or shows that it comes about.

    A memory is only known where it is switched on, so what reads one is not called idle.
    """
    over = or_(*(e for e in (prop.goal, prop.release) if e is not None))
    begins = and_(prop.formula, not_(over))
    memories = {v.name for v in system.variables if v.owner == OBSERVED}
    asked = [begins] if prop.witness is None else [begins, prop.witness]
    if any(isinstance(term, Read) and term.variable in memories for e in asked for term in within(e)):
        return False
    return not any(len(found.where(e)) > 0 for e in asked)


def keeps_its_invariants(system: System, found: Found) -> None:
    """What a machine promises about itself has to be true in every state that was reached."""
    for text, formula in system.invariants:
        broken = list(found.where(not_(formula))[:1])
        run = found.run_to(broken[0]) if broken else None
        if run is not None:
            raise ModelError(f"the model breaks its own invariant: {text}", seen=[f"after {' '.join(run)}"])
