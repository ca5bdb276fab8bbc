"""A lasso is refused for what is wrong with it, whoever brings it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from hamodel.engines._lower import duties
from hamodel.engines.certify import period
from hamodel.engines.classes import ClassesEngine
from hamodel.engines.lasso import demand
from hamodel.errors import CannotReplay, EngineLimit, EnginesDisagree
from hamodel.ir.fairness import strong, weak
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.schedule import timed
from hamodel.ir.system import System
from hamodel.ir.trace import Trace
from tests.conformance import promise_toys as exhibits
from tests.conformance import toys
from tests.conformance.promise_toys import done
from tests.conformance.toys import eq

ON = Property("on", PropertyKind.LEADS_TO, eq("on", 0), "", goal=eq("on", 1))


def lasso(system: System, names: Sequence[str], loop: int | None = 0) -> Trace:
    return replace(timed(system, names), loop=loop)


REFUSED = [
    (exhibits.spinning(0, 0), ["spin"], done(), "takes no time at all"),
    (exhibits.spinning(0, 1, alarm=5), ["spin"], done(), "alarm runs on"),
    (exhibits.hourly(), ["turn_on", "turn_off"], done(), "hour runs on"),
    (exhibits.countdown(), ["turn", "turn"], done(), "does not come back"),
    (exhibits.narrowing(), ["watch"], done(), "cannot happen"),
    (exhibits.two_duties(), ["left", "back"], done(*strong("right")), "right is put off for ever"),
    (exhibits.passage(), ["skip", "skip"], done(*strong("mend")), "mend is put off for ever"),
    (toys.blinker(), ["off_for", "on_for"], ON, "comes, or is released, on the loop"),
    (toys.retries(), ["retry"], replace(done(), formula=eq("done", 1)), "nothing is promised"),
]


@pytest.mark.parametrize(("system", "names", "prop", "why"), REFUSED, ids=lambda v: v if isinstance(v, str) else "")
def test_a_lasso_is_refused_with_the_reason(system: System, names: list[str], prop: Property, why: str) -> None:
    with pytest.raises(CannotReplay, match=why):
        demand(system, lasso(system, names), None, prop)


def test_a_run_that_ends_must_rest_and_owe_nothing() -> None:
    with pytest.raises(CannotReplay, match="retry, answer still runs"):
        demand(toys.retries(), lasso(toys.retries(), ["retry"], None), None, done())
    with pytest.raises(CannotReplay, match="left stays possible for ever: weak fairness of left"):
        demand(exhibits.two_duties(), lasso(exhibits.two_duties(), [], None), None, done(*weak("left")))
    assert demand(exhibits.two_duties(), lasso(exhibits.two_duties(), [], None), None, done()).rounds == 0


def test_a_loop_may_need_some_rounds_until_its_clocks_repeat() -> None:
    """Nobody knows at first how much is left of the long timer; after one round it is what the loop leaves of it."""
    system = toys.system(
        "settling",
        variables={"n": 1},
        initial=[toys.start("beat", 3, 3), toys.start("long", 0, 20)],
        ends={"beat": [toys.start("beat", 3, 3)], "long": [toys.start("long", 9, 9)]},
    )
    names = ["beat", "long", "beat", "beat"]

    found = demand(system, lasso(system, names))

    assert found.rounds == 2
    assert period(system, lasso(system, names), found.rounds) == 9


def test_the_period_is_a_time_and_not_a_guess() -> None:
    assert period(toys.retries(), lasso(toys.retries(), ["retry"]), 1) == 5
    assert period(toys.blinker(), lasso(toys.blinker(), ["off_for", "on_for"]), 1) == 7
    with pytest.raises(EnginesDisagree, match="no time in which the loop"):
        period(exhibits.spinning(0, 0), lasso(exhibits.spinning(0, 0), ["spin"]), 1)
    with pytest.raises(EnginesDisagree) as refused:
        period(exhibits.spinning(0, 1, alarm=5), lasso(exhibits.spinning(0, 1, alarm=5), ["spin"]), 1)
    assert refused.value.seen == ("alarm runs on",)
    with pytest.raises(ValueError, match="no period"):
        period(toys.retries(), lasso(toys.retries(), ["retry"], None), 1)


def test_questions_about_time_come_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A graph that asks for more than the reference can tell is left open, not guessed at."""
    monkeypatch.setattr(duties, "MOST_ASKED", 0)

    with pytest.raises(EngineLimit, match="whether time goes on"):
        ClassesEngine(pure=True).check(exhibits.spinning(0, 1, alarm=5), done())
