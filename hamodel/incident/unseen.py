"""What these logs cannot tell: nodes without a log, logs that begin in the middle of a life, or end too early.

Where such a time matters, "nothing unsafe" cannot be said: a node may have had what another had, and no line tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from hamodel.incident.absent import mentioned
from hamodel.incident.diary import Diary, Incident
from hamodel.incident.durations import spoken
from hamodel.incident.endings import ends_early
from hamodel.incident.facts import SECOND
from hamodel.incident.report import Owned, Unseen

MANAGERS = ("/crmd", "/pacemakerd")
SCRIPTS = ("rm-", "ra-", "fs-", "ip", "md-", "harc-")
RELEASED = ("hbr-giveup-end", "hb-shutdown-complete", "node-boot", "kernel-boot")


UNREAD = 0.1
"""The share of Heartbeat's own lines that may stay without a meaning."""
FEW = 3
"""So many of them may in any log: agents that others wrote have words of their own."""
LATE = 5000
"""ms by which a log may begin after the node was heard: its first lines are those of its start."""


def unseen(incident: Incident, owned: Sequence[Owned]) -> tuple[Unseen, ...]:
    """All times that matter and are not told, node by node."""
    found = [*_unread(incident), *_without_log(incident, owned), *_unrelated(incident, owned)]
    for diary in incident.diaries.values():
        found += _managed(diary)
        found += _begins_late(incident, diary, owned)
        found += _ends_early(incident, diary)
    return tuple(found)


def _unread(incident: Incident) -> Iterator[Unseen]:
    """A log of which much was not understood, mangled or of a foreign release, may tell of anything."""
    counts = incident.counts
    if counts.own - counts.recognised > max(FEW, counts.own * UNREAD):
        text = f"{counts.own - counts.recognised} of {counts.own} lines of Heartbeat's are not understood"
        yield Unseen("", incident.begin, None, text)


def _managed(diary: Diary) -> Iterator[Unseen]:
    """With a cluster resource manager heartbeat starts nothing itself, and its lines tell of no owner."""
    for fact in diary.of("hb-client-starting", "hb-client-started"):
        if fact.get("client_cmd").endswith(MANAGERS):
            text = (
                f"on {diary.node} a resource manager (crmd) starts the resources: these lines do not tell who had them"
            )
            yield Unseen(diary.node, fact.at, None, text, (fact.proof,))
            return


def _without_log(incident: Incident, owned: Sequence[Owned]) -> Iterator[Unseen]:
    """A peer without a log matters where a node that has one may have had something."""
    had = [span for span in owned if span.node in incident.nodes]
    lives = any(_from_before(diary) or _without_daemon(diary) for diary in incident.diaries.values())
    lost = any(True for diary in incident.diaries.values() for _ in diary.of("hbr-resources-acquired-from"))
    if not had and not lives and not lost:
        return
    names = mentioned(incident)
    for node in names:
        yield Unseen(node, incident.begin, None, f"no line of {node}'s is here: what it had is not told")
    if not names and len(incident.nodes) == 1:
        text = "no line of another node's is here: what it had is not told"
        yield Unseen("", incident.begin, None, text)


def _unrelated(incident: Incident, owned: Sequence[Owned]) -> Iterator[Unseen]:
    """Where nothing relates two clocks, nobody knows which of two nodes had something first."""
    joined = incident.clocks
    for diary in incident.diaries.values():
        if joined.slack(diary.node) is not None:
            continue
        ours = {span.resource for span in owned if span.node == diary.node}
        theirs = {span.resource for span in owned if span.node != diary.node and span.node in incident.nodes}
        both = [name for name in incident.resources if name in ours & theirs]
        silences = joined.hiding(diary.node)
        for name in () if silences else both:
            text = f"nothing relates the clock of {diary.node} to that of {joined.reference}: who had {name} when"
            yield Unseen(diary.node, diary.first, None, text)
        for silence, name in product(silences, both):
            quiet = spoken(silence.end - silence.begin)
            text = f"{silence.node} wrote nothing for {quiet}, and its clock may have been set: who had {name} when"
            if silence.noticed:
                text = f"the clock of {silence.node} was set, and no line tells how far: who had {name} when"
            begin, end = (silence.begin, None) if silence.after else (incident.begin, silence.end)
            yield Unseen(silence.node, begin, end, text, silence.proofs)


def _from_before(diary: Diary) -> bool:
    """Whether the daemon ran before its log begins."""
    return bool(diary.lives) and diary.lives[0].begin is None


def _without_daemon(diary: Diary) -> bool:
    """Whether only scripts speak: a daemon that these lines do not tell of had called them."""
    return not diary.lives and any(fact.key.startswith(SCRIPTS) for fact in diary.facts)


def _heard_before(incident: Incident, diary: Diary) -> bool:
    """Whether a peer heard the node before its log begins."""
    for peer in incident.others(diary.node):
        early = diary.first - (incident.slack(diary.node, peer.node) or 0) - LATE
        if any(f.get("node") == diary.node for f in peer.within(peer.first, early, "hb-node-status", "hb-link-status")):
            return True
    return False


def _lived_before(incident: Incident, diary: Diary) -> bool:
    """Whether a log begins with a start, but not of the machine, and a peer knew an earlier life that had not stopped.

    The peer tells of a restart only where it had heard a life before (semantics N8c), and of a stop in order by itself.
    """
    if not diary.lives:
        return False
    first, *later = diary.lives
    if first.begin is None or first.booted:
        return False
    for peer in incident.others(diary.node):
        slack = (incident.slack(diary.node, peer.node) or 0) + SECOND
        until = min((life.first for life in later), default=diary.last) - slack
        words = [f for f in peer.about(diary.node, "hb-peer-restarted", "hbr-shutdown-notice") if f.at <= until]
        if words and words[0].key == "hb-peer-restarted":
            return True
    return False


def _begins_late(incident: Incident, diary: Diary, owned: Sequence[Owned]) -> Iterator[Unseen]:
    """What a node had when its log begins is not told until it is released, or each resource is spoken of."""
    before = _lived_before(incident, diary)
    if not before and not _from_before(diary) and not _heard_before(incident, diary):
        return
    until = _known_from(incident, diary)
    others = [span for span in owned if span.node != diary.node and (until is None or span.begin < until)]
    blind = any(_from_before(other) for other in incident.others(diary.node))
    if (others or blind) and (until is None or until > diary.first + SECOND):
        text = f"the log of {diary.node} begins while heartbeat runs: what it had by then is not told"
        if before:
            text = f"the log of {diary.node} begins after an earlier life of heartbeat: what it had by then is not told"
        yield Unseen(diary.node, diary.first, until, text, tuple(life.proofs[0] for life in diary.lives[:1]))


def _known_from(incident: Incident, diary: Diary) -> int | None:
    """When a log that begins late has told what its node had."""
    released = min((fact.at for fact in diary.of(*RELEASED)), default=None)
    first: dict[str, int] = {}
    for run in diary.runs:
        first.setdefault(run.resource.name, run.begin)
    told = max(first.values()) if first and set(incident.resources) <= first.keys() else None
    each = [at for at in (released, told) if at is not None]
    return min(each) if each else None


def _ends_early(incident: Incident, diary: Diary) -> Iterator[Unseen]:
    """Whether the log ends before the node does."""
    fact = ends_early(incident, diary)
    if fact is not None:
        text = f"the log of {diary.node} ends, and {fact.node} writes of it later"
        yield Unseen(diary.node, diary.last, None, text, (fact.proof,))
