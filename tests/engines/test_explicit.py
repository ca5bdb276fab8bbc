"""The explicit search: the same numbers however it is done, and no more said than is known."""

from __future__ import annotations

import numpy as np
import pytest

from hamodel.engines._lower import packed_search, packed_set, packed_tables
from hamodel.engines._lower.abstraction import TOO_SMALL
from hamodel.engines._lower.packed_own import Own
from hamodel.engines._lower.packing import Packing, packing_of
from hamodel.engines._lower.untimed_search import PlainSearch
from hamodel.engines.explicit import ExplicitEngine, Explored
from hamodel.errors import EngineUnavailable, ModelError, PropertyError
from hamodel.ir.expr import TRUE, And, Binary, Const, Expr, Not, Op, Read, Running
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.semantics import initial_state
from hamodel.ir.slicing import sliced
from hamodel.ir.statement import Assign, If, Statement
from hamodel.ir.system import System
from hamodel.ir.untimed import LIMIT, patient, untimed, untimed_formula
from hamodel.ir.verdict import Limits, Outcome
from tests.conformance import toys
from tests.conformance.random_systems import random_formula, random_system
from tests.conformance.toys import add, eq, more, put, start
from tests.disk_toy import toy

COMPILED, PLAIN = ExplicitEngine(how="compiled"), ExplicitEngine(how="plain")
NUMPY = ExplicitEngine(how="numpy")
REMEMBERING = ExplicitEngine(how="remembering")


def small(monkeypatch: pytest.MonkeyPatch, shares: int, wave: int) -> None:
    """Tables that soon have to be enlarged, and work for all threads in every layer."""
    for module, name, value in (
        (packed_search, "FEW", 0), (packed_search, "SHARES", shares), (packed_search, "WAVE", wave),
        (packed_search, "RESERVED", 16), (packed_tables, "RESERVED", 16), (packed_tables, "FIRST", 16),
        (packed_tables, "AMPLE", 16), (packed_set, "FIRST", 16), (packed_set, "SMALL", 64), (packed_set, "NARROW", 3),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, value)


