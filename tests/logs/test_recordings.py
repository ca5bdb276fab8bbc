"""Our lines are lines that real Heartbeats wrote: the recorded runs of 3.0.6 and the seed article's log of 2.0.8."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from hamodel.logs.catalogue import CATALOGUE
from hamodel.logs.expand import COMPOUNDS
from hamodel.logs.formats import Entry, read
from hamodel.logs.journal import Said
from tests.logs.samples import FIELDS, GROUPS, MEDIA, line, logs

SHARED = Path(__file__).parents[3] / "shared"

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the recorded runs are not beside this checkout")

CLIENTS = Path(__file__).with_name("recorded") / "clients-3.0.6.ha-log"
"""What the daemon wrote about clients in other runs: ccm twice, ipfail as root, killed, failfast, in legacy mode."""
SCRIPTS = Path(__file__).with_name("recorded") / "scripts-3.0.6.ha-debug"
"""What scripts wrote in other runs: at debug level 1; IPaddr without an interface, IPaddr2, a service."""

Shape = tuple[str, str, str]
"""Tag, level and text of a line with every number and every instance name masked."""


def shape(entry: Entry | Said) -> Shape:
    text = re.sub(r"\d+", "#", entry.text).replace("\n]", "]")
    return entry.tag, entry.level, re.sub(r"IPaddr::(?=#)", "", text)


@cache
def recorded(folder: str = "*") -> tuple[Entry, ...]:
    found: list[Entry] = []
    for name in ("ha-log", "messages", "ha-debug"):
        for path in sorted((SHARED / "traces").glob(f"{folder}/node*/{name}")):
            found += read(path.read_text("utf-8", "replace").splitlines(), 2026)
    if folder == "*":
        for own in (CLIENTS, SCRIPTS):
            found += read(own.read_text("utf-8").splitlines(), 2026)
    return tuple(found)


@cache
def shapes() -> frozenset[Shape]:
    return frozenset(shape(entry) for entry in recorded())


@cache
def article() -> tuple[Entry, ...]:
    """The entries of the seed article as the reference repaired them."""
    table = (SHARED / "reference/log-formats.md").read_text("utf-8").split("### 10.3")[1]
    cells = re.findall(r"^\| [\d-]+ \| \S+ \| `(.*)` \|", table, re.MULTILINE)
    return read(cells, 2007)


NOT_RECORDED = {
    "avahi-register", "avahi-withdraw", "cfg-logd-and-files", "cfg-logd-default", "cfg-uselogd-on",
    "cfg-uselogd-on-hint", "fs-mount-failed", "fs-unmount-giveup", "hb-client-killed",
    "api-bad-pid", "ipfail-no-resources",
    "hb-emergency-kill", "hb-no-local-heartbeat", "hb-no-local-heartbeat-url", "hb-no-working-media",
    "hb-packets-lost-many", "hb-shutdown-delayed-comm", "hb-watchdog-open-failed", "hbr-gostandby-none",
    "hbr-recover-in-shutdown", "hbr-resource-bad-state", "hbr-shutdown-already", "hbr-standby-legacy",
    "hbr-standby-other-flux", "hbr-stonith-badhost", "hbr-stonith-not-operational", "hbr-stonith-status-failed",
    "hbr-stonith-status-hint", "ip-add-failed", "ip-calc-nic", "lvm-activating", "lvm-deactivating",
    "kernel-boot", "kernel-ext3-journal", "kernel-ext3-ordered", "kernel-kjournald",
    "kernel-softdog-v26", "mcast-started", "ping-group-started", "ra-generic-error", "rm-must-succeed", "rm-not-lsb",
    "rm-reboot-avoided", "serial-started", "sig-reread-auth", "sig-unchanged", "stonith-meat-failed",
    "stonith-ssh-reset", "ucast-bound-receive", "ucast-bound-send", "ucast-reuseaddr", "ucast-started", "ucast-tos",
}  # fmt: skip
"""Texts of 3.0.6 that no recorded run happens to contain; they stand on the daemon's source alone."""


