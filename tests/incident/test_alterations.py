"""Any line that the story rests on, altered at random: lines that do not fit are named, or the story is another.

The share that is accepted as the same story is measured over all recordings, with a fixed seed.
"""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from hamodel.incident.case import explained
from hamodel.incident.report import Certainty, Verdict
from tests.incident.altered import NODES, Altered, Seen, Way, alterations, syslog, written
from tests.incident.recorded import NAMES, explanation, verdicts
from tests.shared import SHARED, TRACES, needs_shared

pytestmark = needs_shared

TIMES = 6
ACCEPTED = 0.01
"""The share of altered logs that may be taken for the whole ones."""
NAMED = {Way.DROPPED: 0.6, Way.SWAPPED: 0.75, Way.RENAMED: 0.6, Way.SHIFTED: 0.9}
"""The share in which the lines that do not fit are named; else the story is another one, and says so."""


@pytest.fixture(scope="module")
def altered(tmp_path_factory: pytest.TempPathFactory) -> list[Altered]:
    root = tmp_path_factory.mktemp("altered")
    return [each for run in NAMES for each in alterations(run, root, random.Random(f"altered {run}"), TIMES)]


def test_hardly_an_altered_line_is_accepted_as_the_same_story(altered: list[Altered]) -> None:
    silent = [each for each in altered if each.seen is Seen.SILENT]

    assert len(altered) > 5 * len(NAMES)
    assert len(silent) <= ACCEPTED * len(altered), [(each.way, each.run, each.number, each.line) for each in silent]


@pytest.mark.parametrize("way", Way)
def test_in_most_the_lines_that_do_not_fit_are_named(way: Way, altered: list[Altered]) -> None:
    seen = Counter(each.seen for each in altered if each.way is way)

    assert seen[Seen.CONTRADICTED] >= NAMED[way] * seen.total(), seen


def test_a_time_beyond_the_bound_is_never_accepted(altered: list[Altered]) -> None:
    assert [each for each in altered if each.way is Way.SHIFTED and each.seen is Seen.SILENT] == []


@pytest.mark.parametrize("run", NAMES)
def test_an_altered_log_is_never_safe_or_certainly_unsafe_where_lines_do_not_fit(run: str, tmp_path: Path) -> None:
    chance = random.Random(f"verdict {run}")
    node = chance.choice(NODES)
    logs = {name: list(syslog(run, name)) for name in NODES}
    logs[node] = [line for line in logs[node] if "Local status now set to" not in line]
    report = explained(written(tmp_path, logs))

    if any("Local status now set to" in line for line in syslog(run, node)):
        assert report.contradictions
        assert report.verdict is Verdict.INCONCLUSIVE
        assert report.unsafe in (None, Certainty.LIKELY, Certainty.POSSIBLE)


@pytest.mark.parametrize("file", ["messages", "ha-log", "ha-debug"])
@pytest.mark.parametrize("run", NAMES)
def test_no_file_that_a_real_daemon_wrote_contradicts_itself(run: str, file: str) -> None:
    paths = [path for node in NODES if (path := TRACES / run / node / file).exists()]

    assert explained(paths).contradictions == ()


OLDER = {"hz28_stale_release"}
"""A script of a daemon that was killed goes on when its own log has been cut away."""


@pytest.mark.parametrize("run", [run for run in NAMES if run not in OLDER])
def test_a_log_that_begins_later_or_ends_earlier_contradicts_nothing_by_itself(run: str, tmp_path: Path) -> None:
    chance = random.Random(f"cut {run}")
    for node in NODES:
        lines = list(syslog(run, node))
        place = int(len(lines) * chance.uniform(0.1, 0.9))
        for part in (lines[place:], lines[:place]):
            assert explained(written(tmp_path, {node: part})).contradictions == ()


WRONG = 2
"""Cut logs of all recordings that seem certainly unsafe though the whole night was not."""


def test_a_cut_log_is_safe_only_where_it_can_know(tmp_path: Path) -> None:
    safe: Counter[str] = Counter()
    certain = []
    for run in NAMES:
        both = verdicts()[run]["split_brain"] or verdicts()[run]["short_overlap"]
        chance = random.Random(f"night {run}")
        since = syslog(run, "node1")[int(len(syslog(run, "node1")) * chance.uniform(0.2, 0.8))][:15]
        late = {node: [line for line in syslog(run, node) if line[:15] >= since] for node in NODES}
        for name, logs in (("one", {"node1": list(syslog(run, "node1"))}), ("late", late)):
            report = explained(written(tmp_path, logs))
            if both and report.verdict is Verdict.SAFE:
                safe[name] += 1
            if not both and report.unsafe is Certainty.CERTAIN:
                certain.append(run)

    assert safe["one"] == 0
    assert safe["late"] <= 1, "begun anew after the damage, and nothing of it is left in the lines"
    assert len(certain) <= WRONG, certain


def test_whole_recordings_tell_everything() -> None:
    untold = {run for run in NAMES if explanation(run).unseen}

    assert untold == {"standby_no_peer", "hz22_authkeys_differ"}, "a node never ran, or no message relates the clocks"


def test_an_excerpt_is_known_for_one() -> None:
    report = explained([SHARED / "samples" / "one-line-per-event" / "log.txt"])

    assert {each.missing for each in report.contradictions} == {True, False}
    assert all(each.proofs and each.rule and each.text for each in report.contradictions)
