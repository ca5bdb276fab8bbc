"""Machines and daemons: ends without a word, pauses, refusals, and starts and stops in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hamodel.incident.absent import deaths, mentioned
from hamodel.incident.diary import Diary, Incident, alive_until
from hamodel.incident.facts import SECOND, Fact
from hamodel.incident.links import deadtime, downs, taken_over_alive
from hamodel.incident.lives import Ending, Life
from hamodel.incident.owners import resets
from hamodel.incident.report import Certainty, Fault, Proof

SHOOTING = 30_000
"""ms that a reset may take."""
ANY_SILENCE = ("power-lost", "killed", "paused")


def find(incident: Incident) -> Iterator[Fault]:
    """All of them."""
    for diary in incident.diaries.values():
        for place, life in enumerate(diary.lives):
            after = diary.lives[place + 1] if place + 1 < len(diary.lives) else None
            yield from _ended(incident, diary, life, after)
            if place and diary.lives[place - 1].ending not in (Ending.RESTART, Ending.RELOAD):
                text = f"heartbeat was started again on {diary.node}" + (" after a boot" if life.booted else "")
                proofs = tuple(life.proofs[:1])
                yield Fault(
                    "started",
                    diary.node,
                    "",
                    life.first,
                    life.first + SECOND,
                    None,
                    Certainty.CERTAIN,
                    text,
                    (),
                    proofs,
                )
        for pause in diary.pauses:
            text = f"heartbeat on {diary.node} did not run for about {pause.length / 1000:.0f} s"
            yield Fault(
                "paused", diary.node, "", pause.begin, pause.begin + 2 * SECOND, pause.end, Certainty.CERTAIN, text, (),
                (pause.proof,),
            )  # fmt: skip
        yield from _processes(diary)
        yield from _refused(diary)
    yield from _unknown_nodes(incident)


def _ended(incident: Incident, diary: Diary, life: Life, after: Life | None) -> Iterator[Fault]:
    node, proofs = diary.node, tuple(life.proofs[-1:])
    match life.ending:
        case Ending.ORDERLY:
            at = life.stopping or life.last
            text = f"heartbeat on {node} was stopped in order"
            if life.delayed:
                text += ": the request came from outside, while resources were still moving"
            yield Fault("stopped", node, "", at, at + SECOND, life.end, Certainty.CERTAIN, text, (), proofs)
        case Ending.OPEN if life.stopping is not None:
            text = f"heartbeat on {node} was told to stop and had not finished when its log ends"
            yield Fault(
                "stopped", node, "", life.stopping, life.stopping + SECOND, None, Certainty.CERTAIN, text, (), proofs
            )
        case Ending.MASTER:
            text = f"the master process of heartbeat on {node} was killed"
            yield Fault(
                "killed",
                node,
                "master",
                life.last - 2000,
                life.last + SECOND,
                None,
                Certainty.CERTAIN,
                text,
                (),
                proofs,
            )
        case Ending.STOP_FAILURE:
            text = f"heartbeat rebooted {node} because a resource could not be stopped"
            yield Fault("rebooted", node, "", life.last, life.last + SECOND, None, Certainty.CERTAIN, text, (), proofs)
        case Ending.RELOAD:
            text = f"heartbeat on {node} was told to restart with files it refuses"
            yield Fault(
                "bad-reload", node, "", life.last, life.last + SECOND, None, Certainty.CERTAIN, text, (), proofs
            )
        case Ending.RESTART if life.stopping is not None and not _has_reason(diary, life, life.stopping):
            text = f"heartbeat on {node} restarted itself though no partition had healed: one of its processes died"
            begin = life.stopping - 2 * SECOND
            yield Fault(
                "child-killed", node, "", begin, life.stopping + SECOND, life.end, Certainty.LIKELY, text, (), proofs
            )
        case Ending.SILENT | Ending.WATCHDOG:
            if life.stopping is not None:
                text = f"heartbeat on {node} was told to stop and died before it had finished"
                at = life.stopping
                yield Fault("stopped", node, "", at, at + SECOND, None, Certainty.CERTAIN, text, (), proofs)
            yield from _silence(incident, diary, life, after)


def _has_reason(diary: Diary, life: Life, at: int) -> bool:
    """Whether the daemon had missed its own heartbeat, or heard a lost peer again: it restarts itself for that too.

    It waits until nothing moves, however long that takes.
    """
    return any(True for _ in diary.within(life.first, at, "hb-no-local-heartbeat", "hb-partition-healed"))


def _silence(incident: Incident, diary: Diary, life: Life, after: Life | None) -> Iterator[Fault]:
    """The daemon left no word: what the boot, the peers and the kernel say of it."""
    node, begin = diary.node, alive_until(incident, diary, life)
    limit = after.first if after is not None else incident.end
    missed = _missed(incident, diary, begin, limit)
    if missed is not None and _own_view(incident, diary, missed.at):
        missed = None
    latest = min(limit, missed.at if missed is not None else limit, life.end if life.end is not None else limit)
    proofs: tuple[Proof, ...] = (missed.proof,) if missed is not None else ()
    proofs += tuple(after.proofs[:1]) if after is not None else ()
    shot = [at for at, _ in resets(incident, diary) if begin - 2 * SECOND <= at <= limit + 2 * SECOND]
    if life.cut_short is not None:
        text = f"heartbeat on {node} was killed: the kernel saw its watchdog closed unexpectedly"
        yield Fault(
            "killed", node, "", life.cut_short, life.cut_short + SECOND, None, Certainty.CERTAIN, text, (), proofs
        )
    elif life.ending is Ending.WATCHDOG:
        text = f"heartbeat on {node} stopped feeding its watchdog: it hung or died"
        begin = min(begin - deadtime(incident) - 2 * SECOND, life.last)
        yield Fault("paused", node, "", begin, latest, None, Certainty.LIKELY, text, ("killed",), proofs)
    elif after is not None and not after.booted:
        text = f"heartbeat on {node} was killed, and started again on the running machine"
        yield Fault("killed", node, "", begin, latest, after.first, Certainty.LIKELY, text, (), proofs)
    elif shot:
        if missed is not None and missed.at <= min(shot) and not _own_view(incident, diary, missed.at):
            text = f"{node} fell silent before it was reset"
            yield Fault("silent", node, "", begin, latest, None, Certainty.CERTAIN, text, ANY_SILENCE, proofs)
    elif missed is not None and life.machine > missed.at + SECOND:
        text = f"heartbeat on {node} died or hung, and the machine went on: a script wrote later"
        yield Fault("killed", node, "", begin, latest, None, Certainty.LIKELY, text, ("paused",), proofs)
    elif after is not None:
        kind, other, text = "power-lost", tuple[str, ...](), f"the machine {node} lost its power or was reset"
        if _shot_at(incident, node, begin, limit):
            kind, other = "fenced", ("power-lost",)
            text = f"{node} was reset by a peer that had begun to, and did not live to say so"
        ways = (*other, "killed", "paused")
        yield Fault(kind, node, "", begin, latest, after.first, Certainty.LIKELY, text, ways, proofs)
    else:
        text = f"{node} fell silent and left no word"
        yield Fault("silent", node, "", begin, latest, None, Certainty.CERTAIN, text, ANY_SILENCE, proofs)
    if life.ending is Ending.WATCHDOG and life.end is not None:
        text = f"the watchdog of {node} reset the machine"
        at = life.end - SECOND
        yield Fault("watchdog", node, "", at, life.end, None, Certainty.CERTAIN, text, (), tuple(life.proofs[-1:]))


def _shot_at(incident: Incident, node: str, begin: int, limit: int) -> bool:
    """Whether a peer began to reset a node, and did not live to say whether it worked."""
    return any(
        fact.get("node") == node and _died_before_the_answer(peer, fact)
        for peer in incident.others(node)
        for fact in peer.within(begin - SHOOTING, limit, "hbr-stonith-begin")
    )


def _died_before_the_answer(peer: Diary, begun: Fact) -> bool:
    life = peer.life_at(begun.at)
    if life is None or not life.silent:
        return False
    answers = peer.within(begun.at, life.last, "hbr-stonith-ok", "hbr-stonith-failed")
    return all(answer.get("node") != begun.get("node") for answer in answers)


def _missed(incident: Incident, diary: Diary, begin: int, limit: int) -> Fact | None:
    """The first peer's line that declares the node dead."""
    lines = [
        fact
        for peer in incident.others(diary.node)
        for fact in peer.within(begin - SECOND, limit + SECOND, "hb-node-dead", "hbr-dead-gave-up")
        if fact.get("node") == diary.node
    ]
    return min(lines, key=lambda fact: fact.at, default=None)


