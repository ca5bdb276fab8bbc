"""Every engine, every toy: the same outcome, the same shortest length, the same counts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest

from hamodel.engines._lower.zones import NOW, Zone, can_end, rows
from hamodel.engines.reference import Reference
from hamodel.errors import EngineLimit
from hamodel.ir.expr import And, Expr, Not
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.schedule import replay
from hamodel.ir.system import System
from hamodel.ir.verdict import Limits, Outcome, Range
from tests.conformance import toys
from tests.conformance.brute_force import TooMany, enumerate_nodes
from tests.conformance.engines_list import ENGINES, REFERENCE, Candidate
from tests.conformance.random_systems import random_formula, random_system, watched
from tests.conformance.toys import TOYS, eq

COUNTS = {
    # toy: (classes, edges) by equality, (classes, edges) by inclusion, states; all counted by hand
    "nothing": ((1, 0), (1, 0), 1),
    "race": ((4, 4), (4, 4), 4),
    "decided_race": ((3, 2), (3, 2), 3),
    "tie": ((4, 4), (4, 4), 4),
    "restarted": ((4, 3), (4, 3), 4),
    "hastened": ((6, 6), (6, 6), 5),
    "cancelled": ((4, 3), (4, 3), 4),
    "mailbox": ((4, 3), (4, 3), 4),
    "emptied": ((2, 1), (2, 1), 2),
    "far": ((4, 3), (4, 3), 4),
    "budget": ((5, 4), (5, 4), 5),
    "interrupted": ((5, 5), (5, 5), 5),
    "blinker": ((2, 2), (2, 2), 2),
    "retries": ((2, 2), (2, 2), 2),
    "included": ((5, 6), (4, 5), 3),
    "outage": ((4, 3), (4, 3), 4),
    "correlated_outage": ((4, 4), (4, 4), 4),
    "endless_waits": ((3, 2), (3, 2), 3),
    "endless_far": ((4, 3), (4, 3), 4),
    "endless_free": ((5, 5), (5, 5), 5),
    "nested": ((2, 1), (2, 1), 2),
}

MEASURED = {
    "outage": Range(5, 16),
    "correlated_outage": Range(0, 4),
    "endless_waits": Range(0, None),
    "endless_far": Range(0, None),
    "endless_free": Range(0, None),
}

COUNTING = [engine for engine in ENGINES if engine.explore is not None]
EXPLORING = pytest.mark.parametrize("engine", COUNTING, ids=lambda e: e.name)
CHECKING = pytest.mark.parametrize("engine", ENGINES, ids=lambda e: e.name)
UNTIMED = [engine for engine in ENGINES if engine.untimed]
OTHERS = [engine for engine in ENGINES if engine is not REFERENCE]
SEEDS = range(REFERENCE.seeds)


def with_seeds(engines: list[Candidate]) -> pytest.MarkDecorator:
    """Every engine with as many random systems as it has time for."""
    pairs = [pytest.param(e, seed, id=f"{e.name}-{seed}") for e in engines for seed in range(e.seeds)]
    return pytest.mark.parametrize(("engine", "seed"), pairs)


def always(formula: Expr, witness: Expr | None = None) -> Property:
    return Property("claim", PropertyKind.ALWAYS, formula, "", witness=witness)


def sometimes(formula: Expr) -> Property:
    return Property("wish", PropertyKind.SOMETIMES, formula, "")


def leads_to(formula: Expr, goal: Expr, **more: object) -> Property:
    return Property("promise", PropertyKind.LEADS_TO, formula, "", goal=goal, **more)  # type: ignore[arg-type]


def test_every_toy_has_golden_counts() -> None:
    assert set(COUNTS) == set(TOYS)


@EXPLORING
@pytest.mark.parametrize("toy", TOYS)
def test_toys_have_as_many_classes_and_edges_as_by_hand(engine: Candidate, toy: str) -> None:
    assert engine.explore is not None

    equality, inclusion = (engine.explore(TOYS[toy], mode) for mode in ("equality", "inclusion"))

    counted = (equality.classes, equality.edges), (inclusion.classes, inclusion.edges), len(equality.states)
    assert counted == COUNTS[toy]


@EXPLORING
@pytest.mark.parametrize("toy", TOYS)
def test_inclusion_reaches_the_same_states(engine: Candidate, toy: str) -> None:
    assert engine.explore is not None

    assert engine.explore(TOYS[toy], "inclusion").states == engine.explore(TOYS[toy], "equality").states


@EXPLORING
@pytest.mark.parametrize("mode", ["equality", "inclusion"])
@pytest.mark.parametrize("toy", MEASURED)
def test_durations_are_exact(engine: Candidate, toy: str, mode: str) -> None:
    assert engine.explore is not None

    (measured,) = engine.explore(TOYS[toy], mode).measured.values()

    assert measured == MEASURED[toy]


VIOLATIONS = [
    (toys.race(), always(Not(And((eq("x", 1), eq("y", 1))))), ("a", "b")),
    (toys.race(), always(Not(And((eq("y", 1), eq("x", 0))))), ("b",)),
    (toys.tie(), always(Not(And((eq("y", 1), eq("x", 0))))), ("b",)),
    (toys.cancelled(), always(eq("late", 0)), ("guard",)),
    (toys.budget(), always(Not(And((eq("left", 0), eq("dark", 0))))), ("break", "mend", "break", "mend")),
    (toys.interrupted(), always(Not(And((eq("left", 0), eq("done", 1))))), ("fault", "repair", "job")),
    (toys.far(), always(Not(eq("n", 2))), ("a", "b")),
    (toys.nested(), always(Not(And((eq("x", 3), eq("order", 10))))), ("t",)),
    (toys.mailbox(), always(Not(eq("seen", 27))), ("mail", "mail", "mail")),
    (toys.emptied(), always(Not(eq("total", 7))), ("clock",)),
]

HOLDING = [
    (toys.decided_race(), always(Not(And((eq("y", 1), eq("x", 0)))))),
    (toys.restarted(), always(eq("late", 0))),
    (toys.hastened(), always(eq("alarm", 0))),
    (toys.far(), always(eq("early", 0))),
    (toys.budget(1), always(Not(And((eq("left", 1), eq("dark", 1)))))),
]


@CHECKING
@pytest.mark.parametrize(("system", "claim", "names"), VIOLATIONS, ids=lambda v: getattr(v, "name", None))
def test_a_violation_comes_with_its_shortest_trace(
    engine: Candidate, system: System, claim: Property, names: tuple[str, ...]
) -> None:
    verdict = engine.check(system, claim, Limits(depth=6))

    assert verdict.outcome is Outcome.VIOLATED
    assert verdict.trace is not None
    assert verdict.trace.names() == names
    times = [step.at for step in verdict.trace.steps]
    replay(system, names, [t for t in times if t is not None])


@CHECKING
@pytest.mark.parametrize(("system", "claim"), HOLDING, ids=lambda v: getattr(v, "name", None))
def test_what_time_forbids_does_not_happen(engine: Candidate, system: System, claim: Property) -> None:
    outcome = engine.check(system, claim, Limits(depth=8)).outcome

    assert outcome is Outcome.HOLDS or (engine.untimed and outcome is Outcome.UNKNOWN)


@pytest.mark.parametrize("engine", UNTIMED, ids=lambda e: e.name)
def test_what_no_delay_allows_is_known_without_time(engine: Candidate) -> None:
    claim = always(Not(And((eq("left", 1), eq("dark", 1)))))

    verdict = engine.check(toys.budget(1), claim, Limits(depth=8))

    assert (verdict.outcome, verdict.reason) == (Outcome.HOLDS, "whatever the delays")


@CHECKING
def test_a_wish_comes_true_with_a_witness(engine: Candidate) -> None:
    verdict = engine.check(toys.budget(), sometimes(eq("left", 0)), Limits(depth=4))

    assert verdict.outcome is Outcome.HOLDS
    assert verdict.trace is not None
    assert verdict.trace.names() == ("break", "mend", "break")


@CHECKING
def test_a_wish_that_nothing_fulfils_is_violated(engine: Candidate) -> None:
    assert engine.check(toys.race(), sometimes(eq("x", 2)), Limits(depth=5)).outcome is Outcome.VIOLATED


@CHECKING
@pytest.mark.parametrize(
    ("system", "claim"),
    [
        (toys.restarted(), always(eq("late", 0), witness=eq("x", 2))),
        (toys.budget(0), always(eq("dark", 0), witness=eq("dark", 2))),
    ],
    ids=["with clocks", "without"],
)
def test_a_claim_about_what_never_happens_is_vacuous(engine: Candidate, system: System, claim: Property) -> None:
    outcome = engine.check(system, claim, Limits(depth=6)).outcome

    assert outcome is Outcome.VACUOUS or (engine.untimed and system.timers and outcome is Outcome.UNKNOWN)


@CHECKING
def test_a_search_that_ends_early_is_bounded_and_not_holds(engine: Candidate) -> None:
    claim = always(Not(And((eq("left", 0), eq("dark", 0)))))

    assert engine.check(toys.budget(), claim, Limits(depth=2)).outcome is Outcome.BOUNDED


@EXPLORING
def test_a_promise_is_broken_by_a_circle(engine: Candidate) -> None:
    verdict = engine.check(toys.retries(), leads_to(eq("done", 0), eq("done", 1)), Limits())

    assert verdict.outcome is Outcome.VIOLATED
    assert verdict.trace is not None
    assert (verdict.trace.names(), verdict.trace.loop) == (("retry",), 0)


@EXPLORING
def test_a_promise_is_broken_by_rest(engine: Candidate) -> None:
    verdict = engine.check(TOYS["endless_waits"], leads_to(eq("down", 1), eq("down", 0)), Limits())

    assert verdict.outcome is Outcome.VIOLATED
    assert verdict.trace is not None
    assert (verdict.trace.names(), verdict.trace.loop) == (("fault", "notice"), None)


@EXPLORING
def test_a_promise_is_kept_where_every_circle_keeps_it(engine: Candidate) -> None:
    assert engine.check(toys.blinker(), leads_to(eq("on", 0), eq("on", 1)), Limits()).outcome is Outcome.HOLDS


@EXPLORING
def test_a_promise_may_be_released(engine: Candidate) -> None:
    promise = leads_to(eq("down", 1), eq("down", 0), release=eq("left", 0))

    assert engine.check(TOYS["endless_waits"], promise, Limits()).outcome is Outcome.HOLDS


@EXPLORING
@pytest.mark.parametrize(("within", "outcome"), [(16, Outcome.HOLDS), (15, Outcome.VIOLATED)])
def test_a_deadline_is_met_to_the_millisecond(engine: Candidate, within: int, outcome: Outcome) -> None:
    promise = leads_to(eq("down", 1), eq("down", 0), within=within, measure="outage")

    verdict = engine.check(toys.outage(), promise, Limits())

    assert verdict.outcome is outcome
    assert verdict.measured == Range(5, 16)


@EXPLORING
def test_a_missed_deadline_is_shown_at_its_longest(engine: Candidate) -> None:
    promise = leads_to(eq("down", 1), eq("down", 0), within=15, measure="outage")

    trace = engine.check(toys.outage(), promise, Limits()).trace

    assert trace is not None
    assert [(step.action, step.at) for step in trace.steps] == [("fault", 0), ("notice", 6), ("heal", 16)]


@EXPLORING
@pytest.mark.parametrize("system", [toys.too_small(), toys.mailbox(capacity=2)], ids=lambda s: s.name)
def test_a_model_that_is_too_small_says_so(engine: Candidate, system: System) -> None:
    assert engine.explore is not None

    with pytest.raises(EngineLimit):
        engine.explore(system, "inclusion")


@with_seeds([engine for engine in OTHERS if engine.explore is not None])
@pytest.mark.parametrize("mode", ["equality", "inclusion"])
def test_random_systems_count_as_in_the_reference(engine: Candidate, seed: int, mode: str) -> None:
    assert engine.explore is not None
    system = watched(random_system(seed), seed)
    expected = Reference().explore(system, mode, Limits(classes=1_500))
    if not expected.complete:
        pytest.skip("too many classes for the reference")

    found = engine.explore(system, mode)

    assert (found.classes, found.edges) == (expected.classes, expected.edges)
    assert found.states == frozenset(expected.states)
    assert found.measured == {name: seen.range() for name, seen in expected.measured.items()}


@with_seeds(OTHERS)
def test_random_claims_end_as_in_the_reference(engine: Candidate, seed: int) -> None:
    system, claim = random_system(seed), always(Not(random_formula(seed)))
    expected = Reference().check(system, claim, Limits(classes=1_500, depth=5))
    if expected.outcome is Outcome.BOUNDED and expected.states >= 1_500:
        pytest.skip("too many classes for the reference")

    verdict = engine.check(system, claim, Limits(depth=5))

    if engine.untimed:
        assert verdict.outcome is not Outcome.HOLDS or expected.outcome is not Outcome.VIOLATED
        assert verdict.outcome is not Outcome.VIOLATED or expected.outcome is Outcome.VIOLATED
        return
    assert (verdict.outcome is Outcome.VIOLATED) == (expected.outcome is Outcome.VIOLATED)
    if verdict.trace is not None and expected.trace is not None:
        assert len(verdict.trace.steps) == len(expected.trace.steps)


def whole_points(zone: Zone, clocks: tuple[str, ...]) -> Iterator[tuple[tuple[str, int], ...]]:
    """All clock readings in whole milliseconds that a zone contains."""
    for values in product(*(range(-zone[NOW, t], zone[t, NOW] + 1) for t in clocks)):
        if all(a - b <= zone[s, t] for s, a in zip(clocks, values) for t, b in zip(clocks, values)):  # noqa: B905
            yield tuple(zip(clocks, values, strict=True))


@pytest.mark.parametrize("mode", ["equality", "inclusion"])
@pytest.mark.parametrize("seed", SEEDS)
def test_zones_hold_exactly_the_clock_readings_of_whole_milliseconds(seed: int, mode: str) -> None:
    system = random_system(seed)
    found = Reference().explore(system, mode, Limits(classes=800))
    try:
        by_hand = enumerate_nodes(system)
    except TooMany:
        pytest.skip("too many clock readings")
    assert found.complete

    readings = {
        (state, clocks)
        for state, zone in zip(found.states, found.zones, strict=True)
        for clocks in whole_points(zone, rows(system, state))
    }
    assert {state for state, _ in by_hand.nodes} == set(found.states)
    assert by_hand.entered == readings


@pytest.mark.parametrize("seed", SEEDS)
def test_measured_durations_are_those_of_whole_milliseconds(seed: int) -> None:
    system = watched(random_system(seed), seed)
    found = Reference().explore(system, "inclusion", Limits(classes=800))
    endless = any(
        can_end(system, s, z, m.timer)
        for m in system.measures
        for s, z in zip(found.states, found.zones, strict=True)
        if s.running[system.timer_index[m.timer]]
    )
    if endless or not found.complete:
        pytest.skip("no finite number of clock readings")
    try:
        elapsed = enumerate_nodes(system).elapsed
    except TooMany:
        pytest.skip("too many clock readings")

    measured = found.measured["watch"].range()

    assert measured == (Range(min(elapsed), max(elapsed)) if elapsed else None)
