"""Scripts: given events at given times, and waits for what the system itself brings about."""

from __future__ import annotations

import pytest

from hamodel.engines.classes import ClassesEngine, Exploration
from hamodel.errors import ModelError
from hamodel.ir.expr import TRUE, Const, Expr, Op, Read, Running, binary
from hamodel.ir.observe import Stopwatch, observe, switch_of
from hamodel.ir.script import OVER, Event, Hold, Wait, scripted
from hamodel.ir.statement import Assign, Procedure, Start
from hamodel.ir.system import Action, Kind, Setting, System, Timer, Variable

LIT: Expr = Read("lit")


def _lamp() -> System:
    """A switch that needs 100 to 300 ms to light a lamp, which goes out by itself a second later."""
    procedures = [
        Procedure("begin", (), ()),
        Procedure("press", (), (Start("warming", Const(100), Const(300)),)),
        Procedure("lights", (), (Assign("lit", Const(1)), Start("glowing", Const(1000), Const(1000)))),
        Procedure("goes_out", (), (Assign("lit", Const(0)),)),
    ]
    return System(
        name="lamp",
        variables=(Variable("lit", hi=1),),
        timers=(Timer("warming"), Timer("glowing")),
        queues=(),
        settings=(Setting("budget_total", 0, ""),),
        procedures={p.name: p for p in procedures},
        actions=(
            Action("press", Kind.FAULT, "press", guard=binary(Op.EQ, LIT, Const(0))),
            Action("lights", Kind.TIMER, "lights", "warming"),
            Action("goes_out", Kind.TIMER, "goes_out", "glowing"),
        ),
        initial="begin",
    )


def _explored(system: System) -> Exploration:
    watch = Stopwatch("whole", binary(Op.EQ, Read(OVER), Const(0)), Read(OVER))
    return ClassesEngine(pure=True).explore(observe(system, [watch]).with_settings(**{switch_of("whole"): 1}))


def _length(system: System) -> tuple[int, int | None]:
    measured = _explored(system).measures["whole"].range()
    assert measured is not None
    return measured.lo, measured.hi


def test_a_script_takes_as_long_as_its_events() -> None:
    assert _length(scripted(_lamp(), [Event("press", 10, 20), Event("press", 5, 5)], settle=(100, 150))) == (115, 175)


def test_a_wait_ends_once_its_condition_has_held_long_enough() -> None:
    script: list[Event | Wait] = [Event("press", 0, 0), Wait("lit", 5000)]

    found = _length(scripted(_lamp(), script, 0, {"never": Const(0), "lit": LIT}, Hold(30, 60)))

    assert found == (130, 360)


def test_a_wait_for_what_never_comes_ends_with_its_patience() -> None:
    assert _length(scripted(_lamp(), [Wait("lit", 700, 1, 2)], 0, {"lit": LIT})) == (701, 702)


def test_what_does_not_hold_long_enough_is_waited_for_in_vain() -> None:
    script: list[Event | Wait] = [Event("press", 0, 0), Wait("lit", 5000)]

    assert _length(scripted(_lamp(), script, 0, {"lit": LIT}, Hold(1200, 1200))) == (5000, 5000)


def test_what_holds_already_is_not_waited_for() -> None:
    assert _length(scripted(_lamp(), [Wait("yes", 5000)], 0, {"yes": TRUE}, Hold(3, 4))) == (3, 4)


def test_time_stands_still_at_the_end() -> None:
    found = _explored(scripted(_lamp(), [Event("press", 0, 0)], 200))

    over = found.where(Read(OVER))

    assert {bool(lit) for lit in found.where(LIT)[over]} == {False, True}
    assert not found.where(Running("warming"))[over].any()


@pytest.mark.parametrize("script", [[Event("kick", 0, 0)], [Wait("moon", 1)], [Event("press", 1, 1)] * 96])
def test_a_script_that_cannot_be_played_is_refused(script: list[Event | Wait]) -> None:
    with pytest.raises(ModelError):
        scripted(_lamp(), script)