def _stem(name: str) -> str:
    return name.removesuffix("-v2").removesuffix("-v3")


def test_texts_of_the_new_release_are_in_the_recorded_runs() -> None:
    forms: dict[tuple[str, str], set[str]] = {}
    for entry in recorded():
        forms.setdefault((entry.tag.split("(")[0].rsplit("/", 1)[-1], entry.level), set()).add(entry.text)
    absent = set()
    for text in CATALOGUE.values():
        if "3.0.6" not in text.versions:
            continue
        tags = [text.component] if text.component != "resource-script" else ["IPaddr", "Filesystem"]
        level = "" if text.level == "-" else text.level
        if not any(text.matches(seen) is not None for tag in tags for seen in forms.get((tag, level), ())):
            absent.add(_stem(text.id) if text.id != "kernel-softdog-v26" else text.id)
    assert absent <= NOT_RECORDED, sorted(absent - NOT_RECORDED)
    assert absent >= NOT_RECORDED, sorted(NOT_RECORDED - absent)


UNSEEN_TEXTS = re.compile(
    r"Linux version|EXT3|kjournald|WDT|Unexpected close|Generic error|Couldn't|Could not|probably not LSB|MUST succeed"
    r"|narrowly avoided|not operational|status operation failed|may mean that|cannot reset|No local heartbeat|No_Local"
    r"|Current resources|SoftDog|bad pid"
)
ONLY_THE_DISK = {"resource-start-failed", "resource-stop-failed", "resource-stop-retry", "group-giving-up"}
"""Only file systems failed in the recorded runs."""


@pytest.mark.parametrize("name", sorted(COMPOUNDS))
def test_events_of_the_new_release_become_recorded_lines(name: str) -> None:
    """Tag, level and text with its fixed blanks occur in a recorded run, numbers apart."""
    real = shapes()
    event, version = COMPOUNDS[name], "3.0.6"
    samples: list[dict[str, object]] = [{**FIELDS.get(name, {})}]
    if "resource" in event.needs:
        samples = [{"resource": word, "group": 0} for word in GROUPS[version].split()[1:]]
        samples = samples[1:] if name in ONLY_THE_DISK else samples
    if name in ("kill-9", "stonith-begin", "stonith-failed", "stonith-ok"):
        samples = [{"what": "mcp", "node": "node1"}]
    index = 1 if name.startswith(("stonith", "mach-down", "partition")) else 0
    for fields in samples:
        for said in logs(version, (0, line(index, name, **fields)), watchdog="/dev/watchdog")[index].lines:
            assert UNSEEN_TEXTS.search(said.text) or shape(said) in real, said


def texts(entries: Iterable[Entry | Said], skip: str = r"(?!)") -> list[tuple[str, str, str]]:
    """Tags, levels and texts without the numbers of processes and messages."""
    number = re.compile(r"(?<=pid )\d+|(?<=process )\d+|(?<=group )\d+(?= with)|(?<=progress\. \()\d+")
    return [(e.tag, e.level, number.sub("#", e.text)) for e in entries if not re.search(skip, e.text)]


