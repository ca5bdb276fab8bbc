"""A property meets a cluster: the function is asked once, and its answer becomes properties the engines understand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hamodel.errors import BadFairness, BrokenPropertyFile, HamodelError, NotAFormula, UnknownObservable
from hamodel.ir.compose import BUDGET_TOTAL, limit
from hamodel.ir.expr import FALSE, TRUE, Expr, and_, not_, or_
from hamodel.ir.fairness import Fairness, named
from hamodel.ir.observe import Deadline, Memory, Request, Stopwatch
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.system import Kind, System
from hamodel.properties.cluster import Cluster, Layout
from hamodel.properties.formula import Formula
from hamodel.properties.words import Definition, Response, Skip, constraints, milliseconds


@dataclass(frozen=True, slots=True)
class Bound:
    """A property of one cluster: what to check, what has to be observed meanwhile, or why there is nothing to check."""

    name: str
    doc: str
    kind: PropertyKind
    properties: tuple[Property, ...] = ()
    memories: tuple[Memory, ...] = ()
    stopwatches: tuple[Stopwatch, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    without: tuple[str, ...] = ()
    skipped: str = ""

    @property
    def requests(self) -> tuple[Request, ...]:
        return (*self.memories, *self.stopwatches, *self.deadlines)


def length_of(name: str) -> str:
    """The measure that times how long a violation lasts."""
    return f"{name}.length"


def deadline_of(name: str) -> str:
    """The observer that notices when a goal is late."""
    return f"{name}.deadline"


def earliest_of(name: str) -> str:
    """The measure that times how soon after the first fault a violation begins."""
    return f"{name}.earliest"


def payable(system: System, kind: Kind) -> dict[str, int]:
    """How often each fault (or command) of the system may come at most; those that cannot come are left out."""
    total = system.setting_value.get(BUDGET_TOTAL, 0)
    found: dict[str, int] = {}
    for action in system.actions:
        if action.kind is kind and action.fault and system.may_happen(action):
            found[action.fault] = min(total, system.setting_value.get(limit(action.fault), total))
    return {name: count for name, count in sorted(found.items()) if count > 0}


def paid(system: System) -> dict[str, int]:
    """The same for faults and commands together."""
    return dict(sorted((payable(system, Kind.FAULT) | payable(system, Kind.OPERATOR)).items()))


def bind(definition: Definition, system: System, layout: Layout, taken: Expr = TRUE) -> Bound:
    """The property for this system, and for the runs in which `taken` holds (see `ir.course`).

    A fault inside the property's own code is reported with its file.
    """
    faults, commands = payable(system, Kind.FAULT), payable(system, Kind.OPERATOR)
    cluster = Cluster(layout, system.observables, system.setting_value, faults, commands, definition.name)
    try:
        answer = definition.function(cluster)
        witness = definition.witness(cluster).expr if definition.witness is not None else None
        within = milliseconds(definition.within, cluster)
        fairness = () if isinstance(answer, Skip) else _fairness(definition, cluster, system, within)
    except HamodelError as error:
        if layout.alone and isinstance(error, UnknownObservable):
            return Bound(definition.name, definition.doc, definition.kind, skipped=layout.alone)
        error.span = error.span or definition.span
        raise
    except Exception as error:
        raise BrokenPropertyFile(
            f"the property {definition.name} fails: {type(error).__name__}: {error}", span=definition.span
        ) from error
    memories = tuple(cluster.memories)
    if isinstance(answer, Skip):
        return Bound(definition.name, definition.doc, definition.kind, skipped=layout.alone or answer.reason)
    if definition.kind is PropertyKind.LEADS_TO:
        responses = (answer,) if isinstance(answer, Response) else _listed(definition, answer)
        timed = [_response(definition, r, within, fairness, witness, taken) for r in responses]
        return Bound(
            definition.name, definition.doc, definition.kind, tuple(p for p, _ in timed), memories,
            tuple(w for _, w in timed), tuple(_deadline(p, w) for p, w in timed if p.within is not None),
            definition.without,
        )  # fmt: skip
    if not isinstance(answer, Formula):
        raise _not_a_formula(definition, answer, "a formula")
    formula = _on_course(not_(answer.expr) if definition.negated else answer.expr, definition.kind, taken)
    if taken != TRUE:
        witness = taken if witness is None else and_(witness, taken)
    prop = Property(definition.name, definition.kind, formula, definition.doc, witness=witness)
    watches = _violation(definition.name, formula, cluster) if definition.kind is PropertyKind.ALWAYS else ()
    return Bound(definition.name, definition.doc, definition.kind, (prop,), memories, watches, (), definition.without)


def _fairness(definition: Definition, cluster: Cluster, system: System, within: int | None) -> tuple[Fairness, ...]:
    """The assumptions, each about something that this system has. With a deadline nothing is put off for ever."""
    found = constraints(definition.fairness, cluster)
    for each in found:
        named(system, each)
    if found and within is not None:
        raise BadFairness(
            f"the property {definition.name} has a deadline and assumes {found[0]}",
            help="leave out `within` or `fairness`: a run that misses a deadline need not go on for ever",
        )
    return found


def _listed(definition: Definition, answer: object) -> tuple[Response, ...]:
    if isinstance(answer, tuple) and len(answer) in (2, 3) and all(isinstance(a, Formula) for a in answer):
        return (Response(*answer),)
    listed = tuple(answer) if isinstance(answer, Iterable) else ()
    if not listed or not all(isinstance(r, Response) for r in listed):
        raise _not_a_formula(definition, answer, "a Response, or (trigger, goal)")
    return listed


def _on_course(formula: Expr, kind: PropertyKind, taken: Expr) -> Expr:
    """What is claimed of every run is claimed of those that took the course; what some run does, one of those does."""
    if taken == TRUE:
        return formula
    return and_(formula, taken) if kind is PropertyKind.SOMETIMES else or_(not_(taken), formula)


def _response(
    definition: Definition,
    response: Response,
    within: int | None,
    fairness: tuple[Fairness, ...],
    witness: Expr | None,
    taken: Expr,
) -> tuple[Property, Stopwatch]:
    name = f"{definition.name}[{response.part}]" if response.part else definition.name
    trigger = response.trigger.expr if taken == TRUE else and_(response.trigger.expr, taken)
    goal = response.goal.expr
    release = response.release.expr if response.release is not None else None
    watch = Stopwatch(length_of(name), trigger, goal, release if release is not None else FALSE)
    seen = trigger if witness is None else witness if taken == TRUE else and_(witness, taken)
    prop = Property(
        name, PropertyKind.LEADS_TO, trigger, definition.doc, goal, release, within, seen, watch.name, fairness
    )
    return prop, watch


def _deadline(prop: Property, watch: Stopwatch) -> Deadline:
    return Deadline(deadline_of(prop.name), prop.within or 0, watch.start, watch.stop, watch.release)


def _violation(name: str, formula: Expr, cluster: Cluster) -> tuple[Stopwatch, ...]:
    """How long the formula stays broken, and how soon after the first fault it breaks."""
    length = Stopwatch(length_of(name), not_(formula), formula)
    return (length, Stopwatch(earliest_of(name), cluster.faulted.expr, not_(formula), once=True))


def _not_a_formula(definition: Definition, answer: object, wanted: str) -> NotAFormula:
    return NotAFormula(
        f"the property {definition.name} returns {type(answer).__name__}, not {wanted}",
        span=definition.span,
        help=f"return {wanted}, or Skip(reason) where the question makes no sense",
    )
