"""Repair: the cheapest changes to the files that make a claim hold, each proven by a full check of the changed files.

The search asks quick probes; what it finds is then written into a copy of the files, read again as any files, and
checked with every property, so that a repair comes with all it does to the rest. Where nothing on the list makes the
claim hold, the variants with the smallest violation are checked and told instead.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

from hamodel.checking.before_after import FOR_EVER, effects, rank, standing, standings
from hamodel.checking.bench import Bench, Tried
from hamodel.checking.case import Case
from hamodel.checking.changes import TIMES, Change, changes
from hamodel.checking.edits import Edit, edited, unified
from hamodel.checking.examine import examine
from hamodel.checking.material import Material
from hamodel.checking.of_spec import read_by
from hamodel.checking.probe import BreakingRun, Probed
from hamodel.checking.review_model import cost_of_property
from hamodel.checking.search import Progress, steady_starts
from hamodel.checking.shortest import Choice, Found, Score, Search
from hamodel.errors import CannotReplay, ModelError
from hamodel.ir import schedule
from hamodel.ir.expr import TRUE
from hamodel.ir.repairs import Goal, Repair, Repairs
from hamodel.ir.report import Report
from hamodel.ir.semantics import evaluate
from hamodel.ir.verdict import Limits, Outcome
from hamodel.properties.words import Definition

MEASURED = 12
"""So many of the best that do not suffice are measured before the best few of them are told."""
TOLD = 3
RUNS = 6
"""So many runs are asked whether they break a claim whatever the times are."""
INTERRUPTED = "interrupted"
NO_BORDERS: Mapping[int, int] = {}
Point = tuple[tuple[Change, int], ...]


@dataclass(slots=True)
class Repairer:
    """Searches repairs of one cluster; what was probed for one question is remembered for the next."""

    bench: Bench
    definitions: Sequence[Definition]
    before: Report
    progress: Progress
    alternatives: int = 3
    most: int = 2
    listed: tuple[Change, ...] = ()
    _checked: dict[Point, Report] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.listed = self.listed or changes(self.bench)

    def goal(self, names: Sequence[str]) -> Goal:
        """The repairs after which all of these properties hold."""
        asked = _Asked(self, tuple(names))
        search = Search(self.listed, asked.score, asked.helpless, self._over, self.alternatives, self.most)
        reason = ""
        try:
            search.run()
        except KeyboardInterrupt:
            reason = INTERRUPTED
        if not reason and search.ended:
            reason = "the time was over"
        before = tuple(standing(r) for r in self.before.results if r.name in names)
        repairs: list[Repair] = []
        partial: list[Repair] = []
        try:
            for found in search.found:
                repairs.append(self._proven(found, names))
            if not search.found and reason != INTERRUPTED:
                partial += self._partial(search.short, names)
        except KeyboardInterrupt:
            reason = INTERRUPTED
        return Goal(
            tuple(names), before, tuple(repairs), tuple(partial), tuple(asked.moot), search.exhausted, reason,
            asked.probes, search.tried, self.most, asked.undecided,
        )  # fmt: skip

    def _over(self) -> bool:
        return self.bench.prober.clock.is_over

    def _proven(self, found: Found, names: Sequence[str]) -> Repair:
        """A full check of the files with this repair."""
        point = _point(found.choice)
        repair = self._repair(point, names, found.borders)
        if not repair.whole:
            raise ModelError(
                "a repair that the search found does not stand the full check",
                seen=[change.told(value).text for change, value in point],
            )
        return repair

    def _repair(self, point: Point, names: Sequence[str], borders: Mapping[int, int] = NO_BORDERS) -> Repair:
        report = self._check(point)
        told = []
        for change, value in point:
            edge = borders.get(id(change))
            text = "" if edge is None else f"{change.says(edge).split(' (')[0]} is not enough"
            told.append(change.told(value, text))
        after = standings(report)
        fine = all(self._is_fine(after[name].outcome) for name in names)
        changed = edited(self.bench.material, _edits(point))
        return Repair(
            tuple(told), sum(change.cost for change, _ in point), unified(self.bench.origin, changed), fine,
            effects(self.before, report, names), self._notes(after, names), changed.files,
        )  # fmt: skip

    def _is_fine(self, outcome: Outcome | None) -> bool:
        return outcome is Outcome.HOLDS or (outcome is Outcome.VACUOUS and bool(self.bench.spec.through))

    def _notes(self, after: Mapping[str, object], names: Sequence[str]) -> tuple[str, ...]:
        if any(getattr(after[name], "outcome", None) is Outcome.VACUOUS for name in names):
            return ("of the plot: no run takes it any more; other runs were not looked at",)
        return ()

    def _check(self, point: Point) -> Report:
        """A full check of the files with these changes."""
        if point not in self._checked:
            self.progress(f"checking {' and '.join(c.told(v).text for c, v in point)}", 0)
            only = looked_at(self.bench, [r.name for r in self.before.results])
            self._checked[point] = self._examined(edited(self.bench.material, _edits(point)), only)
        return self._checked[point]

    def _examined(self, material: Material, only: Sequence[str] | None) -> Report:
        with self.bench.read(material) as spec:
            case = self.bench.case(spec)
        limits = Limits(classes=self.bench.prober.clock.limits.classes, memory=self.bench.prober.clock.limits.memory)
        return examine(
            case, self.definitions, limits, engine=self.bench.prober.searcher, asked=only or (), only=only,
            progress=self.progress,
        )  # fmt: skip

    def _partial(self, short: Sequence[tuple[Choice, Score]], names: Sequence[str]) -> tuple[Repair, ...]:
        """The best of what does not suffice, better than nothing and none of them beside a cheaper one as good."""
        begin = rank([standing(r) for r in self.before.results if r.name in names])
        order = sorted(short, key=lambda each: (each[1].rank, sum(c.cost for c, _ in each[0]), len(each[0])))
        singles = [each for each in order if len(each[0]) == 1]
        ranked: list[tuple[tuple[int, ...], int, Point]] = []
        for choice, _ in list(dict.fromkeys((c, s) for c, s in (*order[:MEASURED], *singles)))[: 2 * MEASURED]:
            if self._over():
                break
            point = _point(choice)
            self.progress("measuring what is left", 0)
            report = self._examined(edited(self.bench.material, _edits(point)), names)
            size = rank([standing(r) for r in report.results])
            if size < begin:
                ranked.append((size, sum(c.cost for c, _ in point), point))
        told: list[tuple[int, Repair]] = []
        kept: list[tuple[tuple[int, ...], int]] = []
        for size, cost, point in sorted(ranked, key=lambda each: each[:2]):
            if len(told) == TOLD or any(known <= size and price <= cost for known, price in kept):
                continue
            kept.append((size, cost))
            told.append((cost, self._repair(point, names)))
        return tuple(repair for _, repair in told)


def looked_at(bench: Bench, asked: Sequence[str]) -> tuple[str, ...] | None:
    """The properties of a full check: all; where only the runs of a plot are looked at, those that speak of it."""
    return tuple(dict.fromkeys((*asked, *bench.spec.expect))) if bench.spec.through else None


def repairs(
    bench: Bench,
    definitions: Sequence[Definition],
    asked: Sequence[str],
    progress: Progress,
    alternatives: int = 3,
    most: int = 2,
    listed: tuple[Change, ...] = (),
) -> Repairs:
    """The repairs for these properties together; without any, for each violated one by itself, the dearest first.

    `listed` takes the place of the list of changes. Each question has the same part of the time that is left.
    """
    began = time.monotonic()
    clock = bench.prober.clock
    before = examine(
        bench.case(bench.spec), definitions, clock.rest(), engine=bench.prober.searcher, asked=asked,
        only=looked_at(bench, asked), progress=progress,
    )  # fmt: skip
    outcomes = {r.name: r.outcome for r in before.results}
    broken = [name for name, outcome in outcomes.items() if outcome is Outcome.VIOLATED]
    repairer = Repairer(bench, definitions, before, progress, alternatives, most, listed)
    wanted = [tuple(asked)] if asked else [(name,) for name in sorted(broken, key=lambda n: cost_of_property(n).rank)]
    wanted = [names for names in wanted if any(name in broken for name in names)]
    goals: list[Goal] = []
    for done, names in enumerate(wanted if not before.interrupted else ()):
        bench.prober.clock = clock.shared(len(wanted) - done)
        goals.append(repairer.goal(names))
        if goals[-1].reason == INTERRUPTED:
            break
    chosen = asked or list(outcomes)
    return Repairs(
        before.cluster, before.nodes, before.heartbeat, before.budget, before.faults, tuple(goals),
        tuple(c.told(c.values[0] if c.values else 0) for c in repairer.listed), before.through,
        round(time.monotonic() - began, 3), before.interrupted or any(g.reason == INTERRUPTED for g in goals),
        before.version, tuple(n for n in chosen if outcomes.get(n) is Outcome.HOLDS),
        tuple(n for n in chosen if n not in outcomes or outcomes[n] not in (Outcome.HOLDS, Outcome.VIOLATED)),
    )  # fmt: skip


class _Asked:
    """The questions of one search, in the words of the bench."""

    def __init__(self, repairer: Repairer, names: tuple[str, ...]) -> None:
        self.repairer, self.bench, self.names = repairer, repairer.bench, names
        results = [r for r in repairer.before.results if r.name in names]
        self.ways = tuple(dict.fromkeys(way.faults for result in results for way in result.ways))
        """The smallest sets of faults that break the claims in the files as they are."""
        self.probes = 0
        self.moot: dict[str, None] = {}
        self.undecided = 0
        self._helpless: dict[tuple[int, ...], bool] = {}

    def score(self, choice: Choice) -> Score | None:
        point = _point(choice)
        self.repairer.progress(" and ".join(c.says(v).split(" (was")[0] for c, v in point), 0)
        edits = _edits(point)
        if any(a.clashes(b) for i, a in enumerate(edits) for b in edits[:i]):
            return None
        tried = self._try(edits)
        if tried.refused:
            return None
        silent = [f"{n}: {a.reason}" for n, a in tried.answers.items() if a.outcome is None]
        if silent:
            if len(point) == 1:
                self.moot[f"{point[0][0].told(point[0][1]).text}: {'; '.join(silent)}"] = None
            return None
        broken = [a for a in tried.answers.values() if not self.repairer._is_fine(a.outcome)]
        self.undecided += any(a.outcome in (Outcome.BOUNDED, Outcome.UNKNOWN) for a in broken)
        fewest = min((sum(n for _, n in a.ways[0]) if a.ways else FOR_EVER for a in broken), default=0)
        return Score(not broken, (len(broken), -fewest, sum(len(a.ways) for a in broken)))

    def helpless(self, choice: Choice) -> bool:
        """Whether one run breaks the claim whatever the times are, so that none of them has to be tried.

        Times only bound timers, and what a run asks of them is linear: a run that can happen at every corner of all
        ladders can happen everywhere between. A watchdog counts whole seconds, which is not linear: a run with one
        proves nothing.
        """
        key = tuple(id(change) for change, _ in choice)
        if key not in self._helpless:
            self._helpless[key] = self._one_run_for_all(_point(choice))
        return self._helpless[key]

    def _try(self, edits: tuple[Edit, ...]) -> Tried:
        """The answers to all runs, unless one of the ways in which it breaks today still does: that is seen at once."""
        self.probes += 1
        broken: dict[str, list[Probed]] = {}
        for faults in self.ways:
            tried = self.bench.try_edits(edits, self.names, faults)
            if tried.refused or any(a.outcome is None for a in tried.answers.values()):
                return tried
            for name, answer in tried.answers.items():
                if answer.outcome is Outcome.VIOLATED and answer.shown is not None:
                    broken.setdefault(name, []).append(answer)
        if not broken:
            return self.bench.try_edits(edits, self.names)
        return Tried({name: _together(answers) for name, answers in broken.items()})

    def _one_run_for_all(self, point: Point) -> bool:
        tried = self._try(_edits(point))
        if tried.refused:
            return False
        with self.bench.read(edited(self.bench.material, _edits(point))) as spec:
            case = self.bench.case(spec)
        return any(self._everywhere(case, name, answer) for name, answer in tried.answers.items())

    def _everywhere(self, case: Case, name: str, answer: Probed) -> bool:
        """Whether some run breaks this claim at every corner; where one fails, the next is one from that corner."""
        for _ in range(RUNS):
            run = answer.shown
            if answer.outcome is not Outcome.VIOLATED or run is None or run.breaks is None:
                return False
            if _counts_seconds(run):
                return False
            failing = next((c for c in self._corners(case.system.setting_value) if not self._stands(run, c)), None)
            if failing is None:
                return True
            self.probes += 1
            moved = replace(case, system=case.system.with_settings(**failing))
            answer = self.bench.prober.ask(moved, [name])[name]
        return False

    def _corners(self, settings: Mapping[str, int]) -> Iterator[dict[str, int]]:
        """The corners of all ladders, as options of the system."""
        ends = {c.key: (min(*c.values, c.now), max(*c.values, c.now)) for c in self.repairer.listed if c.key in TIMES}
        for corner in corners(ends):
            yield {name: corner[name.split("[")[0]] for name in settings if name.split("[")[0] in corner}

    def _stands(self, run: BreakingRun, corner: Mapping[str, int]) -> bool:
        """Whether a run can happen there, from a state in which that cluster rests, and breaks the claim."""
        system = run.system.with_settings(**corner)
        prober = self.bench.prober
        try:
            trace = schedule.timed(system, run.names, run.start)
        except (CannotReplay, ModelError):
            return False
        if evaluate(system, trace.last(), run.breaks or TRUE) == 0:
            return False
        return run.start is None or run.start in steady_starts(
            prober.searcher, system, prober.clock.rest(), prober.progress
        )


def _together(answers: Sequence[Probed]) -> Probed:
    """Violations by several sets of faults as one: the run of the first, and all their ways."""
    first = answers[0]
    assert first.shown is not None
    return replace(first, shown=replace(first.shown, ways=tuple(way for answer in answers for way in answer.ways)))


def _counts_seconds(run: BreakingRun) -> bool:
    """Whether a rule of this run reads the period of a watchdog that is there."""
    settings = run.system.setting_value
    trace = schedule.timed(run.system, run.names, run.start)
    return any(settings[name] for name in read_by(run.system, trace) if name.startswith("watchdog["))


def corners(ends: Mapping[str, tuple[int, int]]) -> Iterator[dict[str, int]]:
    """The corners of all times that Heartbeat accepts: dead times above two keepalives, and initdead from deadtime on.

    >>> sorted(c["deadtime"] for c in corners({"keepalive": (100, 900), "deadtime": (1000, 5000)}))
    [1000, 1000, 1801, 5000, 5000, 5000]
    """
    given = {**dict.fromkeys(TIMES, (0, 0)), **ends}
    (k0, k1), (d0, d1), (i0, i1), (p0, p1) = (given[name] for name in ("keepalive", "deadtime", "initdead", "deadping"))
    beats = {k0, *(min(k1, (most - 1) // 2) for most in (d0, d1, p0, p1) if most)}
    found = {}
    for k, d, i, p in product(
        sorted(b for b in beats if b >= k0), sorted({d0, d1, min(d1, max(d0, i0))}), (i0, i1), (p0, p1)
    ):
        dead = max(d, 2 * k + 1)
        corner = (k, dead, max(i, dead), max(p, 2 * k + 1))
        found[corner] = {name: value for name, value in zip(TIMES, corner, strict=True) if name in ends}
    yield from {tuple(c.values()): c for c in found.values()}.values()


def _point(choice: Choice) -> Point:
    """The changes of a choice in one order, so that equal choices are equal."""
    found = [(change, value) for change, value in choice if isinstance(change, Change)]
    return tuple(sorted(found, key=lambda each: (each[0].key, each[0].told(each[1]).text)))


def _edits(point: Point) -> tuple[Edit, ...]:
    return tuple(dict.fromkeys(edit for change, value in point for edit in change.edits(value)))