def test_the_article_s_first_start_line_by_line() -> None:
    """Section 10.3 from `Configuration validated` to `local resource transition completed.`, in its own order."""
    words = GROUPS["2.0.8"].split()[1:]
    node1 = [entry for entry in article() if entry.host == "node1" and entry.when.hour == 7]
    written = logs(
        "2.0.8",
        (0, line(0, "daemon-start", generation=3)),
        (0, line(0, "hb-local-status-set", status="up")),
        (1000, line(0, "hb-link-status", node=0, link="eth1", status="up")),
        (2000, line(0, "hb-link-status", node="192.168.60.1", link="192.168.60.1", status="up")),
        (2000, line(0, "hb-node-status", node="192.168.60.1", status="ping")),
        (121000, line(0, "hb-node-dead", node=1)),
        (121000, line(0, "comm-up")),
        (121000, line(0, "hb-client-starting")),
        (121000, line(0, "no-stonith")),
        (121000, line(0, "hbr-resources-acquired-from")),
        (121500, line(0, "hb-client-started")),
        (122000, line(0, "harc-run", event="status")),
        (122000, line(0, "req-our-resources-begin")),
        (122100, line(0, "mach-down-begin")),
        (122200, line(0, "mach-down-done")),
        (122300, line(0, "hbr-machdown-complete")),
        (122300, line(0, "hbr-initial-complete", reason="mach_down")),
        (123000, line(0, "req-our-resources-status", resource=0, group=0)),
        (123100, line(0, "req-our-resources-end")),
        (123200, line(0, "harc-run", event="ip-request-resp")),
        (123200, line(0, "ip-request-resp-received", key=words[0])),
        (123300, line(0, "acquire-group", group=0)),
        (123500, line(0, "resource-status-stopped", resource=0, group=0)),
        (124000, line(0, "resource-start", resource=0, group=0)),
        (125000, line(0, "resource-started", resource=0, group=0)),
        (125100, line(0, "resource-status-stopped", resource=1, group=0)),
        (125200, line(0, "resource-start", resource=1, group=0)),
        (125500, line(0, "resource-started", resource=1, group=0)),
        (132000, line(0, "hbr-local-none")),
        (132000, line(0, "hb-local-transition")),
        initdead=120_000,
        media=(MEDIA[0], MEDIA[2]),
    )[0]
    ours = texts(written.lines, r"Core dumps|core_uses|Logging daemon|\*\*\*|rsctmp")
    assert ours == texts(node1)
    seconds = [entry.when.second for entry in node1 if "Standby" not in entry.text]
    assert len(seconds) == len(ours)


def test_a_recorded_stop_line_by_line() -> None:
    """node1 of the recorded orderly stop, from the command to the end of the daemon."""
    path = SHARED / "traces/seed1_stop_start/node1/ha-log"
    entries = read(path.read_text("utf-8").splitlines(), 2026)
    begin = next(i for i, entry in enumerate(entries) if "shutdown in progress" in entry.text)
    end = next(i for i, entry in enumerate(entries) if "shutdown complete" in entry.text)
    written = logs(
        "3.0.6",
        (0, line(0, "daemon-start")),
        (10, line(0, "client-start")),
        (7000, line(0, "hbr-shutdown-progress")),
        (7000, line(0, "give-up-all-begin")),
        (7100, line(0, "release-group", group=0)),
        (7200, line(0, "resource-stop", resource=1, group=0)),
        (7400, line(0, "resource-stopped", resource=1, group=0)),
        (7500, line(0, "resource-stop", resource=0, group=0)),
        (7700, line(0, "resource-stopped", resource=0, group=0)),
        (7800, line(0, "give-up-all-end")),
        (8800, line(0, "client-stop")),
        (9900, line(0, "core-stop")),
        (9900, line(0, "shutdown-complete")),
    )[0]
    ours = texts(written.lines)
    start = next(i for i, (_, _, text) in enumerate(ours) if "shutdown in progress" in text)
    assert ours[start:] == texts(entries[begin : end + 1], r"lost packet|No pkts missing")


def test_the_emergency_after_a_killed_master_line_by_line() -> None:
    path = SHARED / "traces/kill_mcp_no_watchdog/node1/ha-log"
    real = [e for e in read(path.read_text("utf-8").splitlines(), 2026) if e.level == "CRIT"]
    ours = logs("3.0.6", (0, line(0, "daemon-start")), (10, line(0, "kill-9", what="mcp")))[0].lines
    assert texts(said for said in ours if said.level == "CRIT") == texts(real)
