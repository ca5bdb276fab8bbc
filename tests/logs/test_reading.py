"""Real logs read back: the seed article, the recorded runs, and what people published."""

from __future__ import annotations

import gzip
import os
import re
import subprocess
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hamodel.errors import UnreadableLog
from hamodel.logs.formats import parse
from hamodel.logs.reading import Line, Reader, read_logs
from tests.shared import SHARED, TRACES, needs_shared

ARTICLE = SHARED / "seed-article.txt"


def table() -> list[tuple[int, str, str]]:
    """The entries of the article as the reference repaired them: first physical line, message, whole line."""
    text = (SHARED / "reference/log-formats.md").read_text("utf-8").split("### 10.3")[1]
    rows = re.findall(r"^\| (\d+)[-\d]* \| (\S+) \| `(.*)` \|", text, re.MULTILINE)
    return [(int(number), key, line) for number, key, line in rows]


@needs_shared
def test_every_entry_of_the_article_is_joined_restored_and_known() -> None:
    found = {line.number: line for line in read_logs([ARTICLE], year=2007)}

    assert len(table()) == 116
    assert sorted(found) == [number for number, _, _ in table()]
    for number, key, text in table():
        line = found[number]
        wanted = parse(text, 2007)
        assert line.key == key
        if wanted is None:
            assert line.entry.text == text
            continue
        assert (line.entry.host, line.entry.tag, line.entry.pid) == (wanted.host, wanted.tag, wanted.pid)
        assert (line.entry.when, line.entry.level, line.entry.text) == (wanted.when, wanted.level, wanted.text)


@needs_shared
def test_of_the_recorded_runs_nothing_stays_unknown() -> None:
    reader = Reader([TRACES])
    nodes = Counter(line.node for line in reader)

    assert reader.counts.own > 70_000
    assert reader.counts.recognised == reader.counts.own
    assert set(nodes) == {"node1", "node2"}


@needs_shared
@pytest.mark.parametrize("run", ["seed1_stop_start", "hz62_fence_loop", "kill9_watchdog"])
def test_three_files_of_a_node_hold_each_line_once(run: str) -> None:
    """The debugfile holds all of the daemon's lines; syslog adds the kernel's."""
    whole = list(read_logs([TRACES / run]))
    for node in ("node1", "node2"):
        debug = [said(line) for line in read_logs([TRACES / run / node / "ha-debug"])]
        kernel = [said(line) for line in read_logs([TRACES / run / node / "messages"]) if not line.own]

        assert Counter(said(line) for line in whole if line.node == node) == Counter(debug + kernel)


def said(line: Line) -> tuple[str, int | None, str, str]:
    return line.entry.tag, line.entry.pid, line.entry.level, line.entry.text


@needs_shared
@pytest.mark.parametrize("run", ["seed1_stop_start", "hz62_fence_loop", "packet_loss_90"])
def test_the_lines_of_a_node_come_by_time(run: str) -> None:
    lines = list(read_logs([TRACES / run]))
    for node in ("node1", "node2"):
        times = [line.entry.when for line in lines if line.node == node]
        assert times == sorted(times)
        assert {time.year for time in times} == {2026}


@needs_shared
def test_what_people_published_is_known() -> None:
    for sample in sorted((SHARED / "samples").glob("*/log.txt")):
        reader = Reader([sample])
        assert list(reader), sample
        assert reader.counts.recognised == reader.counts.own, sample


def test_a_refused_start_pasted_from_a_terminal_is_read(tmp_path: Path) -> None:
    log = tmp_path / "terminal.txt"
    log.write_text(
        "ERROR: Client child command [/usr/lib/heartbeat/ipfail] is not executable\n"
        "ERROR: Heartbeat not started: configuration error.\n"
    )
    lines = list(read_logs([log]))

    assert [line.key for line in lines] == ["cfg-respawn-not-exec", "cfg-parse-failed"]
    assert lines[0].fields == {"path": "/usr/lib/heartbeat/ipfail"}
    assert lines[0].entry.tag == "heartbeat"


