"""What the lines show of the configuration that was running: exact values, bounds, and words."""

from __future__ import annotations

from collections.abc import Iterator

from hamodel.incident.diary import Diary, Incident
from hamodel.incident.facts import SECOND, Fact
from hamodel.incident.lives import Ending
from hamodel.incident.report import Inferred

LEAVING = 4000
"""ms from a node's shutdown notice to its last heartbeat, at most, on a node whose resources are released."""

KEEPALIVE = 2000
"""ms between two heartbeats where no file says it: the daemon's own default. The last may be so long before the end."""


def inferred(incident: Incident) -> tuple[Inferred, ...]:
    """All of it, node by node; the same thing said twice counts once."""
    found: dict[tuple[str, str, str], Inferred] = {}
    for diary in incident.diaries.values():
        for each in (*_words(diary), *_groups(diary), *_times(incident, diary)):
            found.setdefault((each.option, each.node, each.value), each)
    return tuple(found.values())


def _words(diary: Diary) -> Iterator[Inferred]:
    for fact in diary.facts:
        match fact.key:
            case "hb-version":
                yield _word("version", diary, fact, fact.get("version"))
            case "bcast-started":
                yield _word("media", diary, fact, f"bcast {fact.get('media_name')}")
            case "mcast-started":
                yield _word("media", diary, fact, f"mcast {fact.get('iface')} {fact.get('group')}")
            case "ucast-started":
                yield _word("media", diary, fact, f"ucast {fact.get('iface')} {fact.get('ip')}")
            case "serial-started":
                yield _word("media", diary, fact, f"serial {fact.get('tty')}")
            case "hb-link-status" if fact.get("node") == fact.get("link"):
                yield _word("ping", diary, fact, fact.get("node"))
            case "hb-link-status" if fact.get("node") != diary.node:
                yield _word("heard over", diary, fact, fact.get("link"))
            case "hb-watchdog-using":
                yield _word("watchdog", diary, fact, fact.get("watchdog_dev"))
            case "hb-client-starting":
                yield _word("respawn", diary, fact, fact.get("client_cmd"))
            case "hbr-no-stonith":
                yield _word("stonith", diary, fact, "none")
            case "hbr-stonith-begin":
                yield _word("stonith", diary, fact, " ".join(fact.get("stonith_device").split()))
            case "cfg-legacy-failback":
                yield _word("auto_failback", diary, fact, "legacy")
            case "ipfail-giving-up-foreign":
                yield _word("auto_failback", diary, fact, "on")
            case "hbr-initial-complete" if fact.get("reason") == "auto_failback":
                yield _word("auto_failback", diary, fact, "on")


def _groups(diary: Diary) -> Iterator[Inferred]:
    for group, (owner, proof) in diary.groups.items():
        if group:
            line = " ".join([owner, *(resource.word for resource in group)])
            yield Inferred("haresources", diary.node, line, proofs=(proof,))


def _times(incident: Incident, diary: Diary) -> Iterator[Inferred]:
    for fact in diary.of("cfg-initdead-warn"):
        if (ms := _ms(fact, "initdead_ms")) is not None:
            yield Inferred("initdead", diary.node, _seconds(ms, ms), ms, ms, (fact.proof,))
    if not any(True for _ in diary.of("cfg-initdead-warn")):
        yield from _waited(incident, diary)
    yield from _gaps_heard(incident, diary)
    yield from _last_words(incident, diary)


def _waited(incident: Incident, diary: Diary) -> Iterator[Inferred]:
    """A node that hears nothing from its start on waits exactly initdead."""
    ups = [fact for fact in diary.of("hb-local-status-set") if fact.get("status") == "up"]
    for dead in diary.of("hb-node-dead"):
        before = [up for up in ups if up.at <= dead.at]
        if not before:
            continue
        up = before[-1]
        heard = any(
            f.get("node") == dead.get("node") and up.at <= f.at <= dead.at and f.get("status") != "dead"
            for f in diary.of("hb-link-status", "hb-node-status")
        )
        if not heard and not any(up.at < other.at < dead.at for other in diary.of("hb-node-dead")):
            lo, hi = dead.at - up.at - 1000, dead.at - up.at + 1000
            yield Inferred("initdead", diary.node, _seconds(lo, hi), lo, hi, (up.proof, dead.proof))
            return


