"""Each block of script lines that the real scripts wrote in the recorded runs is written by our journal too."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

from hamodel.logs.formats import Writer, read
from hamodel.logs.journal import Said
from tests.logs.blocks import STATUS, Block, Line, Taken, deeds, line_of, taken_apart
from tests.logs.samples import line, logs
from tests.shared import TRACES, needs_shared

pytestmark = needs_shared

NOT_WRITTEN = {
    ("ip-request-resp(default)", "", "received ip-request-resp IPaddr::192.168.60.200/24/eth0 OK no"): 1,
}
"""Lines outside of blocks that no event of ours becomes, and how often they were recorded: an answer to a request that
came when the peer still had the group, in legacy mode."""

CUT_SHORT = {
    "hz09_standby_partition/node1", "hz43_legacy_request_lost/node2", "hz46_release_hangs/node1",
    "hz48_takeover_killed_afb_off/node2",
}  # fmt: skip
"""Where a block ends in the middle because the script was killed or still hung: what there is, is the begin of ours."""

STOPPED_BY_NOBODY = "hz17_stop_lies/node1"
"""Where a stand-in said that it had stopped the file system and did nothing, so that no agent spoke."""


@cache
def recorded() -> dict[str, Taken]:
    """The script lines of every node of every recorded run."""
    return {
        "/".join(path.parts[-3:-1]): taken_apart(read(_text(path).splitlines(), 2026))
        for path in sorted(TRACES.glob("*/node*/ha-log"))
    }


def _text(path: Path) -> str:
    """A logfile, in which the stand-in for a service is where we expect scripts that we do not know."""
    return path.read_text("utf-8", "replace").replace("/etc/ha.d/resource.d/webd", "/etc/init.d/webd")


def written(block: Block) -> list[Line]:
    """The lines of our journal for what the block tells."""
    events = [(1000 * number, event) for number, event in enumerate(deeds(block))]
    found: list[Line] = []
    for said in logs("3.0.6", *events, groups=(block.group,))[0].lines:
        if said.writer is Writer.SCRIPT:
            found.append(line_of(said))
    return without_agents(found)


def without_agents(lines: list[Line]) -> list[Line]:
    """Without an agent's lines of a call that ended in `Return code`: in the recorded runs a stand-in failed there."""
    kept: list[Line] = []
    for entry in lines:
        if entry[2].startswith("Return code"):
            while not kept[-1][2].startswith("Running /"):
                kept.pop()
        kept.append(entry)
    return kept


def blocks() -> list[tuple[str, Block]]:
    return [(name, block) for name, taken in recorded().items() for block in taken.blocks]


def test_there_are_many_blocks_of_every_kind() -> None:
    kinds = Counter(event.key for _, block in blocks() for event in deeds(block))
    assert len(blocks()) > 250
    assert set(kinds) >= {
        "acquire-group", "release-group", "resource-status-stopped", "resource-status-running", "resource-started",
        "resource-start-failed", "group-giving-up", "resource-stopped", "resource-stop-idle", "resource-stop-failed",
        "resource-stop-retry", "stop-failure-reboot",
    }  # fmt: skip


def test_every_recorded_block_is_written_line_by_line() -> None:
    different = {name: (block.lines, written(block)) for name, block in blocks() if written(block) != block.lines}
    assert set(different) == CUT_SHORT | {STOPPED_BY_NOBODY}
    for name in CUT_SHORT:
        real, ours = different[name]
        assert ours[: len(real)] == real and len(ours) - len(real) <= 2
    real, ours = different[STOPPED_BY_NOBODY]
    assert [one for one in ours if not one[0].startswith("Filesystem")] == real


def test_what_is_asked_outside_of_blocks_is_a_status() -> None:
    """The child that checks the own groups asks only whether their first resource runs."""
    for name, taken in recorded().items():
        for tag, level, text in taken.asked:
            assert level == "INFO" and text in STATUS, name
            assert tag.startswith("/usr/lib/ocf/resource.d//heartbeat/"), name


HARC = ("status", "ip-request", "ip-request-resp", "hb_takeover")


def ours_alone() -> set[Line]:
    """What the events of the other scripts become."""
    key = "IPaddr::192.168.60.200/24/eth0"
    said: list[Said] = []
    for index in (0, 1):
        peer = f"node{2 - index}"
        for group in (f"node1 {key} Filesystem::/dev/sdb5::/webdata::ext3", "node2 webd"):
            first = group.split()[1]
            events = [
                *((0, line(index, "harc-run", event=event)) for event in HARC),
                (10, line(index, "ip-request-resp-received", key=first)),
                (20, line(index, "mach-down-begin")),
                (30, line(index, "mach-down-taking-group", group=group)),
                (40, line(index, "mach-down-done", node=peer)),
                (50, line(index, "start-failure-standby")),
                (60, line(index, "hbst-going", rsc_type="all")),
            ]
            said += logs("3.0.6", *events, groups=(group,))[index].lines
    return {line_of(one) for one in said}


def test_lines_of_the_other_scripts_are_those_of_our_events() -> None:
    known = ours_alone()
    missing = Counter(one for taken in recorded().values() for one in taken.others if one not in known)
    assert missing == NOT_WRITTEN


def test_agents_whose_script_is_gone_write_what_they_write_under_it() -> None:
    known = {text for _, block in blocks() for text in block.lines}
    orphans = [one for taken in recorded().values() for one in taken.orphans]
    assert len(orphans) <= 8
    assert all(one in known for one in orphans), orphans


def test_share_of_the_recorded_script_lines() -> None:
    """All of them but one are written, given what happened."""
    taken = recorded().values()
    outside = sum(len(one.others) + len(one.asked) + len(one.orphans) for one in taken)
    inside = sum(len(block.lines) for _, block in blocks())
    assert (inside, outside) == (2389, 1204)
    assert sum(NOT_WRITTEN.values()) == 1
