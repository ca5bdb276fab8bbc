"""`hamodel watch`: its exit codes, its hook, its lines, and logs that grow while it looks."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hamodel.cli import command
from hamodel.cli._codes import HOLDS, INTERRUPTED, USAGE, VIOLATED
from hamodel.cli._hook import Hook
from hamodel.cli.watch import pull
from hamodel.config.spec import read_spec
from hamodel.engines.classes import ClassesEngine
from hamodel.incident.case import explained
from hamodel.incident.changes import Event, Kind
from hamodel.incident.report import Proof
from hamodel.incident.watching import Watching
from hamodel.ir import schedule
from hamodel.logs.following import Follower
from hamodel.machines import compose_cluster
from hamodel.renderers.halog import render_logs
from tests.shared import TRACES, needs_shared

ROOT = Path(__file__).parents[2]
CUT = TRACES / "seed4_cut_all"
FAST = ("--interval", "0.05", "--settle", "0.2")


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(command, ["watch", *map(str, words)])


def events(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def copy(name: str, root: Path, share: float = 1) -> None:
    """A share of a node's log, up to the end of a line."""
    text = (CUT / name).read_text()
    end = text.index("\n", int(len(text) * share) - 1) + 1
    (root / name).parent.mkdir(exist_ok=True, parents=True)
    (root / name).write_text(text[:end])


def grow(root: Path) -> None:
    """What both nodes sent to syslog, line by line in order of time, in a second or so."""
    lines = [
        (line[:15], name, line)
        for name in ("node1", "node2")
        for line in (CUT / name / "messages").read_text().splitlines(keepends=True)
    ]
    for place, (_, name, line) in enumerate(sorted(lines, key=lambda each: each[0])):
        (root / name).mkdir(exist_ok=True)
        with (root / name / "ha-log").open("a") as stream:
            stream.write(line)
        if place % 8 == 0:
            time.sleep(0.02)


