"""The calls of resource scripts: ends that nobody began, begins of which only the agent tells, groups half done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hamodel.incident.diary import Diary
from hamodel.incident.doubts.finding import missing, reaches, survivor
from hamodel.incident.facts import Fact
from hamodel.incident.report import Contradiction, Proof
from hamodel.incident.resources import group_of
from hamodel.incident.runs import TELLING, Run

LONG = 600_000
"""ms that a script may take; the begin of a call is looked for so far back."""
CALLING = frozenset({"rm-acquiring", "rm-releasing", "rm-giving-up"})

WORDS = frozenset({"ra-success", "ra-generic-error", "fs-mount-failed", "rm-return-code", "rm-dbg-done"})
"""How a call's end is told by the agent, or for it."""


ENDS = frozenset({"rm-dbg-done", "rm-return-code"})
"""How ResourceManager tells a call's end where it writes debug lines: the latter of a call that failed."""


def find(diary: Diary) -> Iterator[Contradiction]:
    """All of one node's."""
    facts = {fact.proof: fact for fact in diary.facts if fact.key.startswith(("rm-", "ra-", "fs-", "ip"))}
    yield from _uncalled(diary)
    yield from _agents(diary, facts)
    yield from _endless(diary, facts)
    yield from _groups(diary)


def _uncalled(diary: Diary) -> Iterator[Contradiction]:
    for fact in diary.uncalled:
        if fact.key == "ra-success" and reaches(diary, fact.at, LONG) and not survivor(diary, fact):
            yield missing(diary, fact, "a script has succeeded that nobody called", "G")


def _agents(diary: Diary, facts: dict[Proof, Fact]) -> Iterator[Contradiction]:
    """ResourceManager tells each call before the agent does; an agent that tells its ends tells each."""
    called = any(True for _ in diary.of("rm-running"))
    telling = any(True for _ in diary.of("ra-success"))
    for run in diary.runs:
        fact = facts.get(run.proofs[0])
        if run.op == "status" or fact is None or not reaches(diary, run.begin, LONG) or survivor(diary, fact):
            continue
        name = run.resource.name
        if called and fact.key != "rm-running":
            yield missing(diary, fact, f"the agent {run.op}s {name}, and the call of its script is missing", "G")
        word = any(proof in facts and facts[proof].key in WORDS for proof in run.proofs[1:])
        if telling and run.op == "start" and run.ok and run.resource.script in TELLING and not word:
            yield missing(diary, fact, f"the start of {name} is over, and its agent's word is missing", "G")


def _endless(diary: Diary, facts: dict[Proof, Fact]) -> Iterator[Contradiction]:
    """Where ResourceManager writes debug lines, it tells the end of each call that is over."""
    if not any(True for _ in diary.of("rm-dbg-done")):
        return
    for run in diary.runs:
        fact = facts.get(run.proofs[0])
        if fact is None or fact.key != "rm-running" or not run.ok or survivor(diary, fact):
            continue
        if not any(proof in facts and facts[proof].key in ENDS for proof in run.proofs[1:]):
            text = f"the {run.op} of {run.resource.name} is over, and the debug line of its end is missing"
            yield missing(diary, fact, text, "G")


def _groups(diary: Diary) -> Iterator[Contradiction]:
    """A call belongs to a group that its ResourceManager named, and a release stops all of the group."""
    open_: dict[int, Fact] = {}
    for fact in diary.of(*CALLING, "rm-running"):
        if fact.pid is None:
            continue
        before = open_.get(fact.pid)
        if fact.key in CALLING:
            open_[fact.pid] = fact
        elif before is None and reaches(diary, fact.at, LONG) and not survivor(diary, fact):
            open_[fact.pid] = fact
            yield missing(diary, fact, "a script is called for a group that is not named before", "G")
    stops: dict[int | None, list[Run]] = {}
    for run in diary.runs:
        if run.op == "stop":
            stops.setdefault(run.pid, []).append(run)
    for fact in diary.of("rm-releasing"):
        yield from _left(diary, fact, stops.get(fact.pid, ()))


def _left(diary: Diary, fact: Fact, stops: Sequence[Run]) -> Iterator[Contradiction]:
    """What a release that went on to its end has left out."""
    mine = [run for run in stops if 0 <= run.begin - fact.at <= LONG]
    group = group_of(fact.get("resources"))
    if not mine or mine[-1].resource.name != group[0].name:
        return
    for resource in group:
        if resource.script in TELLING and resource.name not in {run.resource.name for run in mine}:
            text = f"a release goes through its group, and the stop of {resource.name} is missing"
            yield missing(diary, fact, text, "G")
