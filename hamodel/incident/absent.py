"""Peers whose logs are not here: what they may have had, as far as the others' lines do not exclude it.

A peer that was heard and is then declared dead may be off, hung, or cut away and well. Unless it had given up its
resources, or was reset, it may keep what it had, or take what the other has.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from hamodel.incident.diary import Diary, Incident
from hamodel.incident.facts import SECOND, Fact
from hamodel.incident.owners import pretended
from hamodel.incident.report import Owned

SOON = 60_000
"""ms after a death within which a start belongs to the takeover."""
MOST_NODES = 100
"""No cluster has more nodes; what names more is no log of one."""
RELEASED = ("hbr-standby-acquire", "hbr-shutdown-notice", "hbr-stonith-ok")
"""What a node writes when another has released something, or was reset."""
NO_LOG = "its log is not here, and nothing says that it was reset"


def mentioned(incident: Incident) -> tuple[str, ...]:
    """The nodes that lines name and that wrote none."""
    found = {
        fact.get("node")
        for diary in incident.diaries.values()
        for fact in diary.of("hb-node-dead", "hb-node-status", "hbr-shutdown-notice")
        if fact.get("node") not in diary.links and fact.get("status") != "ping"
    }
    names = sorted(name for name in found - set(incident.nodes) if not name.replace(".", "").isdecimal())
    return tuple(names[:MOST_NODES])


def perhaps(incident: Incident, owned: Sequence[Owned]) -> tuple[Owned, ...]:
    """What such peers may have had while another had it."""
    found: dict[tuple[str, str, int], Owned] = {}
    for diary in incident.diaries.values():
        for peer in mentioned(incident):
            for dead in deaths(diary, peer):
                for span in owned:
                    if span.node == diary.node and (each := _kept(diary, peer, dead, span, owned)) is not None:
                        found.setdefault((each.resource, peer, each.begin), each)
    return tuple(found.values())


def deaths(diary: Diary, peer: str) -> Iterator[Fact]:
    """Deaths of a peer that this life had heard, and that had not given up its resources."""
    words = diary.about(peer, "hb-node-status", "hb-link-status", "hbr-shutdown-notice")
    alive = [fact for fact in words if fact.get("status") != "dead"]
    for dead in diary.about(peer, "hb-node-dead"):
        life = diary.life_at(dead.at)
        if life is None:
            continue
        since = life.first if life.begin is not None else diary.first - 1
        heard = alive[: bisect_right(alive, dead.at, key=lambda fact: fact.at)][-1:]
        heard = [fact for fact in heard if fact.at >= since]
        stopped = bool(heard) and heard[-1].key == "hbr-shutdown-notice"
        if not _gave_up(diary, dead) and not stopped and (heard or life.begin is None):
            yield dead


def taken_by_death(diary: Diary, peer: str, span: Owned) -> bool:
    """Whether this node began to take something because it had declared a peer dead, and on no word of a release.

    That a dead node "gave up resources" is no such word: it may only have begun to.
    """
    for dead in diary.within(span.begin - SOON, span.begin + SECOND, "hb-node-dead"):
        words = diary.within(dead.at - SOON, span.begin + SECOND, *RELEASED)
        if dead.get("node") == peer and not any(fact.get("node") == peer for fact in words):
            return True
    return False


def _gave_up(diary: Diary, dead: Fact) -> bool:
    """Whether the first word on a death is that the peer had given up its resources."""
    words = ("hbr-dead-gave-up", "hbr-resources-acquired-from", "hbr-no-stonith", "hbr-stonith-begin")
    after = (f for f in diary.within(dead.at, dead.at + SECOND, *words) if f.proof > dead.proof)
    first = next(after, None)
    return first is not None and first.key == "hbr-dead-gave-up"


def _kept(diary: Diary, peer: str, dead: Fact, span: Owned, owned: Sequence[Owned]) -> Owned | None:
    """The resource since this node had it last where it took it after the death, else from the death on."""
    took = dead.at - SECOND <= span.begin <= dead.at + SOON
    held = span.begin < dead.at and (span.end is None or span.end > dead.at)
    if not took and not held:
        return None
    shot = [
        fact.at
        for fact in diary.about(peer, "hbr-stonith-ok")
        if dead.at <= fact.at <= dead.at + SOON and not pretended(diary, fact)
    ]
    if shot and (held or min(shot) <= span.begin + SECOND):
        return None
    told = (f.at for f in diary.about(peer, "hbr-shutdown-notice") if f.at > dead.at)
    ends = [*shot, *told]
    mine = [s.end for s in owned if (s.node, s.resource) == (span.node, span.resource) and s.end is not None]
    before = max((end for end in mine if end <= span.begin), default=diary.first)
    begin = before if took else dead.at
    end = min(ends) + SECOND if ends else None
    if end is not None and end <= begin:
        return None
    return Owned(span.resource, peer, begin, None, None, end, "" if ends else NO_LOG, proofs=(dead.proof,))
