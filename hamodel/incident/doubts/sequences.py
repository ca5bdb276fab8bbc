"""What a daemon tells only when it changes: a medium's state, a node's status. The same word twice lost one between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hamodel.incident.diary import Diary
from hamodel.incident.doubts.finding import may_demand, missing, parts, shown, value_of, whole
from hamodel.incident.facts import Fact
from hamodel.incident.report import Contradiction

SAID = frozenset({"hb-node-status", "hb-node-dead", "hb-peer-restarted"})
STARTED = frozenset({"bcast-started", "mcast-started", "ucast-started", "serial-started"})
YOUNG = ("init", "up")
"""What a daemon is only at its begin."""
LATE = frozenset({"hb-late-heartbeat-deadtime", "hb-partition-healed"})
"""What may be followed by a second death (rules N3' and N8b)."""


MOMENT = 2000
"""ms from a ping node's first answer until its medium is told of."""


def find(diary: Diary) -> Iterator[Contradiction]:
    """All of one node's."""
    told = may_demand(diary, shown(diary), "hb-node-status")
    for life, facts in parts(diary):
        facts = tuple(fact for fact in facts if fact.at >= diary.whole)
        yield from _links(diary, whole(diary, life), facts)
        if whole(diary, life):
            yield from _media(diary, facts)
            yield from _mute(diary, facts)
        if told:
            yield from _nodes(diary, facts)


def _links(diary: Diary, known: bool, facts: Sequence[Fact]) -> Iterator[Contradiction]:
    """A medium to a node is up and dead by turns, and up first."""
    last: dict[tuple[str, str], Fact] = {}
    for fact in facts:
        if fact.key != "hb-link-status":
            continue
        name = fact.get("node"), fact.get("link")
        before, status = last.get(name), fact.get("status")
        last[name] = fact
        link, other = ":".join(name), "dead" if status == "up" else "up"
        if before is not None and before.get("status") == status:
            text = f"link {link} is {status} twice; that it was {other} between them is missing"
            yield missing(diary, fact, text, "N4", before)
        elif before is None and known and status == "dead":
            yield missing(diary, fact, f"link {link} is dead, and that it was up before is missing", "N4")


def _media(diary: Diary, facts: Sequence[Fact]) -> Iterator[Contradiction]:
    """A node is heard only over media that were started."""
    started = {value for fact in facts if fact.key in STARTED for value in fact.fields.values()}
    if not started:
        return
    named: set[str] = set()
    for fact in facts:
        link = fact.get("link")
        if fact.key == "hb-link-status" and link != fact.get("node") and link not in started | named:
            named.add(link)
            yield missing(diary, fact, f"medium {link} is told of, and its start is missing", "S1")


def _mute(diary: Diary, facts: Sequence[Fact]) -> Iterator[Contradiction]:
    """A node whose status is read was heard over a medium before; a ping node may be told of a moment earlier."""
    heard: set[str] = set()
    links = [fact for fact in facts if fact.key == "hb-link-status"]
    for fact in facts:
        node = fact.get("node")
        if fact.key == "hb-link-status":
            heard.add(node)
        elif fact.key == "hb-node-status" and node not in heard:
            heard.add(node)
            late = (link for link in links if link.get("node") == node and 0 <= link.at - fact.at <= MOMENT)
            if fact.get("status") == "ping" and any(late):
                continue
            yield missing(diary, fact, f"node {node} is {fact.get('status')}, and no medium to it is up before", "N1")


def _nodes(diary: Diary, facts: Sequence[Fact]) -> Iterator[Contradiction]:
    """A node's status is told when it changes; its death again only after something of it came late."""
    last: dict[str, Fact] = {}
    alive: set[str] = set()
    for fact in facts:
        node = fact.get("node")
        if fact.key in LATE:
            last.pop(node, None)
        if fact.key not in SAID:
            continue
        before, last[node] = last.get(node), fact
        if before is not None and before.get("status") == "active":
            alive.add(node)
        if fact.key == "hb-peer-restarted":
            alive.discard(node)
        if before is None or fact.key == "hb-peer-restarted":
            continue
        if fact.get("status") in YOUNG and _status(before) not in (*YOUNG, "anew") and node in alive:
            text = f"node {node} is {_status(fact)} after it was {_status(before)}, and its restart is missing"
            yield missing(diary, fact, text, "N8c", before)
        elif _status(before) == _status(fact):
            text = f"node {node} is {_status(fact)} twice; what it was between them is missing"
            yield missing(diary, fact, text, "N2", before)


def _status(fact: Fact) -> str:
    return "anew" if fact.key == "hb-peer-restarted" else value_of(fact, "status")
