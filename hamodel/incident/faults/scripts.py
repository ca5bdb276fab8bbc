"""Resource scripts that failed, took long or never came back; files that do not fit; resources left behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hamodel.incident.diary import Diary, Incident, machine_until
from hamodel.incident.facts import SECOND
from hamodel.incident.lives import Ending
from hamodel.incident.report import Certainty, Fault, Owned
from hamodel.incident.runs import TELLING, Run

LONG = 4000
"""ms a call takes before it is worth a word."""


def find(incident: Incident, owned: Sequence[Owned]) -> Iterator[Fault]:
    """All of them."""
    for diary in incident.diaries.values():
        yield from _calls(incident, diary)
        yield from _left(diary, owned)
    yield from _differ(incident)


def _calls(incident: Incident, diary: Diary) -> Iterator[Fault]:
    failed: set[tuple[str, str]] = set()
    for run in diary.runs:
        name = run.resource.word
        if run.op == "status":
            continue
        if run.ok is False:
            if (run.op, name) in failed:
                continue
            failed.add((run.op, name))
            text = f"{run.op} of {name} failed on {diary.node}" + (f" with {run.rc}" if run.rc else "")
            yield _fault("script-failed", run, run.begin, run.begin + SECOND, run.end, Certainty.CERTAIN, text)
        elif run.end is not None and not run.latest and run.end - run.begin > LONG + SECOND:
            length = (run.end - run.begin) / 1000
            text = f"{run.op} of {name} took about {length:.0f} s on {diary.node}"
            yield _fault("script-slow", run, run.begin, run.begin + SECOND, run.end, Certainty.CERTAIN, text)
        elif (so_far := _cut_short(incident, diary, run)) is not None:
            text = f"{run.op} of {name} had run for {so_far / 1000:.0f} s on {diary.node} when the node was lost"
            yield _fault("script-slow", run, run.begin, run.begin + SECOND, None, Certainty.CERTAIN, text)
        elif (
            run.end is None and run.resource.script in TELLING - diary.silent_agents and _went_on(incident, diary, run)
        ):
            text = f"{run.op} of {name} never came back on {diary.node}: it hung, or was killed"
            yield _fault("script-hung", run, run.begin, run.begin + SECOND, None, Certainty.LIKELY, text)


def _cut_short(incident: Incident, diary: Diary, run: Run) -> int | None:
    """How long (ms) a call had certainly run when its machine went down; None where it did not."""
    life = diary.life_at(run.begin)
    if (
        run.end is not None
        or run.resource.script not in TELLING - diary.silent_agents
        or life is None
        or not life.silent
    ):
        return None
    length = machine_until(incident, diary, life) - run.begin
    return length if length > LONG else None


def _went_on(incident: Incident, diary: Diary, run: Run) -> bool:
    """Whether the logs go on long enough for the missing end to mean something, and the machine was not lost."""
    life = diary.life_at(run.begin)
    later = [other for other in diary.lives if other.first > run.begin]
    if any(other.booted for other in later) or (life is not None and life.silent and not later):
        return False
    return max(diary.last, incident.end if not later else diary.last) - run.begin > LONG


def _fault(kind: str, run: Run, begin: int, latest: int, end: int | None, sure: Certainty, text: str) -> Fault:
    return Fault(kind, run.node, run.resource.word, begin, latest, end, sure, text, (), tuple(run.proofs), run.op)


def _left(diary: Diary, owned: Sequence[Owned]) -> Iterator[Fault]:
    """A daemon that stops in order releases what it manages; what stays is in no line of its file any more."""
    for life in diary.lives:
        if life.ending is not Ending.ORDERLY or life.end is None:
            continue
        for span in owned:
            if span.node != diary.node or span.sure_from is None or span.begin > life.last:
                continue
            if (span.end is None or span.end > life.end + SECOND) and not _stop_ran(
                diary, span, life.stopping or life.last
            ):
                text = f"the stop of heartbeat on {diary.node} did not release {span.resource}"
                at = life.stopping or life.last
                yield Fault(
                    "not-released", diary.node, span.resource, at, life.end, span.end, Certainty.LIKELY, text, (),
                    tuple(life.proofs[-1:]),
                )  # fmt: skip


def _stop_ran(diary: Diary, span: Owned, since: int) -> bool:
    return any(run.op == "stop" and run.resource.name == span.resource and run.begin >= since for run in diary.runs)


def _differ(incident: Incident) -> Iterator[Fault]:
    """The same group, but each node's file names another owner."""
    named: dict[str, tuple[str, str]] = {}
    for diary in incident.diaries.values():
        for group, (owner, proof) in diary.groups.items():
            if not group:
                continue
            before = named.setdefault(group[0].name, (owner, diary.node))
            if before[0] != owner and before[1] != diary.node:
                text = f"haresources on {before[1]} gives {group[0].word} to {before[0]}, on {diary.node} to {owner}"
                at = diary.first
                yield Fault(
                    "files-differ", diary.node, group[0].word, at, at, None, Certainty.CERTAIN, text, (), (proof,)
                )
