"""The state-class engine, compiled and plain: the same graph as the reference, in slices, with honest endings."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest

from hamodel.engines._lower import fast
from hamodel.engines.classes import ClassesEngine, Exploration
from hamodel.engines.reference import Reference
from hamodel.errors import EngineLimit, EngineUnavailable, ModelError, PropertyError
from hamodel.ir.expr import And, Binary, Const, Expr, Length, Local, Not, Op, Option, Or, Read, Running
from hamodel.ir.observe import Stopwatch, observe
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.semantics import evaluate
from hamodel.ir.statement import Cancel, If, Overflow
from hamodel.ir.system import System, Timer
from hamodel.ir.verdict import Limits, Outcome, Range
from tests.conformance.random_systems import random_system, watched
from tests.conformance.toys import TOYS, add, eq, more, put, start, system

PURE, COMPILED = ClassesEngine(pure=True), ClassesEngine(pure=False)
BOTH = pytest.mark.parametrize("engine", [PURE, COMPILED], ids=["pure", "compiled"])
MODES = pytest.mark.parametrize("mode", ["equality", "inclusion"])


def counters(timers: int = 4, top: int = 5) -> System:
    """Independent clocks that count to `top`: many classes, none of them interesting."""
    names = [f"t{i}" for i in range(timers)]
    return system(
        "counters",
        variables=dict.fromkeys(names, top),
        initial=[start(t, 2, 3 + i) for i, t in enumerate(names)],
        ends={t: [add(t, 1), start(t, 2, 3)] for t in names},
    )


def bounded_counters() -> System:
    """The same, each stopping at its top."""
    model = counters(3, 3)
    procedures = dict(model.procedures)
    for timer in model.timers:
        rule = procedures[f"on_{timer.name}"]
        body = (*rule.body, If(eq(timer.name, 3), (Cancel(timer.name),)))
        procedures[rule.name] = replace(rule, body=body)
    return replace(model, procedures=procedures)


def same(one: Exploration, other: Exploration) -> bool:
    return (
        one.states.tobytes() == other.states.tobytes()
        and one.parent.tolist() == other.parent.tolist()
        and one.via.tolist() == other.via.tolist()
        and one.edges == other.edges
        and one.measures == other.measures
        and one.max_running == other.max_running
    )


@MODES
@pytest.mark.parametrize("model", [*TOYS.values(), bounded_counters()], ids=lambda m: m.name)
def test_every_class_and_edge_is_the_reference_s_in_its_order(model: System, mode: str) -> None:
    expected = Reference().explore(model, mode)

    for engine in (PURE, COMPILED):
        found = engine.explore(model, mode=mode, edges=True)

        assert found.sources is not None
        assert found.targets is not None
        assert found.actions is not None
        assert [found.state(i) for i in range(found.classes)] == expected.states
        assert (found.parent.tolist(), found.via.tolist()) == (expected.parents, expected.via)
        assert found.sources.tolist() == expected.sources
        if mode == "equality":  # under inclusion several stored classes may cover one, and any of them will do
            assert found.targets.tolist() == expected.targets
        assert [found.state(t) for t in found.targets] == [expected.state(t) for t in expected.targets]
        assert found.actions.tolist() == expected.actions
        assert found.complete


@MODES
@pytest.mark.parametrize("seed", range(8))
def test_plain_python_and_machine_code_find_the_same_random_graphs(seed: int, mode: str) -> None:
    model = watched(random_system(seed), seed)
    limits = Limits(classes=10_000, depth=9)

    assert same(PURE.explore(model, mode=mode, limits=limits), COMPILED.explore(model, mode=mode, limits=limits))


@MODES
def test_small_slices_and_growing_arrays_change_nothing(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    model = bounded_counters()
    whole = COMPILED.explore(model, mode=mode)
    monkeypatch.setattr(fast, "FIRST_SLICE", 1)
    monkeypatch.setattr(fast, "LONGEST_SLICE", 1)
    monkeypatch.setattr(fast.FastSearch, "_first_arrays", _tiny(fast.FastSearch._first_arrays))

    sliced = COMPILED.explore(model, mode=mode)

    assert whole.complete
    assert same(sliced, whole)


def _tiny(original: object) -> object:
    def first_arrays(self: fast.FastSearch) -> None:
        original(self)  # type: ignore[operator]
        rows = len(self.system.actions) + 2
        self.rows, self.offset = self.rows[:rows], self.offset[: rows + 1]
        self.parent, self.via, self.hashes = self.parent[:rows], self.via[:rows], self.hashes[:rows]
        self.links, self.table = self.links[: 4 * rows], self.table[:8]

    return first_arrays


def test_zones_of_one_cell_have_room_for_all_successors_of_a_class(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where every timer is far the largest zone has one cell; room for one successor is not room for three."""
    model = counters(5, 3)
    model = replace(model, timers=tuple(replace(t, far=True) for t in model.timers))
    free = tuple(replace(a, timer=None, guard=Not(eq(a.name, 3))) for a in model.actions)
    model = replace(model, actions=free)
    whole = COMPILED.explore(model)
    original = fast.FastSearch._first_arrays

    def narrow(self: fast.FastSearch) -> None:
        original(self)
        self.zones = self.zones[:7]

    monkeypatch.setattr(fast.FastSearch, "_first_arrays", narrow)

    assert whole.classes == 4**5
    assert same(COMPILED.explore(model), whole)


