"""Lines that the daemon never writes alone: each demands another close before or after it.

Taken from the daemon's rules, and true of every recorded run. A line is demanded only while the life of the daemon
goes on, within the log, and at a level that the log holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hamodel.incident.diary import Diary
from hamodel.incident.doubts.finding import may_demand, missing, shown, value_of, whole, wording
from hamodel.incident.facts import Fact
from hamodel.incident.lives import Ending, Life
from hamodel.incident.report import Contradiction

SOON = 5_000
"""ms within which one step of the daemon writes all its lines, however loaded the machine is."""
SLOW = 120_000
"""ms within which an answer of the other node, or a script, comes."""


@dataclass(frozen=True, slots=True)
class Companion:
    """`line` is written only with one of `needs` at most `before` ms before it, or at most `after` ms after it.

    `value`: only where this field of the line has this value, `wanted`: only such needs count; `same`: the fields in
    which both agree. `own`: each line has one of its own, after the line's last. `hurt`: facts that excuse the absence
    when they lie in the same time.
    """

    line: str
    needs: tuple[str, ...]
    rule: str
    before: int = 0
    after: int = 0
    value: tuple[str, str] = ("", "")
    wanted: tuple[str, str] = ("", "")
    same: tuple[str, ...] = ()
    own: bool = False
    hurt: tuple[str, ...] = ()


STOPPING = ("hbr-shutdown-progress", "hbr-shutdown-delayed", "hb-shutdown-delayed-comm", "hb-restart-triggered")
AFTER_DEATH = (
    "hbr-dead-gave-up", "hbr-no-stonith", "hbr-stonith-begin", "hbr-resources-acquired-from", "hbr-takeover-cancelled",
    "hbr-stonith-not-operational",
)  # fmt: skip
COMPANIONS = (
    # a start
    Companion("hb-version", ("cfg-validated",), "S1", before=SOON),
    Companion("cfg-validated", ("hb-version",), "S1", after=SOON),
    Companion("hb-version", ("hb-generation",), "S1", after=SOON),
    Companion("hb-generation", ("hb-version",), "S1", before=SOON),
    Companion("hb-generation", ("hb-local-status-set",), "S1", after=SLOW, wanted=("status", "up")),
    Companion("hb-comm-now-up", ("hb-local-status-set",), "S4", after=SOON, wanted=("status", "active")),
    Companion("hb-local-status-set", ("hb-comm-now-up",), "S4", before=SLOW, value=("status", "active")),
    Companion("hb-client-starting", ("hb-client-started",), "P5", after=SOON),
    Companion("hb-client-started", ("hb-client-starting",), "P5", before=SOON),
    # a stop
    Companion("hbr-giveup-begin", ("hbr-shutdown-progress", "hb-no-local-heartbeat"), "X4", before=SOON),
    Companion("hbr-shutdown-progress", ("hbr-giveup-begin", "hbr-shutdown-delayed"), "X4", after=SOON),
    Companion("hbr-giveup-end", ("hb-shutdown-complete",), "X10", after=SLOW, hurt=("hb-emergency-kill",)),
    Companion("hb-restart-triggered", ("hb-shutdown-complete",), "X10", before=SOON),
    Companion("hb-restart-triggered", ("hb-restart-exec",), "X10", after=SOON),
    Companion("hb-restart-exec", ("hb-restart-triggered",), "X10", before=SOON),
    Companion("hb-emergency-mcp-died", ("hb-emergency-self",), "P1", after=SOON),
    Companion("hb-emergency-self", ("hb-emergency-mcp-died",), "P1", before=SOON),
    # a death and what follows
    Companion("hbr-dead-gave-up", ("hb-node-dead",), "D8", before=SOON, same=("node",)),
    Companion("hbr-no-stonith", ("hb-node-dead",), "D7", before=SOON),
    Companion("hbr-no-stonith", ("hbr-resources-acquired-from",), "D9", after=SOON, hurt=STOPPING),
    Companion("hbr-resources-acquired-from", ("hbr-dead-gave-up", "hbr-no-stonith", "hbr-stonith-ok",
              "hbr-shutdown-notice"), "D9", before=SOON),
    Companion("hbr-disks-unprotected", ("hbr-no-stonith",), "D7", before=SOON),
    Companion("hbr-no-stonith", ("hbr-disks-unprotected",), "D7", after=SOON),
    Companion("hbr-takeover-cancelled", STOPPING, "D9", before=SLOW),
    Companion("hbr-standby-cancelled", ("hb-node-dead",), "B15", before=SOON),
    Companion("hbr-machdown-complete", ("md-complete",), "D9", before=SOON, after=1000),
    Companion("md-taking-over", ("hbr-resources-acquired-from", "hbr-stonith-ok"), "D9", before=SLOW),
    # a reset
    Companion("hbr-stonith-failed", ("hbr-stonith-begin",), "D6", before=SLOW, same=("node",), own=True),
    Companion("hbr-stonith-ok", ("hbr-stonith-begin", "stonith-meat-operator"), "D6", before=30 * SLOW, same=("node",),
              own=True),
    Companion("hbr-stonith-retry", ("hbr-stonith-failed", "hbr-stonith-badhost", "hbr-stonith-not-operational"), "D6",
              before=SOON),
    Companion("hbr-stonith-ok", ("hbr-resources-acquired-from", "hbr-takeover-cancelled"), "D9", after=SOON),
    # a standby
    Companion("hbr-can-take", ("hbr-gostandby-begin",), "B6", after=SOON),
    Companion("hbr-can-take", ("hbr-wants-standby",), "B5", before=SLOW, own=True),
    Companion("hbr-gostandby-begin", ("hbr-can-take", "hbr-standby-acquire", "hbr-resources-acquired-from",
              "hbr-shutdown-notice"), "B6", before=SOON, after=SOON),
    Companion("hbr-gostandby-end", ("hbr-gostandby-begin",), "B6", before=30 * SLOW),
    Companion("hbr-standby-acquire", ("hbr-gostandby-begin",), "B9", after=SOON),
    Companion("hbr-standby-acquire", ("hbr-wants-standby",), "B8", before=30 * SLOW, own=True),
    Companion("hbr-standby-local-done", ("hbr-gostandby-end",), "B7", before=SOON),
    Companion("hbr-standby-acq-done", ("hbr-gostandby-end",), "B10", before=SOON),
    Companion("hbr-standby-other-done", ("hbr-standby-local-done",), "B11", before=30 * SLOW),
    # ipfail
    Companion("ipfail-giving-up-less", ("ipfail-giveup",), "I", after=SLOW, hurt=("ipfail-node-status", *STOPPING)),
    Companion("ipfail-link-status", ("hb-link-status",), "N4", before=SLOW, same=("node", "link", "status")),
    Companion("ipfail-node-status", ("hb-node-status", "hb-node-dead"), "N2", before=SLOW, same=("node", "status")),
    # scripts
    Companion("hbst-going", ("hbr-wants-standby",), "B3", after=SOON, hurt=("hbr-standby-busy", "hbr-standby-legacy")),
    Companion("rm-retry-stop", ("rm-return-code",), "G", before=SLOW, own=True),
    Companion("rm-stop-failure", ("rm-return-code",), "G", before=SOON),
    Companion("rm-killing-hb", ("rm-stop-failure",), "G", before=SOON),
    Companion("rm-stop-failure", ("rm-killing-hb", "reboot-now", "rm-reboot-avoided"), "G", after=SOON),
)  # fmt: skip


def find(diary: Diary) -> Iterator[Contradiction]:
    """All lines of one node that stand alone."""
    level = shown(diary)
    for rule in COMPANIONS:
        if not may_demand(diary, level, *rule.needs):
            continue
        last: Fact | None = None
        for fact in diary.of(rule.line):
            name, value = rule.value
            if name and fact.get(name) != value:
                continue
            if _alone(diary, rule, fact, last if rule.own else None):
                yield missing(diary, fact, _text(rule), rule.rule)
            last = fact
    yield from _deaths(diary)


def _alone(diary: Diary, rule: Companion, fact: Fact, last: Fact | None) -> bool:
    begin, end = fact.at - rule.before - 1000, fact.at + rule.after + 1000
    if last is not None:
        begin = max(begin, last.at)
    if not _asked(diary, fact, begin if rule.before else fact.at, end if rule.after else fact.at):
        return False
    last_of_all = end if rule.after or not rule.own else fact.at
    for each in diary.within(begin, last_of_all, *rule.needs):
        agree = all(value_of(each, name) == value_of(fact, name) for name in rule.same)
        wanted = not rule.wanted[0] or each.get(rule.wanted[0]) == rule.wanted[1]
        if agree and wanted and (last is None or each.at > last.at or each.proof > last.proof):
            return False
    return not any(True for _ in diary.within(begin, end, *rule.hurt))


def _asked(diary: Diary, fact: Fact, begin: int, end: int) -> bool:
    """Whether the log, and the life of the daemon, reach over this time.

    A child that resets a node outlives the daemon that was stopped meanwhile; nobody goes on from what it says then.
    """
    life = diary.life_at(fact.at)
    if life is None:
        return begin >= diary.whole and end <= diary.last
    if begin < diary.whole and (not whole(diary, life) or fact is diary.facts[0]):
        return False
    if life.end is not None and fact.at > life.end:
        return False
    return end <= diary.last and not (_dies(life) and end > (life.end or life.last))


def _dies(life: Life) -> bool:
    """Whether the daemon was cut off in what it did."""
    return life.ending not in (Ending.OPEN, Ending.ORDERLY, Ending.RESTART)


def _deaths(diary: Diary) -> Iterator[Contradiction]:
    """A node's death is followed by what becomes of its resources, unless the daemon stops or leaves them to others."""
    if not any(key.startswith("hbr-") for key in diary.places) or not may_demand(diary, shown(diary), *AFTER_DEATH):
        return
    nodes = {fact.get("node") for fact in diary.of("hb-node-status") if fact.get("status") != "ping"}
    for dead in diary.of("hb-node-dead"):
        if dead.get("node") in diary.links or not _asked(diary, dead, dead.at, dead.at + SOON):
            continue
        life = diary.life_at(dead.at)
        if life is None or _leaves(diary, life, dead, nodes):
            continue
        if not any(True for _ in diary.within(dead.at - 1000, dead.at + SOON, *AFTER_DEATH)):
            node = dead.get("node")
            yield missing(diary, dead, f"{node} is declared dead, and nothing becomes of its resources", "D5")


def _leaves(diary: Diary, life: Life, dead: Fact, nodes: set[str]) -> bool:
    """Whether the daemon was about to stop, or may have been where its log begins later; or no cluster node died."""
    begun = whole(diary, life)
    if not begun and life.ending is not Ending.OPEN:
        return True
    name = dead.get("node")
    if name not in nodes and (name.replace(".", "").isdecimal() or not begun):
        return True
    return any(True for _ in diary.within(life.first, dead.at, *STOPPING))


def _text(rule: Companion) -> str:
    line = wording(rule.needs[0])
    if rule.before:
        return f'a line must be missing: no "{line}" before this one'
    return f'a line must be missing: no "{line}" after this one'
