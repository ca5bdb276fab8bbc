"""What one node says of another that the other's own log denies: a message that was never sent.

The clocks of the two must be related, and the other's log must reach over the time; a message may be late by seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hamodel.incident.diary import Diary, Incident
from hamodel.incident.doubts.finding import may_demand, missing, reaches, shown, whole, wording
from hamodel.incident.facts import SECOND, Fact
from hamodel.incident.report import Contradiction

LATE = 30_000
"""ms within which a message is read, over a network that loses packets and by a daemon that is paused."""


@dataclass(frozen=True, slots=True)
class Message:
    """`read` on one node names another, on which one of `sent` must stand before it."""

    read: str
    sent: tuple[str, ...]
    rule: str
    value: tuple[str, str] = ("", "")


MESSAGES = (
    Message("hbr-shutdown-notice", ("hbr-giveup-end",), "X7"),
    Message("hbr-standby-acquire", ("hbr-standby-local-done", "hbr-gostandby-end"), "B8"),
    Message("hb-peer-restarted", ("hb-generation", "cfg-validated"), "N8c"),
    Message("hb-node-status", ("hb-local-status-set",), "S4", ("status", "active")),
)


def find(incident: Incident) -> Iterator[Contradiction]:
    """All of them, over all pairs of nodes."""
    for diary in incident.diaries.values():
        for message in MESSAGES:
            for fact in diary.of(message.read):
                name, value = message.value
                peer = incident.diaries.get(fact.get("node"))
                slack = incident.slack(diary.node, fact.get("node")) if peer is not None else None
                if (
                    peer is None
                    or peer is diary
                    or slack is None
                    or _was_set(incident, diary, peer)
                    or (name and fact.get(name) != value)
                ):
                    continue
                if _never_sent(peer, message, fact, slack):
                    text = f'{peer.node} never wrote "{wording(message.sent[0])}", on which this line rests'
                    yield missing(diary, fact, text, message.rule)


def _was_set(incident: Incident, *diaries: Diary) -> bool:
    """Whether one of these clocks was moved: then a line near that moment may stand at the wrong time."""
    joined = incident.clocks
    return any(len(joined.pieces.get(d.node, ())) > 1 or joined.steps.get(d.node) for d in diaries)


def _never_sent(peer: Diary, message: Message, fact: Fact, slack: int) -> bool:
    late = LATE + 2 * slack
    if fact.at + 2 * (slack + SECOND) > peer.last or not reaches(peer, fact.at, late):
        return False
    life = peer.life_at(fact.at)
    if life is None or (message.value[0] and not whole(peer, life)) or not may_demand(peer, shown(peer), *message.sent):
        return False
    since = 0 if message.value[0] else fact.at - late
    sent = peer.within(since, fact.at + 1000 + 2 * slack, *message.sent)
    name, value = message.value
    return not any(not name or each.get(name) == value for each in sent)