def facts(found: Explored) -> tuple[object, ...]:
    return (
        found.states, found.edges, found.depth, found.deadlocks, found.hits, found.firsts,
        [found.names_to(i) for i in range(0, found.states, 1 + found.states // 300)],
        [found.state(i) for i in range(0, found.states, 1 + found.states // 300)],
    )  # fmt: skip


def disks() -> tuple[System, list[Expr]]:
    system = toy(budget_total=2)
    asked = [untimed_formula(system, f) for f in system.observables.values()][:3]
    less = sliced(untimed(system), [*asked, Read(LIMIT)])
    return less.system, list(less.formulas)


def random(seed: int) -> tuple[System, list[Expr]]:
    timed = random_system(seed)
    return untimed(timed), [untimed_formula(timed, f) for f in (random_formula(seed), Running("t"))]


@pytest.mark.parametrize("seed", range(4))
def test_machine_code_finds_what_the_reference_rules_find(seed: int) -> None:
    assert facts(COMPILED.explore(*random(seed))) == facts(PLAIN.explore(*random(seed)))


@pytest.mark.parametrize("seed", range(30))
def test_what_is_remembered_is_what_the_reference_rules_find(seed: int) -> None:
    assert facts(REMEMBERING.explore(*random(seed))) == facts(PLAIN.explore(*random(seed)))


@pytest.mark.parametrize("seed", range(30))
def test_numpy_finds_what_the_reference_rules_find(seed: int) -> None:
    assert facts(NUMPY.explore(*random(seed))) == facts(PLAIN.explore(*random(seed)))


def test_what_is_remembered_of_the_disk_toy_is_right() -> None:
    for limits, until in ((Limits(), []), (Limits(depth=3), []), (Limits(), [0])):
        found = [facts(e.explore(*disks(), limits, until=until)) for e in (REMEMBERING, PLAIN)]
        assert found[0] == found[1]


@pytest.mark.parametrize(("jobs", "shares", "wave"), [(1, 2, 1 << 17), (2, 3, 50), (3, 2, 11), (2, 1, 1), (4, 9, 400)])
def test_neither_threads_nor_the_size_of_their_share_change_anything(
    monkeypatch: pytest.MonkeyPatch, jobs: int, shares: int, wave: int
) -> None:
    """Tables begin small, so that they are also enlarged while threads wait with the rest of their share."""
    small(monkeypatch, shares, wave)
    for system, formulas in (disks(), random(1), (pair(), [eq("switch", 0)]), (mail(), [eq("done[1]", 3)])):
        expected = facts(PLAIN.explore(system, formulas))

        assert facts(COMPILED.explore(system, formulas, Limits(jobs=jobs))) == expected


def crowded(monkeypatch: pytest.MonkeyPatch, jobs: int, beside: int) -> packed_search.PackedSearch:
    """A search whose slots have one bit to say how far from its place a state is, at first."""
    small(monkeypatch, 2, 100)
    for name, value in (("SMALL", 0), ("NARROW", 20), ("FAR", 1), ("BESIDE", beside)):
        monkeypatch.setattr(packed_set, name, value)
    found = COMPILED.explore(mail(), [], Limits(jobs=jobs))
    assert facts(found) == facts(PLAIN.explore(mail()))
    assert isinstance(found.search, packed_search.PackedSearch)
    return found.search


@pytest.mark.parametrize("jobs", [1, 2])
def test_states_too_far_from_their_slot_are_kept_beside_the_set(monkeypatch: pytest.MonkeyPatch, jobs: int) -> None:
    """As the set is enlarged, some come back into it."""
    search = crowded(monkeypatch, jobs, 1 << 20)

    assert sum(int(w.own[Own.SPILLED]) for w in search.workers) > 0


def test_a_set_is_enlarged_before_many_states_are_kept_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    bits = [crowded(monkeypatch, 1, beside).workers[0].known.bits for beside in (1 << 20, 2)]

    assert bits[0] < bits[1]


@pytest.mark.parametrize(("jobs", "shares"), [(1, 1), (2, 9), (3, 5)])
def test_the_first_error_is_the_same_with_more_threads(monkeypatch: pytest.MonkeyPatch, jobs: int, shares: int) -> None:
    """Many states of the eighth layer have a step that divides by zero."""
    small(monkeypatch, shares, 1 << 17)
    free: dict[str, tuple[Expr, list[Statement]]] = {
        f"up[{i}]": (Not(eq(f"n[{i}]", 6)), [add(f"n[{i}]", 1)]) for i in range(3)
    }
    all_three = Binary(Op.ADD, Read("n[0]"), Binary(Op.ADD, Read("n[1]"), Read("n[2]")))
    part = Binary(Op.DIV, Const(6), Binary(Op.SUB, all_three, Const(8)))
    free["share"] = (more("n[0]", 1), [Assign("q", Binary(Op.MOD, part, Const(7)))])
    variables = {"q": 6, **{f"n[{i}]": 6 for i in range(3)}}
    system = untimed(toys.system("parts", variables=variables, initial=[], free=free))
    plain = PLAIN.explore(system).search

    found = COMPILED.explore(system, (), Limits(jobs=jobs)).search

    assert isinstance(plain, PlainSearch) and isinstance(found, packed_search.PackedSearch)
    assert found.error is not None and found.error.message == "a division by zero"
    assert (found.failed[0], system.actions[found.failed[1]].name) == (plain.expanded, "share")


def test_the_disk_toy_has_its_golden_numbers() -> None:
    system, formulas = disks()

    found = COMPILED.explore(system, formulas)

    assert (found.states, found.edges, found.depth, found.complete) == (337, 944, 11, True)


@pytest.mark.parametrize("depth", [0, 1, 3])
def test_a_depth_limit_counts_the_same_states_and_formulas(depth: int) -> None:
    system, formulas = disks()

    packed = COMPILED.explore(system, formulas, Limits(depth=depth))

    assert facts(packed) == facts(PLAIN.explore(system, formulas, Limits(depth=depth)))
    assert not packed.complete


def test_a_search_ends_with_the_layer_in_which_it_found_what_it_looks_for() -> None:
    system, formulas = disks()

    found = COMPILED.explore(system, formulas, until=[0])

    assert found.stopped == "found"
    assert facts(found) == facts(PLAIN.explore(system, formulas, until=[0]))


def always(formula: Expr) -> Property:
    return Property("claim", PropertyKind.ALWAYS, formula, "")


def test_a_run_out_of_time_is_no_violation_and_a_later_one_in_time_is() -> None:
    """`b` first is out of time; `b` after `a` shows the same and fits."""
    system = toys.system(
        "late",
        variables={"a": 1, "b": 1},
        initial=[start("t", 1, 2), start("u", 3, 5)],
        ends={"t": [put("a", 1)], "u": [put("b", 1)]},
    )

    verdict = COMPILED.check(system, always(eq("b", 0)))

    assert verdict.outcome is Outcome.VIOLATED
    assert verdict.trace is not None
    assert verdict.trace.names() == ("t", "u")


def test_what_happens_only_with_other_delays_is_unknown_and_the_run_is_told() -> None:
    verdict = COMPILED.check(toys.decided_race(), always(Not(And((eq("y", 1), eq("x", 0))))))

    assert (verdict.outcome, verdict.trace) == (Outcome.UNKNOWN, None)
    assert verdict.reason == "with other delays it comes about (b); no run was found that fits these"


@pytest.mark.parametrize("engine", [COMPILED, PLAIN, REMEMBERING], ids=["compiled", "plain", "remembering"])
def test_an_hour_does_not_pass_while_something_nearer_runs(engine: ExplicitEngine) -> None:
    """Whatever the delays: the plainest abstraction, that of the exports, does not know it."""
    near = toys.system(
        "patient",
        variables={"x": 1, "early": 1},
        initial=[start("near", 1, 5), start("hour", 3_600_000, 3_600_000)],
        ends={"near": [put("x", 1)], "hour": [If(eq("x", 0), (put("early", 1),))]},
        far=["hour"],
    )
    early = untimed_formula(near, eq("early", 1))

    verdict = engine.check(near, always(eq("early", 0)))

    assert (verdict.outcome, verdict.reason) == (Outcome.HOLDS, "whatever the delays")
    assert engine.explore(untimed(near), [early]).firsts[0] is not None
    assert engine.explore(patient(near), [early]).firsts[0] is None


@pytest.mark.parametrize("engine", [COMPILED, PLAIN], ids=["compiled", "plain"])
def test_behind_an_exceeded_limit_nothing_holds(engine: ExplicitEngine) -> None:
    """The counter would break the claim at 3, but its domain ends at 2."""
    counting = toys.system("count", variables={"n": 2, "x": 1}, initial=[], free={"up": (TRUE, [add("n", 1)])})

    verdict = engine.check(counting, always(eq("x", 0)))

    assert (verdict.outcome, verdict.reason) == (Outcome.UNKNOWN, TOO_SMALL)


def test_a_state_limit_is_bounded_and_says_how_far_it_came() -> None:
    verdict = COMPILED.check(toy(budget_total=2), always(TRUE_ENOUGH), Limits(classes=50))

    assert verdict.outcome is Outcome.BOUNDED
    assert "the limit of 50 classes was reached" in verdict.reason


def test_a_memory_limit_ends_the_search_before_it_is_exceeded() -> None:
    system = toys.system(
        "counters",
        variables={f"n[{i}]": 15 for i in range(4)},
        initial=[],
        free={f"up[{i}]": (Not(eq(f"n[{i}]", 15)), [add(f"n[{i}]", 1)]) for i in range(4)},
    )

    # Two threads need 1.87 to 2.11 million bytes, as their steps interleave: a limit has to lie below all of them.
    for most in (300_000, 500_000, 1_000_000, 1_500_000):
        for jobs in (1, 2):
            found = COMPILED.explore(untimed(system), [], Limits(memory=most, jobs=jobs))

            assert found.search.memory() <= most
            assert (found.complete, found.stopped) == (False, f"the limit of {most} bytes of memory was reached")
    assert COMPILED.explore(untimed(system)).states == 16**4


TRUE_ENOUGH = Not(And((more("budget", 0), eq("budget", 0))))


def test_promises_are_not_answered() -> None:
    with pytest.raises(PropertyError, match="always"):
        COMPILED.check(toys.race(), Property("p", PropertyKind.LEADS_TO, eq("x", 0), "", goal=eq("x", 1)))


def test_only_untimed_systems_are_listed_state_by_state() -> None:
    with pytest.raises(ModelError, match="untimed"):
        COMPILED.explore(toys.race())


def test_forbidden_machine_code_is_said_or_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAMODEL_PURE", "1")

    assert ExplicitEngine().explore(untimed(toys.race())).engine == "explicit (numpy)"
    with pytest.raises(EngineUnavailable):
        COMPILED.explore(untimed(toys.race()))


def test_packing_keeps_every_value_and_both_copies_of_what_is_common() -> None:
    system, _ = disks()
    packing = packing_of(system)
    values = [v.hi for v in system.variables]

    words = packing.pack(values)

    assert list(packing.unpack(words)) == values
    assert words[0] & packing.common == words[packing.half] & packing.common
    assert max(w.bit_length() for w in words) <= 63
    assert list(packing.unpack(packing.pack(initial_state(system)[0].variables))) == [
        v.initial for v in system.variables
    ]


def test_a_packing_is_the_same_when_it_was_kept() -> None:
    packing = packing_of(disks()[0])

    assert Packing.from_written(packing.written()) == packing


def test_a_wide_state_of_many_words_is_searched_alike() -> None:
    names = [f"n[{i % 3},{i}]" for i in range(60)]
    system = toys.system(
        "wide",
        variables=dict.fromkeys(names, 255),
        initial=[],
        free={f"to {n}": (eq(n, 0), [put(n, 200 + i % 50), put(names[0], i)]) for i, n in enumerate(names[:6])},
    )

    found = [facts(e.explore(untimed(system), [eq(names[0], 5)])) for e in (COMPILED, PLAIN)]

    assert found[0] == found[1]


def pair() -> System:
    """Two nodes that count for themselves while a switch is on, which either may turn off, and one handshake."""
    free: dict[str, tuple[Expr, list[Statement]]] = {}
    for i in (0, 1):
        on = [eq("switch", 1), Not(eq(f"busy[{i}]", 1))]
        free[f"begin[{i}]"] = (And((*on, Not(eq(f"n[{i}]", 3)))), [put(f"busy[{i}]", 1), add(f"n[{i}]", 1)])
        free[f"rest[{i}]"] = (And((eq("switch", 1), eq(f"busy[{i}]", 1))), [put(f"busy[{i}]", 0)])
        free[f"trip[{i}]"] = (And((eq("switch", 1), eq(f"n[{i}]", 2))), [put("switch", 0)])
    meet = And((eq("n[0]", 3), eq("n[1]", 3), eq("switch", 1)))
    free["meet"] = (meet, [put("n[0]", 0), put("n[1]", 1)])
    variables = {"switch": 1, **{f"{name}[{i}]": hi for i in (0, 1) for name, hi in (("n", 3), ("busy", 1))}}
    return untimed(toys.system("pair", variables=variables, initial=[put("switch", 1)], free=free))


def mail() -> System:
    """Two nodes that send each other words; what one makes of a word depends on the word and on itself alone.

    A word can also turn off what both know.
    """
    free: dict[str, tuple[Expr, list[Statement]]] = {}
    for i in (0, 1):
        for word in (1, 2):
            free[f"send {word} from {i}"] = (
                And((eq("on", 1), eq(f"first[{i}]", 0), Not(eq(f"done[{i}]", 3)))), [put(f"first[{i}]", word)],
            )  # fmt: skip
        free[f"queue[{i}]"] = (
            And((Not(eq(f"first[{i}]", 0)), eq(f"second[{i}]", 0))), [put(f"second[{i}]", 1)],
        )  # fmt: skip
        arrived = Binary(Op.MOD, Binary(Op.ADD, Read(f"done[{1 - i}]"), Read(f"first[{i}]")), Const(4))
        free[f"arrives from {i}"] = (
            Not(eq(f"first[{i}]", 0)),
            [
                Assign(f"done[{1 - i}]", arrived),
                Assign("on", Not(And((eq(f"first[{i}]", 2), eq(f"done[{1 - i}]", 3))))),
                Assign(f"first[{i}]", Read(f"second[{i}]")),
                put(f"second[{i}]", 0),
                put(f"rest[{1 - i}]", 0),
            ],
        )
        free[f"works[{i}]"] = (more(f"done[{i}]", 1), [Assign(f"rest[{i}]", Read(f"done[{i}]"))])
        free[f"turns on[{i}]"] = (And((eq("on", 0), eq(f"done[{i}]", 0))), [put("on", 1)])
    variables = {"on": 1}
    variables |= {
        f"{name}[{i}]": hi for i in (0, 1) for name, hi in (("first", 2), ("second", 1), ("done", 3), ("rest", 3))
    }
    return untimed(toys.system("mail", variables=variables, initial=[put("on", 1)], free=free))


def test_what_one_half_tells_the_other_is_answered_as_the_rules_say() -> None:
    system = mail()
    search = COMPILED.explore(system, [eq("done[1]", 3)]).search

    assert isinstance(search, packed_search.PackedSearch)
    assert np.count_nonzero(search.halves.signals) > 2
    assert np.count_nonzero(search.halves.answers) > 10
    for jobs in (1, 2, 3):
        found = COMPILED.explore(system, [eq("done[1]", 3)], Limits(jobs=jobs))
        assert facts(found) == facts(PLAIN.explore(system, [eq("done[1]", 3)]))


def test_what_both_halves_know_is_the_same_in_both() -> None:
    system = pair()
    packing = packing_of(system)
    formulas = [eq("switch", 0), And((eq("n[0]", 2), eq("n[1]", 2), eq("switch", 0)))]

    assert "switch" in packing.division.common
    assert [len(half) > 0 for half in packing.division.halves] == [True, True]
    for jobs in (1, 2):
        assert facts(COMPILED.explore(system, formulas, Limits(jobs=jobs))) == facts(PLAIN.explore(system, formulas))
