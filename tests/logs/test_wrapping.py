"""Lines that a page broke are joined; lines that nobody broke are left alone."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamodel.logs.catalogue import Message
from hamodel.logs.headers import header
from hamodel.logs.known import KNOWN
from hamodel.logs.reading import Reader
from hamodel.logs.records import Counts, records
from hamodel.logs.wrapping import column_of, groups, joined, looks_wrapped, width_of
from tests.logs.test_recognise import SHAPED
from tests.shared import SHARED, TRACES, needs_shared


@pytest.mark.parametrize(
    ("pieces", "whole"),
    [
        (["info: Local status", "now set to: 'up'"], "info: Local status now set to: 'up'"),
        (["info: /usr/lib/", "heartbeat/mach_down: done"], "info: /usr/lib/heartbeat/mach_down: done"),
        (["Running /etc/ha.", "d/rc.d/status status"], "Running /etc/ha.d/rc.d/status status"),
        (["received ip-", "request-resp KEY OK yes"], "received ip-request-resp KEY OK yes"),
        (["group: node1 Filesystem:", ":/dev/sdb5::/web"], "group: node1 Filesystem::/dev/sdb5::/web"),
        (["WARN: G", "_CH_dispatch_int: late"], "WARN: G_CH_dispatch_int: late"),
        (
            ["Running", "/etc/ha.d/resource.d/ Filesystem/dev/sdb5 /web"],
            "Running /etc/ha.d/resource.d/Filesystem /dev/sdb5 /web",
        ),
        (["/etc/ha.d/resource.d/ Filesystem /dev/sdb5 /web"], "/etc/ha.d/resource.d/Filesystem /dev/sdb5 /web"),
        (["/usr/lib/ocf/resource.d//heartbeat/IPaddr(X)"], "/usr/lib/ocf/resource.d//heartbeat/IPaddr(X)"),
        (["/usr/lib/ocf/resource.d/heartbeat/IPaddr start"], "/usr/lib/ocf/resource.d/heartbeat/IPaddr start"),
    ],
)
def test_pieces_become_what_was_written(pieces: list[str], whole: str) -> None:
    assert joined(pieces[0], pieces[1:]) == whole


@needs_shared
def test_only_what_was_broken_looks_broken() -> None:
    broken = [SHARED / "seed-article.txt", SHARED / "samples/seed-article-node1-node2/log.txt"]
    whole = [*TRACES.glob("*/node*/*"), *(set(SHARED.glob("samples/*/log.txt")) - set(broken))]

    for file in broken:
        assert looks_wrapped(groups(file.read_text("utf-8").splitlines())), file
    assert len(whole) > 400
    for file in whole:
        text = file.read_text("utf-8", "replace").splitlines()
        assert not looks_wrapped(groups(text)), file
        assert column_of(groups(text)) == 0, file
        assert width_of(text) == 0, file


@needs_shared
@pytest.mark.parametrize("quote", ["", "> "])
@pytest.mark.parametrize("column", [72, 80, 100])
def test_what_a_terminal_cut_at_its_width_is_what_the_daemon_wrote(column: int, quote: str) -> None:
    log = TRACES / "seed5_kill9_no_watchdog/node2/ha-log"
    lines = [line for line in log.read_text("utf-8").splitlines() if not line.startswith("INFO:")][-60:]
    lines = [line for line in lines if header(line[:column]) is not None]
    cut = [f"{quote}{line[at : at + column]}" for line in lines for at in range(0, len(line), column)]

    found = list(records(cut, Counts(), wrapped=True, column=column))

    assert column_of(groups(cut)) == column
    assert len(cut) > len(found) > 30
    assert [record.head for record in found] == [record.head for record in records(lines, Counts())]


@needs_shared
@pytest.mark.parametrize("width", [36, 40, 50, 60])
@pytest.mark.parametrize("file", ["messages", "ha-log"])
def test_a_header_that_a_narrow_terminal_cut_is_whole_again(file: str, width: int, tmp_path: Path) -> None:
    log = TRACES / "two_groups_stop/node2" / file
    lines = [line for line in log.read_text("utf-8").splitlines() if not line.startswith("INFO:")]
    cut = [line[at : at + width] for line in lines for at in range(0, len(line), width)]
    (tmp_path / "log").write_text("".join(f"{line}\n" for line in cut), "utf-8")
    reader = Reader([tmp_path / "log"])

    found = [(line.entry.when, line.entry.tag, line.entry.pid, line.key) for line in reader]
    whole = Reader([log])

    assert width_of(cut) == width
    assert found == [(line.entry.when, line.entry.tag, line.entry.pid, line.key) for line in whole]
    assert reader.counts.own == reader.counts.recognised


def test_a_log_with_some_equally_long_lines_is_not_cut() -> None:
    lines = [f"Mar 14 08:10:0{n} east heartbeat: [2201]: info: Link west:eth{n} up." for n in range(9)]
    bare = "x" * len(lines[0])

    assert width_of([*lines, lines[0], bare]) == 0
    assert width_of([*lines, *(part for line in lines for part in (line[:30], line[30:]))]) == 0


def breaks_cleanly(message: Message) -> bool:
    """Whether the blanks of a text, and nothing else, are where a mail may break it; no rule of joining is hit."""
    form = message.format
    joints = ("  ", "/ ", "- ", " :", " _", " #")
    return not any(joint in form for joint in joints) and form == form.strip() and len(form) > 25


PLAIN = [
    message
    for message in KNOWN.values()
    if message.component in ("heartbeat", "any-daemon") and message.level != "-" and breaks_cleanly(message)
]


def filled(name: str) -> str:
    return SHAPED.get(name, "" if name.startswith("opt_") else name)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PLAIN), min_size=1, max_size=12), st.integers(60, 90))
def test_what_a_mail_broke_at_blanks_is_read_whole(said: list[Message], width: int) -> None:
    texts = [message.text(**{name: filled(name) for name in message.placeholders}) for message in said]
    wrap = textwrap.TextWrapper(width, break_long_words=False, break_on_hyphens=False)
    heads = [f"Nov 26 07:52:21 node1 heartbeat: [3688]: {message.level}: " for message in said]
    broken = [piece for head, text in zip(heads, texts, strict=True) for piece in wrap.wrap(head + text)]

    found = list(records(broken, Counts(), wrapped=True))

    assert [record.head.text for record in found] == texts


def test_bare_output_of_scripts_is_counted_and_left_out(tmp_path: Path) -> None:
    lines = [
        "harc(default)[144]:\t2026/11/22_08:52:13 info: Running /etc/ha.d//rc.d/status status",
        "INFO:  Success",
        "SIOCDELRT: No such process",
        "Nov 22 08:52:14 node1 heartbeat: [132]: info: Link node2:eth1 up.",
        "Starting httpd: ok",
    ]
    counts = Counts()
    found = list(records(lines, counts))

    assert [record.match and record.match.message.id for record in found] == ["harc-running", "hb-link-status"]
    assert (counts.total, counts.own, counts.recognised) == (5, 2, 2)


def test_a_device_whose_name_ends_in_a_line_break_is_one_line() -> None:
    lines = [
        "Nov 22 09:07:03 node2 heartbeat: [211]: info: Resetting node node1 with [hbtest STONITH device",
        "]",
        "Nov 22 09:07:03 node2 heartbeat: [211]: info: Resetting node node1 with [hbtest STONITH device#012]",
    ]
    found = list(records(lines, Counts()))

    assert [record.number for record in found] == [1, 3]
    assert {record.head.text for record in found} == {"Resetting node node1 with [hbtest STONITH device\n]"}
    assert all(record.match and record.match.message.id == "hbr-stonith-begin" for record in found)


@given(
    st.lists(
        st.one_of(
            st.text(max_size=60), st.sampled_from(["info:", "ERROR: x", "]", "Nov 26 07:52:21 n heartbeat: [1]: info:"])
        )
    )
)
def test_no_text_raises(lines: list[str]) -> None:
    for wrapped in (False, True):
        counts = Counts()
        assert counts.own == 0
        found = list(records(lines, counts, wrapped))
        assert counts.total == len(lines)
        assert len(found) == counts.own <= counts.total
    looks_wrapped(groups(lines))
