"""Regions of small and real clusters: the table of the watchdog race, and borders that other engines look at."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hamodel.checking.borders import chosen, compare, straddled
from hamodel.checking.claims import Claim
from hamodel.checking.of_spec import case_of
from hamodel.checking.plain import Plain
from hamodel.checking.region import answer, atlas, region
from hamodel.checking.unknowns import Space, space_of, usual
from hamodel.config.spec import Spec, read_spec
from hamodel.errors import EnginesDisagree, NoUnknown, OutOfRange, PropertyError
from hamodel.ir.linear import Term, at
from hamodel.ir.region import Region, Safety
from hamodel.ir.verdict import Limits
from hamodel.properties.loader import load, select
from hamodel.properties.words import Definition
from hamodel.renderers import region as text
from hamodel.renderers import region_json, region_map
from tests.disk_toy import toy_case

ROOT = Path(__file__).resolve().parents[1]
RACE = {"deadtime": (1_500, 9_000), "keepalive": (100, 700), "mount_lo": (0, 600)}


def property_named(name: str) -> Definition:
    (found,) = select(load(), [name])
    return found


SINGLE_MOUNT = property_named("single_mount")


def toy_space(**wishes: tuple[int, int]) -> Space:
    case = toy_case()
    return space_of(case.system, case.layout, wishes or RACE)


@pytest.fixture(scope="module")
def race() -> Region:
    return region(toy_case(), toy_space(), SINGLE_MOUNT, ["kill"], engine="reference")


def conditions(found: Region) -> list[tuple[str, ...]]:
    return [piece.conditions for piece in found.pieces]


# ---- the toy pair ----------------------------------------------------------------------------------------------------


def test_the_race_of_the_toy_is_one_condition(race: Region) -> None:
    assert conditions(race) == [("deadtime + mount_lo <= keepalive + 5 s",)]
    assert race.complete
    assert race.checked > 10


def test_its_run_was_replayed_where_the_condition_holds(race: Region) -> None:
    (piece,) = race.pieces

    assert piece.trace is not None
    assert piece.trace.names() == ("kill[node1]", "silent[node2]", "mounted[node2]")
    assert piece.certified == ("replayed by the reference semantics", "times confirmed by z3")
    assert piece.sample == race.configuration == {"deadtime": 4_000, "keepalive": 500, "mount_lo": 200}
    assert piece.faults == (("kill", 1),)


def test_the_margin_is_exact_to_the_millisecond(race: Region) -> None:
    assert race.safety({}) is Safety.UNSAFE
    assert race.margin()["deadtime"].above == 5_301
    assert race.holds_at({"deadtime": 5_301}) is True
    assert race.holds_at({"deadtime": 5_300}) is False


def test_both_sides_of_every_border_are_asked(race: Region) -> None:
    points = chosen(race, 60)

    assert straddled(race, points)
    near = [abs(at(f, race.point(p))) for piece in race.pieces for f in piece.faces for p in points]
    assert {0, 1} <= set(near)


@pytest.mark.parametrize("error", [-1, 1])
def test_a_region_that_is_wrong_by_a_millisecond_is_found_out(race: Region, error: int) -> None:
    (piece,) = race.pieces
    (face,) = piece.faces
    wrong = replace(race, pieces=(replace(piece, faces=((face[0] + error, *face[1:]),)),))
    asked = Claim.of(toy_case(), toy_space(), SINGLE_MOUNT).question(["kill"])

    with pytest.raises(EnginesDisagree, match="the region says the opposite"):
        compare(asked, wrong, Plain(), 60)


def test_a_claim_that_always_breaks_has_no_condition() -> None:
    found = region(toy_case(watchdog=0), toy_space(deadtime=(2_000, 9_000)), SINGLE_MOUNT, ["kill"], points=0)

    assert conditions(found) == [()]
    assert found.safety({}) is Safety.UNSAFE


def test_a_search_that_is_cut_short_never_says_safe() -> None:
    found = region(toy_case(), toy_space(), SINGLE_MOUNT, ["kill"], limits=Limits(classes=3), points=0)

    assert not found.complete
    assert "limit of 3 classes" in found.reason
    assert found.holds_at({"deadtime": 5_301}) is not True


def test_several_slices_make_one_picture() -> None:
    found = atlas(Claim.of(toy_case(), toy_space(), SINGLE_MOUNT), [(["kill"], 1), (["cut"], 1)], points=0)

    shown = text.render(found)

    assert [r.kinds for r in found.regions] == [("kill",), ("cut",)]
    assert "deadtime + mount_lo <= keepalive + 5 s" in shown
    assert "cut  unsafe whatever they are" in shown
    assert max(map(len, shown.splitlines())) <= 80


def test_where_nothing_was_answered_nothing_is_claimed() -> None:
    found = atlas(Claim.of(toy_case(), toy_space(), SINGLE_MOUNT), [], points=0)

    shown = text.render(replace(found, interrupted=True))

    assert found.safety({}) is None
    assert "interrupted" in shown
    assert "safe" not in shown
    assert "outside" not in shown


def test_the_picture_is_exact_and_the_object_complete(race: Region) -> None:
    found = atlas(Claim.of(toy_case(), toy_space(), SINGLE_MOUNT), [(["kill"], 1)], points=0)

    picture = region_map.render(found)
    data = region_json.as_object(found)

    assert 'class="area unsafe"' in picture
    assert "deadtime + mount_lo &lt;= keepalive + 5 s" in picture
    assert picture.count('class="dot"') == 2
    assert data["here"] == "unsafe"
    assert data["margin"]["deadtime"] == {"below_ms": None, "above_ms": 5_301}  # type: ignore[index]


def test_a_simpler_form_that_is_another_region_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_simple(_wholes: object, pieces: list[list[Term]]) -> list[tuple[int, tuple[Term, ...]]]:
        return [(0, ((pieces[0][0][0] + 1, *pieces[0][0][1:]),))]

    monkeypatch.setattr("hamodel.checking.region.simplest", too_simple)

    with pytest.raises(EnginesDisagree, match="the simplified region holds more"):
        region(toy_case(), toy_space(), SINGLE_MOUNT, ["kill"], points=0, engine="reference")


def test_the_hunt_finds_what_the_search_would_find() -> None:
    claim = Claim.of(toy_case(), toy_space(), SINGLE_MOUNT)

    found = answer(claim.question(["kill"]), Limits(), points=0, engine="reference")

    (piece,) = found.pieces
    assert piece.conditions == ("deadtime + mount_lo <= keepalive + 5 s",)
    assert found.classes < 100


def test_two_faults_in_one_slice() -> None:
    found = region(toy_case(budget_total=2), toy_space(keepalive=(100, 700)), SINGLE_MOUNT, ["stop"], 2, points=6)

    assert found.budget == 2
    assert found.complete


# ---- what can be kept open -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("foo", "there is no time called foo"),
        ("auto_failback", "auto_failback is a switch"),
        ("mount", "mount has a least and a greatest value"),
        ("deadtime[node7]", r"there is no deadtime\[node7\]"),
        ("mount_lo[node1]", "mount_lo is one for the whole cluster"),
    ],
)
def test_what_is_no_time_cannot_be_kept_open(name: str, said: str) -> None:
    with pytest.raises(NoUnknown, match=said):
        toy_space(**{name: (0, 1)})


def test_a_name_for_one_node_and_for_both_exclude_each_other() -> None:
    with pytest.raises(NoUnknown, match="under two names"):
        toy_space(**{"deadtime": (1, 2), "deadtime[node1]": (1, 2)})


def test_bounds_that_heartbeat_refuses_are_refused() -> None:
    with pytest.raises(OutOfRange, match="no values within these bounds"):
        toy_space(deadtime=(100, 200), keepalive=(300, 400))


def test_a_claim_about_some_run_has_no_region() -> None:
    with pytest.raises(PropertyError, match="for what happens in some run"):
        Claim.of(toy_case(), toy_space(), property_named("somebody_serves"))


# ---- the real pair ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pair() -> Spec:
    return read_spec([ROOT / "specs" / "02-webdata-watchdog"])


def test_the_watchdog_race_is_the_table_of_the_reference(pair: Spec) -> None:
    """Two owners iff R <= W - deadtime + keepalive: status, address and mount take R together, at least."""
    case = case_of(pair)
    wishes = {"deadtime": (25_000, 35_000), "keepalive": (50, 2_000), "start_lo[/dev/sdb5]": (0, 900)}
    space = space_of(case.system, case.layout, wishes, pair)

    found = region(case, space, SINGLE_MOUNT, ["kill"], 1, points=8)

    assert conditions(found) == [("deadtime + start_lo[/dev/sdb5] <= keepalive + watchdog - 400 ms",)]
    assert found.complete
    assert found.checked == 8
    assert [u.name for u in found.unknowns] == ["deadtime", "keepalive", "start_lo[/dev/sdb5]", "watchdog"]
    assert found.safety({"deadtime": 30_000, "keepalive": 50}) is Safety.UNSAFE
    assert found.safety({"deadtime": 29_990, "keepalive": 50}) is Safety.SAFE


def test_the_watchdog_keeps_its_whole_seconds(pair: Spec) -> None:
    case = case_of(pair)
    space = space_of(case.system, case.layout, usual(case.system), pair)

    for deadtime in (29_989, 29_990, 29_991, 30_000):
        settings = space.settings({"deadtime": deadtime, "keepalive": 1_000})
        changed = replace(pair.cluster.per_node["node1"].deadtime, value=deadtime)
        config = replace(pair.cluster.per_node["node1"], deadtime=changed)
        assert settings["watchdog[0]"] == settings["watchdog[1]"] == config.watchdog_period
        assert settings["restart_sleep[0]"] == -(-deadtime // 1000) * 1000 + 1000


@pytest.fixture(scope="module")
def unwritten(tmp_path_factory: pytest.TempPathFactory) -> Space:
    """The pair without an initdead line, its deadtime open."""
    folder = tmp_path_factory.mktemp("pair")
    for file in (ROOT / "specs" / "02-webdata-watchdog").iterdir():
        words = [line for line in file.read_text().splitlines() if not line.startswith("initdead")]
        (folder / file.name).write_text("\n".join([*words, ""]))
        (folder / file.name).chmod(0o600)
    spec = read_spec([folder])
    case = case_of(spec)
    return space_of(case.system, case.layout, {"deadtime": (4_100, 60_000)}, spec)


@pytest.mark.parametrize("case", [(5_999, 12_000), (6_000, 12_000), (10_000, 20_000), (10_001, 10_001)])
def test_an_initdead_that_is_not_given_follows_as_the_daemon_says(unwritten: Space, case: tuple[int, int]) -> None:
    deadtime, initdead = case

    settings = unwritten.settings({"deadtime": deadtime})

    assert len(unwritten.variants) == 3
    assert settings["initdead[1]"] == initdead
    assert settings["deadping[0]"] == deadtime


def test_what_nobody_reads_plays_no_part(pair: Spec) -> None:
    case = case_of(pair)
    space = space_of(case.system, case.layout, {"boot_hi": (30_000, 90_000)}, pair)

    found = answer(Claim.of(case, space, SINGLE_MOUNT).question(["generation"], 1), points=0)

    assert found.idle == ("boot_hi",)
    assert found.holds_at({}) is True
