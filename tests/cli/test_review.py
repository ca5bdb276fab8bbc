"""`hamodel review`: what it prints, how it exits, and what it says of real configurations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hamodel.cli import command
from tests.checking.reviews import CAREFUL, DISK, GROUP, put
from tests.shared import SHARED, needs_shared

SPECS = Path(__file__).resolve().parents[2] / "specs"
SAMPLES = SHARED / "samples"
UNFENCED = CAREFUL.replace("stonith_host * external/ipmi /etc/fence\n", "")


def run(*words: str) -> Result:
    return CliRunner().invoke(command, ["review", *words])


def as_json(*words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(*words, "--format", "json", "--quiet").stdout)
    return found


def test_the_seed_pair_is_reviewed_with_its_runs_the_dearest_first() -> None:
    done = run(str(SPECS / "01-webdata"), "--quiet")

    assert done.exit_code == 1
    headings = [line for line in done.stdout.splitlines() if line in ("DATA LOSS", "OUTAGE", "SURPRISE", "HYGIENE")]
    assert headings == ["DATA LOSS", "OUTAGE", "SURPRISE", "HYGIENE"]
    first = done.stdout.split("DATA LOSS")[1].split("OUTAGE")[0]
    assert first.index("single_mount") < first.index("heartbeat is killed on node1") < first.index("HA174")
    assert "2 physical paths in 3 statements: eth1 (bcast), eth0 (2 ucast;" in done.stdout
    assert all(len(line) <= 80 for line in done.stdout.splitlines())


def test_each_finding_has_all_its_keys() -> None:
    found = as_json(str(SPECS / "01-webdata"))

    for said in found["findings"]:
        assert {"code", "severity", "file", "line", "message", "evidence", "repair"} <= set(said)
    mount = found["findings"][0]
    assert (mount["code"], mount["severity"], mount["by"]) == ("single_mount", "data loss", "model check")
    assert mount["story"][0]["text"] == "heartbeat is killed on node1 (killall -9 heartbeat)"
    assert "1 kill: soonest after 28.7 s, lasts for ever" in mount["evidence"]
    assert sum(found["counts"].values()) == len(found["findings"])


def test_the_exit_code_follows_fail_on(tmp_path: Path) -> None:
    folder = str(put(tmp_path, UNFENCED, DISK))

    codes = {cost: run(folder, "--fast", "--fail-on", cost).exit_code for cost in ("data loss", "hygiene")}
    careful = run(str(put(tmp_path / "careful")), "--fast", "--fail-on", "surprise").exit_code

    assert codes == {"data loss": 1, "hygiene": 1}
    assert careful == 0
    assert run(str(tmp_path / "careful"), "--fast", "--fail-on", "hygiene").exit_code == 1


def test_severity_hides_the_cheaper_findings_and_counts_them(tmp_path: Path) -> None:
    done = run(str(put(tmp_path, UNFENCED, DISK)), "--fast", "--severity", "outage")

    assert "HYGIENE" not in done.stdout
    assert "not shown)" in done.stdout


def test_fast_does_not_explore(tmp_path: Path) -> None:
    found = as_json(str(put(tmp_path)), "--fast")

    assert found["checked"] is None
    assert found["unchecked"] == "not asked for: --fast"
    assert {said["by"] for said in found["findings"]} <= {"read", "no effect", "advice", "log"}


def test_a_check_that_ends_early_is_no_clean_bill(tmp_path: Path) -> None:
    done = run(str(put(tmp_path)), "--timeout", "0s", "--fail-on", "data loss", "--quiet")

    assert done.exit_code == 3
    assert "undecided within the limits" in " ".join(done.stdout.split())


def test_refused_files_are_reviewed_all_the_same_and_exit_with_2(tmp_path: Path) -> None:
    folder = str(put(tmp_path, CAREFUL + "deadtime 3\n"))

    done, found = run(folder), as_json(folder)

    assert done.exit_code == 2
    assert "starts        no: Heartbeat does not start on node1 and node2" in done.stdout
    assert found["refused"].startswith("Heartbeat does not start")
    assert found["findings"][0]["by"] == "refused"
    assert found["findings"][0]["repair"] == "raise deadtime above 4 s"


@pytest.mark.parametrize("words", [("nowhere",), (".", "--log", "nothing.log"), (".", "--log", ".")])
def test_what_cannot_be_read_is_an_error_with_a_repair(words: tuple[str, ...], tmp_path: Path,
                                                       monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.chdir(put(tmp_path))

    done = run(*words, "--fast")

    assert done.exit_code == 2
    assert "error[HA101]" in done.stderr
    assert "Traceback" not in done.stderr


def test_folders_of_two_nodes_that_differ_are_told_apart(tmp_path: Path) -> None:
    put(tmp_path / "node1")
    put(tmp_path / "node2", CAREFUL + "deadtime 20\n", "node2 10.0.0.1/24/eth1 httpd\n")

    found = as_json(str(tmp_path), "--fast")

    differ = [said for said in found["findings"] if said["code"] == "HA198"]
    assert any("preferred on node1 by the file of node1 and on node2 by that of node2" in s["message"] for s in differ)
    assert any("deadtime differs" in said["message"] for said in differ)
    assert {"deadtime on node1", "deadtime on node2"} <= {value["name"] for value in found["values"]}


def test_no_secret_is_printed(tmp_path: Path) -> None:
    hacf = (
        UNFENCED + "stonith_host * external/ipmi node2 10.0.0.9 admin top-secret\nstonith_host node9 apc hidden-too\n"
    )
    put(tmp_path / "node1", hacf, GROUP, "auth 1\n1 sha1 nobody-must-know\n", mode=0o644)
    put(tmp_path / "node2", hacf, GROUP, "auth 1\n1 sha1 another-secret\n", mode=0o644)

    told = run(str(tmp_path), "--fast").stdout + json.dumps(as_json(str(tmp_path), "--fast"))

    assert "the keys differ" in told
    for secret in ("top-secret", "nobody-must-know", "another-secret", "hidden-too"):
        assert secret not in told


def test_a_log_beside_the_files_is_read_and_one_elsewhere_when_named(tmp_path: Path) -> None:
    line = "Jan  1 10:00:00 node1 heartbeat: [1]: CRIT: Cluster node node2 returning after partition.\n"
    beside, other = put(tmp_path / "a", haresources=DISK, log=line), put(tmp_path / "b")
    (tmp_path / "far.txt").write_text(line)

    split = next(said for said in as_json(str(beside), "--fast")["findings"] if said["code"] == "HA522")

    assert split["severity"] == "data loss"
    assert "HA522" not in run(str(other), "--fast").stdout
    assert "HA522" in run(str(other), "--fast", "--log", str(tmp_path / "far.txt")).stdout


SAYS: dict[str, tuple[str, ...]] = {
    "vagrant-unknown-owner": ("HA125", "HA156", "HA151", "HA144"),
    "minimal-four-lines": ("HA169", "HA154", "HA144"),
    "ipfail-without-ping": ("HA157", "HA161", "HA151"),
    "elastix-drbd": ("HA175", "HA174", "HA170", "HA154", "HA545"),
    "mysql-drbd-mailto": ("HA151", "HA174", "HA189"),
    "millisecond-timers": ("HA148", "HA161"),
    "asterisk-empty-haresources": ("HA186",),
    "pacemaker-watchdog": ("HA171", "HA141", "HA164"),
    "template-httpd": ("HA151",),
    "bcast-and-ucast-same-nic": ("HA152", "HA192"),
    "haproxy-mcast-deadtime5": ("HA151", "HA146"),
    "lvs-single-bcast": ("HA155", "HA145", "HA151"),
    "crm-on-hb01": ("HA171",),
    "ping-without-ipfail": ("HA156", "HA154"),
    "four-media-one-nic": ("HA152", "HA162", "HA163"),
    "puppet-watchdog-initdead300": ("HA143",),
    "crm-on-with-haresources": ("HA172", "HA171"),
    "proxy-floating-ip": ("HA532",),
    "mysql-drbd-continuation-line": ("HA191", "HA174", "HA151"),
    "serial-only-raid": ("HA165", "HA188"),
    "mysql-active-active-vips": ("HA196", "HA151"),
    "nginx-start-errors": ("HA157", "HA197", "HA508", "HA529"),
    "uppercase-names-mcast": ("HA144", "HA159"),
    "two-databases-active-active-drbd": ("HA175", "HA174", "HA196"),
    "nfs-minimal-drbd": ("HA169", "HA187", "HA154"),
    "redundant-bcast-ipfail": ("HA141",),
    "suicide-stonith-dopd": ("HA176", "HA178", "HA171"),
}
"""What a person who knows Heartbeat says of each real configuration."""


@needs_shared
def test_every_real_configuration_has_its_expectation() -> None:
    assert {path.parent.name for path in SAMPLES.glob("*/ha.cf")} == set(SAYS)


@needs_shared
@pytest.mark.parametrize("name", sorted(SAYS))
def test_a_real_configuration_is_reviewed_as_a_person_would(name: str) -> None:
    done = run(str(SAMPLES / name), "--fast")

    assert done.exit_code == (2 if name == "vagrant-unknown-owner" else 1)
    for code in SAYS[name]:
        assert code in done.stdout.split(), code
    assert all(len(line) <= 80 or "/samples/" in line for line in done.stdout.splitlines())


@needs_shared
def test_four_statements_on_one_card_are_one_physical_path() -> None:
    found = as_json(str(SAMPLES / "four-media-one-nic"), "--fast")

    paths = next(value["value"] for value in found["values"] if value["name"] == "paths")
    assert paths == "1 physical path in 4 statements: enp0s8 (2 bcast, mcast, ucast)"


@needs_shared
def test_a_cut_of_the_only_cable_of_two_replicas_is_data_loss_in_the_model() -> None:
    found = as_json(str(SAMPLES / "elastix-drbd"), "--faults", "cut=1")

    first = found["findings"][0]
    assert (first["code"], first["severity"]) == ("single_mount", "data loss")
    assert first["story"][0]["text"] == "the cable elastix:eth1 is cut"
