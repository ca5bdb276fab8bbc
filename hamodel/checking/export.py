"""What an export is made of: one property of one cluster, the system it speaks of, and where both come from.

The untimed system begins in the steady state (or at the boot), has the faults and the budget of the spec, and is sliced
to what the property depends on, and so is the timed one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hamodel.checking.case import BOOT, Case
from hamodel.checking.faultsets import without
from hamodel.checking.search import Progress
from hamodel.engines.classes import ClassesEngine
from hamodel.errors import NotExportable
from hamodel.ir.clocked import Clocked, clocked
from hamodel.ir.compose import BUDGET_TOTAL
from hamodel.ir.expr import TRUE, Expr, or_
from hamodel.ir.observe import Memory, observe, switch_of
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.slicing import sliced
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.ir.untimed import untimed, untimed_formula
from hamodel.properties.bind import bind, paid
from hamodel.properties.words import Definition

SLICED = "sliced: what the question does not depend on is left out"


@dataclass(frozen=True, slots=True)
class Material:
    """The system to write, the property in its words, and lines that say where they come from."""

    system: System
    prop: Property | None
    origin: tuple[str, ...]
    clocked: Clocked | None = None
    """The system with clocks, for timed languages."""


def untimed_material(case: Case, definition: Definition | None, *, whole: bool, progress: Progress) -> Material:
    """The untimed abstraction. Raises NotExportable for a promise that something comes, and for a question skipped."""
    system, prop, start, origin = _bound(case, definition, progress)
    if prop is not None and prop.kind is PropertyKind.LEADS_TO:
        raise NotExportable(
            f"{prop.name} promises that something comes, and in the untimed abstraction nothing has to come",
            help="export the timed system (--to uppaal), or ask for an `always` property",
        )
    plain = untimed(system, start)
    asked = [] if prop is None else [untimed_formula(system, prop.formula)]
    if not whole:
        cut = sliced(plain, asked)
        plain, asked = cut.system, list(cut.formulas)
        origin = (*origin, SLICED)
    return Material(plain, None if prop is None else replace(prop, formula=asked[0]), origin)


def timed_material(case: Case, definition: Definition | None, *, progress: Progress) -> Material:
    """The timed system with clocks, sliced. Raises NotExportable for a promise with a deadline."""
    system, prop, start, origin = _bound(case, definition, progress)
    made = clocked(system, asked_of(prop), start)
    return Material(made.system, prop, (*origin, SLICED), made)


def asked_of(prop: Property | None) -> tuple[Expr, ...]:
    """What a question asks of a timed system: its formula, and for a promise what may fulfil it."""
    if prop is None:
        return ()
    if prop.kind is not PropertyKind.LEADS_TO:
        return (prop.formula,)
    if prop.within is not None or prop.goal is None:
        raise NotExportable(
            f"{prop.name} has a deadline, which no export writes",
            help="`hamodel check` answers promises with a deadline",
        )
    return (prop.formula, prop.goal if prop.release is None else or_(prop.goal, prop.release))


def _bound(
    case: Case, definition: Definition | None, progress: Progress
) -> tuple[System, Property | None, State | None, tuple[str, ...]]:
    """The system with what the property has to remember, the property, the start, and their origin."""
    system, prop = case.system, None
    if definition is not None:
        found = bind(definition, case.system, case.layout, case.taken)
        if found.skipped:
            raise NotExportable(f"{found.name} has nothing to say about this cluster: {found.skipped}")
        if len(found.properties) > 1:
            raise NotExportable(f"{found.name} is several promises: {', '.join(p.name for p in found.properties)}")
        prop = found.properties[0]
        memories = [r for r in found.requests if isinstance(r, Memory)]
        system = observe(without(system, found.without), memories)
        system = system.with_settings(**{switch_of(m.switch or m.name): 1 for m in memories})
    if case.start == BOOT:
        return system, prop, None, (*_scenario(case, system), "from the boot")
    progress("the boot without any fault", 0)
    starts = ClassesEngine().steady(system)
    if not starts:
        raise NotExportable(
            "without any fault the cluster never comes to rest after its boot",
            help="export it from its boot: --set start_from=boot",
        )
    which = "the steady state" if len(starts) == 1 else f"the first of {len(starts)} steady states"
    return system, prop, starts[0], (*_scenario(case, system), f"from {which}")


def _scenario(case: Case, system: System) -> Sequence[str]:
    budget = system.setting_value.get(BUDGET_TOTAL, 0)
    on_course = case.taken != TRUE
    kinds = ", ".join(f"{kind} {most}" for kind, most in paid(system).items())
    return (
        f"Heartbeat {case.heartbeat}, cluster {case.name}",
        *(("only runs that take the whole course (`through`) count, and faults come only in it",) if on_course else ()),
        f"faults and commands: at most {budget} in all" + (f", of these kinds at most: {kinds}" if kinds else ""),
    )