def started(root: Path, *words: str) -> subprocess.Popen[str]:
    """The command in a process of its own, on two logs that are not there yet."""
    return subprocess.Popen(
        [sys.executable, "-m", "hamodel.cli", "watch", "node1/ha-log", "node2/ha-log", *FAST, *words],
        cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def ended(watched: subprocess.Popen[str]) -> tuple[str, str]:
    """What it wrote; one that does not end is ended, and fails the test."""
    try:
        return watched.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        watched.kill()
        pytest.fail(f"still watching: {watched.communicate()}")


@needs_shared
def test_once_says_who_has_what_now() -> None:
    found = run(CUT, "--once")

    assert found.exit_code == HOLDS
    assert "node1  has /dev/sdb5" in found.output
    assert "UNSAFE" not in found.output


@needs_shared
def test_once_with_all_tells_the_past_too() -> None:
    found = run(CUT, "--once", "--all", "--format", "json")
    told = events(found.output)

    assert found.exit_code == HOLDS
    assert {"told", "owner", "unsafe", "safe"} == {event["event"] for event in told}
    assert len(told) == len(found.output.splitlines())
    assert set(told[0]) == {"time", "event", "node", "node_time", "text", "resource", "nodes", "cause", "lines"}
    assert all(event["lines"] for event in told)


@needs_shared
def test_once_in_the_middle_of_the_night_is_unsafe(tmp_path: Path) -> None:
    copy("node1/ha-log", tmp_path, 0.55)
    copy("node2/ha-log", tmp_path, 0.55)

    found = run(tmp_path / "node1/ha-log", tmp_path / "node2/ha-log", "--once")

    assert found.exit_code == VIOLATED
    assert "UNSAFE: node1 and node2 both have 192.168.60.200" in found.output


@needs_shared
def test_until_unsafe_ends_with_one_and_calls_the_hook_once_for_each(tmp_path: Path) -> None:
    log = tmp_path / "calls"
    script = tmp_path / "hook.py"
    script.write_text(
        "import os, sys, json\n"
        "event = json.load(sys.stdin)\n"
        "assert event['event'] == os.environ['HAMODEL_EVENT']\n"
        f"open({str(log)!r}, 'a').write(os.environ['HAMODEL_EVENT'] + ' ' + os.environ['HAMODEL_RESOURCE'] + chr(10))\n"
    )
    watched = started(tmp_path, "--until", "unsafe", "--exec", f"{sys.executable} {script}")
    assert watched.stderr is not None
    assert watched.stderr.readline() == "waiting for node1/ha-log: not there yet\n"
    grow(tmp_path)
    out, _ = ended(watched)

    assert watched.returncode == VIOLATED
    assert "UNSAFE: node1 and node2 both have" in out
    calls = log.read_text().splitlines()
    assert calls
    assert len(calls) == len(set(calls)) == out.count("UNSAFE")


@needs_shared
def test_files_that_come_later_are_waited_for_and_ctrl_c_ends_with_130(tmp_path: Path) -> None:
    watched = started(tmp_path, "--format", "json")
    assert watched.stderr is not None
    first = watched.stderr.readline()
    grow(tmp_path)
    time.sleep(1.5)
    watched.send_signal(signal.SIGINT)
    out, err = ended(watched)

    assert first == "waiting for node1/ha-log: not there yet\n"
    assert "following node1/ha-log" in err
    assert "Traceback" not in err
    assert watched.returncode == INTERRUPTED
    told = events(out)
    assert [e["resource"] for e in told if e["event"] == "unsafe"].count("/dev/sdb5") == 1
    lines = [(e["text"], str(e["lines"])) for e in told if e["event"] == "told"]
    assert len(lines) == len(set(lines))


def test_a_run_of_the_model_is_told_as_its_logs_are_written(tmp_path: Path) -> None:
    """What `render_logs` writes of the kept double mount, a piece of each file at a time."""
    spec = read_spec([ROOT / "specs" / "01-webdata"], None, {})
    system = compose_cluster(spec)
    names = tomllib.loads((ROOT / "counterexamples" / "01-webdata--single_mount.toml").read_text())["events"]
    engine = ClassesEngine()
    (start,) = engine.steady(system.with_settings(budget_total=len(names)))
    trace = schedule.timed(system.with_settings(budget_total=len(names)), names, start)
    texts = {tmp_path / name: text for name, text in render_logs(trace, spec.cluster).items() if "ha-log" in name}
    follower, watching = Follower(list(texts)), Watching()
    told: list[Event] = []
    for part in range(1, 9):
        for path, text in texts.items():
            path.parent.mkdir(exist_ok=True)
            path.write_text(text[: len(text) * part // 8])
        pull(follower, watching, last=part == 8)
        told += watching.look(part)
    follower.close()

    whole = explained(list(texts))
    assert watching.report is not None
    assert watching.report.overlaps == whole.overlaps
    assert watching.report.owned == whole.owned
    assert [t.text for t in watching.report.story] == [t.text for t in whole.story]
    assert "declares node1 dead" in [event.text for event in told]


def test_a_hook_that_is_no_program_is_refused() -> None:
    found = run("a", "--exec", "no-such-program-anywhere")

    assert found.exit_code == USAGE
    assert "there is no such program" in found.output


def test_a_hook_with_an_open_quote_is_refused() -> None:
    assert run("a", "--exec", "sh -c 'x").exit_code == USAGE


def test_standard_input_is_refused() -> None:
    assert run("-", "--once").exit_code == USAGE


def test_a_packed_log_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ha-log.gz"
    path.write_bytes(gzip.compress(b"x\n"))
    found = run(path, "--once")

    assert found.exit_code == USAGE
    assert "packed" in found.output


def test_a_missing_file_cannot_be_summed_up(tmp_path: Path) -> None:
    found = run(tmp_path / "ha-log", "--once")

    assert found.exit_code == USAGE
    assert "not there yet" in found.output


def test_a_folder_without_logs_is_refused(tmp_path: Path) -> None:
    assert run(tmp_path, "--once").exit_code == USAGE


UNSAFE = Event(Kind.UNSAFE, 0, "", 0, "x; rm -rf /", "/dev/sdb5", ("a", "b"), "$(id)", (Proof("ha-log", 3),))


def test_nothing_a_log_says_is_a_command(tmp_path: Path) -> None:
    out = tmp_path / "out"
    Hook(f"sh -c 'printf %s \"$HAMODEL_TEXT|$HAMODEL_CAUSE|$HAMODEL_LINES\" > {out}'").call(UNSAFE)

    assert out.read_text() == "x; rm -rf /|$(id)|ha-log:3"


@pytest.mark.parametrize(
    ("hook", "said"), [("sh -c 'exit 7'", "exit code 7"), ("sleep 30", "ran longer than 0.2 s")], ids=["fails", "hangs"]
)
def test_a_hook_that_goes_wrong_is_told_and_ends_nothing(
    hook: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Hook(hook, patience=0.2).call(UNSAFE)

    assert said in capsys.readouterr().err
