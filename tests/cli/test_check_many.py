"""`hamodel check` over many configurations: all of them are told, and the worst decides."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hamodel.cli import command
from hamodel.cli._codes import HOLDS, INTERRUPTED, USAGE, VIOLATED
from hamodel.cli._places import matching, several

HACF = "keepalive 2\ndeadtime 30\nbcast eth1\nbcast eth0\nauto_failback on\nnode node1 node2\n"
GROUP = "node1 192.168.60.200/24/eth0 Filesystem::/dev/sdb5::/webdata::ext3\n"
KILL = ("--faults", "kill=1", "--property", "single_mount")


def cluster(folder: Path, hacf: str = HACF) -> Path:
    folder.mkdir(parents=True)
    (folder / "ha.cf").write_text(hacf)
    (folder / "haresources").write_text(GROUP)
    return folder


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two clusters, one of which nobody can kill, and one that Heartbeat refuses."""
    cluster(tmp_path / "fleet" / "bad", HACF.replace("deadtime 30", "deadtime 3"))
    cluster(tmp_path / "fleet" / "web")
    cluster(tmp_path / "fleet" / "safe")
    (tmp_path / "fleet" / "safe" / "haresources").write_text("node1 192.168.60.200/24/eth0\n")
    (tmp_path / "fleet" / "README").write_text("three clusters")
    (tmp_path / "fleet" / "docs").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path / "fleet"


def run(*words: str) -> Result:
    return CliRunner().invoke(command, list(words))


def row(output: str, path: str) -> str:
    return next(line for line in output.splitlines() if line.startswith(path))


def test_a_broken_one_stops_none_of_the_others_and_the_worst_decides(fleet: Path) -> None:
    result = run("check", "fleet/*", *KILL, "--property", "leaves_once", "--no-evidence")

    assert result.exit_code == USAGE
    assert "refused" in row(result.output, "fleet/bad")
    assert "1 holds, 1 violated" in row(result.output, "fleet/web")
    assert "violated  single_mount  by 1 kill" in result.output
    assert "fleet/bad/ha.cf:2: deadtime 3 s must be more than twice keepalive 2 s [HA104]" in result.output
    assert "docs" not in result.output and "README" not in result.output


def test_without_the_refused_one_the_violation_decides(fleet: Path) -> None:
    result = run("check", "fleet/web", "fleet/safe", "--each", *KILL, "--no-evidence")

    assert result.exit_code == VIOLATED


def test_evidence_lies_by_the_place_of_the_configuration(fleet: Path) -> None:
    run("check", "fleet/w*", *KILL, "--out", "out")

    assert (fleet.parent / "out" / "fleet" / "web--single_mount" / "trace.json").is_file()


def test_evidence_of_many_replays(fleet: Path) -> None:
    run("check", "fleet/w*", *KILL)

    result = run("replay", "counterexamples/fleet/web--single_mount/trace.json")

    assert result.exit_code == HOLDS, result.output


def test_the_second_time_costs_nothing_and_says_so(fleet: Path) -> None:
    first = run("check", "fleet/w*", *KILL, "--cache", "kept")
    trace = fleet.parent / "counterexamples" / "fleet" / "web--single_mount" / "trace.json"
    before = trace.read_bytes()
    trace.unlink()

    second = run("check", "fleet/w*", *KILL, "--cache", "kept")

    assert "kept" not in row(first.output, "fleet/web") and row(second.output, "fleet/web").endswith("kept")
    assert second.exit_code == first.exit_code == VIOLATED
    assert trace.read_bytes() == before


def test_one_and_many_share_what_was_kept(fleet: Path) -> None:
    run("check", "fleet/w*", *KILL, "--cache", "kept", "--no-evidence")

    single = run("check", "fleet/web", *KILL, "--cache", "kept", "--no-evidence", "--quiet")

    assert "kept from an earlier check" in single.output
    assert "fleet/web/ha.cf:2" in run("check", "fleet/web", *KILL, "--cache", "kept", "--format", "junit").output


def test_changed_values_are_kept_too(fleet: Path) -> None:
    words = ("check", "fleet/w*", *KILL, "--set", "deadtime=20", "--cache", "kept", "--no-evidence")
    assert not row(run(*words).output, "fleet/web").endswith("kept")

    assert row(run(*words).output, "fleet/web").endswith("kept")


@pytest.mark.parametrize("form", ["json", "junit", "sarif", "github"])
def test_every_format_tells_of_all(fleet: Path, form: str) -> None:
    result = CliRunner().invoke(command, ["check", "fleet/*", *KILL, "--no-evidence", "--format", form])

    assert result.exit_code == USAGE
    assert "fleet/web" in result.stdout and "fleet/bad" in result.stdout and "HA104" in result.stdout
    if form == "json":
        found = json.loads(result.stdout)["configurations"]
        assert [each["path"] for each in found] == ["fleet/bad", "fleet/safe", "fleet/web"]
        assert found[0]["refused"][0]["line"] == 2
        assert found[2]["report"]["properties"][0]["outcome"] == "violated"


