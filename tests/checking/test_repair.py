"""Repairs and causes of one real cluster, with short lists of changes: what they claim is checked again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hamodel.checking.before_after import compared, rank
from hamodel.checking.bench import Bench
from hamodel.checking.changes import Change, changes, ladder
from hamodel.checking.delay_options import delays
from hamodel.checking.edits import edited
from hamodel.checking.material import gather, unpacked
from hamodel.checking.probe import prober_of
from hamodel.checking.repair import corners, repairs
from hamodel.checking.search import Clock
from hamodel.checking.why import Asking, whys
from hamodel.config.spec import read_spec
from hamodel.ir.causes import Need
from hamodel.ir.property import PropertyKind
from hamodel.ir.repairs import Sort, Standing, Trend
from hamodel.ir.verdict import Limits, Outcome, Range
from hamodel.properties.loader import load, select

SPECS = Path(__file__).resolve().parents[2] / "specs"
FAULTS: dict[str, object] = {"faults.budget": 1, "faults.kinds": ["cut"]}


def _bench(folder: Path, overrides: dict[str, object], names: tuple[str, ...] = ("single_mount",)) -> Bench:
    material = gather([folder])
    prober = prober_of(select(load(), names), Limits(), lambda *_: None)
    return Bench(read_spec([folder], None, overrides), material, overrides, prober, material)


@pytest.fixture(scope="module")
def one_cable() -> Iterator[Bench]:
    yield _bench(SPECS / "05-one-cable", FAULTS)


def _only(bench: Bench, *keys: str) -> tuple[Change, ...]:
    return tuple(c for c in changes(bench) if c.key in keys)


def test_every_listed_change_can_be_read_and_changes_something(one_cable: Bench) -> None:
    for change in changes(one_cable):
        value = change.values[0] if change.values else 0
        changed = edited(one_cable.material, change.edits(value))

        with unpacked(changed) as (paths, _):
            read_spec(paths, None, FAULTS)
        assert changed.files != one_cable.material.files, change.key


def test_the_list_has_every_kind_of_change(one_cable: Bench) -> None:
    found = {(c.sort, c.key) for c in changes(one_cable)}

    assert {sort for sort, _ in found} == set(Sort)
    assert {"keepalive", "deadtime", "initdead", "auto_failback", "watchdog", "bcast eth0", "cable", "fence"} <= {
        key for _, key in found
    }
    assert "deadping" not in {key for _, key in found}


def test_one_more_card_repairs_a_single_cable_and_stands_a_full_check(one_cable: Bench, tmp_path: Path) -> None:
    found = repairs(one_cable, one_cable.prober.definitions, ["single_mount"], lambda *_: None, 1, 1,
                    _only(one_cable, "bcast eth0", "deadtime"))  # fmt: skip

    (repair,) = found.goals[0].repairs
    assert (repair.cost, repair.whole) == (4, True)
    assert "+bcast eth0" in repair.diff
    assert [(e.before.name, e.trend) for e in repair.effects] == [("single_mount", Trend.BETTER)]


def test_times_cannot_repair_a_cut_and_the_report_says_so_plainly(one_cable: Bench) -> None:
    from hamodel.renderers.repair import render_diff, render_text

    before = one_cable.prober.probes
    found = repairs(one_cable, one_cable.prober.definitions, ["single_mount"], lambda *_: None, 1, 2,
                    _only(one_cable, "deadtime", "keepalive", "initdead"))  # fmt: skip

    assert not found.goals[0].repairs
    assert found.goals[0].exhausted
    assert one_cable.prober.probes - before < 20, "one run for all values is enough"
    assert "no repair in the list makes it hold" in render_text(found)
    assert render_diff(found) == ""


def test_several_broken_claims_are_repaired_the_dearest_first_and_share_the_time() -> None:
    bench = _bench(SPECS / "05-one-cable", FAULTS, ("failback_converges", "single_mount", "single_owner"))
    bench.prober.clock = Clock.start(Limits(seconds=3600))

    found = repairs(bench, bench.prober.definitions, [], lambda *_: None, 1, 1, _only(bench, "bcast eth0"))

    names = [name for goal in found.goals for name in goal.properties]
    assert names[0] == "single_mount" and len(names) > 1
    rest = bench.prober.clock.limits.seconds
    assert rest is not None and 1800 < rest < 3600, "what the first left over is there for the last"
    assert Clock.start(Limits(seconds=90)).shared(3).limits.seconds == pytest.approx(30, abs=0.1)
    assert Clock.start(Limits()).shared(3).limits.seconds is None


def test_a_variant_that_still_breaks_as_before_is_not_searched_to_its_end(one_cable: Bench) -> None:
    every = one_cable.prober.definitions
    before = one_cable.prober.classes
    found = repairs(one_cable, every, ["single_mount"], lambda *_: None, 1, 1, _only(one_cable, "auto_failback"))
    quick = one_cable.prober.classes - before
    whole = one_cable.try_edits((), ["single_mount"]).answers["single_mount"].states

    assert found.goals[0].probes == 2 and not found.goals[0].repairs
    assert 0 < quick < whole


def test_a_needed_option_has_a_safe_run_beside_the_failing_one(one_cable: Bench) -> None:
    asking = Asking(one_cable, one_cable.case(one_cable.spec), "single_mount", PropertyKind.ALWAYS, lambda *_: None)
    asking.listed = _only(one_cable, "bcast eth0", "deadtime")

    way = asking.way((("cut", 1),))

    needs = {cause.now: cause for cause in way.causes}
    assert needs["no heartbeats on eth0"].need is Need.NEEDED
    assert needs["deadtime 30 s"].need is Need.NOT_NEEDED
    beside = needs["no heartbeats on eth0"].contrast
    assert beside is not None
    assert beside.story[0].text == way.story[0].text == "the cable eth1 is cut"
    assert all("has mounted" not in line.text for line in beside.story)
    assert way.length == Range(0, None) or (way.length is not None and way.length.hi is None)
    assert "replayed by the reference semantics" in beside.certified


def test_what_was_not_looked_at_in_time_is_told_in_one_line() -> None:
    from hamodel.renderers.why import render_text

    bench = _bench(SPECS / "05-one-cable", FAULTS)
    found = whys(bench, ["single_mount"], lambda *_: None)
    (way,) = found.answers[0].ways
    asking = Asking(bench, bench.case(bench.spec), "single_mount", PropertyKind.ALWAYS, lambda *_: None)
    asking.listed = _only(bench, "bcast eth0", "deadtime")
    run = asking.ask(asking.case, {"cut": 1}, 1).shown
    assert run is not None
    bench.prober.clock = Clock.start(Limits(seconds=0))
    probes = bench.prober.probes

    left = [asking._switch(asking.listed[0], way.faults, run), asking._number(asking.listed[1], way.faults, run)]
    shown = render_text(replace(found, answers=(replace(found.answers[0], ways=(replace(way, causes=tuple(left)),)),)))

    assert [cause.need for cause in left] == [Need.UNKNOWN] * 2 and bench.prober.probes == probes
    (line,) = [text for text in shown.splitlines() if "not looked at before the time was over" in text]
    assert all(cause.now in " ".join(shown.split()) for cause in left) and "0 checks" not in shown, line


def test_the_causes_of_the_dearest_broken_claim_come_first() -> None:
    bench = _bench(SPECS / "05-one-cable", FAULTS, ("failback_converges", "fit_node_serves", "single_mount"))

    found = whys(bench, [], lambda *_: None, 0)

    names = [answer.name for answer in found.answers]
    assert names[0] == "single_mount" and len(names) > 1


def test_a_delay_that_is_needed_has_its_exact_border() -> None:
    bench = _bench(SPECS / "05-one-cable", {"faults.budget": 1, "faults.kinds": ["power"]})
    asking = Asking(bench, bench.case(bench.spec), "single_mount", PropertyKind.ALWAYS, lambda *_: None)
    run = asking.ask(asking.case, {"power": 1}, 1).shown
    assert run is not None
    (boot,) = [d for d in delays(asking.case.system, asking.case.layout, ["power"]) if d.names[0] == "boot_lo"]

    _, cause, end = asking._delay(boot, (("power", 1),), run)

    assert (cause.need, end) == (Need.NEEDED, "fast")
    least = int(re.findall(r"always takes ([0-9.]+) s", cause.says)[0].replace(".", ""))
    for lo, outcome in ((least, Outcome.HOLDS), (least - 1, Outcome.VIOLATED)):
        case = replace(asking.case, system=asking.case.system.with_settings(boot_lo=lo))
        assert asking.ask(case, {"power": 1}, 1).outcome is outcome


def test_variants_that_hit_a_limit_are_no_proof_that_there_is_no_repair() -> None:
    from hamodel.ir.repairs import Goal, Repairs
    from hamodel.renderers.repair import render_text

    open_ = Goal(("p",), (), exhausted=True, undecided=3, tried=4, most=2)
    shut = replace(open_, undecided=0)

    said = {g: render_text(Repairs("c", ("a", "b"), "3.0.6", 1, (), (g,))) for g in (open_, shut)}

    assert "no repair in the list" not in said[open_]
    assert "3 variants could not be decided" in said[open_]
    assert "no repair in the list makes it hold" in said[shut]


def test_a_smaller_violation_ranks_before_a_larger_one() -> None:
    kill, cut = (("kill", 1),), (("cut", 1), ("kill", 1))
    ever = Standing("p", Outcome.VIOLATED, ways=((kill, Range(0, None)),))
    short = Standing("p", Outcome.VIOLATED, ways=((kill, Range(0, 2300)),))
    rare = Standing("p", Outcome.VIOLATED, ways=((cut, Range(0, None)),))
    two = Standing("p", Outcome.VIOLATED, ways=((kill, Range(0, 10)), ((("cut", 1),), Range(0, 10))))
    fine = Standing("p", Outcome.HOLDS)

    assert sorted([ever, short, rare, two, fine], key=lambda s: rank([s])) == [fine, rare, short, two, ever]
    assert compared(short, ever) is Trend.WORSE
    assert compared(ever, rare) is Trend.BETTER
    assert compared(fine, short) is Trend.WORSE
    assert compared(two, ever) is Trend.OTHER, "fewer ways, but for ever"
    assert compared(fine, fine) is None
    assert compared(fine, Standing("p", None)) is Trend.OTHER


def test_a_ladder_stays_within_its_ends_and_looks_just_below_whole_seconds() -> None:
    found = ladder(30_000, 200, 40_000, whole=True)

    assert found[0] == 29_990
    assert all(200 <= v <= 40_000 for v in found)
    assert 30_000 not in found


def test_corners_are_what_heartbeat_accepts() -> None:
    ends = {"keepalive": (50, 20_000), "deadtime": (3000, 300_000), "initdead": (12_000, 600_000)}

    found = list(corners(ends))

    assert all(c["deadtime"] > 2 * c["keepalive"] and c["initdead"] >= c["deadtime"] for c in found)
    assert {c["keepalive"] for c in found} >= {50, 20_000}
    assert {c["deadtime"] for c in found} >= {3000, 300_000}
