"""What the lines themselves say befell the cluster, in the model's words: the first sets of faults a search tries.

A fault that an explanation names becomes a suspicion for each kind that it may have been: the actions that it may be,
and when. A guess takes one suspicion of each; with it come only these actions, and only at these times.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product

from hamodel.incident.report import Certainty, Fault
from hamodel.incident.resources import of_word
from hamodel.ir.system import Kind, System

EARLIER, LATER = 3_000, 2_000
"""ms by which a fault may have come before and after the time that the lines tell."""
BEFORE = 10_000
"""A script's fault waits for its next call: it may be taken to have come so many ms before it."""
MOST = 8
"""So many guesses are made."""
MOST_FAULTS = 6
"""A guess with more faults than this is none."""
LONG_AGO = 1_000_000_000
"""ms: from the beginning on."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """One fault: a kind, the actions that it may be, and when it came: ms since the epoch by the first node's clock."""

    kind: str
    actions: frozenset[str]
    lo: int
    hi: int


@dataclass(frozen=True, slots=True)
class Guess:
    """The faults of one night."""

    suspicions: tuple[Suspicion, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(sorted(each.kind for each in self.suspicions))

    @property
    def actions(self) -> frozenset[str]:
        return frozenset(name for each in self.suspicions for name in each.actions)

    @property
    def windows(self) -> tuple[tuple[int, int], ...]:
        """When its faults came; those that overlap are one."""
        return joined((each.lo, each.hi) for each in self.suspicions)


def joined(windows: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Times in their order; those that overlap are one.

    >>> joined([(5, 9), (1, 2), (8, 12)])
    ((1, 2), (5, 12))
    """
    found: list[tuple[int, int]] = []
    for lo, hi in sorted(windows):
        if found and lo <= found[-1][1]:
            found[-1] = (found[-1][0], max(hi, found[-1][1]))
        else:
            found.append((lo, hi))
    return tuple(found)


def guesses(system: System, nodes: tuple[str, str], faults: Sequence[Fault]) -> tuple[Guess, ...]:
    """The sets of faults that the explanation's faults may have been, the likeliest first."""
    reader = _Reader(system, nodes)
    ways = [way for way in (reader.ways(fault) for fault in faults) if way]
    chosen = sorted(islice(product(*map(enumerate, ways)), 4**5), key=lambda each: sum(i for i, _ in each))
    found = [Guess(tuple(s for _, way in each for s in way)) for each in chosen]
    found = [guess for guess in dict.fromkeys(found) if 0 < len(guess.suspicions) <= MOST_FAULTS]
    return tuple(found[:MOST])


Way = tuple[Suspicion, ...]
"""The faults of the model that one fault of an explanation may have been together."""


@dataclass(frozen=True, slots=True)
class _Reader:
    system: System
    nodes: tuple[str, str]

    def ways(self, fault: Fault) -> list[Way]:
        """What this may have been, the likeliest first; nothing for what the cluster did by itself."""
        own = [*self._one(fault.kind, fault)]
        for kind in fault.alternatives:
            own += self._one(kind, fault)
        return list(dict.fromkeys(way for way in own if way))

    def _one(self, word: str, fault: Fault) -> Iterator[Way]:
        node, what = fault.node, fault.what
        match word:
            case "killed":
                master = what == "master"
                yield self._any("kill_mcp" if master else "kill", fault, node)
            case "power-lost":
                yield self._any("power", fault, node)
            case "paused":
                yield self._any("pause", fault, node)
            case "silent":
                for kind in ("kill", "power", "pause"):
                    yield self._any(kind, fault, node)
            case "cut" | "partition" if fault.kind in ("cut", "partition"):
                yield from self._cuts(fault, what.split(", "))
            case "one-way":
                yield self._media("deaf", fault, what.split(", "), self._peer(node))
            case "partition" | "unheard" if fault.certainty is not Certainty.POSSIBLE:
                yield from self._cuts(fault, sorted({_card(a) for a in self._actions("cut")}))
            case "cut":
                yield self._any("cut", fault, f"{node}:")
            case "ping-lost":
                yield self._any("ping", fault, what)
            case "packet-loss":
                yield self._any("loss", fault, "")
            case "replay":
                yield self._any("restore", _since_long(fault), node)
                yield self._any("generation", _since_long(fault), node)
            case "fence-failed":
                yield self._any("device", _since_long(fault), node)
            case "script-failed":
                yield self._script(f"{fault.op}_fails", fault, f"{fault.op}_fails")
            case "script-slow":
                yield self._script("delay", fault, f"delay_{fault.op}")
            case "script-hung":
                yield self._script("delay", fault, f"hang_{fault.op}")
                yield self._any("kill_scripts", replace(fault, latest=fault.latest + BEFORE), node)
            case "client-killed":
                yield self._any("kill_scripts", fault, node)
            case "child-killed":
                yield self._any("kill_child", fault, node)
            case "bad-reload":
                yield self._any("mistake", _since_long(fault), node)

    def _peer(self, node: str) -> str:
        return self.nodes[1] if node == self.nodes[0] else self.nodes[0]

    def _any(self, kind: str, fault: Fault, word: str) -> Way:
        """One fault of this kind: every action that names the word."""
        return self._of(kind, fault, [a for a in self._actions(kind) if word in a])

    def _script(self, kind: str, fault: Fault, name: str) -> Way:
        """The script of the resource, else every script of its type."""
        own = [a for a in self._actions(kind) if a.startswith(f"{name}[{fault.node},")]
        kind_of = of_word(fault.what).script
        exact = [a for a in own if a.endswith(f",{fault.what}]")]
        similar = [a for a in own if kind_of in a]
        return self._of(kind, replace(fault, earliest=fault.earliest - BEFORE), exact or similar or own)

    def _cuts(self, fault: Fault, links: Sequence[str]) -> Iterator[Way]:
        """One cut for each link: of what lies between the nodes, so that nothing else is lost, or of any cable."""
        every = self._media("cut", fault, links)
        between = [replace(each, actions=_between(each.actions) or each.actions) for each in every]
        yield tuple(between)
        yield every

    def _media(self, kind: str, fault: Fault, links: Sequence[str], node: str = "") -> Way:
        """One fault for each link."""
        found: list[Suspicion] = []
        for link in links:
            own = [a for a in self._actions(kind) if _card(a) == link and node in a]
            found += self._of(kind, fault, own or [a for a in self._actions(kind) if node in a])
        return tuple(found)

    def _of(self, kind: str, fault: Fault, actions: Sequence[str]) -> Way:
        if not actions:
            return ()
        return (Suspicion(kind, frozenset(actions), fault.earliest - EARLIER, fault.latest + LATER),)

    def _actions(self, kind: str) -> list[str]:
        return [
            a.name
            for a in self.system.actions
            if a.fault == kind and a.kind is Kind.FAULT and self.system.may_happen(a)
        ]


def _since_long(fault: Fault) -> Fault:
    return replace(fault, earliest=fault.earliest - LONG_AGO)


def _between(actions: Iterable[str]) -> frozenset[str]:
    return frozenset(a for a in actions if " between " in a)


def _card(action: str) -> str:
    """The card of an action.

    >>> [_card(a) for a in ("cut[eth1]", "cut[node1:eth0]", "cut[eth0 between a and b]", "deafen[node1,eth1]")]
    ['eth1', 'eth0', 'eth0', 'eth1']
    """
    inside = action.partition("[")[2].rstrip("]").partition(" between ")[0]
    return re.split("[:,]", inside, maxsplit=1)[-1]
