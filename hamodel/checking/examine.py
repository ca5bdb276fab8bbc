"""Checking one case: bind the properties, climb the ladder of faults, and tell what was found."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed

from hamodel.checking.case import Case
from hamodel.checking.faultsets import count
from hamodel.checking.ladder import Ladder
from hamodel.checking.search import Clock, Progress, Searcher, searcher
from hamodel.checking.side_by_side import SideBySide
from hamodel.checking.standing import Standing
from hamodel.ir.compose import BUDGET_TOTAL
from hamodel.ir.observe import observe
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.report import FaultSet, Report, Result, Skipped, Way
from hamodel.ir.trace import Trace
from hamodel.ir.verdict import Limits, Outcome
from hamodel.properties.bind import Bound, bind, earliest_of, length_of, paid
from hamodel.properties.words import Definition
from hamodel.renderers.story import Cast, tell

TIMED_WAYS = 5
"""Of the ways with several faults so many are timed."""


def silent(_what: str, _classes: int) -> None:
    """Nobody wants to know."""


def examine(
    case: Case,
    definitions: Sequence[Definition],
    limits: Limits | None = None,
    *,
    engine: Searcher | str | None = None,
    asked: Sequence[str] = (),
    only: Collection[str] | None = None,
    delays: bool = False,
    progress: Progress = silent,
) -> Report:
    """The report on these properties, or on those of them that `only` names.

    With `delays` the reason of what holds says whether it does whatever the delays (see `checking.delays`).

    All are composed, whatever is asked: the same system is compiled once for every question about one cluster. Those of
    `asked` are never skipped: with nothing to talk about they are vacuous.
    An interrupt ends the exploration, not the report: what is undecided by then is `bounded`.
    """
    search = engine if engine is not None and not isinstance(engine, str) else searcher(engine)
    clock = Clock.start(limits or Limits())
    bounds = [bind(d, case.system, case.layout, case.taken) for d in definitions]
    system = observe(case.system, [r for b in bounds for r in b.requests])
    bounds = [b for b in bounds if only is None or b.name in only]
    standings = [Standing(b) for b in bounds if not b.skipped]
    side = SideBySide((limits or Limits()).jobs, progress)
    ladder = Ladder(case, system, standings, search, clock, side)
    results: list[Result] = []
    budget = system.setting_value.get(BUDGET_TOTAL, 0)
    with _interruptible() as stop:
        ladder.climb(budget)
    for standing in standings:
        if standing.open:
            standing.decide(Outcome.BOUNDED, _interrupted(standing))
    if not stop:
        with _interruptible() as stop:
            results = side.map(partial(_result, case, ladder, measure=True), standings)
            if delays:
                from hamodel.checking.delays import told

                results = [told(ladder, s, r, budget) for s, r in zip(standings, results, strict=True)]
    if stop and not results:
        results = [_result(case, ladder, standing, measure=False) for standing in standings]
    results += [_empty(b) for b in bounds if b.skipped and b.name in asked]
    return Report(
        cluster=case.name,
        nodes=tuple(n.name for n in case.layout.nodes),
        beyond=tuple(n.name for n in case.layout.beyond),
        heartbeat=case.heartbeat,
        start=case.start,
        budget=budget,
        faults=tuple(paid(case.system).items()),
        never=ladder.never(),
        results=tuple(sorted(results, key=lambda r: [b.name for b in bounds].index(r.name))),
        skipped=tuple(Skipped(b.name, b.skipped) for b in bounds if b.skipped and b.name not in asked),
        engine=search.name,
        seconds=round(clock.elapsed, 3),
        interrupted=bool(stop),
        version=version(),
    )


@contextmanager
def _interruptible() -> Iterator[list[str]]:
    """The list is no longer empty once somebody pressed Ctrl-C."""
    stop: list[str] = []
    try:
        yield stop
    except KeyboardInterrupt:
        stop.append("interrupted")


def _interrupted(standing: Standing) -> str:
    done = "" if standing.exhausted is None else f"; excluded for up to {standing.exhausted} faults"
    return f"interrupted{done}"


def _result(case: Case, ladder: Ladder, standing: Standing, *, measure: bool) -> Result:
    bound, found = standing.bound, standing.evidence
    prop = bound.properties[0]
    broken = standing.outcome is Outcome.VIOLATED
    shown = found is not None and broken and standing.system is not None
    return Result(
        name=bound.name,
        doc=bound.doc,
        kind=bound.kind,
        outcome=standing.outcome or Outcome.UNKNOWN,
        engine=standing.by or ladder.searcher.name,
        states=standing.states,
        seconds=round(standing.seconds, 3),
        reason=standing.reason,
        ways=_ways(ladder, standing, prop, measure) if broken else (),
        story=tell(standing.system, found.trace, cast_of(case), _ending(prop, found.trace))
        if shown and found and standing.system
        else (),
        measured=standing.measured,
        bound=prop.within,
        rests_on=case.rests_on(standing.system, found.trace) if shown and found and standing.system else (),
        certified=found.by if found is not None else (),
        trace=found.trace if found is not None else None,
        provided=tuple(text for what, text in standing.details if what == "provided"),
        computed=min((text for what, text in standing.details if what == "computed"), default=""),
        proof=standing.proof if standing.outcome is Outcome.HOLDS else (),
        hulls=standing.hulls if standing.outcome is Outcome.HOLDS else (),
    )


def _ending(prop: Property, trace: Trace) -> str:
    """The last sentence of a story."""
    if prop.kind is not PropertyKind.LEADS_TO:
        return "here the claim is broken"
    if trace.loop is not None or prop.within is not None:
        return ""
    return "and so it stays: nothing happens by itself any more"


def _ways(ladder: Ladder, standing: Standing, prop: Property, measure: bool) -> tuple[Way, ...]:
    """The smallest sets of faults; of many with several faults, each a search of its own, the first few are timed."""
    return tuple(
        _way(ladder, standing, prop, faults, measure and (number < TIMED_WAYS or count(faults) < 2))
        for number, faults in enumerate(standing.sets)
    )


def _way(ladder: Ladder, standing: Standing, prop: Property, faults: FaultSet, measure: bool) -> Way:
    if not measure or prop.kind is not PropertyKind.ALWAYS:
        return Way(faults)
    earliest = ladder.measuring.earliest(standing, earliest_of(prop.name), faults, standing.sets[faults])
    return Way(faults, ladder.measuring.measure(standing, length_of(prop.name), faults), earliest)


def _empty(bound: Bound) -> Result:
    return Result(bound.name, bound.doc, bound.kind, Outcome.VACUOUS, reason=bound.skipped)


def cast_of(case: Case) -> Cast:
    """The names for a story."""
    layout = case.layout
    return Cast(
        tuple(n.name for n in layout.nodes), tuple((g.text, tuple(r.text for r in g.resources)) for g in layout.groups)
    )


def version() -> str:
    """The version of hamodel; nothing in a checkout that is not installed."""
    try:
        return installed("hamodel")
    except PackageNotFoundError:
        return ""
