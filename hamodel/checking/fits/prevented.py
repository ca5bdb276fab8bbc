"""What would have prevented it: the same events at about the same times, under each single change of the files.

The changes are those a repair may make. A change helps where no run with these events does the damage; that is searched
to its end, or not claimed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from hamodel.checking.bench import Bench
from hamodel.checking.changes import Change, changes
from hamodel.checking.edits import edited
from hamodel.checking.fits.result import Fit, Remedy
from hamodel.checking.fits.subject import LATE
from hamodel.checking.material import Material, gather
from hamodel.checking.of_spec import layout_of
from hamodel.checking.probe import prober_of
from hamodel.checking.search import Clock
from hamodel.config.spec import Spec
from hamodel.engines.classes import ClassesEngine
from hamodel.errors import EngineLimit, HamodelError, ModelError
from hamodel.ir.expr import Expr, not_, or_
from hamodel.ir.script import Event, scripted
from hamodel.ir.system import System
from hamodel.ir.verdict import Limits
from hamodel.machines import compose_cluster, structure
from hamodel.properties.bind import bind
from hamodel.properties.loader import load, select

ABOUT = 500
"""An event comes so many ms earlier or later than in the run that was found."""
SETTLE = 60_000
"""How long after the last event damage counts as its result, in ms."""
BOOT = 12_000
"""The settling time of a start: what comes within it and `initdead` is taken to come after it."""
TOGETHER = 2_000
"""Two starts so near to each other are one: the model has them at the same moment, and then rests."""
CLASSES = 60_000
DAMAGE = ("single_mount", "single_owner")


def prevented(
    spec: Spec,
    config: Path,
    found: Fit,
    limits: Limits,
    damage: Sequence[str] = DAMAGE,
    only: Collection[str] | None = None,
) -> tuple[Remedy, ...]:
    """Each change with its answer, those that help first; none where these events need not do any damage.

    `only`: the keys of the changes that are tried.
    """
    clock, engine = Clock.start(limits), ClassesEngine()
    material = gather([config])
    if not _harmed(spec, found, damage, engine, clock):
        return ()
    bench = Bench(spec, material, {}, prober_of(load(), limits, lambda _, __: None), material)
    remedies = []
    for change, value in _tried(bench):
        if only is not None and change.key not in only:
            continue
        if clock.is_over:
            break
        remedies.append(_remedy(bench, material, change, value, damage, found, engine, clock))
    return tuple(sorted((r for r in remedies if r is not None), key=lambda r: r.holds is not True))


def _tried(bench: Bench) -> Iterator[tuple[Change, int]]:
    """Each change of words and hardware; then of the dead time, to twice and to half as much or near to that."""
    every = changes(bench)
    for change in every:
        if not change.values:
            yield change, change.now
    for change in every:
        if change.key == "deadtime" and change.values:
            for factor in (2.0, 0.5):
                wanted = factor * change.now
                yield change, min(change.values, key=lambda v: abs(v - wanted))


def _remedy(
    bench: Bench,
    material: Material,
    change: Change,
    value: int,
    names: Sequence[str],
    found: Fit,
    engine: ClassesEngine,
    clock: Clock,
) -> Remedy | None:
    try:
        with bench.read(edited(material, change.edits(value))) as spec:
            harmed = _harmed(spec, found, names, engine, clock)
    except HamodelError:
        return None
    return Remedy(change.key, change.says(value), None if harmed is None else not harmed)


def _harmed(spec: Spec, found: Fit, names: Sequence[str], engine: ClassesEngine, clock: Clock) -> bool | None:
    """Whether some run with these events breaks one of the properties; None: not known."""
    system = compose_cluster(spec)
    broken = or_(*(formula for name in names for formula in _broken(spec, system, name)))
    again = _again(system, found, spec)
    limits = replace(clock.rest(), classes=CLASSES)
    try:
        explored = engine.explore(again, mode="merged", limits=limits, until=broken)
    except (EngineLimit, ModelError):
        return None
    if bool(explored.where(broken).any()):
        return True
    return False if explored.complete else None


def _broken(spec: Spec, system: System, name: str) -> Iterator[Expr]:
    (definition,) = select(load(), [name])
    for prop in bind(definition, system, layout_of(structure(spec))).properties:
        yield not_(prop.formula)


def _again(system: System, found: Fit, spec: Spec) -> System:
    """The system under the script of these events."""
    actions = {a.name: a for a in system.actions}
    own = [(at, name) for at, name in found.events if name not in actions or actions[name].fault != LATE]
    events: list[Event] = []
    calm = spec.cluster.initdead + BOOT
    first, rest = own[:2], own[2:]
    together = len(first) == 2 and all(name.startswith("start_heartbeat[") for _, name in first)
    if together and first[1][0] - first[0][0] < TOGETHER:
        last, boots = first[0][0], False
        own = [(max(at, last + calm), name) for at, name in rest]
    else:
        boots = any(name.startswith("start_heartbeat[") for _, name in own)
        last = 0 if boots else -calm
    for at, name in own:
        events.append(Event(name, max(0, at - last - ABOUT), at - last + ABOUT))
        last = at
    return scripted(system.with_settings(started=0 if boots else 1), events, SETTLE)
