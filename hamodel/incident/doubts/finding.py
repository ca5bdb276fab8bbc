"""What the families of rules share: how a finding is made, and how far a log can be asked for a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from hamodel.incident.diary import Diary
from hamodel.incident.facts import Fact, stem
from hamodel.incident.lives import Life
from hamodel.incident.report import Contradiction, Proof, Proofs
from hamodel.logs.known import KNOWN

_HOLE = re.compile(r"\{[a-z0-9_]+\}")


def broken(diary: Diary, fact: Fact, text: str, rule: str, *others: Fact | Proof) -> Contradiction:
    """These lines cannot both be."""
    return Contradiction(diary.node, fact.at, text, rule, False, _lines(fact, *others))


def missing(diary: Diary, fact: Fact, text: str, rule: str, *others: Fact | Proof) -> Contradiction:
    """This line demands another that is not there."""
    return Contradiction(diary.node, fact.at, text, rule, True, _lines(fact, *others))


def _lines(*each: Fact | Proof) -> Proofs:
    return tuple(sorted({one if isinstance(one, Proof) else one.proof for one in each}))


@cache
def levels(key: str) -> frozenset[str]:
    """The levels at which a line of this name is written, in either release."""
    found = (KNOWN.get(name) for name in (key, f"{key}-v2", f"{key}-v3"))
    return frozenset(message.level.lower() for message in found if message is not None)


@cache
def wording(key: str) -> str:
    """How a person knows a line of this name: its literal words."""
    message = next(KNOWN[name] for name in (key, f"{key}-v3", f"{key}-v2") if name in KNOWN)
    return _HOLE.sub("...", message.format)


def shown(diary: Diary) -> frozenset[str]:
    """The levels that this log holds at all: a syslog may keep warnings only."""
    return frozenset(level for key in diary.places for level in levels(stem(key)))


def may_demand(diary: Diary, level: frozenset[str], *keys: str) -> bool:
    """Whether a line of this name would be in this log if it had been written."""
    return any(levels(key) <= level for key in keys)


def parts(diary: Diary) -> Iterator[tuple[Life, tuple[Fact, ...]]]:
    """Each life with its facts; those between its end and the next begin count as its own.

    Lives are told apart by their first lines: one second may hold the end of one and the begin of the next.
    """
    begins = {life.proofs[0]: life for life in diary.lives if life.proofs}
    now: Life | None = None
    facts: list[Fact] = []
    for fact in diary.facts:
        if fact.proof in begins:
            if now is not None:
                yield now, tuple(facts)
            now, facts = begins[fact.proof], []
        facts.append(fact)
    if now is not None:
        yield now, tuple(facts)


def value_of(fact: Fact, name: str) -> str:
    """A field; the line that a node is dead tells its status by its words."""
    return "dead" if (name, fact.key) == ("status", "hb-node-dead") else fact.get(name)


def reaches(diary: Diary, at: int, back: int) -> bool:
    """Whether what came up to `back` ms before would be in this log: it goes so far, or begins with the daemon."""
    begun = bool(diary.lives) and diary.lives[0].begin is not None and diary.whole <= diary.first
    return (begun and at >= diary.lives[0].first) or at - back >= diary.whole


def survivor(diary: Diary, fact: Fact) -> bool:
    """Whether a script may be older than the daemon: it goes on when its daemon is killed."""
    life = diary.life_at(fact.at)
    if life is None or life.begin is None:
        return False
    young = life.active is None or fact.at < life.active
    return young or (life.pid is not None and fact.pid is not None and fact.pid < life.pid)


def whole(diary: Diary, life: Life) -> bool:
    """Whether the log holds this life from its begin."""
    return life.begin is not None and life.first >= diary.whole
