"""A museum of wrong answers about what comes in the end. Each exhibit was once given by a checker that looked right."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from hamodel.checking.evidence import confirm
from hamodel.checking.examine import examine
from hamodel.checking.faultsets import used_by
from hamodel.checking.plain import Plain
from hamodel.cli._codes import INCONCLUSIVE, code_for
from hamodel.engines._lower.claim import Claim
from hamodel.engines._lower.pending import promise
from hamodel.engines.classes import ClassesEngine
from hamodel.engines.reference import Reference
from hamodel.errors import EngineLimit, EnginesDisagree, ModelError
from hamodel.ir.compose import BUDGET_TOTAL
from hamodel.ir.fairness import Fairness, strong, weak
from hamodel.ir.observe import Stopwatch, observe, unobserved
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.schedule import timed
from hamodel.ir.semantics import evaluate
from hamodel.ir.state import State
from hamodel.ir.statement import Statement
from hamodel.ir.system import System, Timer
from hamodel.ir.verdict import Limits, Outcome, Verdict
from hamodel.properties import Answer, Cluster, Response, leads_to
from hamodel.renderers.json import render as as_json
from hamodel.renderers.text import render
from tests.conformance import promise_toys as exhibits
from tests.conformance import toys
from tests.conformance.promise_toys import done
from tests.conformance.toys import eq
from tests.disk_toy import toy_case

Engine = Reference | ClassesEngine
PURE = ClassesEngine(pure=True)
BOTH = pytest.mark.parametrize("engine", [Reference(), PURE], ids=["reference", "classes"])


def shown(engine: Engine, system: System, prop: Property) -> tuple[Outcome, tuple[str, ...], int | None]:
    """The verdict, its events and where its loop begins. A run that is shown is gone through by all judges first."""
    verdict = engine.check(system, prop, Limits())
    if verdict.trace is None:
        return verdict.outcome, (), None
    confirm(unobserved(system), verdict.trace, None, prop)
    return verdict.outcome, verdict.trace.names(), verdict.trace.loop


HOLDS = (Outcome.HOLDS, (), None)


# ---- fairness belongs to a circle, not to a component ----------------------------------------------------------------


@BOTH
def test_a_component_that_owes_has_a_circle_that_does_not(engine: Engine) -> None:
    """The checker looked at the component {0, 1, 2}: `mend` is possible in it again and again and never taken inside
    it, so it threw the component away and said "holds". But who walks between rooms 0 and 1 never sees room 2.
    """
    assert shown(engine, exhibits.rooms(), done(*strong("mend"))) == (Outcome.VIOLATED, ("hop", "hop"), 0)


@BOTH
def test_the_circle_that_is_shown_does_what_it_owes(engine: Engine) -> None:
    """The checker saw that the component has an edge `mend` and showed the shortest circle of it, one that passes by
    what could be mended and never mends it: a run that the assumption excludes.
    """
    outcome, names, loop = shown(engine, exhibits.passage(), done(*strong("mend")))

    assert outcome is Outcome.VIOLATED
    assert loop is not None
    assert "mend" in names[loop:]


@BOTH
def test_what_leads_out_is_possible_all_the_same(engine: Engine) -> None:
    """The checker asked what is possible after it had cut away the states in which the promise is met. `mend` leads
    there, so it was not possible anywhere, nobody owed it, and resting beside it for ever was called a violation.
    """
    broken = toys.system(
        "broken", variables={"done": 1}, initial=[], free={"mend": (eq("done", 0), [toys.put("done", 1)])}
    )
    system = exhibits.mendable("b", variables={"done": 1}, initial=[], free={"mend": (eq("done", 0), _mended())})

    assert shown(engine, system, done(*weak("mend"))) == HOLDS
    assert shown(engine, system, done()) == (Outcome.VIOLATED, (), None)
    assert shown(engine, broken, done()) == (Outcome.VIOLATED, (), None)


def _mended() -> Sequence[Statement]:
    return [toys.put("done", 1)]


@BOTH
def test_two_duties_on_two_circles_need_one_that_does_both(engine: Engine) -> None:
    """The checker took each constraint by itself: one circle does `left`, another does `right`. It showed one of them,
    which does not do the other.
    """
    outcome, names, loop = shown(engine, exhibits.two_duties(), done(*strong("left", "right")))

    assert (outcome, loop) == (Outcome.VIOLATED, 0)
    assert set(names) == {"left", "right", "back"}


@BOTH
def test_two_duties_on_circles_that_never_meet_are_not_both_done(engine: Engine) -> None:
    """The same checker, where no circle does both: it said "violated" although every fair run comes to the end."""
    system = exhibits.parted_duties()

    assert shown(engine, system, done(*strong("left", "right"))) == HOLDS
    assert shown(engine, system, done(*strong("left")))[0] is Outcome.VIOLATED


@BOTH
def test_weak_fairness_owes_nothing_to_what_is_possible_now_and_then(engine: Engine) -> None:
    """A lecture, rather than a wrong answer: weak and strong fairness are not the same."""
    assert shown(engine, exhibits.passage(), done(*weak("mend")))[0] is Outcome.VIOLATED
    assert "mend" not in shown(engine, exhibits.passage(), done(*weak("mend")))[1]


# ---- a circle hidden, or feigned, by what does not matter ------------------------------------------------------------


@BOTH
def test_a_stopwatch_does_not_hide_a_circle(engine: Engine) -> None:
    """A stopwatch was switched on for another question. It ran on, so no class ever came back: no circle, "holds"."""
    watched = observe(toys.retries(), [Stopwatch("wait", start=eq("done", 0), stop=eq("done", 1))])
    watched = watched.with_settings(**{m.switch: 1 for m in watched.measures})

    assert shown(engine, watched, done()) == (Outcome.VIOLATED, ("retry",), 0)


@BOTH
def test_a_stopwatch_that_cannot_be_switched_off_is_refused(engine: Engine) -> None:
    """The same, with a watch that the rules start themselves."""
    plain = toys.retries()
    watched = replace(plain, timers=(*plain.timers, Timer("watch", stopwatch=True)))
    begin = watched.procedures["begin"]
    body = (*begin.body, toys.start("watch", 100, 100))
    watched = replace(watched, procedures={**watched.procedures, "begin": replace(begin, body=body)})

    with pytest.raises(EngineLimit, match="stopwatch"):
        engine.check(watched, done(), Limits(classes=200))


@BOTH
def test_a_counter_that_runs_down_is_part_of_the_state(engine: Engine) -> None:
    """The checker had dropped a counter that the formulas do not read. Without it two rounds look alike: a circle that
    no run takes for ever. The reference refuses to close it.
    """
    system = exhibits.countdown()

    assert shown(engine, system, done()) == HOLDS
    feigned = replace(timed(system, ["turn", "turn"]), loop=0)
    with pytest.raises(EnginesDisagree, match="without an end") as refused:
        confirm(system, feigned, None, done())
    assert "the loop does not come back to the state in which it begins" in refused.value.seen


@BOTH
def test_inclusion_would_feign_a_circle(engine: Engine) -> None:
    """The checker reused the classes it had for reachability. A class was covered by a larger one, and the larger one
    has a way round that the smaller one does not have.
    """
    system = exhibits.narrowing()
    covered = Reference().explore(system, "inclusion")
    undone = [evaluate(system, s, eq("done", 0)) != 0 for s in covered.states]
    feigned = Claim(
        covered.sources, covered.targets, undone, [not u for u in undone],
        [s.quiescent(system) for s in covered.states],
    ).first_violation()  # fmt: skip

    assert feigned is not None  # so would say who does not know
    assert feigned.loop == 0
    assert shown(engine, system, done()) == HOLDS
    with pytest.raises(EnginesDisagree):
        confirm(system, replace(timed(system, ["watch"]), loop=0), None, done())


@pytest.mark.parametrize("changed", [{"mode": "inclusion"}, {"mode": "symmetry"}, {"complete": False}], ids=str)
def test_no_reduced_or_unfinished_graph_is_asked(changed: dict[str, object]) -> None:
    """Whoever adds a reduction later cannot hand its classes to this question by mistake."""
    found = PURE.explore(exhibits.narrowing(), mode="equality", edges=True)
    column = found.where(eq("done", 1))

    with pytest.raises(ValueError, match="by equality, and of nothing less"):
        promise(replace(found, **changed), ~column, column)  # type: ignore[arg-type]


@BOTH
def test_nodes_that_look_alike_are_two_nodes(engine: Engine) -> None:
    """The checker took the two nodes for one another, which is fine for "some node". The promise names node 1; the one
    that works for ever is node 0, whose mirror image is node 1.
    """
    comes_to_1 = Property("p", PropertyKind.LEADS_TO, eq("holder", 0), "", goal=eq("holder", 1))

    assert shown(engine, exhibits.token(), comes_to_1) == (Outcome.VIOLATED, ("work",), 0)


# ---- time that stands still ------------------------------------------------------------------------------------------


ZENO = [
    # both are due at one instant; the one that comes first may start itself anew, but an instant is not for ever
    (exhibits.spinning(0, 0, alarm=0), Outcome.HOLDS),
    (exhibits.spinning(0, 0, alarm=0, anew=True), Outcome.HOLDS),
    # spins as long as it likes, but the alarm runs on
    (exhibits.spinning(0, 1, alarm=5), Outcome.HOLDS),
    (exhibits.spinning(2, 3, alarm=5), Outcome.HOLDS),
    # the alarm is started anew each time
    (exhibits.spinning(0, 1, alarm=5, anew=True), Outcome.VIOLATED),
    (exhibits.spinning(0, 1), Outcome.VIOLATED),
    # anybody may turn a switch for ever, but not within 5 ms
    (exhibits.busy(anew=False), Outcome.HOLDS),
    (exhibits.busy(anew=True), Outcome.VIOLATED),
    (exhibits.hourly(), Outcome.HOLDS),
]


@BOTH
@pytest.mark.parametrize(("system", "outcome"), ZENO, ids=lambda v: getattr(v, "name", None))
def test_a_circle_counts_only_if_time_goes_on(engine: Engine, system: System, outcome: Outcome) -> None:
    """The checker showed a run that does infinitely much before the next millisecond, and called it a violation."""
    assert shown(engine, system, done())[0] is outcome


@BOTH
def test_a_model_that_stops_the_time_is_no_proof(engine: Engine) -> None:
    """The checker that had learnt the last lesson left out all circles without time. Where there was nothing else, no
    run was left, and everything was true of it.
    """
    with pytest.raises(ModelError, match="stops the time"):
        engine.check(exhibits.spinning(0, 0), done(), Limits())


@BOTH
def test_a_circle_without_time_is_refused_as_evidence(engine: Engine) -> None:
    for system in (exhibits.spinning(0, 0), exhibits.spinning(0, 1, alarm=5)):
        with pytest.raises(EnginesDisagree):
            confirm(system, replace(timed(system, ["spin"]), loop=0), None, done())


# ---- what was not looked at ------------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("limits", [Limits(classes=3), Limits(depth=1), Limits(seconds=0.0)], ids=str)
def test_a_search_that_ended_early_never_says_holds(engine: Engine, limits: Limits) -> None:
    """The checker ran out of room before it came to the circle, saw no circle, and said "ok". Another one, resumed
    after a limit, answered the claims about states and forgot those about runs.
    """
    assert engine.check(exhibits.countdown(), done(), limits).outcome is Outcome.BOUNDED


@BOTH
def test_what_never_comes_promises_nothing(engine: Engine) -> None:
    """A fault was declared and could never come: its guard was false in every state. The promise about what follows it
    was reported as kept.
    """
    system = toys.budget(0)
    mends = Property("p", PropertyKind.LEADS_TO, eq("dark", 1), "", goal=eq("dark", 0), witness=eq("dark", 1))

    assert engine.check(system, mends, Limits()).outcome is Outcome.VACUOUS


def test_a_run_from_the_second_beginning_counts() -> None:
    """The checker began in the first of several states and searched for the shortest violation from there alone."""
    system = toys.system(
        "two beginnings",
        variables={"at": 1, "done": 1},
        initial=[],
        free={"go": (eq("at", 0), [toys.put("done", 1), toys.put("at", 1)])},
    )
    starts = (State((1, 1), (), ()), State((1, 0), (), ()))

    verdict = PURE.check(system, done(), starts=starts)

    assert verdict.outcome is Outcome.VIOLATED
    assert verdict.trace is not None
    assert verdict.trace.initial == starts[1]


# ---- what was said without evidence ----------------------------------------------------------------------------------


@leads_to(fairness=weak("plug"))
def mounted_again(cluster: Cluster) -> Answer:
    """Once no fault can come, the disk is mounted in the end."""
    up = cluster.observe("up", 0, 0) | cluster.observe("up", 1, 0)
    return Response(cluster.faults_spent & cluster.faulted & cluster.quiet, ~up)


@dataclass
class Liar(Plain):
    """An engine that is sure of itself. It is asked through the same door as an honest one."""

    names: tuple[str, ...] | None
    loop: int | None = None

    def check(self, system: System, prop: Property, start: State | None, limits: Limits) -> Verdict:
        if self.names is None:
            return Verdict(prop.name, Outcome.VIOLATED, "liar")
        if len(used_by(system, self.names)) > system.setting_value[BUDGET_TOTAL]:
            return super().check(system, prop, start, limits)
        trace = replace(timed(system, self.names, start), loop=self.loop)
        return Verdict(prop.name, Outcome.VIOLATED, "liar", trace=trace)


LIES = {
    "no run at all": Liar(None),
    "a run that is not over": Liar(("kill[node1]",)),
    "a loop that does not close": Liar(("kill[node1]", "silent[node2]", "mounted[node2]"), 1),
    "a rest that is not fair": Liar(("cut[eth0]",)),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_violation_without_a_run_that_shows_it_is_not_reported(lie: str) -> None:
    """The checker had lost the trace on the way (or showed the first half of it), and reported the verdict alone."""
    with pytest.raises(EnginesDisagree):
        examine(toy_case(budget_total=1), [mounted_again], engine=LIES[lie])


@pytest.mark.parametrize("engine", ["reference", "classes"])
def test_the_number_of_threads_changes_nothing(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The checker split the work between threads, and the first to find a violation decided which one was shown."""
    monkeypatch.setenv("HAMODEL_PURE", "1")

    @leads_to
    def home_again(cluster: Cluster) -> Answer:
        """The disk comes home in the end."""
        return Response(~cluster.observe("up", 0, 0), cluster.observe("up", 0, 0))

    reports = [examine(toy_case(), [mounted_again, home_again], Limits(jobs=jobs), engine=engine) for jobs in (1, 2, 4)]

    told = [[(r.name, r.outcome, r.trace, r.states, r.provided) for r in report.results] for report in reports]
    assert told[0] == told[1] == told[2]
    assert {outcome for _, outcome, *_ in told[0]} >= {Outcome.VIOLATED}


