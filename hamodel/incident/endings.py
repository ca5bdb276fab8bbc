"""Where a node's log ends before the node does: a peer writes later of what it did, or of its death."""

from __future__ import annotations

from hamodel.incident.diary import Diary, Incident
from hamodel.incident.facts import SECOND, Fact
from hamodel.incident.lives import Ending
from hamodel.incident.resources import group_of

GRACE = 10_000
"""ms after the last line of a node within which it need not have written of what its peer misses."""
ACTS = (
    "hb-peer-restarted",
    "hb-partition-healed",
    "hb-node-status",
    "hbr-wants-standby",
)
"""What a peer writes of a node only after the node wrote of it."""
SLOW = 30_000
"""ms within which a peer reads that a node has released something."""
RELEASES = ("hbr-giveup-begin", "hbr-giveup-end", "hbr-gostandby-begin", "hbr-gostandby-end", "hbr-standby-local-done")
GIVEN = ("hbr-shutdown-notice", "hbr-standby-acquire")
"""What a peer writes of a node that has released something, and that writes more afterwards."""
MISSED = ("hb-late-heartbeat-deadtime", "hb-node-dead", "hbr-resources-acquired-from")


def ends_early(incident: Incident, diary: Diary) -> Fact | None:
    """The first line of a peer that tells of this node after its own last one, where its daemon had not ended."""
    ending = diary.lives[-1].ending if diary.lives else Ending.OPEN
    found: list[Fact] = []
    for peer in incident.others(diary.node):
        since = diary.last + (incident.slack(diary.node, peer.node) or 0) + SECOND
        acts = (f for f in peer.within(since + SECOND, peer.last, *ACTS) if f.get("status") != "dead")
        found += [f for f in acts if f.get("node") == diary.node][:1]
        if ending is Ending.OPEN:
            given = (f for f in peer.within(since - 2 * SLOW, peer.last, *GIVEN) if f.get("node") == diary.node)
            wide = (incident.slack(diary.node, peer.node) or 0) + 2 * SECOND
            found += [f for f in given if not _released(diary, f.at - SLOW, f.at + wide)][:1]
            missed = peer.within(since + GRACE, peer.last, *MISSED)
            found += [f for f in missed if f.get("node") == diary.node][:1]
    return min(found, key=lambda fact: fact.at, default=None)


def _released(diary: Diary, since: int, until: int) -> bool:
    """Whether the last that the node's own log tells of in this time is a release."""
    facts = diary.within(since, until, *RELEASES)
    told = [fact.get("acquisition_or_release") + fact.get("action") for fact in facts]
    return bool(told) and "acqui" not in told[-1]


def breaks_off(diary: Diary, name: str) -> bool:
    """Whether the log ends in the middle of a release of this resource, before the first call of its scripts."""
    place = max(diary.places.get("rm-releasing", ()), default=None)
    if place is None or name not in {resource.name for resource in group_of(diary.facts[place].get("resources"))}:
        return False
    return not any(run.begun_no > place for run in diary.runs)


def may_be_gone(incident: Incident, diary: Diary) -> bool:
    """Whether a peer's last word on this node is that it is dead, or reset, and its own log does not reach further."""
    for peer in incident.others(diary.node):
        slack = incident.slack(diary.node, peer.node)
        if slack is None:
            if _missed(peer, diary.node):
                return True
            continue
        words = [fact for fact in peer.of("hb-node-status", "hb-link-status", "hb-node-dead", "hb-peer-restarted")]
        last = next((fact for fact in reversed(words) if fact.get("node") == diary.node and not _of_link(fact)), None)
        wide = slack + SECOND
        if last is not None and last.key == "hb-node-dead" and diary.last <= last.at + wide:
            own = diary.within(last.at - GRACE, diary.last, "hb-node-dead")
            if not any(fact.get("node") == peer.node for fact in own):
                return True
    return False


def _of_link(fact: Fact) -> bool:
    """Whether a line tells of one medium that fell silent, as each does when a node is dead."""
    return fact.key == "hb-link-status" and fact.get("status") == "dead"


def _missed(peer: Diary, node: str) -> bool:
    """Whether a peer whose clock nothing relates to a node's missed it after it had heard it, or had it reset."""
    heard = bool(peer.lives) and peer.lives[0].begin is None
    for fact in peer.of("hb-node-status", "hb-link-status", "hb-node-dead", "hbr-stonith-ok"):
        if fact.get("node") != node:
            continue
        if fact.key == "hbr-stonith-ok" or (fact.key == "hb-node-dead" and heard):
            return True
        heard = heard or fact.get("status") not in ("", "dead")
    return False