def _gaps_heard(incident: Incident, diary: Diary) -> Iterator[Inferred]:
    """A late heartbeat bounds warntime from above, and deadtime from below or from above."""
    late = [(f, _ms(f, "interval_ms") or 0) for f in diary.of("hb-late-heartbeat") if not _is_ping(diary, f)]
    over = [(f, _ms(f, "interval_ms") or 0) for f in diary.of("hb-late-heartbeat-deadtime") if not _is_ping(diary, f)]
    if late:
        fact, least = min(late, key=lambda each: each[1])
        yield Inferred("warntime", diary.node, f"below {least / 1000:g} s", None, least, (fact.proof,))
    alive = [(f, ms) for f, ms in late if not _was_dead(diary, f, ms)]
    if alive:
        fact, most = max(alive, key=lambda each: each[1])
        yield Inferred("deadtime", diary.node, f"above {most / 1000:g} s", most, None, (fact.proof,))
    if over:
        fact, least = min(over, key=lambda each: each[1])
        yield Inferred("deadtime", diary.node, f"below {least / 1000:g} s", None, least, (fact.proof,))


def _was_dead(diary: Diary, late: Fact, ms: int) -> bool:
    """Whether the sender had been declared dead meanwhile: then the gap says nothing from below."""
    name = late.get("node")
    return any(f.get("node") == name for f in diary.within(late.at - ms - SECOND, late.at, "hb-node-dead"))


def _last_words(incident: Incident, diary: Diary) -> Iterator[Inferred]:
    """A peer that stopped in order is dead a dead time after its last heartbeat."""
    for notice in diary.of("hbr-shutdown-notice"):
        name = notice.get("node")
        dead = next((f for f in diary.of("hbr-dead-gave-up") if f.get("node") == name and f.at >= notice.at), None)
        back = ("hb-peer-restarted", "hb-node-status")
        if dead is None or any(f.get("node") == name for f in diary.within(notice.at, dead.at, *back)):
            continue
        if not _patient(incident, diary, notice):
            continue
        lo, hi = dead.at - notice.at - LEAVING - SECOND, dead.at - notice.at + SECOND
        slack = incident.slack(diary.node, name) if name in incident.nodes else None
        if name in incident.nodes and slack is not None:
            ends = [x.end for x in incident.diaries[name].lives if x.end is not None and notice.at <= x.end + slack]
            if ends and ends[0] <= dead.at:
                before = SECOND + (incident.keepalive or KEEPALIVE)
                lo, hi = dead.at - ends[0] - SECOND - slack, dead.at - ends[0] + before + SECOND + slack
        if 0 < hi < 20 * LEAVING:
            yield Inferred("deadtime", name, _seconds(max(lo, 0), hi), max(lo, 0), hi, (notice.proof, dead.proof))
            return


def _patient(incident: Incident, diary: Diary, notice: Fact) -> bool:
    """Whether the usual dead time counts: not while the listener still starts, nor for one that restarts itself."""
    life = diary.life_at(notice.at)
    if life is not None and life.begin is not None and (life.active is None or life.active > notice.at):
        return False
    peer = incident.diaries.get(notice.get("node"))
    gone = peer.life_at(notice.at) if peer is not None else None
    return gone is None or gone.ending is Ending.ORDERLY


def _is_ping(diary: Diary, fact: Fact) -> bool:
    name = fact.get("node")
    return name in diary.links


def _word(option: str, diary: Diary, fact: Fact, value: str) -> Inferred:
    return Inferred(option, diary.node, value, proofs=(fact.proof,))


def _ms(fact: Fact, name: str) -> int | None:
    return fact.number(name) if fact.get(name).isdecimal() else None


def _seconds(lo: int, hi: int) -> str:
    return f"{lo / 1000:g} s" if lo == hi else f"{lo / 1000:.0f} to {hi / 1000:.0f} s"
