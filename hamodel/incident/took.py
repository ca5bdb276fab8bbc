"""How long scripts, resets and boots took, as far as the lines bound it: no file says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hamodel.incident.diary import Diary, Incident
from hamodel.incident.facts import SECOND
from hamodel.incident.report import Fault, Took

RESET = ("fenced", "watchdog", "rebooted")
DOWN = ("power-lost", *RESET, "silent", "killed", "paused")
"""Ends of a machine after which it boots; a reset tells its moment best."""
ANSWERS = {"hbr-stonith-ok": "reset", "hbr-stonith-failed": "failed reset"}


def took(incident: Incident, faults: Sequence[Fault]) -> tuple[Took, ...]:
    """All that began and ended, node by node."""
    every: list[Took] = []
    for diary in incident.diaries.values():
        every += [*_scripts(diary), *_resets(diary), *_boots(diary, faults)]
    return tuple(every)


def _scripts(diary: Diary) -> Iterator[Took]:
    """Calls whose end is told. They begin and end somewhere in the seconds of their lines."""
    for run in diary.runs:
        if run.op in ("start", "stop") and run.end is not None and run.ok is not None:
            length = run.end - run.begin
            yield Took(run.op, diary.node, run.resource.word, max(0, length - 2 * SECOND), length)


def _resets(diary: Diary) -> Iterator[Took]:
    begun: dict[str, int] = {}
    for fact in diary.of("hbr-stonith-begin", *ANSWERS):
        name = fact.get("node")
        if fact.key not in ANSWERS:
            begun[name] = fact.at
        elif name in begun:
            length = fact.at - begun.pop(name)
            yield Took(ANSWERS[fact.key], diary.node, name, max(0, length - SECOND), length + SECOND)


def _boots(diary: Diary, faults: Sequence[Fault]) -> Iterator[Took]:
    """From the end of a machine to the first line of the daemon that comes with its boot."""
    for before, life in zip(diary.lives, diary.lives[1:], strict=False):
        ends = [f for f in faults if f.node == diary.node and f.kind in DOWN and f.earliest <= life.first]
        ends = [f for f in ends if f.latest >= before.first]
        if life.booted and ends:
            last = max(ends, key=lambda f: (f.kind in RESET, f.latest))
            least, most = life.first - min(last.latest, life.first), life.first - last.earliest
            yield Took("boot", diary.node, last.kind, max(0, least - SECOND), most + SECOND)
