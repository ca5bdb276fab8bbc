"""Why two nodes had the same resource: one rule for each way it is known to come about, with the id of its hazard.

A rule looks at the faults around the first double ownership and answers with a sentence, or with nothing. They go from
the particular to the general: a broken file, a hollow fence or a script that came too late explains more than the
silence that let it matter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hamodel.incident.diary import Incident
from hamodel.incident.facts import SECOND
from hamodel.incident.links import deadtime
from hamodel.incident.report import Certainty, Fault, Overlap, Owned


@dataclass(frozen=True, slots=True)
class Damage:
    """The first double ownership: who had it, who took it as well, and when."""

    overlap: Overlap
    holder: str
    taker: str
    at: int
    spans: tuple[Owned, Owned]


MINUTE = 60_000

Found = tuple[str, str, Certainty, Sequence[Fault]]
Rule = Callable[[Incident, Damage, Sequence[Fault]], "Found | None"]


def near(faults: Sequence[Fault], at: int, *kinds: str, node: str = "", since: int | None = None) -> list[Fault]:
    """The faults of these kinds that had begun by then and were not over long before, the latest first."""
    some = [
        fault
        for fault in faults
        if fault.kind in kinds and fault.earliest <= at + 2 * SECOND and (not node or fault.node == node)
    ]
    if since is not None:
        some = [fault for fault in some if fault.ended is None or fault.ended >= since]
    return sorted(some, key=lambda fault: fault.latest, reverse=True)


def _files(incident: Incident, damage: Damage, faults: Sequence[Fault]) -> Found | None:
    for fault in near(faults, damage.at, "files-differ"):
        return (
            f"{fault.text}: each node took it for its own, and nothing tells them",
            "HZ-19a",
            Certainty.CERTAIN,
            [fault],
        )
    return None


def _keys(incident: Incident, damage: Damage, faults: Sequence[Fault]) -> Found | None:
    some = near(faults, damage.at, "wrong-keys")
    if not some:
        return None
    text = (
        "the nodes have different keys, so each threw the other's heartbeats away, thought it dead and took everything"
    )
    return text, "HZ-22", Certainty.CERTAIN, some


def _left(incident: Incident, damage: Damage, faults: Sequence[Fault]) -> Found | None:
    had, took = damage.holder, damage.taker
    for fault in near(faults, damage.at, "not-released", node=had):
        text = (
            f"heartbeat on {fault.node} was stopped in order but did not release {fault.what}: its haresources no "
            f"longer named it; {took} took it on the stop's word"
        )
        return text, "HZ-19d", Certainty.LIKELY, [fault]
    return None


def _mute_stop(incident: Incident, damage: Damage, faults: Sequence[Fault]) -> Found | None:
    had, took = damage.holder, damage.taker
    if "without a word of the agent" not in damage.spans[0].open_because:
        return None
    text = (
        f"the stop of {damage.overlap.resource} on {had} came back without a word of its agent, perhaps without "
        f"having stopped anything; {took} then took it"
    )
    return text, "HZ-17", Certainty.POSSIBLE, near(faults, damage.at, "stopped", "standby", node=had)[:1]


def _late_start(incident: Incident, damage: Damage, faults: Sequence[Fault]) -> Found | None:
    """The second owner is one whose start was begun long before and came through after the other had it."""
    had, took = damage.holder, damage.taker
    slow = [
        fault
        for fault in faults
        if fault.kind in ("script-slow", "script-hung") and fault.text.startswith("start") and fault.node == took
    ]
    slow = [
        f for f in slow if f.earliest < damage.at - 5 * SECOND and f.ended is not None and f.ended >= damage.at - SECOND
    ]
    if not slow:
        return None
    text = (
        f"a start of {damage.overlap.resource} on {took}, begun long before, came through after {had} "
        "had got it: a release does not wait for a start that still runs"
    )
    return text, "HZ-16", Certainty.CERTAIN, slow


def _overtaken(incident: Incident, damage: Damage, faults: Sequence[Fault]) -> Found | None:
    """A script that tells no end was perhaps still starting when it was stopped, and may have come through after it."""
    pair = () if damage.overlap.sure_from is not None else (damage.taker, damage.holder)
    for node, other in zip(pair, reversed(pair), strict=True):
        diary = incident.diaries.get(node)
        runs = [r for r in diary.runs if r.resource.name == damage.overlap.resource] if diary is not None else []
        stops = [r for r in runs if r.op == "stop" and r.end is not None and abs(r.end - damage.at) <= 2 * SECOND]
        starts = [r for r in runs if r.op == "start"]
        if any(r.begun_no < s.begun_no and (r.end is None or r.ended_no > s.begun_no) for r in starts for s in stops):
            text = (
                f"{node} gave {damage.overlap.resource} to {other} while its own start of it had perhaps not come "
                "back: a release does not wait for a start that still runs"
            )
            return text, "HZ-16", Certainty.POSSIBLE, near(faults, damage.at, "standby", "takeover")[:1]
    return None


def _hollow(incident: Incident, damage: Damage, faults: Sequence[Fault]) -> Found | None:
    had, took = damage.holder, damage.taker
    for fault in near(faults, damage.at, "fence-hollow", node=had):
        if fault.earliest < damage.at - 30_000:
            continue
        text = f"{took} was told that {had} had been reset and took over, but {had} ran and had its resources"
        back = [f for f in faults if f.kind == "started" and f.node == had and f.latest < fault.earliest]
        return text, "HZ-12" if back else "HZ-13", Certainty.CERTAIN, [fault]
    return None


def _slow_release(incident: Incident, damage: Damage, faults: Sequence[Fault]) -> Found | None:
    """The peer was lost while the holder was still giving up: its claim is dropped first, so nobody fences."""
    had, took = damage.holder, damage.taker
    slow = [
        fault
        for fault in near(faults, damage.at, "script-slow", "script-hung", node=had, since=damage.at)
        if fault.text.startswith("stop")
    ]
    lost = near(faults, damage.at, "partition", "cut", "one-way", "silent", since=damage.at - SECOND)
    if not slow or not lost:
        return None
    stop = bool(near(faults, damage.at, "stopped", node=had, since=damage.at))
    text = (
        f"{had} was still releasing {slow[0].what} when {lost[0].text}: it had already said that it gave "
        f"everything up, so {took} took over without a reset"
    )
    return text, "HZ-10" if stop else "HZ-09", Certainty.CERTAIN, [slow[0], lost[0]]


def _reload(incident: Incident, damage: Damage, faults: Sequence[Fault]) -> Found | None:
    had, took = damage.holder, damage.taker
    for fault in near(faults, damage.at, "bad-reload", node=had):
        text = f"{fault.text}; its resources stayed where they were, and {took} took them once it was declared dead"
        return text, "HZ-26", Certainty.CERTAIN, [fault]
    return None


def _paused(incident: Incident, damage: Damage, faults: Sequence[Fault]) -> Found | None:
    had, took = damage.holder, damage.taker
    since = damage.at - deadtime(incident)
    for fault in near(faults, damage.at, "paused", since=since):
        if fault.ended is None or fault.node not in (had, took):
            continue
        own = (p.length for p in incident.diaries[fault.node].pauses if p.begin == fault.earliest)
        length = next(own, fault.ended - fault.earliest) / 1000
        if fault.node == had and damage.at < fault.ended - SECOND:
            text = (
                f"heartbeat on {had} did not run for about {length:.0f} s, longer than the dead time; "
                f"{took} declared it dead and took over, and {had} kept everything when it ran again"
            )
            return text, "HZ-06", Certainty.CERTAIN, [fault]
        text = (
            f"heartbeat on {fault.node} did not run for about {length:.0f} s; the packets that came late made "
            f"{took} declare {had} dead although it was heard again"
        )
        return text, "HZ-07", Certainty.CERTAIN, [fault]
    return None


def _declared(incident: Incident, damage: Damage) -> bool:
    """Whether the taker had declared the holder dead shortly before; without its log, the holder the taker."""
    watcher, lost = damage.taker, damage.holder
    if watcher not in incident.diaries:
        watcher, lost = lost, watcher
    lines = incident.diaries[watcher].of("hb-node-dead")
    return any(f.get("node") == lost and -MINUTE <= f.at - damage.at <= 2 * SECOND for f in lines)


def _returned(incident: Incident, node: str) -> bool:
    """Whether a node whose log is not here was heard again as one that had lived on."""
    return any(
        fact.get("node") == node for diary in incident.diaries.values() for fact in diary.of("hb-partition-healed")
    )


def _network(incident: Incident, damage: Damage, faults: Sequence[Fault]) -> Found | None:
    had, took = damage.holder, damage.taker
    if had not in incident.nodes and not _returned(incident, had):
        return None
    if not _declared(incident, damage) and not near(faults, damage.at, "unheard", since=damage.at - SECOND):
        return None
    lossy = near(faults, damage.at, "packet-loss", since=damage.at - SECOND)
    for fault in lossy or near(faults, damage.at, "one-way", "partition", "cut", "unheard", since=damage.at - SECOND):
        fence = "no reset was asked for"
        match fault.kind:
            case "packet-loss":
                text = f"so many packets were lost that {took} declared {had} dead; {fence}"
                return text, "HZ-63", Certainty.CERTAIN, [fault]
            case "one-way":
                text = f"{fault.text}; {took} declared {had} dead and took over, while {had} went on"
                return text, "HZ-08", Certainty.CERTAIN, [fault]
            case "unheard":
                text = f"{fault.text} and took everything; {had} and {took} both had it from then on"
                return text, "HZ-02", Certainty.CERTAIN, [fault]
            case _:
                text = f"{fault.text}; {took} declared {had} dead and took over, while {had} went on"
                return text, "HZ-01", Certainty.CERTAIN, [fault]
    return None


def _killed(incident: Incident, damage: Damage, faults: Sequence[Fault]) -> Found | None:
    had, took = damage.holder, damage.taker
    for fault in near(faults, damage.at, "killed"):
        if fault.node == had:
            text = f"{fault.text}, and its resources stayed where they were; {took} declared it dead and took them too"
            return text, "HZ-03", fault.certainty, [fault]
        both = near(faults, damage.at, "killed", node=had)
        text = (
            f"{fault.text}: it had forgotten by then what {had} still ran"
            if both
            else f"{fault.text} and took what {had} had"
        )
        return text, "HZ-25", fault.certainty, [*both[:1], fault]
    return None


def _watchdog(incident: Incident, damage: Damage, faults: Sequence[Fault]) -> Found | None:
    had, took = damage.holder, damage.taker
    for fault in near(faults, damage.at, "watchdog", node=had, since=None):
        text = (
            f"the watchdog of {had} reset it only about when {took} took over: it waits the dead time "
            "rounded up to whole seconds, the peer takes over at the dead time"
        )
        return text, "HZ-04", Certainty.LIKELY, [fault]
    return None


def _lost(incident: Incident, damage: Damage, faults: Sequence[Fault]) -> Found | None:
    had, took = damage.holder, damage.taker
    for fault in near(faults, damage.at, "power-lost", "silent", node=had):
        text = (
            f"{had} fell silent and {took} took over without a reset; if only heartbeat had died on "
            f"{had}, or hung, both had it; if the machine was off, nothing overlapped"
        )
        return text, "HZ-03", Certainty.POSSIBLE, [fault]
    return None


def unknown(damage: Damage) -> Found:
    had, took = damage.holder, damage.taker
    text = f"{had} and {took} both had {damage.overlap.resource}; the lines do not say why"
    return text, "", Certainty.POSSIBLE, []


RULES: tuple[Rule, ...] = (
    _files, _keys, _left, _mute_stop, _late_start, _hollow, _slow_release, _reload, _paused, _watchdog, _killed,
    _network, _overtaken, _lost,
)  # fmt: skip