def test_two_computations_that_differ_are_not_averaged(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checker computed the answer twice and showed the one it liked."""
    from hamodel.engines._lower.components import Components

    monkeypatch.setattr(Components, "first", lambda *_: None)

    with pytest.raises(EnginesDisagree, match="two computations"):
        PURE.check(toys.retries(), done())


def test_what_is_computed_once_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from hamodel.engines._lower import pending

    twice = PURE.check(toys.retries(), done())
    monkeypatch.setattr(pending, "SECOND_LOOK_EDGES", 1)
    once = PURE.check(toys.retries(), done())

    assert twice.outcome is once.outcome is Outcome.VIOLATED
    assert "twice" in dict(twice.details)["computed"]
    assert "once, by components" in dict(once.details)["computed"]


def test_assumptions_are_told_with_the_verdict() -> None:
    verdict = PURE.check(exhibits.rooms(), done(*weak("mend"), Fairness(strong("hop")[0].strength, "h*")))

    assert [text for what, text in verdict.details if what == "provided"] == [
        "what stays possible is done some day: weak fairness of mend",
        "what is possible again and again is done some day: strong fairness of h*",
    ]


def test_chance_that_is_given_again_and_again_comes_true() -> None:
    """A timer needs no fairness to end; to end *first*, where it could again and again, it may need some."""
    assert shown(PURE, toys.retries(), done(*strong("answer"))) == HOLDS
    assert shown(PURE, toys.retries(), done())[0] is Outcome.VIOLATED


def test_a_limited_check_leaves_what_comes_in_the_end_open() -> None:
    """The same exhibit as seen by a user: the limit was met while states were explored, and runs were never asked."""
    report = examine(toy_case(), [mounted_again], Limits(classes=2), engine="reference")

    assert [r.outcome for r in report.results] == [Outcome.BOUNDED]
    assert code_for(report) == INCONCLUSIVE


def test_the_report_says_what_a_verdict_takes_for_granted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAMODEL_PURE", "1")

    @leads_to(fairness=weak("plug"))
    def plugged_again(cluster: Cluster) -> Answer:
        """A cable that was cut is plugged in."""
        return Response(~cluster.observe("plugged", 0) & cluster.faults_spent, cluster.observe("plugged", 0))

    @leads_to
    def plugged_by_itself(cluster: Cluster) -> Answer:
        """The same, from an optimist."""
        return Response(~cluster.observe("plugged", 0) & cluster.faults_spent, cluster.observe("plugged", 0))

    report = examine(toy_case(), [plugged_again, plugged_by_itself])
    text = render(report)
    given, optimist = json.loads(as_json(report))["properties"]

    assert re.search(r"plugged_again +holds +given weak fairness of plug", text)
    assert "  provided  what stays possible is done some day: weak fairness of plug\n" in text
    assert "  computed  twice: by components, and backwards by a fixpoint\n" in text
    assert given["provided"] == ["what stays possible is done some day: weak fairness of plug"]
    assert (optimist["outcome"], optimist["provided"]) == ("violated", [])
    assert max(len(line) for line in text.split("\n")) <= 80
