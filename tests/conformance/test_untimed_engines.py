"""Every engine over the untimed abstraction: the states of brute force, and no verdict that time contradicts."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from hamodel.engines._lower.abstraction import asked
from hamodel.engines._lower.bits import Bits, lowered
from hamodel.engines.explicit import ExplicitEngine
from hamodel.engines.ic3 import Ic3
from hamodel.engines.reference import Reference
from hamodel.engines.symbolic import Symbolic
from hamodel.ir.expr import TRUE, And, Const, Expr, Not, Read
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.semantics import evaluate, fire, initial_state
from hamodel.ir.slicing import sliced
from hamodel.ir.state import State
from hamodel.ir.statement import Push
from hamodel.ir.system import System
from hamodel.ir.untimed import LIMIT, untimed, untimed_formula
from hamodel.ir.verdict import Limits, Outcome, Verdict
from tests.conformance import toys
from tests.conformance.random_systems import random_formula, random_system
from tests.conformance.test_conformance import HOLDING, VIOLATIONS
from tests.conformance.toys import TOYS, eq

for package in ("pysat", "oxidd", "dd"):
    pytest.importorskip(package)

ENGINES = [Symbolic("oxidd"), Symbolic("cudd"), Ic3()]
EVERY = pytest.mark.parametrize("engine", ENGINES, ids=["oxidd", "cudd", "ic3"])
SETS = pytest.mark.parametrize("library", ["oxidd", "cudd"])
SEEDS = (0, 3, 7, 11, 19, 23, 31, 42)
CONTRARY = {Outcome.HOLDS: Outcome.VIOLATED, Outcome.VACUOUS: Outcome.VIOLATED, Outcome.VIOLATED: Outcome.HOLDS}
MOST = 4_000

ABSTRACTIONS = [
    *(pytest.param(untimed(TOYS[name]), id=name) for name in TOYS),
    *(pytest.param(untimed(random_system(seed)), id=f"random-{seed}") for seed in SEEDS),
    *(
        pytest.param(sliced(untimed(random_system(seed)), [random_formula(seed), Read(LIMIT)]).system, id=f"cut-{seed}")
        for seed in SEEDS[:3]
    ),
]


def always(formula: Expr) -> Property:
    return Property("claim", PropertyKind.ALWAYS, formula, "")


def by_hand(system: System) -> dict[State, list[tuple[str, State]]]:
    """Every state and the steps from it, by the reference semantics."""
    found: dict[State, list[tuple[str, State]]] = {}
    waiting = [initial_state(system)[0]]
    while waiting:
        state = waiting.pop()
        if state in found:
            continue
        steps = [(a.name, effect.state) for a in system.actions if (effect := fire(system, state, a)) is not None]
        found[state] = steps
        waiting += [after for _, after in steps]
        if len(found) > MOST:
            pytest.skip("too many states for brute force")
    return found


def by_bits(bits: Bits, state: tuple[bool, ...]) -> Iterable[tuple[str, tuple[bool, ...]]]:
    """The steps from a state, gate by gate."""
    for step in bits.steps:
        guard, *made = bits.gates.value(state, [step.guard, *step.writes.values()])
        if guard:
            after = list(state)
            for bit, value in zip(step.writes, made, strict=True):
                after[bit] = value
            yield step.name, tuple(after)


@SETS
@pytest.mark.parametrize("system", ABSTRACTIONS)
def test_sets_of_states_count_as_brute_force(system: System, library: str) -> None:
    expected = len(by_hand(system))

    found = Symbolic(library).explore(system)

    assert (found.states, found.complete) == (expected, True)
    assert ExplicitEngine(how="plain").explore(system).states == expected


@pytest.mark.parametrize("system", ABSTRACTIONS)
def test_gates_take_the_steps_of_the_reference(system: System) -> None:
    bits = lowered(system, [Read(v.name) for v in system.variables])

    for state, steps in list(by_hand(system).items())[:40]:
        before = bits.of_state(system, state)
        assert all(bits.gates.value(before, bits.domain))
        assert bits.gates.value(before, bits.formulas) == [value != 0 for value in state.variables]
        assert sorted(by_bits(bits, before)) == sorted((name, bits.of_state(system, after)) for name, after in steps)


@EVERY
@pytest.mark.parametrize(
    ("system", "claim"), [(s, c) for s, c, _ in VIOLATIONS], ids=lambda v: getattr(v, "name", None)
)
def test_a_violation_is_found_with_a_run_in_time_or_left_open(
    engine: Symbolic | Ic3, system: System, claim: Property
) -> None:
    verdict = engine.check(system, claim)

    assert verdict.outcome in (Outcome.VIOLATED, Outcome.UNKNOWN)
    if verdict.outcome is Outcome.VIOLATED:
        assert verdict.trace is not None
        assert evaluate(system, verdict.trace.last(), claim.formula) == 0
        assert all(step.at is not None for step in verdict.trace.steps)


@EVERY
@pytest.mark.parametrize(("system", "claim"), HOLDING, ids=lambda v: getattr(v, "name", None))
def test_what_only_time_forbids_is_not_said_to_hold(engine: Symbolic | Ic3, system: System, claim: Property) -> None:
    whatever = system.name in ("far", "budget")

    verdict = engine.check(system, claim)

    assert verdict.outcome is (Outcome.HOLDS if whatever else Outcome.UNKNOWN)
    assert verdict.reason.startswith("whatever the delays" if whatever else "it comes about only with other delays")


@EVERY
@pytest.mark.parametrize("seed", SEEDS)
def test_random_claims_are_never_answered_against_the_reference(engine: Symbolic | Ic3, seed: int) -> None:
    system, claim = random_system(seed), always(Not(random_formula(seed)))
    expected = Reference().check(system, claim, Limits(classes=1_500))
    if expected.outcome not in CONTRARY:
        pytest.skip("too many classes for the reference")

    verdict = engine.check(system, claim)

    assert verdict.outcome is not CONTRARY[expected.outcome]
    assert verdict.outcome is expected.outcome or verdict.outcome is Outcome.UNKNOWN


def filling() -> System:
    """A tick that leaves a message each time, for a queue that is never emptied; later an alarm."""
    return toys.system(
        "filling",
        variables={"alarm": 1},
        initial=[toys.start("tick", 1, 1), toys.start("late", 0, 9)],
        ends={"tick": [Push("box", Const(1)), toys.start("tick", 1, 1)], "late": [toys.put("alarm", 1)]},
        queues={"box": 12},
    )


@EVERY
@pytest.mark.parametrize("system", [toys.too_small(), filling()], ids=lambda s: s.name)
def test_a_model_that_is_too_small_never_holds(engine: Symbolic | Ic3, system: System) -> None:
    verdict = engine.check(system, always(TRUE))

    assert verdict.outcome is Outcome.UNKNOWN
    assert "fixed size" in verdict.reason


@EVERY
def test_a_violation_beside_an_exceeded_size_is_still_found(engine: Symbolic | Ic3) -> None:
    verdict = engine.check(filling(), always(eq("alarm", 0)))

    assert verdict.outcome is Outcome.VIOLATED
    assert verdict.trace is not None
    assert verdict.trace.names()[-1] == "late"


@EVERY
def test_a_claim_about_what_never_happens_is_vacuous(engine: Symbolic | Ic3) -> None:
    claim = Property("claim", PropertyKind.ALWAYS, TRUE, "", witness=And((eq("left", 1), eq("dark", 1))))

    assert engine.check(toys.budget(1), claim).outcome is Outcome.VACUOUS


@EVERY
def test_wishes_are_answered_both_ways(engine: Symbolic | Ic3) -> None:
    def wish(value: int) -> Verdict:
        return engine.check(toys.race(), Property("wish", PropertyKind.SOMETIMES, eq("x", value), ""))

    assert (wish(1).outcome, wish(2).outcome) == (Outcome.HOLDS, Outcome.VIOLATED)
    assert wish(1).trace is not None


@EVERY
def test_limits_make_it_bounded(engine: Symbolic | Ic3) -> None:
    claim = always(Not(And((eq("left", 0), eq("dark", 0)))))

    assert engine.check(toys.budget(), claim, Limits(depth=2)).outcome is Outcome.BOUNDED
    assert engine.check(toys.budget(), claim, Limits(seconds=0)).outcome is Outcome.BOUNDED


@EVERY
def test_a_search_may_start_at_rest(engine: Symbolic | Ic3) -> None:
    rest = Reference().explore(toys.budget(1)).quiescent()[-1]

    assert engine.check(toys.budget(1), always(eq("left", 0)), start=rest).outcome is Outcome.HOLDS


def test_shared_formulas_ask_for_what_the_slice_keeps() -> None:
    system, claim = random_system(3), always(Not(random_formula(3)))
    question = asked(system, claim)

    states = by_hand(question.system)
    whole = by_hand(question.whole)

    shown = {evaluate(question.system, state, question.wanted) != 0 for state in states}
    expected = {evaluate(question.whole, s, Not(untimed_formula(system, claim.formula))) != 0 for s in whole}
    assert shown == expected
