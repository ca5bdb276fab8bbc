"""Tapes: a search kept to what was seen, by both engines alike."""

from __future__ import annotations

import pytest

from hamodel.engines.classes import ClassesEngine, Exploration
from hamodel.errors import ModelError
from hamodel.ir.expr import Not, Read, and_
from hamodel.ir.schedule import feasible
from hamodel.ir.script import OVER, Event, scripted
from hamodel.ir.system import System
from hamodel.ir.tape import ASTRAY, MAY, MUST, MUST_NOT, TICK, Mark, taped
from tests.ir.test_script import LIT, _lamp

WATCHED = {"lit": LIT}


def _scripted() -> System:
    """The lamp is lit 110 to 320 ms after the beginning and dark again a second later; the end is at about 2 s."""
    return scripted(_lamp(), [Event("press", 10, 20)], settle=2000)


def _found(*marks: Mark) -> Exploration:
    return ClassesEngine(pure=True).explore(taped(_scripted(), WATCHED, marks))


def _comes_to_its_end(*marks: Mark) -> bool:
    return bool(_found(*marks).where(Read(OVER)).any())


@pytest.mark.parametrize(
    ("dark_until", "lit_from", "there"),
    [(110, 200, True), (109, 109, False), (320, 321, True), (322, 400, False), (321, 321, False), (200, 200, True)],
)
def test_a_run_that_shows_what_the_tape_says_comes_to_its_end(dark_until: int, lit_from: int, there: bool) -> None:
    marks = [Mark(0, "lit", MUST_NOT), Mark(dark_until, "lit", MAY), Mark(lit_from, "lit", MUST)]

    assert _comes_to_its_end(*marks, Mark(lit_from, "lit", MAY)) == there


def test_what_the_tape_does_not_forbid_stays() -> None:
    assert _comes_to_its_end()
    assert _comes_to_its_end(Mark(500, "lit", MUST), Mark(1000, "lit", MAY))
    assert not _comes_to_its_end(Mark(500, "lit", MUST), Mark(1500, "lit", MAY))


def test_time_stands_still_where_a_run_goes_astray() -> None:
    found = _found(Mark(0, "lit", MUST_NOT))

    astray = found.where(Read(ASTRAY))

    assert astray.any()
    assert found.quiescent()[astray].all()
    assert not found.where(and_(Read(OVER), Read(ASTRAY))).any()
    assert not found.where(and_(LIT, Not(Read(ASTRAY)))).any()


def test_a_run_along_the_tape_is_a_run_without_it() -> None:
    found = _found(Mark(0, "lit", MUST_NOT), Mark(150, "lit", MAY), Mark(200, "lit", MUST), Mark(201, "lit", MAY))
    index = found.first_where(Read(OVER))

    assert index is not None
    assert feasible(_scripted(), [name for name in found.names_to(index) if name != TICK])


def test_a_tape_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(ModelError, match="not watched"):
        taped(_scripted(), WATCHED, [Mark(0, "dark", MUST)])
    with pytest.raises(ModelError, match="251 marks"):
        taped(_scripted(), WATCHED, [Mark(i, "lit", MAY) for i in range(251)])
