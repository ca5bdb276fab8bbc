"""Real logs read back: the seed article, the recorded runs, and what people published."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

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