def write(path: Path, text: str, changed: datetime = datetime(2010, 3, 1)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    os.utime(path, (changed.timestamp(), changed.timestamp()))
    return path


def up(day: str, link: str, clock: str = "07:52:21") -> str:
    return f"{day} {clock} node1 heartbeat: [3689]: info: Link node1:{link} up.\n"


def days(*paths: Path, year: int | None = None) -> list[str]:
    return [f"{line.entry.when:%Y-%m-%d}" for line in read_logs(paths, year=year)]


def test_a_year_follows_from_the_time_of_change(tmp_path: Path) -> None:
    text = up("Dec 30", "eth0") + up("Dec 31", "eth1") + up("Jan  1", "eth2")
    assert days(write(tmp_path / "log", text)) == ["2009-12-30", "2009-12-31", "2010-01-01"]
    assert days(write(tmp_path / "log", up("Nov 26", "eth0"))) == ["2009-11-26"]
    assert days(write(tmp_path / "log", up("Feb 28", "eth0"))) == ["2010-02-28"]


def test_a_log_of_several_years_counts_its_new_years(tmp_path: Path) -> None:
    text = "".join(up(f"{month} 10", f"eth{n}") for n, month in enumerate(["Nov", "Feb", "Nov", "Jan", "Mar"]))
    found = days(write(tmp_path / "log", text, datetime(2010, 4, 1)))
    assert found == ["2008-11-10", "2009-02-10", "2009-11-10", "2010-01-10", "2010-03-10"]


def test_a_stamp_with_a_year_in_the_same_file_is_better(tmp_path: Path) -> None:
    script = "2007/11/26_07:52:22  harc(default)[144]:    info: Running /etc/ha.d//rc.d/status status\n"
    assert days(write(tmp_path / "log", up("Nov 26", "eth0") + script)) == ["2007-11-26", "2007-11-26"]
    assert days(write(tmp_path / "log", script + up("Jan  2", "eth0"))) == ["2007-11-26", "2008-01-02"]


def test_a_stamp_with_a_year_in_a_file_beside_is_better(tmp_path: Path) -> None:
    write(tmp_path / "node1/ha-log", "heartbeat[3689]: 2007/11/26_07:52:21 info: Link node1:eth0 up.\n")
    write(tmp_path / "node1/messages", up("Nov 26", "eth0") + up("Nov 26", "eth1"))
    assert days(tmp_path) == ["2007-11-26", "2007-11-26"]


def test_who_knows_the_year_is_believed(tmp_path: Path) -> None:
    text = up("Dec 31", "eth0") + up("Jan  1", "eth1")
    assert days(write(tmp_path / "log", text), year=1999) == ["1999-12-31", "2000-01-01"]


def test_a_leap_day_is_read_in_whichever_year(tmp_path: Path) -> None:
    text = up("Feb 28", "eth0") + up("Feb 29", "eth1")
    assert days(write(tmp_path / "log", text)) == ["2008-02-28", "2008-02-29"]
    assert len(days(write(tmp_path / "log", text), year=2011)) == 2


def test_the_syslog_and_the_logfile_of_the_old_release_hold_one_line_each(tmp_path: Path) -> None:
    """The logfile names no host, syslog no year, the stamps differ by a second, and one line is truly there twice."""
    texts = ["remote resource transition completed.", "remote resource transition completed.", "Link node2:eth0 up."]
    logfile = "".join(f"heartbeat[3689]: 2007/11/26_07:52:21 info: {text}\n" for text in texts)
    syslog = "".join(f"Nov 26 07:52:22 node1 heartbeat: [3689]: info: {text}\n" for text in texts)
    write(tmp_path / "ha-log", logfile)
    write(tmp_path / "messages", syslog + up("Nov 26", "eth9", "07:53:00"))
    reader = Reader([tmp_path])
    lines = list(reader)

    assert [line.entry.text for line in lines] == [*texts, "Link node1:eth9 up."]
    assert {line.node for line in lines} == {"node1"}
    assert (reader.counts.own, reader.counts.duplicates) == (7, 3)


def test_strangers_are_counted_and_left_out(tmp_path: Path) -> None:
    strangers = [
        "Nov 26 07:52:21 node1 sshd[77]: Accepted publickey for root",
        "Nov 26 07:52:21 node1 su(pam_unix)[78]: session opened for user root",
        "Nov 26 07:52:21 node1 kernel: eth0: link up",
        "Nov 26 07:52:21 node1 last message repeated 2 times",
        "-- Reboot --",
        "",
    ]
    ours = [up("Nov 26", "eth0").strip(), "Nov 26 07:52:21 node1 heartbeat: [1]: info: new words"]
    text = "\r\n".join(strangers + ours)
    reader = Reader([write(tmp_path / "messages", text)])
    lines = list(reader)

    assert [(line.key, line.own) for line in lines] == [("hb-link-status", True), ("", True)]
    assert (reader.counts.total, reader.counts.own, reader.counts.recognised) == (8, 2, 1)
    assert reader.by_source == {str(tmp_path / "messages"): reader.counts}


def test_lines_of_the_kernel_that_matter_are_read_and_are_not_heartbeats_own(tmp_path: Path) -> None:
    text = "Nov 26 07:52:21 node1 kernel: [  12.345678] softdog: Unexpected close, not stopping watchdog!\n"
    (line,) = read_logs([write(tmp_path / "messages", text)])
    assert (line.key, line.own, line.fields) == ("kernel-softdog-v26", False, {"driver": "softdog"})


def test_several_lives_of_the_daemon_are_one_stream(tmp_path: Path) -> None:
    lives = [(3689, "07"), (411, "08"), (9000, "09")]
    text = "".join(
        f"Nov 26 {hour}:00:0{second} node1 heartbeat: [{pid}]: info: {said}\n"
        for pid, hour in lives
        for second, said in enumerate(["heartbeat: version 2.0.8", "Local status now set to: 'up'"])
    )
    lines = list(read_logs([write(tmp_path / "messages", text)]))
    assert [line.entry.pid for line in lines if line.key == "hb-version"] == [3689, 411, 9000]


def test_memory_does_not_grow_with_the_log(tmp_path: Path) -> None:
    line = "Nov 26 07:52:21 node1 heartbeat: [3689]: info: Link node1:eth{} up.\n"
    with (tmp_path / "messages").open("w") as log:
        for number in range(150_000):
            log.write(line.format(number))
    code = (
        "import resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_DATA, (60 << 20, 60 << 20))\n"
        "from hamodel.logs.reading import read_logs\n"
        "print(sum(1 for _ in read_logs(sys.argv[1:])))\n"
    )
    with gzip.open(tmp_path / "messages.gz", "wb", 1) as packed:
        packed.write((tmp_path / "messages").read_bytes())
    for name in ("messages", "messages.gz"):
        done = subprocess.run([sys.executable, "-c", code, str(tmp_path / name)], capture_output=True, text=True)
        assert (done.stdout, done.stderr) == ("150000\n", "")


SCRAPS = st.sampled_from([up("Dec 31", "a"), up("Feb 29", "b"), "]\n", "\0\r\n"])


@given(st.lists(st.one_of(SCRAPS, st.binary(max_size=80))))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_raise_anything_but_a_refusal(tmp_path: Path, pieces: list[str | bytes]) -> None:
    (tmp_path / "log").write_bytes(b"".join(piece if isinstance(piece, bytes) else piece.encode() for piece in pieces))
    try:
        lines = list(read_logs([tmp_path / "log"]))
    except UnreadableLog:
        return
    assert all(line.node in ("node1", "") or not line.key for line in lines)


@needs_shared
def test_what_other_syslog_daemons_and_journals_print_is_the_same_log(tmp_path: Path) -> None:
    plain = TRACES / "kill9_watchdog/node1/messages"
    lines = plain.read_text("utf-8").splitlines(keepends=True)
    iso = [f"2026-11-{line[4:6]}T{line[7:15]}.25+00:00{line[15:]}" for line in lines]
    journal = [re.sub(r" (\w+): \[(\d+)\]: ", r" \1[\2]: [\2]: ", line) for line in lines]
    write(tmp_path / "iso", "".join(iso))
    write(tmp_path / "journal", "-- Logs begin at Sun 2026-11-22. --\n" + "".join(journal))

    wanted = [(line.key, said(line), line.node, line.fields) for line in read_logs([plain])]
    for name in ("iso", "journal"):
        found = list(read_logs([tmp_path / name], year=2026))
        assert [(line.key, said(line), line.node, line.fields) for line in found] == wanted

    both = Reader([tmp_path / "iso", TRACES / "kill9_watchdog/node1/ha-log"])
    logfile = list(read_logs([TRACES / "kill9_watchdog/node1/ha-log"]))
    assert len(list(both)) == len(wanted) < len(wanted) + len(logfile)