def _own_view(incident: Incident, diary: Diary, at: int) -> bool:
    """Whether the node itself missed a peer at that time: then the network was cut, and it was awake."""
    near = deadtime(incident) + 2 * SECOND
    peers = set(incident.nodes) - {diary.node}
    for down in downs(diary):
        if down.node in peers and down.at - near <= at and (down.up is None or down.up > at):
            return True
    life = diary.life_at(at)
    since = life.first if life is not None else 0
    said = [f for f in diary.of("hb-node-dead", "hb-link-status", "hb-node-status") if f.get("node") in peers]
    return any(f.key == "hb-node-dead" and abs(f.at - at) <= near for f in said) or not any(
        since <= f.at <= at and f.key != "hb-node-dead" and f.get("status") != "dead" for f in said
    )


def _processes(diary: Diary) -> Iterator[Fault]:
    for fact in diary.of("hb-client-killed"):
        text = f"{fact.get('client_cmd')} on {diary.node} died by signal {fact.get('signo')}"
        what = fact.get("client_cmd").rpartition("/")[2]
        yield _at(fact, "client-killed", diary.node, what, text)
    for fact in diary.of("pt-killed"):
        program = fact.get("proctype").rpartition("/")[2]
        if program != fact.get("proctype"):
            text = f"{program} on {diary.node} died by signal {fact.get('signo')}"
            yield _at(fact, "client-killed", diary.node, program, text)
        if fact.get("proctype").startswith("HB"):
            text = f"heartbeat's process {fact.get('proctype')} on {diary.node} died by signal {fact.get('signo')}"
            yield _at(fact, "child-killed", diary.node, fact.get("proctype"), text)


