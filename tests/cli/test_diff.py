"""`hamodel diff`: values, findings, verdicts, worst cases, and a run that only one side allows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hamodel.cli import command
from tests.checking.reviews import CAREFUL, DISK, GROUP, KEYS, put

HACF = """\
use_logd on
keepalive 2
deadtime 10
initdead 20
bcast eth1
auto_failback off
node node1 node2
"""
CUT = ("--faults", "cut=1", "--quiet")


def run(*words: str) -> Result:
    return CliRunner().invoke(command, ["diff", *words])


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """One cable, and two of them with a shorter deadtime."""
    root = tmp_path_factory.mktemp("pair")
    one = put(root / "one", HACF, "node1 10.0.0.1/24/eth9\n")
    two = put(
        root / "two", HACF.replace("bcast eth1", "bcast eth1 eth2").replace("deadtime 10", "deadtime 8"),
        "node1 10.0.0.1/24/eth9\n",
    )  # fmt: skip
    return str(one), str(two)


@pytest.fixture(scope="module")
def better(pair: tuple[str, str]) -> dict[str, Any]:
    done = run(*pair, *CUT, "--format", "json")
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_values_are_compared_by_what_is_in_force(better: dict[str, Any]) -> None:
    options = {o["name"]: (o["old"], o["new"]) for o in better["options"]}

    assert options == {
        "deadtime": ("10 s", "8 s"),
        "warntime": ("5 s", "4 s"),
        "medium bcast eth2": (None, "yes port 694"),
    }


def test_findings_appear_and_vanish(better: dict[str, Any]) -> None:
    assert "HA151" in {said["code"] for said in better["vanished"]}
    assert "HA151" not in {said["code"] for said in better["appeared"]}


def test_a_verdict_flips_and_its_run_does_not_happen_in_the_other(better: dict[str, Any]) -> None:
    owner = next(v for v in better["verdicts"] if v["property"] == "single_owner")
    only = next(r for r in better["runs"] if r["only_in"] == "old")

    assert (owner["trend"], owner["old"]["outcome"], owner["new"]["outcome"]) == ("better", "violated", "holds")
    assert only["story"][0]["text"] == "the cable eth1 is cut"
    assert (only["stops_after"], only["missing"]) == (1, "node2 declares node1 dead")
    assert "peer_fell_silent[node2]" in only["because"]


def test_worst_cases_move_by_exact_numbers(better: dict[str, Any]) -> None:
    bounds = {b["property"]: (b["old"], b["new"], b["trend"]) for b in better["bounds"]}

    assert bounds["single_owner"] == ("for ever", "never", "better")
    assert not better["worse"]


def test_the_way_back_is_worse(pair: tuple[str, str]) -> None:
    done = run(pair[1], pair[0], *CUT)

    assert done.exit_code == 1
    assert "the new configuration is worse" in done.stdout
    assert "single_owner is worse" in " ".join(done.stdout.split())
    assert "the shortest run that only the new configuration allows" in done.stdout
    assert all(len(line) <= 80 or "/" in line for line in done.stdout.splitlines())


def test_the_same_files_with_other_comments_and_order_do_not_differ(tmp_path: Path) -> None:
    old = put(tmp_path / "old", HACF, GROUP)
    new = put(tmp_path / "new", "# a comment\n" + "".join(reversed(HACF.splitlines(True))), GROUP)

    found = json.loads(run(str(old), str(new), "--fast", "--format", "json").stdout)

    assert (found["options"], found["appeared"], found["vanished"], found["worse"]) == ([], [], [], [])


def test_what_differs_on_one_node_is_told_of_that_node(tmp_path: Path) -> None:
    for side, deadtime in (("old", 10), ("new", 12)):
        put(tmp_path / side / "node1", HACF, GROUP)
        put(tmp_path / side / "node2", HACF.replace("deadtime 10", f"deadtime {deadtime}"), GROUP)

    found = json.loads(run(str(tmp_path / "old"), str(tmp_path / "new"), "--fast", "--format", "json").stdout)

    assert [(o["node"], o["old"], o["new"]) for o in found["options"] if o["name"] == "deadtime"] == [
        ("node2", "10 s", "12 s")
    ]


def test_files_that_are_refused_are_worse_than_files_that_are_not(tmp_path: Path) -> None:
    good, bad = put(tmp_path / "good", HACF), put(tmp_path / "bad", HACF + "deadtime 3\n")

    assert run(str(good), str(bad), "--fast").exit_code == 1
    assert "Heartbeat does not start with the new files" in " ".join(run(str(good), str(bad)).stdout.split())
    assert run(str(bad), str(good), "--fast").exit_code == 0


def test_a_shared_disk_without_a_fence_is_a_finding_that_makes_it_worse(tmp_path: Path) -> None:
    old = put(tmp_path / "old", CAREFUL, DISK)
    new = put(tmp_path / "new", CAREFUL.replace("stonith_host * external/ipmi /etc/fence\n", ""), DISK)

    done = run(str(old), str(new), "--fast")

    assert done.exit_code == 1
    assert "HA174 appears" in done.stdout


def test_what_is_hidden_is_compared_and_not_told(tmp_path: Path) -> None:
    old = put(tmp_path / "old", HACF + "stonith_host * external/ipmi old-password\n", GROUP, KEYS)
    new = put(tmp_path / "new", HACF + "stonith_host * external/ipmi new-password\n", GROUP, "auth 1\n1 sha1 other\n")

    done = run(str(old), str(new), "--fast")

    assert "stonith parameters" in done.stdout
    assert "authkeys" in done.stdout
    for secret in ("old-password", "new-password", "secret", "other"):
        assert secret not in done.stdout.replace(str(tmp_path), "")


def test_what_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    done = run(str(put(tmp_path / "old")), str(tmp_path / "nowhere"))

    assert done.exit_code == 2
    assert "error[HA101]" in done.stderr


def test_an_event_that_the_other_side_has_not_is_the_reason_a_run_does_not_happen(tmp_path: Path) -> None:
    old = put(tmp_path / "old", HACF, "node1 10.0.0.1/24/eth9\n")
    new = put(tmp_path / "new", HACF + "stonith_host * external/ipmi x\n", "node1 10.0.0.1/24/eth9\n")

    found = json.loads(run(str(old), str(new), *CUT, "--format", "json").stdout)

    come = next(r for r in found["runs"] if r["only_in"] == "new")
    assert come["property"] == "healthy_node_not_reset"
    assert come["because"].startswith("there is no `device_answers[")
    gone = next(r for r in found["runs"] if r["only_in"] == "old")
    assert gone["property"] == "single_owner"
    assert gone["stops_after"] < len(gone["story"])


def test_an_unfinished_check_is_no_clean_bill(pair: tuple[str, str]) -> None:
    done = run(*pair, *CUT, "--timeout", "0s")

    assert done.exit_code == 3
    assert "undecided: " in done.stdout


def test_a_finding_with_another_number_neither_appears_nor_vanishes(tmp_path: Path) -> None:
    hacf = HACF.replace("keepalive 2", "keepalive 100ms").replace("initdead 20", "initdead 10")
    old = put(tmp_path / "old", hacf.replace("deadtime 10", "deadtime 900ms"), "# nothing\n")
    new = put(tmp_path / "new", hacf.replace("deadtime 10", "deadtime 1800ms"), "# nothing\n")

    found = json.loads(run(str(old), str(new), "--fast", "--format", "json").stdout)

    assert "deadtime" in {option["name"] for option in found["options"]}
    assert (found["appeared"], found["vanished"], found["worse"]) == ([], [], [])


def changed(folder: Path, old: str, new: str) -> tuple[str, str]:
    """Two clusters that differ in one line."""
    one = put(folder / "old", HACF, "node1 10.0.0.1/24/eth9\n")
    two = put(folder / "new", HACF.replace(old, new), "node1 10.0.0.1/24/eth9\n")
    return str(one), str(two)


def runs(pair: tuple[str, str], *words: str) -> dict[str, dict[str, Any]]:
    """The shortest run of each side that the other does not allow."""
    found = json.loads(run(*pair, *words, "--quiet", "--format", "json").stdout)
    return {r["only_in"]: r for r in found["runs"]}


def test_another_deadtime_splits_at_another_moment_where_both_split(tmp_path: Path) -> None:
    pair = changed(tmp_path, "deadtime 10\ninitdead 20", "deadtime 20\ninitdead 40")

    found = runs(pair, "--faults", "cut=1")

    (cut, plug), (_, later) = found["old"]["acts"], found["new"]["acts"]
    assert (cut, plug["action"], later["action"]) == ({"action": "cut[eth1]", "at": 0}, "plug[eth1]", "plug[eth1]")
    assert 0 < plug["at"] < 10_260 < later["at"] < 20_260
    assert (found["old"]["property"], found["new"]["property"]) == ("single_owner", "owner_stays")
    assert (found["old"]["faults"], found["old"]["steps"], found["old"]["searched"] > 0) == ({"cut": 1}, 4, True)
    assert "replayed by the reference semantics" in found["old"]["certified"]


def test_without_the_watchdog_a_paused_owner_comes_back(tmp_path: Path) -> None:
    found = runs(
        changed(tmp_path, "auto", "watchdog /dev/watchdog\nauto"), "--faults", "pause=1,kill=1", "--budget", "1"
    )

    assert found["old"]["property"] == "single_owner"
    assert [act["action"] for act in found["old"]["acts"]] == ["pause[node2]", "resume[node2]"]
    assert found["new"]["shows"] == "node1 has 10.0.0.1/24/eth9 up no longer"
    assert "bites[node1]" in found["new"]["because"]


def test_a_second_cable_leaves_no_run_of_its_own(tmp_path: Path) -> None:
    pair = changed(tmp_path, "bcast eth1", "bcast eth1 eth2")
    done = run(*pair, *CUT)

    assert "the shortest run that only the old configuration allows: single_owner" in " ".join(done.stdout.split())
    assert "no run that only the new configuration allows: whatever the new one shows with at most 1 fault" in " ".join(
        done.stdout.split()
    )


def test_where_no_promise_flips_the_difference_is_something_that_one_can_see(tmp_path: Path) -> None:
    pair = changed(tmp_path, "auto_failback off", "auto_failback on")

    found = runs(pair, "--faults", "stop=1")

    assert set(found) == {"new"}
    assert (found["new"]["property"], found["new"]["faults"]) == ("", {"stop": 1})
    assert found["new"]["shows"] == "node2 has 10.0.0.1/24/eth9 up no longer"
    assert found["new"]["story"][-1]["text"] == found["new"]["shows"]


def test_two_that_are_one_to_the_model_have_no_run_apart(tmp_path: Path) -> None:
    pair = changed(tmp_path, "use_logd on\n", "use_logd on\ndebug 1\n")

    done = run(*pair, *CUT)

    assert done.exit_code == 0
    assert "no run differs: to the model both are one and the same" in " ".join(done.stdout.split())


def test_an_unfinished_hunt_says_so(tmp_path: Path) -> None:
    pair = changed(tmp_path, "deadtime 10\ninitdead 20", "deadtime 20\ninitdead 40")

    done = run(*pair, *CUT, "--timeout", "0s")

    assert "was found: " in done.stdout
    assert "limit" in done.stdout
