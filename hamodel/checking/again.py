"""A kept trace is gone through again, from nothing but its own file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hamodel.checking.case import BOOT, Case
from hamodel.checking.evidence import Certified, confirm
from hamodel.checking.examine import cast_of
from hamodel.checking.faultsets import count, used_by
from hamodel.checking.kept import Kept, logs_of, read
from hamodel.checking.material import unpacked
from hamodel.checking.of_spec import case_of
from hamodel.checking.plain import Plain
from hamodel.checking.search import steady_starts, with_budget
from hamodel.config.daemon import Version
from hamodel.config.spec import read_spec
from hamodel.engines import lasso
from hamodel.errors import CannotReplay
from hamodel.ir import schedule
from hamodel.ir.observe import late_of, observe, remembered, switch_of
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.report import StoryLine
from hamodel.ir.semantics import evaluate
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.ir.trace import Trace
from hamodel.ir.verdict import Limits
from hamodel.logs.style import LogStyle
from hamodel.properties.bind import bind, deadline_of
from hamodel.properties.loader import load, typed_again
from hamodel.properties.words import Definition
from hamodel.renderers.story import tell


@dataclass(frozen=True, slots=True)
class Again:
    """A trace that stood the second look: its story, who confirmed it, and whether it still breaks its claim."""

    kept: Kept
    certified: Certified
    story: tuple[StoryLine, ...]
    breaks: bool | None
    """None: the claim is about a deadline, or its property is not known here."""
    logs: Mapping[str, str]
    """The logs that both nodes would have written, by the names of the files."""


def again(path: Path, folders: Sequence[Path] = (), style: LogStyle | None = None) -> Again:
    """Replay a kept trace, with its logs where a style is given.

    Raises CannotReplay at the first event that cannot happen where the trace says it did.
    """
    kept = read(path)
    with unpacked(kept.material) as (paths, _):
        spec = read_spec(paths, Version(kept.heartbeat), kept.overrides)
        case = case_of(spec)
    if style is not None:
        style.skew_ms(spec.cluster.nodes)
    case = replace(case, start=kept.start)
    props, system = _with_property(case, kept, folders)
    system = with_budget(system, count(used_by_known(system, kept)))
    trace, start = _first_that_fits(case, system, kept)
    shown = replace(trace.trace, loop=kept.loop)
    if kept.loop is not None:
        lasso.demand(system, shown, start)
    found = confirm(system, shown, start)
    breaks = any(_breaks(system, found.trace, start, prop) for prop in props) if props else None
    logs = {} if style is None else logs_of(found.trace, spec, style)
    return Again(kept, found, tell(system, found.trace, cast_of(case)), breaks, logs)


def definition_of(kept: Kept, known: Sequence[Definition]) -> Definition | None:
    """The property of a kept trace: by its name, or anew from the formula that was typed."""
    base = kept.property.split("[")[0]
    return next((d for d in known if d.name == base), None) or typed_again(base, kept.claim)


def used_by_known(system: System, kept: Kept) -> tuple[tuple[str, int], ...]:
    """The faults of the trace; an event this system does not know is refused by its number."""
    for number, name in enumerate(kept.names, 1):
        if name not in system.action_index:
            raise CannotReplay(f"event {number}: this cluster has no action called {name}")
    return used_by(system, kept.names)


def _breaks(system: System, trace: Trace, start: State | None, prop: Property) -> bool:
    """Whether the claim is broken in the last state, or what is promised never comes on a run without an end."""
    if prop.kind is PropertyKind.ALWAYS:
        return evaluate(system, trace.last(), prop.formula) == 0
    if prop.within is not None:
        return evaluate(system, trace.last(), remembered(late_of(deadline_of(prop.name)))) != 0
    try:
        lasso.demand(system, trace, start, prop)
    except CannotReplay:
        return False
    return True


def _with_property(case: Case, kept: Kept, folders: Sequence[Path]) -> tuple[tuple[Property, ...], System]:
    """The property, in all its parts, and the system with what it remembers; none where a single run tells nothing.

    A deadline that passed in the run is an event of it, so the observer that notices it is on.
    """
    definition = definition_of(kept, load(folders))
    if definition is None or definition.kind is PropertyKind.SOMETIMES:
        return (), case.system
    bound = bind(definition, case.system, case.layout, case.taken)
    missed = [d.name for d in bound.deadlines if late_of(d.name) in kept.names]
    if any(prop.within is not None for prop in bound.properties) and not missed:
        return (), case.system
    system = observe(case.system, bound.requests)
    switches = {switch_of(name): 1 for name in (*(m.switch or m.name for m in bound.memories), *missed)}
    return bound.properties, system.with_settings(**switches) if switches else system


def _first_that_fits(case: Case, system: System, kept: Kept) -> tuple[Certified, State | None]:
    starts: Sequence[State | None] = (None,)
    if case.start != BOOT:
        starts = steady_starts(Plain(), system, Limits(), lambda *_: None)
    times = [at for at in kept.times if at is not None]
    refused: CannotReplay | None = None
    for start in starts:
        try:
            trace = schedule.replay(system, kept.names, times if len(times) == len(kept.names) else None, start)
            return Certified(trace, ()), start
        except CannotReplay as error:
            refused = refused or error
    raise refused or CannotReplay("without any fault this cluster never comes to rest, so the trace has no beginning")
