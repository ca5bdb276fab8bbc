"""Media, packets and ping nodes: who did not hear whom, although the other ran."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from hamodel.incident.diary import Diary, Incident
from hamodel.incident.facts import SECOND, Fact
from hamodel.incident.links import TOGETHER, Down, deadtime, downs, running, taken_over_alive
from hamodel.incident.report import Certainty, Fault

OFTEN = 4
"""So many reports of lost packets within a minute are no chance."""
MINUTE = 60_000
ENOUGH = 400
"""Lines on media after which every medium has been named."""
NEIGHBOURS = 8
"""Silences before and after one that may be the same event."""


def find(incident: Incident) -> Iterator[Fault]:
    """All of them."""
    every = [down for diary in incident.diaries.values() for down in downs(diary) if not _overslept(diary, down)]
    media = [down for down in every if not down.ping]
    pings = [down for down in every if down.ping]
    yield from _media(incident, media, pings)
    yield from _pings(incident, media, pings)
    for diary in incident.diaries.values():
        yield from _unheard(incident, diary)
        yield from _dropped(diary)
        yield from _lossy(diary, incident)


# ---- media ----------------------------------------------------------------------------------------------------------


def _media(incident: Incident, media: Sequence[Down], pings: Sequence[Down]) -> Iterator[Fault]:
    groups: list[list[Down]] = []
    for down in sorted(media, key=lambda each: each.at):
        if not _living(incident, down) or _replayed(incident, down):
            continue
        for group in groups[-NEIGHBOURS:]:
            if _one_event(incident, group[0], down):
                group.append(down)
                break
        else:
            groups.append([down])
    while groups:
        first = groups.pop(0)
        for other in [group for group in groups[:NEIGHBOURS] if _one_silence(first, group)]:
            groups.remove(other)
            first += other
        yield _cut(incident, first[0], first, pings)


def _one_silence(a: Sequence[Down], b: Sequence[Down]) -> bool:
    """Whether two nodes noticed the same silence at different times, each by its own patience."""
    watchers = {down.observer for down in a}, {down.observer for down in b}
    links = {down.link for down in a}, {down.link for down in b}
    return watchers[0].isdisjoint(watchers[1]) and links[0] == links[1] and _while(a[0], b[0])


def _overslept(diary: Diary, down: Down) -> bool:
    """Whether it was the observer that did not run: it misses everybody when it wakes up, and hears them at once."""
    short = down.up is not None and down.up - down.at <= TOGETHER
    return short and any(pause.begin <= down.at <= pause.end + SECOND for pause in diary.pauses)


def _living(incident: Incident, down: Down) -> bool:
    """Whether the node that was not heard ran all the while; unknown counts only while no word explains the silence."""
    begin = down.at - deadtime(incident)
    if (ran := running(incident, down.node, begin, down.at)) is not None:
        return ran
    observer = incident.diaries[down.observer]
    whole = any(True for _ in observer.within(down.at - TOGETHER, down.at + TOGETHER, "hb-node-dead"))
    gone = any(True for _ in observer.within(down.at - 2 * deadtime(incident), down.at, "hbr-shutdown-notice"))
    left = any(taken.at <= down.at <= dead.at + SECOND for taken, dead in taken_over_alive(observer, down.node))
    return not whole and not gone and not left


def _replayed(incident: Incident, down: Down) -> bool:
    """Whether the observer heard the node all right and threw its packets away."""
    return any(fact.get("node") == down.node for fact in incident.diaries[down.observer].of("hb-drop-replay"))


def _one_event(incident: Incident, a: Down, b: Down) -> bool:
    wide = TOGETHER + (incident.slack(a.observer, b.observer) or 0)
    if {a.observer, a.node} != {b.observer, b.node}:
        return False
    return abs(a.at - b.at) <= wide


def _cut(incident: Incident, first: Down, same: Sequence[Down], pings: Sequence[Down]) -> Fault:
    links = tuple(sorted({down.link for down in same}))
    observers = {down.observer for down in same}
    others = {first.observer, first.node} & set(incident.nodes)
    begin, latest = first.at - deadtime(incident) - 2 * SECOND, min(down.at for down in same) + SECOND
    ups = [down.up for down in same if down.up is not None]
    ended = max(ups) if ups else None
    proofs = tuple(down.proof for down in same)
    one, two = sorted((first.observer, first.node))
    what = ", ".join(links)
    if len(others) == 2 and len(observers) == 1 and not _missed_too(incident, first):
        deaf, mute = first.observer, first.node
        text = f"{deaf} did not hear {mute} over {what} any more, while {mute} still heard {deaf}"
        return Fault("one-way", mute, what, begin, latest, ended, Certainty.CERTAIN, text, (), proofs)
    side = _side(first, same, pings)
    if set(links) >= _all_links(incident, one, two) and len(links) > 1:
        text = f"{one} and {two} lost each other on every medium at once ({what})"
        return Fault("partition", side or one, what, begin, latest, ended, Certainty.CERTAIN, text, (), proofs)
    where = f", at {side}'s end" if side else ""
    only = ", the only medium" if set(links) >= _all_links(incident, one, two) else ""
    text = f"{what} carried nothing between {one} and {two} any more{where}{only}"
    sure = Certainty.CERTAIN if len(others) == 2 else Certainty.LIKELY
    return Fault("cut", side or one, what, begin, latest, ended, sure, text, (), proofs)


def _missed_too(incident: Incident, down: Down) -> bool:
    """Whether the node that was not heard missed the other one as well, as far as it lived to see it."""
    near = deadtime(incident) + TOGETHER
    return any(
        fact.get("node") == down.observer and fact.get("status") in ("", "dead")
        for fact in incident.diaries[down.node].within(down.at - near, down.at + near, "hb-node-dead", "hb-link-status")
    )


def _all_links(incident: Incident, one: str, two: str) -> set[str]:
    """Every medium over which one of two nodes ever heard the other."""
    return {
        fact.get("link")
        for node, peer in ((one, two), (two, one))
        if node in incident.diaries
        for fact in islice(incident.diaries[node].of("hb-link-status"), ENOUGH)
        if fact.get("node") == peer
    }


def _side(first: Down, same: Sequence[Down], pings: Sequence[Down]) -> str:
    """The node at whose end the cable was: the one that lost its ping nodes with it."""
    near = {ping.observer for ping in pings if any(abs(ping.at - down.at) <= 2 * TOGETHER for down in same)}
    near &= {first.observer, first.node}
    return near.pop() if len(near) == 1 else ""


# ---- ping nodes -----------------------------------------------------------------------------------------------------


def _pings(incident: Incident, media: Sequence[Down], pings: Sequence[Down]) -> Iterator[Fault]:
    told: set[int] = set()
    for down in sorted(pings, key=lambda each: each.at):
        if id(down) in told:
            continue
        same = [p for p in pings if p is down or (p.node == down.node and _while(p, down))]
        told |= {id(each) for each in same}
        who = sorted({each.observer for each in same})
        ups = [each.up for each in same if each.up is not None]
        begin, latest = down.at - deadtime(incident) - 2 * SECOND, down.at + SECOND
        proofs = tuple(each.proof for each in same)
        ended = max(ups) if ups else None
        alone = len(who) < len(incident.nodes)
        text = f"{' and '.join(who)} did not reach the ping node {down.node} any more"
        if not alone and len(who) > 1:
            yield Fault(
                "ping-lost", down.node, down.node, begin, latest, ended, Certainty.LIKELY, text, ("cut",), proofs
            )
            continue
        if any(abs(other.at - down.at) <= 2 * TOGETHER for other in media):
            continue
        others = ("cut", "ping-lost")
        yield Fault("ping-lost", who[0], down.node, begin, latest, ended, Certainty.POSSIBLE, text, others, proofs)


def _while(a: Down, b: Down) -> bool:
    """Whether two silences overlap."""
    return a.at <= (b.up if b.up is not None else a.at) and b.at <= (a.up if a.up is not None else b.at)


# ---- never heard, dropped, lost -------------------------------------------------------------------------------------


def _unheard(incident: Incident, diary: Diary) -> Iterator[Fault]:
    """A node that waits out initdead without a sign of a peer that runs."""
    for life in diary.lives:
        if life.begin is None:
            continue
        for fact in diary.within(life.first, life.end or life.last, "hb-node-dead"):
            peer = fact.get("node")
            if peer not in incident.nodes:
                continue
            if _heard(diary, peer, life.first, fact.at) or not running(incident, peer, life.first + SECOND, fact.at):
                break
            up = next((f.at for f in diary.of("hb-link-status") if f.get("node") == peer and f.at > fact.at), None)
            keys = next(diary.of("auth-failed"), None)
            if keys is not None:
                break
            text = f"{diary.node} ran from {'its start' if life.first else 'the beginning'} without ever hearing {peer}"
            proofs = (fact.proof,)
            yield Fault(
                "unheard", diary.node, peer, life.first, fact.at, up, Certainty.CERTAIN, text, ("partition",), proofs
            )
            break


def _heard(diary: Diary, peer: str, begin: int, end: int) -> bool:
    keys = ("hb-link-status", "hb-node-status", "hb-peer-restarted")
    return any(f.get("node") == peer and f.get("status") != "dead" for f in diary.within(begin, end - 1, *keys))


def _dropped(diary: Diary) -> Iterator[Fault]:
    for key, kind, why in (
        ("auth-failed", "wrong-keys", "packets whose signature is wrong: another key, or another cluster"),
        ("hb-drop-replay", "replay", "packets of a generation that has gone back"),
    ):
        some = list(diary.of(key))
        if some:
            many = sum(fact.times for fact in some)
            text = f"{diary.node} dropped {why} ({many} lines)"
            last = max(fact.until for fact in some)
            node = some[0].get("node") or diary.node
            yield Fault(
                kind,
                node,
                diary.node,
                some[0].at,
                some[0].at + SECOND,
                last,
                Certainty.CERTAIN,
                text,
                (),
                (some[0].proof,),
            )


MOVES = (
    "hbr-wants-standby", "hbr-standby-acquire", "hbr-shutdown-notice", "hbr-shutdown-progress", "hb-peer-restarted",
    "hb-local-status-set", "hbr-remote-stable", "hbr-resources-acquired-from",
)  # fmt: skip
"""What comes with a burst of messages, of which one may overtake another."""


def _usual(diary: Diary, fact: Fact) -> bool:
    """Whether one report is that of a restart, a handover or a medium that came back."""
    wide = 2 * SECOND
    single = fact.times == 1 and fact.get("nlost") == "1"
    return single and any(True for _ in diary.within(fact.at - wide, fact.at + wide, *MOVES))


def _lossy(diary: Diary, incident: Incident) -> Iterator[Fault]:
    """Lost packets again and again, away from restarts and handovers, which always lose one."""
    runs: list[list[Fact]] = []
    for fact in diary.of("hb-packets-lost"):
        if runs and runs[-1][-1].get("node") == fact.get("node") and fact.at - runs[-1][-1].until <= MINUTE:
            runs[-1].append(fact)
        else:
            runs.append([fact])
    for run in (run for run in runs if not all(_usual(diary, fact) for fact in run)):
        many = sum(fact.times for fact in run)
        if many >= OFTEN and many * MINUTE >= OFTEN * (run[-1].until - run[0].at):
            who = run[0].get("node")
            text = f"{diary.node} lost packets of {who} again and again ({many} reports)"
            begin = run[0].at - deadtime(incident)
            yield Fault(
                "packet-loss", who, diary.node, begin, run[0].at + SECOND, run[-1].until, Certainty.CERTAIN, text, (),
                (run[0].proof, run[-1].proof),
            )  # fmt: skip
