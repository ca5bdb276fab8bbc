"""Cables that were out for less than the dead time: a node hears nobody for a while, and itself all the while."""

from __future__ import annotations

from collections.abc import Iterator

from hamodel.incident.diary import Diary, Incident
from hamodel.incident.facts import SECOND, Fact
from hamodel.incident.report import Certainty, Fault

LATE = ("hb-late-heartbeat", "hb-late-heartbeat-deadtime")
ALIKE = 700
"""ms by which the intervals of those that were cut off together differ."""


def find(incident: Incident) -> Iterator[Fault]:
    """All of them."""
    for diary in incident.diaries.values():
        last = 0
        for fact in diary.of(*LATE):
            together = _together(diary, fact)
            if fact.at <= last + SECOND or len({each.get("node") for each in together}) < 2:
                continue
            last = fact.at
            if not _explained(diary, fact):
                yield _cut(diary, fact, together)


def _together(diary: Diary, fact: Fact) -> list[Fact]:
    """The other nodes and ping nodes that were late in the same second by as much."""
    long = _length(fact)
    return [each for each in diary.within(fact.at, fact.at + SECOND, *LATE) if abs(_length(each) - long) <= ALIKE]


def _explained(diary: Diary, fact: Fact) -> bool:
    """Whether it was the node itself that did not run, or media are told to have fallen silent."""
    begin = fact.at - _length(fact)
    own = any(each.get("node") == diary.node for each in diary.within(fact.at - SECOND, fact.at + SECOND, *LATE))
    paused = any(pause.begin <= fact.at and begin <= pause.end for pause in diary.pauses)
    links = diary.within(begin, fact.at + SECOND, "hb-link-status")
    return own or paused or any(link.get("status") == "dead" for link in links)


def _cut(diary: Diary, fact: Fact, together: list[Fact]) -> Fault:
    begin, names = fact.at - _length(fact), sorted({each.get("node") for each in together})
    text = f"{diary.node} heard only itself for about {_length(fact) / 1000:.0f} s, not {', '.join(names)}"
    proofs = tuple(each.proof for each in together)
    ways, since = ("partition",), begin + 2 * SECOND
    return Fault("cut", diary.node, "", begin - SECOND, since, fact.at, Certainty.LIKELY, text, ways, proofs)


def _length(fact: Fact) -> int:
    said = fact.get("interval_ms")
    return int(said) if said.isdecimal() else 0
