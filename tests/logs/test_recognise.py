"""Every message that can be written can be read back, under the tag of its writer and in every layout."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamodel.logs.catalogue import CATALOGUE, Message
from hamodel.logs.formats import Entry, Writer, debugfile, logfile, parse, syslog
from hamodel.logs.known import KNOWN, READ_ROWS
from hamodel.logs.recognise import recognise
from hamodel.logs.tags import DAEMONS, components
from tests.shared import SHARED, needs_shared

LOGGED = [m for m in KNOWN.values() if m.component != "init-script" and not m.id.startswith("cli-")]
"""All but what only a terminal sees."""
TAGS = {"any-daemon": "heartbeat", "resource-script": "IPaddr", "ocf-agent": "Filesystem"}
SHAPED = {"rcmsg": "exited with return code 1", "action": "give up", "acquisition_or_release": "release"}
WHEN = datetime(2012, 1, 2, 3, 4, 5)


def tag(message: Message) -> str:
    return TAGS.get(message.component, message.component)


def writer(message: Message) -> Writer:
    if message.component in ("kernel", "avahi-daemon"):
        return Writer.SYSTEM
    return Writer.DAEMON if tag(message) in DAEMONS else Writer.SCRIPT


def shape(message: Message) -> tuple[str, str]:
    """What of a message a reader can see: not what its holes are called."""
    return message.level, re.sub(r"\{\w+\}", "{}", message.format)


@needs_shared
def test_the_catalogue_holds_every_message_of_the_reference() -> None:
    rows = [row.split("\t") for row in (SHARED / "reference/log-messages.tsv").read_text("utf-8").splitlines()[1:]]
    for name, component, level, form, versions, *_ in rows:
        known = KNOWN[name]
        assert (known.component, known.level, known.format) == (component, level, form.replace("␠", " "))
        assert versions == "both" or set(known.versions) <= {versions}


def test_what_is_written_is_known_under_the_same_name() -> None:
    assert CATALOGUE.keys() <= KNOWN.keys()
    assert all(KNOWN[name].format == message.format for name, message in CATALOGUE.items())
    assert [row[0] for row in READ_ROWS if row[0] in CATALOGUE] == [], "what is written need not stand among the rest"


WORD = st.text(st.sampled_from("abcxyz019./-_:=,"), min_size=1, max_size=12)


@settings(max_examples=1500, deadline=None)
@given(st.sampled_from(LOGGED), st.data())
def test_a_message_with_any_words_in_it_is_read_back_from_every_layout(message: Message, data: st.DataObject) -> None:
    words = {name: SHAPED.get(name) or data.draw(WORD, name) for name in message.placeholders}
    words = {name: f" {word}" if name.startswith("opt_") else word for name, word in words.items()}
    text = message.text(**words)
    level = "" if message.level == "-" else message.level
    pid = None if message.component == "kernel" else 4711
    entry = Entry(WHEN, "node1", tag(message), pid, level, text, writer(message))
    layouts: list[Callable[[Entry], str]] = [syslog]
    if entry.writer is not Writer.SYSTEM:
        layouts += [lambda e: logfile(e, "2.0.8"), lambda e: logfile(e, "3.0.6"), lambda e: debugfile(e, "3.0.6")]

    for layout in layouts:
        found = parse(layout(entry), 2012)
        assert found is not None
        assert (found.tag, found.pid, found.level, found.text) == (entry.tag, entry.pid, entry.level, text)
        match = recognise(found.tag, found.level, found.text)
        assert match is not None
        assert match.text == text
        assert shape(match.message) == shape(message) or more_literal(match.message, message)


def more_literal(one: Message, other: Message) -> bool:
    """A text that fits two messages belongs to the one that says more of it."""
    return len(shape(one)[1].replace("{}", "")) > len(shape(other)[1].replace("{}", ""))


@pytest.mark.parametrize("message", LOGGED, ids=lambda message: message.id)
def test_a_message_with_plain_words_in_it_is_that_message(message: Message) -> None:
    fields = {name: SHAPED.get(name, f"w{place}w") for place, name in enumerate(message.placeholders)}
    fields = {name: f" {word}" if name.startswith("opt_") else word for name, word in fields.items()}
    match = recognise(tag(message), message.level.replace("-", ""), message.text(**fields))

    assert match is not None
    assert match.exact
    assert shape(match.message) == shape(message)
    assert list(match.fields.values()) == list(fields.values())


def test_squeezed_blanks_and_a_lost_full_stop_are_forgiven_and_put_back() -> None:
    match = recognise("IPaddr", "INFO", "Success")
    assert match is not None
    assert (match.message.id, match.exact, match.text) == ("ra-success", False, " Success")
    match = recognise("heartbeat", "info", "local resource transition completed")
    assert match is not None
    assert match.text == "local resource transition completed."
    match = recognise("heartbeat", "info", 'Starting "/usr/lib/heartbeat/ipfail" as uid 694 gid 694 (pid 3712)')
    assert match is not None
    assert match.text == 'Starting "/usr/lib/heartbeat/ipfail" as uid 694  gid 694 (pid 3712)'


def test_another_level_is_forgiven_where_the_text_is_long_enough() -> None:
    match = recognise("heartbeat", "WARN", "Received shutdown notice from 'node1'.")
    assert match is not None
    assert match.message.id == "hbr-shutdown-notice"
    assert recognise("heartbeat", "EMERG", "whatever nobody wrote") is None


def test_an_error_nobody_knows_is_not_taken_for_a_failed_command() -> None:
    assert recognise("heartbeat", "ERROR", "the moon has risen") is None
    match = recognise("heartbeat", "ERROR", "/usr/lib/heartbeat/mach_down x exited with return code 2")
    assert match is not None
    assert match.fields == {"cmd": "/usr/lib/heartbeat/mach_down x", "rcmsg": "exited with return code 2"}


def test_the_seconds_since_boot_in_a_kernel_line_do_not_matter() -> None:
    match = recognise("kernel", "", "[ 1234.567890] softdog: Unexpected close, not stopping watchdog!")
    assert match is not None
    assert match.fields == {"driver": "softdog"}


def test_a_tag_says_whose_texts_may_follow() -> None:
    assert components("heartbeat") == ("heartbeat", "any-daemon")
    assert components("crmd") == ("crmd", "any-daemon")
    assert components("harc(default)") == components("harc") == ("harc",)
    assert components("IPaddr(IPaddr_192.168.60.200)") == ("IPaddr", "resource-script", "ocf-agent")
    assert components("/usr/lib/ocf/resource.d//heartbeat/IPaddr(IPaddr_1)") == ("resource-script", "ocf-agent")
    assert components("apache") == ("resource-script", "ocf-agent")
    assert components("sshd") == components("/usr/sbin/cron") == components("") == ()


HOSTILE = [
    "Link " * 1200,
    "a: " * 2000,
    " process " * 700,
    "HA resource " * 500,
    "(" * 6000,
    "\\" * 6000,
    "Dispatch function for Dispatch function for " * 130,
    "standby: acquire [" * 330,
    "glib: " * 1000,
    "x -i -r -p " * 500,
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:12])
def test_hostile_texts_take_no_longer_than_long_ones(text: str) -> None:
    who = [("heartbeat", level) for level in ("info", "ERROR", "WARN", "debug")] + [("IPaddr2", "INFO")]
    for name, level in who:
        recognise(name, level, "warm")
    began = time.process_time()
    for name, level in who:
        recognise(name, level, text)
    assert time.process_time() - began < 0.5


@given(st.sampled_from([*sorted(DAEMONS), "IPaddr", "harc", "kernel", ""]), st.text(max_size=8), st.text(max_size=200))
def test_no_text_raises(name: str, level: str, text: str) -> None:
    recognise(name, level, text)


@given(st.sampled_from(LOGGED), st.integers(0, 120), st.integers(0, 40), st.text(max_size=5))
def test_no_damaged_text_raises_and_what_is_known_is_put_back_whole(
    message: Message, place: int, lost: int, piece: str
) -> None:
    whole = message.text(**{name: SHAPED.get(name, "w") for name in message.placeholders})
    text = whole[:place] + piece + whole[place + lost :]
    match = recognise(tag(message), message.level.replace("-", ""), text)
    if match is not None and match.exact:
        assert match.text == text


@pytest.mark.parametrize(
    ("tag", "text", "key"),
    [
        ("kernel", "softdog: WDT device closed unexpectedly. WDT will not stop!", "kernel-softdog"),
        ("kernel", "[  125.260051] eth0: no IPv6 routers present", None),
        ("ntpd", "time reset +173.389768 s", "clock-reset-ntpd"),
        ("ntpd", "synchronized to 193.55.167.2, stratum 2", None),
        ("ntpdate", "step time server 91.189.94.4 offset -2.003221 sec", "clock-step-ntpdate"),
        ("chronyd", "System clock was stepped by -32400.283303 seconds", "clock-step-chronyd"),
        ("chronyd", "Selected source 202.162.32.12", None),
        ("systemd", "Time has been changed", "clock-changed-systemd"),
        ("systemd", "Started Session 4 of user root.", None),
        ("systemd-journald", "Time jumped backwards, rotating", "clock-back-journald"),
    ],
)
def test_programs_that_write_much_else_are_known_by_a_word_of_their_texts(tag: str, text: str, key: str | None) -> None:
    match = recognise(tag, "", text)

    assert (None if match is None else match.message.id) == key
