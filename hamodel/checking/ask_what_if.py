"""What if: these faults, once each, in a cluster at rest, and nothing else; no repair comes. Where does it all end?

Every run is explored, so a question has as many answers as there are endings; most have one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from hamodel.checking.ask_grammar import Asked
from hamodel.checking.ask_parts import cases
from hamodel.checking.case import Case
from hamodel.checking.compiled import Compiled
from hamodel.checking.evidence import certified
from hamodel.checking.examine import cast_of
from hamodel.checking.search import Progress, is_interrupted, steady_starts, with_budget
from hamodel.engines.classes import Exploration
from hamodel.errors import UnknownQuestion
from hamodel.ir.answer import Answer, News
from hamodel.ir.compose import BUDGET
from hamodel.ir.expr import Const, Expr, Op, Read, binary
from hamodel.ir.report import StoryLine
from hamodel.ir.state import State
from hamodel.ir.system import Kind, System
from hamodel.ir.verdict import Limits
from hamodel.properties.cluster import Cluster, Group
from hamodel.renderers.story import tell

Runs = tuple[str, ...]
"""The nodes that run a group, in whole or in part."""


@dataclass(frozen=True, slots=True)
class Ending:
    """Who runs each group at one end, who serves it, and the shortest way there."""

    runs: tuple[Runs, ...]
    serves: tuple[Runs, ...]
    story: tuple[StoryLine, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """One reading of the question: its faults, the ends, and the groups that were up twice on the way."""

    faults: tuple[str, ...]
    before: tuple[Runs, ...]
    ends: tuple[Ending, ...]
    twice: tuple[int, ...]
    complete: bool
    astray: tuple[StoryLine, ...] = ()
    """Where nothing ever rests: how one such run begins."""


def what_if(asked: Asked, case: Case, where: str, limits: Limits, progress: Progress) -> Answer:
    """The answer to what-if, what-moves and who-owns."""
    groups = _groups(asked, case)
    found = [_explored(case, faults, limits, progress) for faults in cases(asked, case.system, case.layout)]
    sentence = "; when ".join(f"{_when(case, outcome)}, {_told(asked, case, outcome, groups)}" for outcome in found)
    ends = [end for outcome in found for end in outcome.ends]
    worst = max(ends, key=lambda end: max((_harm(end, g.index) for g in groups), default=0), default=None)
    bad = any(_harm(end, g.index) for end in ends for g in groups) or any(o.twice for o in found)
    news = News.OPEN if not all(o.complete for o in found) else News.BAD if bad or not ends else News.GOOD
    kinds = {a.fault: 0 for a in case.system.actions if any(a.name in o.faults for o in found)}
    for name in found[0].faults:
        kinds[case.system.actions[case.system.action_index[name]].fault] += 1
    faults = ",".join(f"{kind}={max(n, 1)}" for kind, n in kinds.items())
    through = " ".join(f"--through '{name}'" for name in found[0].faults)
    return Answer(
        asked.text,
        asked.query,
        f"When {sentence}.",
        news,
        f"hamodel check {where} --faults {faults} {through}",
        tuple(_evidence(outcome) for outcome in found),
        worst.story if worst is not None else found[0].astray,
    )


def _when(case: Case, outcome: Outcome) -> str:
    """The faults in the words of a story."""
    actions = [case.system.actions[case.system.action_index[name]] for name in outcome.faults]
    return " and ".join(action.text or action.name for action in actions)


def _groups(asked: Asked, case: Case) -> tuple[Group, ...]:
    groups = case.layout.groups
    if not asked.group or asked.group in ("everything", "all", "all groups"):
        return groups
    wanted = tuple(group for group in groups if asked.group in group.text.lower())
    if not wanted:
        raise UnknownQuestion(
            f"no group has `{asked.group}`", seen=[group.text for group in groups],
            help="name a part of its line in haresources, or say everything",
        )  # fmt: skip
    return wanted


def _explored(case: Case, faults: tuple[str, ...], limits: Limits, progress: Progress) -> Outcome:
    engine = Compiled()
    whole = with_budget(case.system, len(faults))
    kept = frozenset(a.name for a in whole.actions if _free(a.kind) or a.name in faults)
    system = whole.with_enabled(kept)
    before: tuple[Runs, ...] = ()
    ends: dict[tuple[tuple[Runs, ...], tuple[Runs, ...]], Ending] = {}
    twice: set[int] = set()
    astray: tuple[StoryLine, ...] = ()
    complete = True
    for start in steady_starts(engine, whole, limits, progress):
        found = engine.explore(system, start, "inclusion", limits, progress)
        if is_interrupted(found):
            raise KeyboardInterrupt
        complete = complete and found.complete
        look = _Look(case, system, start, found.inner)
        before = before or look.runs(0)
        spent = found.inner.where(binary(Op.EQ, Read(BUDGET), Const(0)))
        for index in np.flatnonzero(found.inner.quiescent() & spent).tolist():
            key = (look.runs(index), look.serves(index))
            if key not in ends:
                ends[key] = look.ending(index, *key)
        twice |= look.twice()
        if not ends and bool(spent.any()):
            astray = look.story(int(np.flatnonzero(spent)[-1]))
    at_the_end = {g for end in ends.values() for g, runs in enumerate(end.runs) if len(runs) > 1}
    return Outcome(faults, before, tuple(ends.values()), tuple(sorted(twice - at_the_end)), complete, astray)


def _free(kind: Kind) -> bool:
    """What the cluster does by itself: timers, and the steps of scripts."""
    return kind in (Kind.TIMER, Kind.SCRIPT)


class _Look:
    """Reads groups off an exploration."""

    def __init__(self, case: Case, system: System, start: State | None, found: Exploration) -> None:
        self.case, self.system, self.start = case, system, start
        self.found = found
        self.cluster = Cluster(case.layout, case.system.observables, case.system.setting_value)
        self.cache: dict[Expr, npt.NDArray[np.bool_]] = {}

    def _true(self, formula: Expr) -> npt.NDArray[np.bool_]:
        if formula not in self.cache:
            self.cache[formula] = self.found.where(formula)
        return self.cache[formula]

    def runs(self, index: int) -> tuple[Runs, ...]:
        """The nodes on which some resource of each group is up."""
        return tuple(
            tuple(
                node.name
                for node in self.cluster.machines
                if any(self._true(self.cluster.up(node, resource).expr)[index] for resource in group.resources)
            )
            for group in self.case.layout.groups
        )

    def serves(self, index: int) -> tuple[Runs, ...]:
        """The nodes from which clients get each group."""
        return tuple(
            tuple(
                node.name for node in self.cluster.machines if self._true(self.cluster.serves(node, group).expr)[index]
            )
            for group in self.case.layout.groups
        )

    def twice(self) -> set[int]:
        """The groups of which one resource is up on two nodes somewhere on the way."""
        found = set()
        for group in self.case.layout.groups:
            for resource in group.resources:
                up = [self._true(self.cluster.up(node, resource).expr) for node in self.cluster.machines]
                if bool((np.sum(up, axis=0) > 1).any()):
                    found.add(group.index)
        return found

    def ending(self, index: int, runs: tuple[Runs, ...], serves: tuple[Runs, ...]) -> Ending:
        story = self.story(index)
        return Ending(runs, serves, story, story[-1].at or 0 if story else 0)

    def story(self, index: int) -> tuple[StoryLine, ...]:
        """The shortest run to a class, replayed by the reference semantics and told."""
        trace = certified(self.system, self.found.names_to(index), self.start, None).trace
        return tell(self.system, trace, cast_of(self.case))


def _harm(end: Ending, group: int) -> int:
    """2: on two nodes; 1: nobody serves it; 0: all is well."""
    return 2 if len(end.runs[group]) > 1 else 1 if not end.serves[group] else 0


def _told(asked: Asked, case: Case, outcome: Outcome, groups: Sequence[Group]) -> str:
    if not outcome.ends:
        return (
            "the cluster never comes to rest: something is tried again and again"
            if outcome.complete
            else "a limit was reached before any end"
        )
    parts = []
    for group in groups:
        before = outcome.before[group.index]
        texts = dict.fromkeys(_end(end, group, before, case) for end in outcome.ends)
        if asked.query == "what-moves":
            texts = dict.fromkeys(text for text in texts if "keeps" not in text)
        if texts:
            parts.append(" or, as the times fall, ".join(texts))
    parts += [
        f"on the way {_name(group, case)} is up on both nodes for a time"
        for group in groups
        if group.index in outcome.twice
    ]
    return "; ".join(parts) or "nothing moves"


def _name(group: Group, case: Case) -> str:
    owner = group.owner.name if group.owner is not None else group.text.split()[0]
    alike = [other for other in case.layout.groups if other.owner == group.owner]
    first = group.resources[0].text.split("/")[0].rpartition("::")[2] if group.resources else group.text
    return f"{owner}'s group" + (f" {first}" if len(alike) > 1 else "")


def _end(end: Ending, group: Group, before: Runs, case: Case) -> str:
    runs, serves, name = end.runs[group.index], end.serves[group.index], _name(group, case)
    unreached = "" if serves else ", where no client reaches it"
    if not runs:
        return f"nobody runs {name} any more"
    if len(runs) > 1:
        return f"{' and '.join(runs)} both run {name}"
    if runs == before:
        return f"{runs[0]} keeps {name}{unreached}"
    return f"{name} moves to {runs[0]}{unreached}"


def _evidence(outcome: Outcome) -> str:
    many = len(outcome.ends)
    every = "every run was explored" if outcome.complete else "not every run was explored"
    rest = f"{many} end{'s' if many != 1 else ''}" if many else "no end at rest"
    return f"{' and '.join(outcome.faults)}, no repair, no other fault: {every}, {rest}"


def limit_of(problem: str, asked: Asked, where: str) -> Answer:
    """The answer where an engine gave up."""
    return Answer(asked.text, asked.query, f"Not known: {problem}.", News.OPEN, f"hamodel check {where}")


def with_cluster(answer: Answer, case: Case, version: str) -> Answer:
    """The answer with whom it is about."""
    nodes = " and ".join(node.name for node in case.layout.nodes)
    return replace(answer, cluster=f"{case.name}: {nodes}, Heartbeat {case.heartbeat}", version=version)
