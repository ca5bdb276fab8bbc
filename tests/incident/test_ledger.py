"""What the lines prove about owners is what the ledger of each recorded run measured, ten times a second."""

from __future__ import annotations

import pytest

from hamodel.incident.report import Owned
from tests.incident.recorded import NAMES, WORDS, explanation, measured, measured_owners, moment, verdicts
from tests.shared import needs_shared

pytestmark = needs_shared

RESOLUTION = 1000
"""ms: a line carries whole seconds."""

CANNOT_KNOW = {
    "kill9_watchdog": "the watchdog fires in the same second in which the peer takes over",
    "afb_off_power": "a machine without power and one whose heartbeat died leave the same lines",
    "hz40_start_fail_failback": "as afb_off_power",
    "hz48_takeover_killed_afb_off": "as afb_off_power",
    "hz49_generation_back": "as afb_off_power",
    "seed3_power_off": "as afb_off_power",
    "start_fail_takeover": "as afb_off_power",
}
"""Runs with one owner at a time, of which the lines do not exclude two."""

ONLY_POSSIBLE = {
    "hz17_stop_lies": "the script said that it had stopped, and wrote nothing else",
    "hz24_watchdog_hole": "killed -9, and the machine never heard of again",
    "seed5_kill9_no_watchdog": "as hz24_watchdog_hole",
    "seed_timers": "as hz24_watchdog_hole",
    "sigstop_watchdog": "0.5 s are below the resolution of the lines",
}
"""Runs with two owners at once, of which the lines prove only that it may have been."""


@pytest.mark.parametrize("name", NAMES)
def test_two_owners_are_found_where_there_were_two_and_nowhere_for_certain_else(name: str) -> None:
    both = verdicts()[name]["split_brain"] or verdicts()[name]["short_overlap"]
    said = explanation(name).unsafe

    expected = "possible" if name in CANNOT_KNOW or name in ONLY_POSSIBLE else "certain" if both else None

    assert not (both and name in CANNOT_KNOW)
    assert both or name not in ONLY_POSSIBLE
    assert (said.value if said else None) == expected


@pytest.mark.parametrize("name", NAMES)
def test_every_measured_owner_lies_in_a_span_and_no_certain_span_without_one(name: str) -> None:
    report = explanation(name)
    slack = max([RESOLUTION, *(clock.hi - clock.lo for clock in report.clocks)])
    missed, wrong = [], []
    for row in measured(name, "ledger.jsonl"):
        at = moment(name, row["t"])
        for node in ("node1", "node2"):
            for word, resource in WORDS.items():
                if word not in row[node]:
                    continue
                spans = [s for s in report.owned if (s.node, s.resource) == (node, resource)]
                if row[node][word] and not any(_may(span, at, slack) for span in spans):
                    missed.append((row["t"], node, word))
                if not row[node][word] and any(_must(span, at, slack) for span in spans):
                    wrong.append((row["t"], node, word))

    assert not missed and not wrong, (missed[:3], wrong[:3])


@pytest.mark.parametrize("name", [name for name in NAMES if name not in CANNOT_KNOW])
def test_the_first_damage_is_told_at_its_time(name: str) -> None:
    both = [overlap[0] for r in measured_owners(name) for overlap in r["overlaps"] if overlap[1] - overlap[0] > 0.25]
    said = explanation(name).unsafe_from

    assert (said is None) is (not both)
    if said is not None:
        wide = max([2 * RESOLUTION, *(clock.hi - clock.lo for clock in explanation(name).clocks)])
        assert abs(said - moment(name, min(both))) <= wide


def _may(span: Owned, at: int, slack: int) -> bool:
    return span.begin - slack <= at and (span.end is None or at <= span.end + slack)


def _must(span: Owned, at: int, slack: int) -> bool:
    if span.sure_from is None or span.sure_to is None:
        return False
    return span.sure_from + slack < at < span.sure_to - slack
