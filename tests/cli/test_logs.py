"""Logs on request: of every violation, and of a trace that was kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hamodel.cli import command

HA_CF = """\
logfile /var/log/cluster/hb.log
logfacility local0
keepalive 1
deadtime 10
initdead 20
bcast eth1
node node1 node2
auto_failback off
"""
KILLED = ("--faults", "kill=1", "--budget", "1", "--property", "single_owner", "--quiet")


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(command, [str(word) for word in words], catch_exceptions=False)


@pytest.fixture
def cluster(tmp_path: Path) -> Path:
    (tmp_path / "ha.cf").write_text(HA_CF, encoding="utf-8")
    (tmp_path / "haresources").write_text("node1 10.0.0.9/24/eth0\n", encoding="utf-8")
    (tmp_path / "authkeys").write_text("auth 1\n1 crc\n", encoding="utf-8")
    (tmp_path / "authkeys").chmod(0o600)
    return tmp_path


def checked(cluster: Path, *words: str) -> Path:
    """The folder with the evidence."""
    out = cluster / "out"
    result = run("check", cluster, *KILLED, "--out", out, *words)
    assert result.exit_code == 1, result.output
    (folder,) = out.iterdir()
    return folder


def test_the_files_of_the_evidence_are_those_of_ha_cf(cluster: Path) -> None:
    folder = checked(cluster, "--skew", "node2=-71000", "--log-begin", "2007-11-26 09:04:00", "--merged")
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    nodes = {f"node{n}/{name}" for n in (1, 2) for name in ("hb.log", "messages")}
    assert names == {"trace.json", "messages", *nodes}
    text = (folder / "node2/messages").read_text("utf-8")
    assert text.startswith("Nov 26 09:02:58 node2 heartbeat: [")
    assert "WARN: node node1: is dead" in text and text == (folder / "messages").read_text("utf-8")


def test_a_kept_trace_gives_its_logs_again(cluster: Path, tmp_path: Path) -> None:
    folder = checked(cluster)
    logs = tmp_path / "logs"
    result = run("replay", folder / "trace.json", "--logs", logs)
    assert result.exit_code == 0, result.output
    assert f"wrote {logs.as_posix()}/node2/messages" in result.output
    for name in ("node1/hb.log", "node2/hb.log", "node2/messages"):
        assert (logs / name).read_bytes() == (folder / name).read_bytes()
    later = run("replay", folder / "trace.json", "--logs", logs, "--log-begin", "2010-01-02")
    assert later.exit_code == 0
    assert (logs / "node2/messages").read_text("utf-8").startswith("Jan  2 00:00:09 node2 ")


def test_a_clock_that_makes_no_sense_is_refused_at_once(cluster: Path) -> None:
    for words, told in ((("--skew", "node2"), "NODE=MS"), (("--skew", "node2=late"), "NODE=MS"),
                        (("--skew", "=7"), "names no node"),
        (("--skew", "node3=7"), "there is no node node3"),
                        (("--log-begin", "soon"), "soon")):  # fmt: skip
        result = run("check", cluster, *KILLED, "--no-evidence", *words)
        assert result.exit_code == 2
        assert told in result.output


def test_the_same_trace_gives_the_same_bytes_whatever_the_hash_seed(cluster: Path, tmp_path: Path) -> None:
    trace = checked(cluster) / "trace.json"
    assert json.loads(trace.read_text("utf-8"))["events"]
    found = []
    for seed in ("1", "2"):
        logs = tmp_path / f"logs{seed}"
        words = [sys.executable, "-m", "hamodel.cli", "replay", str(trace), "--logs", str(logs), "--merged"]
        subprocess.run(words, check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed})
        found.append({path.relative_to(logs): path.read_bytes() for path in sorted(logs.rglob("*")) if path.is_file()})
    assert len(found[0]) == 5
    assert found[0] == found[1]