def test_checks_of_every_index_find_nothing() -> None:
    assert same(ClassesEngine(debug=True).explore(bounded_counters()), COMPILED.explore(bounded_counters()))


# -- honest endings


@BOTH
def test_a_class_limit_ends_the_search_and_says_so(engine: ClassesEngine) -> None:
    found = engine.explore(bounded_counters(), limits=Limits(classes=20))

    assert not found.complete
    assert found.stopped == "the limit of 20 classes was reached"
    assert found.classes >= 20


@BOTH
def test_a_depth_limit_keeps_whole_levels(engine: ClassesEngine) -> None:
    found = engine.explore(bounded_counters(), limits=Limits(depth=3))

    assert not found.complete
    assert max(len(found.path(i)) for i in range(found.classes)) == 3
    assert engine.explore(TOYS["race"], limits=Limits(depth=3)).complete


@BOTH
def test_a_time_limit_and_a_memory_limit_are_named(engine: ClassesEngine) -> None:
    assert "seconds" in engine.explore(bounded_counters(), limits=Limits(seconds=0)).stopped
    assert "memory" in engine.explore(bounded_counters(), limits=Limits(memory=1)).stopped


@BOTH
def test_an_interrupted_search_keeps_what_it_found(engine: ClassesEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fast, "FIRST_SLICE", 10)
    monkeypatch.setattr("hamodel.engines._lower.slow.PACE", 10)

    def press_ctrl_c(classes: int, edges: int, seconds: float) -> None:
        raise KeyboardInterrupt

    found = engine.explore(bounded_counters(), progress=press_ctrl_c)

    assert (found.complete, found.stopped) == (False, "interrupted")
    assert found.names_to(found.classes - 1)
    full = engine.explore(bounded_counters())
    assert found.states.tobytes() == full.states[: found.classes].tobytes()


@BOTH
def test_what_does_not_fit_the_model_is_an_error_with_its_trace(engine: ClassesEngine) -> None:
    model = system("late", variables={"x": 1}, initial=[start("a", 1, 1)],
                   ends={"a": [put("x", 1), start("b", 2, 2)], "b": [Overflow("a third child")]})  # fmt: skip

    with pytest.raises(EngineLimit, match="a third child") as raised:
        engine.explore(model)

    assert raised.value.seen == ("after a b",)


@BOTH
def test_a_violation_before_an_overflow_counts(engine: ClassesEngine) -> None:
    model = system("late", variables={"x": 1}, initial=[start("a", 1, 1)],
                   ends={"a": [put("x", 1), start("b", 2, 2)], "b": [Overflow("a third child")]})  # fmt: skip

    verdict = engine.check(model, Property("p", PropertyKind.ALWAYS, eq("x", 0), ""))

    assert verdict.outcome is Outcome.VIOLATED
    assert verdict.trace is not None
    assert verdict.trace.names() == ("a",)
    with pytest.raises(EngineLimit):
        engine.check(model, Property("p", PropertyKind.ALWAYS, Not(eq("x", 2)), ""))


