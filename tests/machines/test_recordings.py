"""The model against the real daemon: what was recorded has to be among the outcomes the model allows."""

from __future__ import annotations

import pytest

from hamodel.checking.apart import compare
from hamodel.checking.predict import predict_file
from hamodel.errors import NotModelled
from hamodel.scenarios.recording import observed, read_recording
from tests.machines.recordings import LIMITS, expected, predicted, sharpness
from tests.shared import TRACES, needs_shared

EXPECTED = expected()
ONLY_RECORDED = {
    "hz12_meatware_late": "the moment of the operator's word is known from the recording alone",
    "hz09_ipfail_then_cut": "the scenario waits for a log line that no state of the model shows yet",
    "hz16_standby_during_start": "a delay that ends before the script does is played in full from the scenario alone",
    "hz43_legacy_request_lost": "the scenario waits for a log line that no state of the model shows yet",
    "hz48_mach_down_killed": "the scenario waits for a log line that no state of the model shows yet",
    "hz48_takeover_killed_afb_off": "the scenario waits for a log line that no state of the model shows yet",
}
"""What the scenario alone does not tell, or the model cannot wait for."""


@needs_shared
@pytest.mark.parametrize("run", EXPECTED["agrees"])
def test_the_recorded_outcome_is_one_the_model_allows(run: str) -> None:
    prediction = predicted(TRACES / run)

    assert prediction.complete
    assert prediction.differences == ()
    assert sharpness(prediction) == EXPECTED["agrees"][run]


@needs_shared
@pytest.mark.parametrize("run", sorted(set(EXPECTED["agrees"]) - set(ONLY_RECORDED)))
def test_the_scenario_alone_leads_there_too(run: str) -> None:
    prediction = predict_file(TRACES / run / "scenario.toml", LIMITS)

    assert compare(prediction.endings, observed(read_recording(TRACES / run))) == ()


@needs_shared
@pytest.mark.parametrize("run", EXPECTED["found"])
def test_one_of_too_many_runs_ends_as_recorded(run: str) -> None:
    prediction = predicted(TRACES / run)

    assert not prediction.complete
    assert prediction.differences == ()


@needs_shared
@pytest.mark.parametrize("run", EXPECTED["not_modelled"])
def test_what_the_model_has_no_action_for_is_refused_by_name(run: str) -> None:
    with pytest.raises(NotModelled) as refused:
        predicted(TRACES / run)

    assert EXPECTED["not_modelled"][run] in refused.value.message


@needs_shared
@pytest.mark.parametrize("run", EXPECTED["disagrees"])
def test_a_known_gap_of_the_model_still_shows(run: str) -> None:
    prediction = predicted(TRACES / run)

    assert EXPECTED["disagrees"][run] in "; ".join(prediction.differences)


@needs_shared
def test_no_recording_is_left_out() -> None:
    recorded = {folder.name for folder in TRACES.iterdir() if folder.is_dir()}

    listed = [run for runs in EXPECTED.values() for run in runs]

    assert sorted(listed) == sorted(recorded)
