"""What would have saved you: the quiz says what the checks said, and the run beside it is safe."""

from __future__ import annotations

from hamodel.ir.exhibit import GOOD
from tests.exhibits import CABLE, KILLALL, shown, whole


def test_the_right_answers_are_those_that_were_checked_to_be_safe() -> None:
    quiz = {option.text: option for option in whole(KILLALL, "single_mount").exhibits[0].quiz}

    assert quiz["a fencing device for both machines (stonith_host)"].saves
    assert not quiz["watchdog /dev/watchdog"].saves
    assert not quiz["another deadtime than 30 s"].saves
    assert quiz["another deadtime than 30 s"].reason.startswith("broken at all")


def test_one_more_medium_saves_from_one_cut_cable() -> None:
    quiz = {option.text: option.saves for option in whole(CABLE, "single_mount").exhibits[0].quiz}

    assert quiz["heartbeats on eth0 as well (bcast eth0)"]
    assert not quiz["watchdog /dev/watchdog"]


def test_the_run_beside_it_has_the_same_fault_and_no_broken_claim() -> None:
    exhibit = whole(CABLE, "single_mount").exhibits[0]
    contrast = exhibit.contrast

    assert contrast is not None
    assert contrast.same == 1
    assert contrast.strip.scenes[1].event == exhibit.strip.scenes[1].event == "cut[eth1]"
    assert {scene.look.lights[0] for scene in contrast.strip.scenes} == {GOOD}
    assert contrast.strip.media == ("eth1", "eth0")


def test_a_quick_page_says_what_it_leaves_out() -> None:
    exhibit = shown(KILLALL, "single_mount").exhibits[0]

    assert (exhibit.quiz, exhibit.contrast) == ((), None)
    assert exhibit.no_quiz == exhibit.no_contrast == exhibit.no_game == "it was not asked for"