@pytest.mark.parametrize("form", ["json", "junit", "sarif", "github"])
def test_a_single_refused_configuration_is_an_answer_for_programs(fleet: Path, form: str) -> None:
    result = CliRunner().invoke(command, ["check", "fleet/bad", "--format", form])

    assert result.exit_code == USAGE
    assert "HA104" in result.stdout and "error[HA104]" in result.stderr


def test_the_summary_goes_where_github_wants_it(fleet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(fleet.parent / "summary.md"))

    run("check", "fleet/w*", *KILL, "--no-evidence", "--format", "github")

    assert "| fleet/web | :x: 1 of 1 | single\\_mount |" in (fleet.parent / "summary.md").read_text()


def test_a_list_of_what_is_accepted_is_written_obeyed_and_expires(fleet: Path) -> None:
    words = ("check", "fleet/*", *KILL, "--no-evidence", "--baseline", "accepted.toml", "--cache", "kept")

    assert run(*words).exit_code == USAGE
    assert run(*words, "--write-baseline", "--today", "2026-11-22").exit_code == HOLDS
    obeyed = run(*words, "--today", "2026-12-24")
    expired = run(*words, "--today", "2027-12-24")

    assert obeyed.exit_code == HOLDS and "refused (accepted)" in row(obeyed.output, "fleet/bad")
    assert expired.exit_code == USAGE and "was accepted until 2027-02-20 and counts again" in expired.output


def test_a_single_report_says_what_is_accepted(fleet: Path) -> None:
    words = ("check", "fleet/web", *KILL, "--no-evidence", "--baseline", "accepted.toml", "--cache", "kept")
    run(*words, "--write-baseline", "--today", "2026-11-22")

    result = run(*words, "--today", "2026-11-22")

    assert result.exit_code == HOLDS
    assert "single_mount  violated (accepted)" in result.output
    assert "until 2027-02-20: found when this list was written" in result.output


@pytest.mark.parametrize(
    "words",
    [
        ("fleet/x*",),
        ("fleet/*", "--receipt", "r"),
        ("fleet/web", "--write-baseline"),
        ("fleet/web", "--today", "soon", "--baseline", "b"),
        ("fleet/*", "--backend", "dask"),
        ("fleet/*", "--scheduler", "tcp://h:1"),
        ("fleet/web", "--baseline", "nowhere.toml"),
    ],
)
def test_wrong_words_are_refused_before_anything_is_explored(fleet: Path, words: tuple[str, ...]) -> None:
    began = time.monotonic()

    assert run("check", *words).exit_code == USAGE
    assert time.monotonic() - began < 5


def test_two_folders_are_one_cluster_unless_each_has_its_own_spec(tmp_path: Path) -> None:
    one, two = cluster(tmp_path / "node1"), cluster(tmp_path / "node2")

    assert several([one, two], each=False) is None
    assert several([one, two], each=True) == [one, two]
    (one / "spec.toml").touch()
    (two / "spec.toml").touch()
    assert several([one, two], each=False) == [one, two]


def test_what_a_single_node_reads_belongs_to_the_folder_around_it(tmp_path: Path) -> None:
    cluster(tmp_path / "a")
    (tmp_path / "a" / "node1").mkdir()
    (tmp_path / "a" / "node1" / "ha.cf").write_text(HACF)
    cluster(tmp_path / "b" / "node1")
    cluster(tmp_path / "b" / "node2")
    cluster(tmp_path / "c" / "web")
    cluster(tmp_path / "c" / "db", HACF.replace("node1 node2", "db1 db2"))

    found = [path.relative_to(tmp_path).as_posix() for path in matching(f"{tmp_path}/**")]

    assert found == ["a", "b", "c/db", "c/web"]


@pytest.mark.skipif(os.name != "posix", reason="signals of a terminal")
def test_ctrl_c_keeps_what_was_finished(tmp_path: Path) -> None:
    cluster(tmp_path / "fleet" / "a")
    cluster(tmp_path / "fleet" / "b", HACF.replace("deadtime 30", "deadtime 20"))
    big = cluster(tmp_path / "fleet" / "z")
    (big / "spec.toml").write_text("[faults]\nbudget = 9\n")
    (tmp_path / "fleet" / "a" / "spec.toml").write_text('[faults]\nkinds = ["kill"]\n')
    (tmp_path / "fleet" / "b" / "spec.toml").write_text('[faults]\nkinds = ["kill"]\n')
    words = [sys.executable, "-m", "hamodel.cli", "check", "fleet/*", "--property", "leaves_once", "--no-evidence"]
    started = subprocess.Popen(
        [*words, "--jobs", "2", "--cache", "kept", "--memory", "2G"], cwd=tmp_path, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 120
        while len(list((tmp_path / "kept").glob("*.verdict"))) < 2 and time.monotonic() < deadline:
            time.sleep(0.2)
        os.killpg(started.pid, signal.SIGINT)
        out, err = started.communicate(timeout=30)
    finally:
        if started.poll() is None:
            os.killpg(started.pid, signal.SIGKILL)

    assert (started.returncode, err) == (INTERRUPTED, "")
    assert "1 holds" in row(out, "fleet/a") and "1 holds" in row(out, "fleet/b")
    assert "interrupted" in row(out, "fleet/z")
