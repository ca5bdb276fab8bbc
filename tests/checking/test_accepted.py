"""What is accepted passes until its day, and nothing else does."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from hamodel.checking.accepted import EXPIRED, NEEDLESS, OUTGROWN, UNKNOWN, Judge
from hamodel.checking.rebase import written
from hamodel.config.baseline import read_baseline
from hamodel.ir.answers import REFUSED, WARNING, Answers, Checked, Said
from hamodel.ir.property import PropertyKind
from hamodel.ir.report import Report, Result, Way
from hamodel.ir.verdict import Outcome

DAY = datetime.date(2026, 11, 22)
ENTRY = """\
# agreed with the shop
[[accepted]]
cluster = "web"
property = "single_mount"
by = ["1 kill", "1 power"]
reason = "the fence arrives in January"   # Anna
until = 2027-01-31
"""
BROKEN = Result("single_mount", "", PropertyKind.ALWAYS, Outcome.VIOLATED, ways=(Way((("kill", 1),)),))
GOOD = Result("leaves_once", "", PropertyKind.ALWAYS, Outcome.HOLDS)


def answers(folder: Path, *results: Result, said: tuple[Said, ...] = ()) -> Answers:
    report = Report("web", ("a", "b"), "3.0.6", "steady", 1, (), results) if results else None
    return Answers((Checked(str(folder / "web"), str(folder / "web/ha.cf"), report, said),))


def judged(folder: Path, text: str, given: Answers, day: datetime.date = DAY, known: tuple[str, ...] = ()) -> Answers:
    path = folder / "accepted.toml"
    path.write_text(text)
    return Judge(read_baseline(path), day).judged(given, known)


def codes(given: Answers) -> list[str]:
    return [said.code for said in given.remarks]


def test_what_is_accepted_passes_and_says_why(tmp_path: Path) -> None:
    found = judged(tmp_path, ENTRY, answers(tmp_path, BROKEN, GOOD))

    (broken, _) = found.checked[0].results
    assert found.passes(broken) and broken.accepted == "until 2027-01-31: the fence arrives in January"
    assert found.remarks == ()


@pytest.mark.parametrize(("day", "passes"), [(datetime.date(2027, 1, 31), True), (datetime.date(2027, 2, 1), False)])
def test_the_last_day_counts_and_the_next_does_not(tmp_path: Path, day: datetime.date, passes: bool) -> None:
    found = judged(tmp_path, ENTRY, answers(tmp_path, BROKEN), day)

    assert found.passes(found.checked[0].results[0]) is passes
    assert codes(found) == ([] if passes else [EXPIRED])


def test_another_way_to_break_it_was_not_accepted(tmp_path: Path) -> None:
    worse = replace(BROKEN, ways=(*BROKEN.ways, Way((("cut", 1),))))

    found = judged(tmp_path, ENTRY, answers(tmp_path, worse))

    assert not found.passes(found.checked[0].results[0])
    assert codes(found) == [OUTGROWN] and "1 cut" in found.remarks[0].message


def test_fewer_ways_than_accepted_are_accepted(tmp_path: Path) -> None:
    assert judged(tmp_path, ENTRY, answers(tmp_path, BROKEN)).checked[0].results[0].accepted


@pytest.mark.parametrize("outcome", [Outcome.BOUNDED, Outcome.VACUOUS])
def test_another_outcome_was_not_accepted(tmp_path: Path, outcome: Outcome) -> None:
    found = judged(tmp_path, ENTRY, answers(tmp_path, replace(BROKEN, outcome=outcome)))

    assert not found.passes(found.checked[0].results[0])


def test_another_cluster_was_not_accepted(tmp_path: Path) -> None:
    found = judged(tmp_path, ENTRY.replace('"web"', '"db"'), answers(tmp_path, BROKEN))

    assert not found.passes(found.checked[0].results[0])
    assert codes(found) == []


def test_an_entry_that_nothing_needs_is_told(tmp_path: Path) -> None:
    found = judged(tmp_path, ENTRY, answers(tmp_path, replace(BROKEN, outcome=Outcome.HOLDS, ways=())))

    assert codes(found) == [NEEDLESS]
    assert found.remarks[0].span is not None and found.remarks[0].span.line == 2


def test_an_entry_about_what_was_not_asked_is_left_alone(tmp_path: Path) -> None:
    assert codes(judged(tmp_path, ENTRY, answers(tmp_path, GOOD))) == []


def test_an_entry_about_a_property_nobody_knows_is_told(tmp_path: Path) -> None:
    text = ENTRY.replace("single_mount", "single_mout")

    assert codes(judged(tmp_path, text, answers(tmp_path, GOOD), known=("single_mount",))) == [UNKNOWN]


@pytest.mark.parametrize("level", [REFUSED, WARNING])
def test_a_refusal_and_a_warning_are_accepted_by_their_code(tmp_path: Path, level: str) -> None:
    text = ENTRY.replace('property = "single_mount"', 'code = "HA104"').replace('by = ["1 kill", "1 power"]\n', "")

    found = judged(tmp_path, text, answers(tmp_path, said=(Said("HA104", level, ""), Said("HA105", level, ""))))

    assert [bool(said.accepted) for said in found.checked[0].said] == [True, False]


def test_a_new_list_lets_everything_pass_that_is_found(tmp_path: Path) -> None:
    given = answers(tmp_path, BROKEN, GOOD, replace(GOOD, name="ends", outcome=Outcome.BOUNDED))
    given = replace(given, checked=(*given.checked, *answers(tmp_path, said=(Said("HA104", REFUSED, ""),)).checked))
    text = written(read_baseline(_file(tmp_path, "")), given, DAY)

    found = judged(tmp_path, text, given)

    assert all(found.passes(r) for each in found.checked for r in each.results)
    assert found.checked[1].refusals[0].accepted == "until 2027-02-20: found when this list was written on 2026-11-22"
    assert codes(found) == []


def test_a_list_that_is_brought_up_to_date_keeps_comments_reasons_and_days(tmp_path: Path) -> None:
    gone = ENTRY.replace("# agreed with the shop\n", "").replace("single_mount", "leaves_once")
    given = answers(tmp_path, replace(BROKEN, ways=(*BROKEN.ways, Way((("cut", 1),)))), GOOD)
    path = _file(tmp_path, f"{ENTRY}\n{gone}")
    before = Judge(read_baseline(path), DAY).judged(given)

    text = written(read_baseline(path), before, DAY)

    assert "# agreed with the shop" in text and "# Anna" in text and "2027-01-31" in text
    assert "leaves_once" not in text
    (entry,) = read_baseline(_file(tmp_path, text)).entries
    assert entry.by == ("1 cut", "1 kill", "1 power")


def test_what_had_expired_gets_a_new_day(tmp_path: Path) -> None:
    day = datetime.date(2027, 6, 1)
    given, path = answers(tmp_path, BROKEN), _file(tmp_path, ENTRY)

    text = written(read_baseline(path), Judge(read_baseline(path), day).judged(given), day)

    (entry,) = read_baseline(_file(tmp_path, text)).entries
    assert entry.until == datetime.date(2027, 8, 30) and entry.reason == "the fence arrives in January"


def _file(folder: Path, text: str) -> Path:
    path = folder / "accepted.toml"
    path.write_text(text)
    return path
