"""`hamodel sweep`: every point has one answer, and a kill costs nothing but what was under way."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from hamodel.cli import command
from hamodel.cli._codes import HOLDS, INTERRUPTED, USAGE, VIOLATED

HACF = "keepalive 2\ndeadtime 30\nbcast eth1\nbcast eth0\nauto_failback on\nnode node1 node2\nwatchdog /dev/watchdog\n"
GROUP = "node1 192.168.60.200/24/eth0 Filesystem::/dev/sdb5::/webdata::ext3\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "pair"
    home.mkdir()
    (home / "ha.cf").write_text(HACF)
    (home / "haresources").write_text(GROUP)
    monkeypatch.chdir(tmp_path)
    return home


def run(*words: str) -> Result:
    return CliRunner().invoke(command, ["sweep", "pair", "--journal", "j", *words])


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text)))


def test_what_heartbeat_refuses_is_a_result_of_its_own(folder: Path) -> None:
    result = run("--vary", "deadtime=4s..8s:2s", "--vary", "auto_failback=on,off", "--faults", "kill=1")

    assert result.exit_code == VIOLATED
    assert "# 4 violated   x 2 refused" in result.output
    assert [line.split() for line in result.output.splitlines() if line.startswith("4 ")] == [
        ["4", mode, "refused", "HA104"] for mode in ("on", "off")
    ]


def test_the_map_shows_what_holds_where(folder: Path) -> None:
    result = run("--vary", "deadtime=4,6,8", "--vary", "faults.kinds=['cut'],['kill']", "--svg", "map.svg")

    assert "      ['kill'] | x # #" in result.output and "       ['cut'] | x . ." in result.output
    picture = ElementTree.parse("map.svg").getroot()
    titles = [title.text for title in picture.iter("{http://www.w3.org/2000/svg}title")]
    assert "deadtime 8, faults.kinds ['cut']: holds" in titles


def test_a_point_says_what_a_check_says(folder: Path) -> None:
    found = json.loads(run("--vary", "deadtime=20", "--faults", "kill=1", "--format", "json").output)
    report = CliRunner().invoke(
        command,
        ["check", "pair", "--set", "deadtime=20", "--faults", "kill=1", "--property", "single_mount", "--no-evidence",
         "--format", "json", "--quiet"],
    )  # fmt: skip
    (checked,) = json.loads(report.stdout)["properties"]

    (point,) = found["points"]
    told = point["properties"]["single_mount"]
    assert (told["outcome"], told["states"], told["by"]) == (checked["outcome"], checked["states"], ["1 kill"])


def test_csv_has_a_row_for_each_point_and_property(folder: Path) -> None:
    words = ("--vary", "deadtime=4,8", "--faults", "cut=1", "--format", "csv")

    found = rows(run(*words, "--property", "single_mount", "--property", "leaves_once").output)

    assert [(r["deadtime"], r["property"], r["result"], r["refused"]) for r in found] == [
        ("4", "single_mount", "refused", "HA104"),
        ("4", "leaves_once", "refused", "HA104"),
        ("8", "single_mount", "holds", ""),
        ("8", "leaves_once", "holds", ""),
    ]


def test_it_holds_where_it_holds(folder: Path) -> None:
    assert run("--vary", "deadtime=4,8", "--faults", "cut=1").exit_code == HOLDS


@pytest.mark.parametrize("words", [("deadtime=1,2",), ("deadtime=",), ("dedtime=3",), ("keepalive=3s..1s",)])
def test_nothing_to_check_is_a_mistake(folder: Path, words: tuple[str, ...]) -> None:
    assert run("--vary", *words).exit_code == USAGE


def test_the_same_command_again_asks_nothing(folder: Path) -> None:
    words = ("--vary", "deadtime=6,8", "--faults", "cut=1")
    first = run(*words)
    lines = Path("j").read_bytes()

    second = run(*words)

    assert "2 of 2 points from the journal of an earlier run" in second.output
    assert second.output.startswith(first.output.rstrip("\n"))
    assert Path("j").read_bytes() == lines


def test_more_values_ask_only_what_is_new_and_a_changed_file_asks_all(folder: Path) -> None:
    run("--vary", "deadtime=6,8", "--faults", "cut=1")

    more = run("--vary", "deadtime=6,8,9", "--faults", "cut=1")
    (folder / "ha.cf").write_text(HACF.replace("bcast eth0\n", "bcast eth2\n"))
    changed = run("--vary", "deadtime=6,8", "--faults", "cut=1")

    assert "2 of 3 points from the journal" in more.output
    assert "from the journal" not in changed.output


def test_points_that_say_the_same_are_one_question(folder: Path) -> None:
    run("--vary", "deadtime=8,8000ms", "--faults", "cut=1")

    assert len(Path("j").read_bytes().splitlines()) == 1


def test_pairs_need_fewer_points(folder: Path) -> None:
    axes = (
        "--vary",
        "deadtime=8,9",
        "--vary",
        "keepalive=1,2",
        "--vary",
        "auto_failback=on,off",
        "--vary",
        "initdead=60,70",
    )

    found = rows(run(*axes, "--t-wise", "2", "--faults", "cut=1", "--format", "csv").output)

    pairs = {(a, b, r[a], r[b]) for r in found for a in list(r)[:4] for b in list(r)[:4] if a < b}
    assert len(pairs) == 6 * 4 and len(found) < 16


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT], ids=["kill", "ctrl-c"])
def test_after_a_kill_it_goes_on_where_it_was(folder: Path, how: signal.Signals) -> None:
    words = [sys.executable, "-m", "hamodel.cli", "sweep", "pair", "--journal", "j", "--vary", "deadtime=5s..24s:1s"]
    words += ["--faults", "kill=1", "--format", "csv", "--jobs", "2"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    started = subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True
    )
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and not (Path("j").exists() and Path("j").read_bytes().count(b"\n") >= 4):
        time.sleep(0.05)
    os.killpg(started.pid, how)
    out, err = started.communicate(timeout=30)
    before = Path("j").read_bytes().count(b"\n")

    again = subprocess.run(words, capture_output=True, text=True, env=environment, check=False, timeout=300)

    assert 4 <= before < 20
    if how is signal.SIGINT:
        assert (started.returncode, err) == (INTERRUPTED, "")
        assert sum(row["result"] == "violated" for row in rows(out)) == before
    assert again.returncode == VIOLATED
    assert [row["deadtime"] for row in rows(again.stdout)] == [str(n) for n in range(5, 25)]
    assert {row["result"] for row in rows(again.stdout)} == {"violated"}
    assert len(Path("j").read_bytes().splitlines()) == 20