@BOTH
def test_a_broken_invariant_is_our_own_fault(engine: ClassesEngine) -> None:
    model = replace(TOYS["race"], invariants=(("x stays down", eq("x", 0)),))

    with pytest.raises(ModelError, match="x stays down") as raised:
        engine.check(model, Property("p", PropertyKind.ALWAYS, Const(1), ""))

    assert raised.value.seen == ("after a",)


def test_without_llvmlite_the_plain_search_answers_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> None:
        raise EngineUnavailable("no llvmlite")

    monkeypatch.setattr("hamodel.engines.classes.compile_system", missing)
    monkeypatch.delenv("HAMODEL_PURE", raising=False)

    assert ClassesEngine().explore(TOYS["race"]).engine == "classes (pure Python)"
    with pytest.raises(EngineUnavailable):
        ClassesEngine(pure=False).explore(TOYS["race"])


def test_the_environment_can_ask_for_plain_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAMODEL_PURE", "1")

    assert ClassesEngine().explore(TOYS["race"]).engine == "classes (pure Python)"


def test_two_threads_search_side_by_side() -> None:
    engine, results = ClassesEngine(), {}

    def search(name: str, mode: str) -> None:
        results[name] = engine.explore(bounded_counters(), mode=mode)

    threads = [threading.Thread(target=search, args=(f"{m}{i}", m)) for m in ("equality", "inclusion") for i in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert same(results["equality1"], results["equality2"])
    assert same(results["inclusion1"], results["inclusion2"])


# -- starting elsewhere


@BOTH
def test_a_steady_state_is_where_everything_came_to_rest(engine: ClassesEngine) -> None:
    (rest,) = engine.steady(TOYS["interrupted"])

    assert rest.value(TOYS["interrupted"], "done") == 1
    assert rest.quiescent(TOYS["interrupted"])


@BOTH
def test_a_search_from_several_states_remembers_where_each_run_began(engine: ClassesEngine) -> None:
    model = TOYS["interrupted"]
    (rest,) = engine.steady(model)
    spent = replace(rest, variables=(0, 1))

    found = engine.explore(model, starts=[rest, spent, rest])

    assert (found.state(0), found.state(1)) == (rest, spent)
    assert found.names_to(2) == ("fault",)
    assert found.start_of(2) == rest
    assert not (found.parent[2:] < 0).any()


@BOTH
def test_a_search_does_not_start_where_a_clock_runs(engine: ClassesEngine) -> None:
    busy = engine.explore(TOYS["race"]).state(0)

    with pytest.raises(ModelError, match="no clock runs"):
        engine.explore(TOYS["race"], starts=[busy])


@BOTH
def test_a_verdict_from_a_steady_state_has_a_trace_from_there(engine: ClassesEngine) -> None:
    model = TOYS["interrupted"]
    claim = Property("p", PropertyKind.ALWAYS, Not(And((eq("left", 0), eq("done", 1)))), "")

    verdict = engine.check(model, claim, starts=engine.steady(model))

    assert verdict.trace is not None
    assert verdict.trace.names() == ("fault", "repair", "job")
    assert [step.at for step in verdict.trace.steps] == [0, 2, 7]


# -- asking


FORMULAS: list[Expr] = [
    eq("x", 1),
    more("y", 0),
    Running("t"),
    Not(Running("hour")),
    Binary(Op.GT, Length("box"), Const(0)),
    And((Read("x"), Or((Read("z"), eq("y", 3))))),
    Binary(Op.EQ, Binary(Op.SUB, Read("x"), Read("y")), Const(-1)),
    Binary(Op.LT, Const(300), Binary(Op.MUL, Read("y"), Const(200))),
    Binary(Op.NE, Binary(Op.MOD, Read("y"), Const(2)), Binary(Op.DIV, Read("x"), Const(2))),
    Binary(Op.EQ, Binary(Op.BITAND, Read("y"), Const(2)), Binary(Op.BITOR, Const(2), Const(0))),
    Binary(Op.LE, Read("x"), Const(-1)),
    Const(1),
]


@pytest.mark.parametrize("formula", FORMULAS, ids=range(len(FORMULAS)))
def test_a_formula_over_all_classes_is_what_it_is_in_each(formula: Expr) -> None:
    found = COMPILED.explore(random_system(2), mode="equality")

    expected = [evaluate(found.system, found.state(i), formula) != 0 for i in range(found.classes)]

    assert found.where(formula).tolist() == expected


def test_a_formula_may_read_options() -> None:
    model = TOYS["outage"]
    switch = Option(model.measures[0].switch)

    assert COMPILED.explore(model).where(switch).all()


def test_a_formula_with_a_local_name_is_refused() -> None:
    with pytest.raises(TypeError):
        COMPILED.explore(TOYS["race"]).where(Local("n"))


def test_quiescence_ignores_stopwatches() -> None:
    found = COMPILED.explore(TOYS["endless_waits"])

    expected = [found.state(i).quiescent(found.system) for i in range(found.classes)]

    assert found.quiescent().tolist() == expected == [True, False, True]


@BOTH
def test_the_ends_of_a_range_come_with_the_edges_that_show_them(engine: ClassesEngine) -> None:
    model = TOYS["outage"]
    found = engine.explore(model)

    measured = found.measures["outage"]

    assert measured.range() == Range(5, 16)
    assert measured.hi_edge is not None
    source, action = measured.hi_edge
    assert (*found.names_to(source), model.actions[action].name) == ("fault", "notice", "heal")


@BOTH
@pytest.mark.parametrize(
    ("toy", "names"), [("endless_waits", ("fault", "notice")), ("endless_far", ("fault", "notice"))]
)
def test_an_unbounded_duration_names_its_class(engine: ClassesEngine, toy: str, names: tuple[str, ...]) -> None:
    found = engine.explore(TOYS[toy])

    measured = found.measures["outage"]

    assert measured.unbounded_at is not None
    assert measured.hi is None
    assert found.names_to(measured.unbounded_at) == names


@BOTH
def test_a_measure_that_is_switched_off_measures_nothing(engine: ClassesEngine) -> None:
    model = TOYS["outage"]
    off = model.with_settings(**{model.measures[0].switch: 0})

    assert engine.explore(off).measures["outage"].range() is None


@BOTH
def test_a_violation_is_timed_by_its_measure(engine: ClassesEngine) -> None:
    model = TOYS["outage"]
    claim = Property("always_up", PropertyKind.ALWAYS, eq("down", 0), "", measure="outage")

    verdict = engine.check(model, claim)

    assert (verdict.outcome, verdict.states, verdict.measured) == (Outcome.VIOLATED, 2, Range(5, 16))


@BOTH
def test_a_deadline_without_a_measure_is_refused(engine: ClassesEngine) -> None:
    promise = Property("p", PropertyKind.LEADS_TO, eq("x", 0), "", goal=eq("x", 1), within=5, measure="none")

    with pytest.raises(PropertyError):
        engine.check(TOYS["race"], promise)


@BOTH
@pytest.mark.parametrize("seed", range(10))
def test_random_promises_end_as_in_the_reference(engine: ClassesEngine, seed: int) -> None:
    model = random_system(seed)
    promise = Property("p", PropertyKind.LEADS_TO, eq("x", 1), "", goal=eq("y", 2), release=eq("z", 1))
    expected = Reference().check(model, promise, Limits(classes=300))
    if expected.outcome is Outcome.BOUNDED:
        pytest.skip("too many classes for the reference")

    verdict = engine.check(model, promise)

    assert verdict.outcome is expected.outcome
    if expected.trace is not None:
        assert verdict.trace is not None
        assert (verdict.trace.names(), verdict.trace.loop) == (expected.trace.names(), expected.trace.loop)


def test_two_measures_of_one_system_do_not_disturb_each_other() -> None:
    plain = replace(TOYS["decided_race"], timers=(Timer("a"), Timer("b")))
    both = observe(plain, [Stopwatch("until_b", eq("x", 1), eq("y", 1)), Stopwatch("b_alone", eq("y", 1), eq("x", 2))])
    model = both.with_settings(**{m.switch: 1 for m in both.measures})

    for engine in (PURE, COMPILED):
        measured = engine.explore(model).measures
        assert measured["until_b"].range() == Range(1, 4)
        assert measured["b_alone"].range() == Range(0, None)


def test_states_are_one_matrix() -> None:
    found = COMPILED.explore(TOYS["race"])

    assert found.states.dtype == np.uint8
    assert found.states.shape == (4, found.layout.width)