def _refused(diary: Diary) -> Iterator[Fault]:
    """What a daemon says that does not start; several lines of one attempt are one refusal."""
    last: Fact | None = None
    for fact in diary.refusals:
        same = last is not None and fact.at - last.at <= 2 * SECOND and last.proof.source == fact.proof.source
        if same and last is not None and (fact.key in ENDS or last.key not in ENDS):
            last = fact
            continue
        last = fact
        yield _at(fact, "refused", diary.node, fact.key, f"heartbeat refused to start on {diary.node}: {reason(fact)}")


ENDS = frozenset({"hb-config-error-exit", "cfg-parse-failed", "cfg-authkeys-failed", "hb-config-error-restart"})
"""Refusals that only say that others have been said."""


def reason(fact: Fact) -> str:
    """Why a daemon did not start, with the repair."""
    match fact.key:
        case "cfg-respawn-not-exec":
            return f"{fact.get('path')} of a respawn line is not there or not executable; correct its path in ha.cf"
        case "auth-bad-perms":
            return "authkeys can be read by others; chmod 600 authkeys"
        case "cfg-node-not-in-config":
            name = fact.get("localnode")
            return f"this machine is called {name}, and no node line of ha.cf says so; node lines need `uname -n`"
        case "cfg-deadtime-small":
            return (
                f"deadtime {fact.get('deadtime_ms')} ms is not more than twice keepalive {fact.get('keepalive_ms')} ms"
            )
        case "cfg-initdead-small":
            return f"initdead {fact.get('initdead_ms')} ms is below deadtime {fact.get('deadtime_ms')} ms"
        case "cfg-deadping-small":
            return f"deadping {fact.get('deadping_ms')} ms is not more than twice keepalive"
        case key:
            words = ", ".join(f"{name} {value}" for name, value in fact.fields.items())
            return f"{key.replace('-', ' ')}{': ' + words if words else ''}"


def _unknown_nodes(incident: Incident) -> Iterator[Fault]:
    """A peer whose log is not here, or does not reach that far: what the others say of it."""
    for diary in incident.diaries.values():
        for fact in diary.of("hbr-shutdown-notice"):
            if not _own_stop(incident, diary, fact):
                text = f"heartbeat on {fact.get('node')} was stopped in order: it said so itself, so it lost no power"
                yield _at(fact, "stopped", fact.get("node"), "", text)
        for name in mentioned(incident):
            for taken, _ in taken_over_alive(diary, name):
                text = f"heartbeat on {name} was stopped in order: what it had was taken over before it counted as dead"
                yield replace(_at(taken, "stopped", name, "", text), certainty=Certainty.LIKELY)
            for dead in deaths(diary, name):
                yield _missing(incident, diary, dead)
            first = next(diary.about(name, "hb-node-dead"), None)
            heard = next(diary.about(name, "hb-link-status", "hb-node-status", "hbr-shutdown-notice"), None)
            if first is None or (heard is not None and heard.at < first.at):
                continue
            since = diary.lives[0].first if diary.lives else first.at
            text = f"{diary.node} did not hear {name} from its start on: not started, or not heard"
            certainty, proofs = Certainty.POSSIBLE, (first.proof,)
            yield Fault("unheard", diary.node, name, since, first.at, None, certainty, text, ("silent",), proofs)


def _missing(incident: Incident, diary: Diary, dead: Fact) -> Fault:
    """A death of such a peer: if it is heard again as the same that it was, it had lived on."""
    name, begin = dead.get("node"), dead.at - deadtime(incident) - 2 * SECOND
    back = next((f for f in diary.about(name, "hb-partition-healed") if f.at >= dead.at), None)
    anew = next((f for f in diary.about(name, "hb-peer-restarted") if f.at >= dead.at), None)
    if back is not None and (anew is None or anew.at > back.at):
        text = f"{diary.node} heard nothing of {name} for a while, though {name} had lived on: cut off, or paused"
        proofs = (dead.proof, back.proof)
        either = ("paused", "one-way")
        return Fault("partition", name, "", begin, dead.at, back.at, Certainty.LIKELY, text, either, proofs)
    text = f"{diary.node} heard nothing of {name} any more; the log of {name} is not here"
    ways = ("power-lost", "killed", "paused", "partition")
    return Fault("silent", name, "", begin, dead.at, None, Certainty.CERTAIN, text, ways, (dead.proof,))


def _own_stop(incident: Incident, diary: Diary, notice: Fact) -> bool:
    """Whether the node's own log reaches the moment at which it said that it stops."""
    own = incident.diaries.get(notice.get("node"))
    return own is not None and own.last >= notice.at - SECOND - (incident.slack(own.node, diary.node) or 0)


def _at(fact: Fact, kind: str, node: str, what: str, text: str) -> Fault:
    return Fault(kind, node, what, fact.at, fact.at + SECOND, None, Certainty.CERTAIN, text, (), (fact.proof,))
