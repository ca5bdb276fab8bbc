"""Where a node's log ends before the node does: a peer writes later of what it did, or of its death."""

from __future__ import annotations

from hamodel.incident.diary import Diary, Incident
from hamodel.incident.facts import SECOND, Fact
from hamodel.incident.lives import Ending

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
            found += [f for f in given if not any(True for _ in diary.within(f.at - SLOW, diary.last, *RELEASES))][:1]
            missed = peer.within(since + GRACE, peer.last, *MISSED)
            found += [f for f in missed if f.get("node") == diary.node][:1]
    return min(found, key=lambda fact: fact.at, default=None)


def may_be_gone(incident: Incident, diary: Diary) -> bool:
    """Whether a peer whose clock nothing relates to this node's missed it after it had heard it, or reset it."""
    for peer in incident.others(diary.node):
        if incident.slack(diary.node, peer.node) is not None:
            continue
        heard = False
        for fact in peer.of("hb-node-status", "hb-link-status", "hb-node-dead", "hbr-stonith-ok"):
            if fact.get("node") != diary.node:
                continue
            if fact.key == "hbr-stonith-ok" or (fact.key == "hb-node-dead" and heard):
                return True
            heard = heard or fact.get("status") not in ("", "dead")
    return False
