"""Who had which resource when, as far as the lines prove it: from certainly or perhaps, to certainly or perhaps.

A resource is there from its start's success to its stop's beginning, perhaps from its start's beginning to its stop's
success. A daemon that dies leaves it where it is; what ends it then is the boot of the machine, or a reset that worked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from hamodel.incident.diary import Diary, Incident, machine_until
from hamodel.incident.endings import breaks_off, ends_early, may_be_gone
from hamodel.incident.facts import SECOND, Fact
from hamodel.incident.lives import Ending, Life
from hamodel.incident.report import Owned, Proof
from hamodel.incident.runs import Run

WHY_OPEN = {
    Ending.OPEN: "",
    Ending.SILENT: "heartbeat fell silent, and nothing says that the resource was released",
    Ending.MASTER: "heartbeat died and left its resources where they were",
    Ending.ORDERLY: "heartbeat stopped without releasing it",
    Ending.RESTART: "heartbeat restarted without releasing it",
    Ending.RELOAD: "heartbeat did not come back from its reload and left its resources where they were",
    Ending.STOP_FAILURE: "the machine was to reboot because the stop failed",
    Ending.WATCHDOG: "the watchdog rebooted the machine",
}
STAYS = (Ending.OPEN, Ending.MASTER, Ending.ORDERLY, Ending.RESTART, Ending.RELOAD)
"""Endings after which the machine is known to have lived on with what it had, unless a line says otherwise."""

HOLLOW = 3_600_000
"""ms before a reset within which a line about such a device belongs to it."""


@dataclass(slots=True)
class _Span:
    begin: int
    sure_from: int | None = None
    sure_to: int | None = None
    end: int | None = None
    why: str = ""
    lasting: bool = False
    orderly: bool = False
    proofs: list[Proof] = field(default_factory=list)


def owned(incident: Incident) -> tuple[Owned, ...]:
    """All spans, by resource, node and beginning."""
    found = []
    for name in incident.resources:
        for node in incident.nodes:
            diary = incident.diaries[node]
            for span in _Owner(incident, diary, name).spans():
                proofs = tuple(dict.fromkeys(span.proofs))
                found.append(
                    Owned(
                        name,
                        node,
                        span.begin,
                        span.sure_from,
                        span.sure_to,
                        span.end,
                        span.why,
                        span.lasting,
                        span.orderly,
                        proofs,
                    )
                )
    return tuple(found)


class _Owner:
    """One resource on one node."""

    def __init__(self, incident: Incident, diary: Diary, name: str) -> None:
        self.incident, self.diary, self.name = incident, diary, name
        self.runs = [run for run in diary.runs if run.resource.name == name]
        self.done: list[_Span] = []
        self.now: _Span | None = None
        self.pending: list[Run] = []
        self.absent = diary.first
        self.stopped_no = -1

    def spans(self) -> list[_Span]:
        for _, _, what, thing in sorted(self._events(), key=lambda each: (each[0], each[1])):
            if isinstance(thing, Life):
                self._boot(thing)
            elif isinstance(thing, Run):
                self._run(what, thing)
            else:
                self._reset(*thing)
        self._close_open()
        return self.done

    def _events(self) -> Iterator[tuple[int, int, str, Run | Life | tuple[int, Proof]]]:
        for run in self.runs:
            if run.op != "status":
                yield run.begin, run.begun_no, "begin", run
            if run.end is not None:
                yield run.end - SECOND, run.ended_no, "end", run
        for life in self.diary.lives:
            if life.booted:
                yield life.booted_at or life.first, -1, "boot", life
        for at, proof in (*resets(self.incident, self.diary), *said(self.incident, self.diary)):
            yield at, -1, "reset", (at, proof)

    def _run(self, what: str, run: Run) -> None:
        match run.op, what, run.ok:
            case "start", "begin", _:
                self.pending.append(run)
                self.now = self.now or _Span(run.begin)
                self.now.proofs += run.proofs[:1]
            case "start", "end", True:
                self._forget(run)
                if not (run.latest and run.begun_no < self.stopped_no):
                    self._there(run)
            case "start", "end", _:
                self._forget(run)
                if self.now is not None and self.now.sure_from is None:
                    self.now.why = "its start failed"
            case "stop", "begin", _:
                if self.now is not None and run.seen is not None and self.now.sure_from is None:
                    self.now.sure_from = run.seen + SECOND
                if self.now is not None and self.now.sure_from is not None:
                    self.now.sure_to = max(self.now.sure_from, run.begin, run.seen or 0)
                    self.now.why = "nothing says how its stop ended"
            case "stop", "end", True:
                self._gone(run)
            case "stop", "end", _:
                if self.now is not None:
                    self.now.why = f"its stop failed{' with ' + run.rc if run.rc else ''}"
                    self.now.proofs += run.proofs[-1:]
            case "status", _, True:
                self._there(run)
            case "status", _, False:
                if not self.pending:
                    self._over(run.end or run.begin, run.proofs[0])

    def _forget(self, run: Run) -> None:
        self.pending = [other for other in self.pending if other is not run]

    def _there(self, run: Run) -> None:
        at = run.end or run.begin
        if self.now is None:
            self.now = _Span(self.absent if run.op == "status" else run.begin)
        self.now.sure_from = at if self.now.sure_from is None else self.now.sure_from
        seen = at - SECOND if run.op == "start" else run.begin
        self.now.sure_to = max(self.now.sure_to or seen, seen, self.now.sure_from)
        self.now.why = ""
        self.now.proofs += run.proofs[-1:]

    def _gone(self, run: Run) -> None:
        at = run.end or run.begin
        if run.mute and self.now is not None:
            self.now.why = "its stop came back without a word of the agent"
            return
        if self.now is None and run.inferred:
            self.now = _Span(self.absent, run.begin, run.begin)
        self._over(at, run.proofs[-1], orderly=True)
        self.stopped_no = run.ended_no
        self.pending = self.pending if run.resource.script not in self.diary.silent_agents else []
        told = run.resource.script not in self.diary.silent_agents
        if told and any(other.begin <= run.begin for other in self.pending):
            self.now = _Span(at, why="a start that was not over when it was stopped may still have come through")

    def _over(self, at: int, proof: Proof | None, orderly: bool = False) -> None:
        self.absent = at
        if self.now is None:
            return
        self.now.end, self.now.why, self.now.orderly = at, "", orderly
        self.now.proofs += [proof] if proof else []
        self.done.append(self.now)
        self.now = None

    def _boot(self, life: Life) -> None:
        """The machine was off: whatever it had is gone."""
        self.pending = []
        end = life.booted_at or life.first
        if life is not self.diary.lives[0]:
            self._survived(before=life)
            end = min(end, self._down(self.diary.lives[self.diary.lives.index(life) - 1]) or end)
        self._over(end + SECOND, life.boot or life.proofs[0])

    def _down(self, life: Life) -> int | None:
        """When the machine went down, if its log tells: a watchdog and `reboot -nf` (semantics 4.5) take it at once."""
        if life.end is None or life.ending not in (Ending.WATCHDOG, Ending.STOP_FAILURE):
            return None
        return None if life.machine > life.end + SECOND else life.end + SECOND

    def _reset(self, at: int, proof: Proof) -> None:
        self.pending = []
        self._survived(before=self.diary.life_at(at + 2 * SECOND), until=at)
        self._over(at + SECOND, proof, orderly=True)

    def _survived(self, before: Life | None, until: int | None = None) -> None:
        """How long the machine certainly kept it before it went down, where no stop had begun."""
        if self.now is None or self.now.sure_from is None or self.now.why:
            return
        lives = [life for life in self.diary.lives if before is None or life.first < before.first]
        last = lives[-1] if lives else before
        if last is not None:
            sure = machine_until(self.incident, self.diary, last)
            sure = sure if until is None else min(sure, until)
            self.now.sure_to = max(self.now.sure_to or self.now.sure_from, sure)

    def _close_open(self) -> None:
        """What is still there when the log ends."""
        span = self.now
        if span is None:
            return
        last = self.diary.lives[-1] if self.diary.lives else None
        if last is not None and span.sure_from is not None and not span.why:
            span.why = WHY_OPEN[last.ending]
            if last.ending is Ending.OPEN and self._cut_off():
                span.why = "its log ends before the node does"
                span.sure_to = max(span.sure_to or span.sure_from, self.diary.last)
                self.done.append(span)
                return
            span.lasting = last.ending is Ending.OPEN or (last.ending in STAYS and not self._watched())
            sure = self.incident.end if span.lasting else machine_until(self.incident, self.diary, last)
            span.sure_to = max(span.sure_to or span.sure_from, sure)
        elif last is not None and not span.why:
            span.why = WHY_OPEN[last.ending] or "nothing says how its start ended"
        self.done.append(span)

    def _cut_off(self) -> bool:
        """Whether the end of the log is not the end of what it had."""
        if breaks_off(self.diary, self.name):
            return True
        return ends_early(self.incident, self.diary) is not None or may_be_gone(self.incident, self.diary)

    def _watched(self) -> bool:
        return any(True for _ in self.diary.of("hb-watchdog-using"))


def resets(incident: Incident, diary: Diary) -> Iterator[tuple[int, Proof]]:
    """When a peer was told that this node was reset, and the node's own log does not contradict it."""
    for peer in incident.others(diary.node):
        slack = incident.slack(diary.node, peer.node)
        for fact in peer.of("hbr-stonith-ok"):
            if fact.get("node") != diary.node or slack is None or pretended(peer, fact):
                continue
            if not contradicted(diary, fact.at, slack):
                yield fact.at, fact.proof


def said(incident: Incident, diary: Diary) -> Iterator[tuple[int, Proof]]:
    """When a peer was told by this node that it had released all, where the node's own log does not reach."""
    for peer in incident.others(diary.node):
        slack = incident.slack(diary.node, peer.node)
        for fact in peer.of("hbr-shutdown-notice"):
            if fact.get("node") == diary.node and slack is not None and diary.last < fact.at - slack - SECOND:
                yield fact.at, fact.proof


def pretended(peer: Diary, reset: Fact) -> bool:
    """Whether only a person's word, or a device that does nothing, stands behind a reset."""
    hollow = ("stonith-null-reset", "stonith-meat-ok", "stonith-meat-operator")
    return any(
        0 <= reset.at - fact.at <= HOLLOW for fact in peer.of(*hollow) if reset.get("node") in fact.fields.values()
    )


def contradicted(diary: Diary, at: int, slack: int) -> bool:
    """Whether a life of the daemon goes on over the moment at which its machine is said to have been reset."""
    wide = slack + SECOND
    return any(life.first < at - wide and life.last > at + wide for life in diary.lives)
