"""Why a claim breaks: which faults are enough, and which options and delays it needs besides.

Nothing here is guessed. All minimal sets of faults come from exhausted explorations. For each of them the scenario is
cut down to just these faults, and then one thing at a time is changed, in the files or in the delays, and checked
again: where the claim then holds, the violation needed the thing as it was, and the nearest safe run is told beside
the failing one. What a limit ends is unknown, and says so.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from hamodel.checking import faulttree
from hamodel.checking.bench import Bench
from hamodel.checking.beside import Beside, nearest
from hamodel.checking.case import Case
from hamodel.checking.changes import Change, changes
from hamodel.checking.delay_options import Delay, delays
from hamodel.checking.edits import edited
from hamodel.checking.evidence import Certified, certified, confirm
from hamodel.checking.examine import cast_of, examine
from hamodel.checking.faultsets import count, only
from hamodel.checking.probe import BreakingRun, Probed, Prober
from hamodel.checking.review_model import cost_of_property
from hamodel.checking.search import Progress
from hamodel.checking.shortest import border
from hamodel.config.spec import Spec
from hamodel.config.values import show_ms
from hamodel.errors import HamodelError
from hamodel.ir import schedule
from hamodel.ir.causes import OVER, Cause, Contrast, FaultTree, MinimalSet, Need, Way, Why, Whys
from hamodel.ir.compose import BUDGET_TOTAL, limit
from hamodel.ir.property import PropertyKind
from hamodel.ir.report import FaultSet, StoryLine, faults_in_words
from hamodel.ir.system import System
from hamodel.ir.verdict import Outcome, Range
from hamodel.properties.bind import length_of, paid
from hamodel.renderers.story import tell

MOST_WAYS = 6
"""Of more sets of faults the causes are not looked for."""
CHOICE = 200_000
"""Classes for one choice of nodes, cables and resources; what needs more is left open."""
SAFE = (Outcome.HOLDS, Outcome.VACUOUS)


def why(bench: Bench, name: str, progress: Progress, most_ways: int = MOST_WAYS, budget: int | None = None) -> Why:
    """Everything about one violated property. What is asked for later than the bench's clock allows is unknown."""
    case = bench.case(bench.spec)
    definition = next(d for d in bench.prober.definitions if d.name == name)
    asking = Asking(bench, case, name, definition.kind, progress)
    before = bench.prober.probes
    tree = fault_tree(asking, definition.doc, paid(case.system), _budget(case.system) if budget is None else budget)
    sets, clock = tree.sets[:most_ways], bench.prober.clock
    ways = []
    for done, found in enumerate(sets):
        bench.prober.clock = clock.shared(len(sets) - done)
        ways.append(asking.way(found.faults))
    left = [faults_in_words(found.faults) for found in tree.sets[most_ways:]]
    told = (
        (f"the causes of {', '.join(left)} were not looked for: {most_ways} sets is the limit",)
        if left and most_ways
        else ()
    )
    return Why(name, definition.doc, tree, tuple(ways), told, bench.prober.probes - before)


def _budget(system: System) -> int:
    return system.setting_value.get(BUDGET_TOTAL, 0)


def confined(box: faulttree.Limits, budget: int, actions: Sequence[str] | None, system: System) -> System:
    """The scenario with at most so many faults of each kind and in all, and perhaps only some of their actions."""
    kinds = [kind for kind, number in box.items() if number > 0]
    system = only(system, kinds)
    limits = {limit(kind): number for kind, number in box.items() if number > 0 and limit(kind) in system.setting_value}
    system = system.with_settings(**{BUDGET_TOTAL: budget, **limits})
    if actions is None:
        return system
    names = {a.name for a in system.actions if system.may_happen(a)}
    paid_for = {a.name for a in system.actions if a.fault in kinds}
    return system.with_enabled(frozenset(names - paid_for) | (frozenset(actions) & names))


# ---- which faults ----------------------------------------------------------------------------------------------------


def fault_tree(asking: Asking, top: str, caps: faulttree.Limits, budget: int) -> FaultTree:
    """All minimal sets of faults, each with the nodes, cables and resources it may concern."""
    search = faulttree.Sets({kind: min(n, budget) for kind, n in caps.items()}, asking.box)
    search.run(budget)
    return FaultTree(
        top, budget, tuple(asking.events(faults) for faults in search.minimal), search.complete, search.reason,
        search.searches, asking.bench.prober.classes,
    )  # fmt: skip


@dataclass(slots=True)
class Asking:
    """The questions about one property of one cluster."""

    bench: Bench
    case: Case
    name: str
    kind: PropertyKind
    progress: Progress
    listed: tuple[Change, ...] = field(default=())
    beside: dict[str, Beside] = field(default_factory=dict)
    """The nearest safe runs that were told, by what they change."""

    @property
    def prober(self) -> Prober:
        return self.bench.prober

    def ask(self, case: Case, box: faulttree.Limits, budget: int, actions: Sequence[str] | None = None) -> Probed:
        """The answer where only these faults may come."""
        within = partial(confined, box, budget, actions)
        return self.prober.ask(case, [self.name], budget, within, first=True)[self.name]

    def box(self, box: faulttree.Limits, budget: int) -> faulttree.Explored:
        kinds = [kind for kind, number in box.items() if number]
        self.progress(f"{self.name}: {budget} of {len(kinds)} kinds of faults", 0)
        answer = self.ask(self.case, box, budget)
        if answer.outcome is Outcome.VIOLATED:
            return faulttree.Explored(frozenset(answer.ways))
        return faulttree.Explored(frozenset(), answer.outcome in SAFE or answer.outcome is None, answer.reason)

    def events(self, faults: FaultSet) -> MinimalSet:
        """Which nodes, cables and resources: every choice is tried."""
        box = dict(faults)
        system = self.case.system
        by_kind = {kind: [a.name for a in system.actions if a.fault == kind and system.may_happen(a)] for kind in box}
        every = True
        found: dict[tuple[str, ...], None] = {}
        tries = faulttree.choices(faults, by_kind)
        for choice in tries:
            self.progress(f"{self.name}: {' and '.join(choice)}", 0)
            with self.prober.at_most(CHOICE):
                answer = self.ask(self.case, box, count(faults), sorted(set(choice)))
            if answer.outcome is Outcome.VIOLATED and answer.shown is not None:
                used = tuple(sorted(n for n in answer.shown.names if n in choice))
                found[used] = None
                every = every and used == tuple(sorted(choice))
            elif answer.outcome not in (*SAFE, None):
                every = False
        lines = tuple(tuple(self._said(name) for name in used) for used in found)
        return MinimalSet(faults, lines, (every and bool(tries)) or not faults)

    def _said(self, action: str) -> str:
        found = self.case.system.actions[self.case.system.action_index[action]]
        return found.text or found.name

    # -- what else ---------------------------------------------------------------------------------------------------

    def way(self, faults: FaultSet) -> Way:
        """What the violation by these faults needs besides them, and its story."""
        answer = self.ask(self.case, dict(faults), count(faults))
        if answer.shown is None:
            return Way(faults, (), None, ())
        run = answer.shown
        seen = self._certified(run)
        story = tell(run.system, seen.trace, cast_of(self.case))
        rests = {line.text.split()[0] for line in self.case.rests_on(run.system, seen.trace) if line.text}
        self.listed = self.listed or changes(self.bench)
        switches = [self._switch(c, faults, run) for c in self.listed if not c.values]
        numbers = [self._number(c, faults, run) for c in self.listed if c.values and c.now and c.key in rests]
        slow = [self._delay(d, faults, run) for d in delays(run.system, self.case.layout, dict(faults))]
        causes = [*numbers, *switches, *(cause for _, cause, _ in slow)]
        order = {Need.NEEDED: 0, Need.UNKNOWN: 1, Need.NOT_NEEDED: 2}
        causes.sort(key=lambda cause: order[cause.need])
        ends = [(delay, end) for delay, _, end in slow]
        return Way(faults, story, self._length(run), tuple(causes), self._enough(ends, faults), seen.by)

    def _certified(self, run: BreakingRun) -> Certified:
        if run.loop is None and run.breaks is not None:
            return certified(run.system, run.names, run.start, run.breaks)
        trace = replace(schedule.timed(run.system, run.names, run.start), loop=run.loop)
        return confirm(run.system, trace, run.start)

    def _length(self, run: BreakingRun) -> Range | None:
        if self.kind is not PropertyKind.ALWAYS:
            return None
        return self.prober.length(self.case, run.system, run.start, length_of(self.name))

    def _try(self, change: Change, value: int, faults: FaultSet) -> tuple[Probed | None, Case | None, str]:
        """The answer with one change in the files, or why Heartbeat refuses them."""
        self.progress(f"{self.name} by {faults_in_words(faults)}: {change.says(value)}", 0)
        try:
            with self.bench.read(edited(self.bench.material, change.edits(value))) as spec:
                case = self.bench.case(spec)
            return self.ask(case, dict(faults), count(faults)), case, ""
        except HamodelError as error:
            if error.code.startswith(("HA4", "HA9")):
                raise
            return None, None, error.message

    def _number(self, change: Change, faults: FaultSet, run: BreakingRun) -> Cause:
        """A time of ha.cf: at other values, and at the borders between safe and not."""
        if self.prober.clock.is_over:
            return Cause("number", change.was, Need.UNKNOWN, OVER, _checks({}))
        known: dict[int, Outcome | None] = {}

        def safe(value: int) -> bool:
            if value not in known:
                answer, _, _ = self._try(change, value, faults)
                known[value] = None if answer is None else answer.outcome
            return known[value] in SAFE

        good = [v for v in change.values if safe(v)]
        bad = [v for v in change.values if known[v] is Outcome.VIOLATED]
        open_ = [v for v in change.values if known[v] in (Outcome.BOUNDED, Outcome.UNKNOWN)]
        now = change.was
        if not good:
            if not bad or open_:
                return Cause("number", now, Need.UNKNOWN, "a limit ended the checks of other values", _checks(known))
            tried = f"broken at all {len(bad)} other values tried, from {show_ms(min(bad))} to {show_ms(max(bad))}"
            return Cause("number", now, Need.NOT_NEEDED, tried, _checks(known))
        borders = []
        for side in (
            sorted((v for v in good if v < change.now), reverse=True),
            sorted(v for v in good if v > change.now),
        ):
            if side:
                between = [v for v in (*bad, change.now) if min(side[0], change.now) <= v <= max(side[0], change.now)]
                near = min(between, key=lambda v: abs(v - side[0]))
                borders.append(border(safe, side[0], near))
        says = "; ".join(f"safe at {show_ms(g)}, broken at {show_ms(b)}" for g, b in borders)
        if bad and any(min(good) < v < max(good) for v in bad):
            says += "; more borders may lie further away" if self._wavy(good, bad, change.now) else ""
        return Cause(
            "number", now, Need.NEEDED, says, _checks(known), self._contrast(change, borders[0][0], faults, run)
        )

    @staticmethod
    def _wavy(good: Sequence[int], bad: Sequence[int], now: int) -> bool:
        """Whether a broken value lies beyond a safe one."""
        return any((b < g < now) or (b > g > now) for b in bad for g in good)

    def _switch(self, change: Change, faults: FaultSet, run: BreakingRun) -> Cause:
        """A word, a directive or a piece of hardware: the other way round."""
        sort, how = change.sort.word, "1 check"
        other = change.says(0).split(" (was")[0]
        if self.prober.clock.is_over:
            return Cause(sort, change.was, Need.UNKNOWN, f"{other}: {OVER}", _checks({}))
        answer, _, refused = self._try(change, 0, faults)
        if answer is None:
            return Cause(
                sort, change.was, Need.UNKNOWN, f"{other}: {refused}", "Heartbeat or the model refuses the files"
            )
        match answer.outcome:
            case Outcome.VIOLATED:
                return Cause(sort, change.was, Need.NOT_NEEDED, f"{other}: still broken", how)
            case Outcome.HOLDS | Outcome.VACUOUS:
                never = ", the situation never comes" if answer.outcome is Outcome.VACUOUS else ""
                told = self._contrast(change, 0, faults, run)
                return Cause(sort, change.was, Need.NEEDED, f"{other}: safe{never}", how, told)
            case None:
                return Cause(sort, change.was, Need.UNKNOWN, f"{other}: not asked then ({answer.reason})", how)
            case _:
                reason = OVER if self.prober.clock.is_over else answer.reason
                return Cause(sort, change.was, Need.UNKNOWN, f"{other}: {reason}", how)

    def _contrast(self, change: Change, value: int, faults: FaultSet, run: BreakingRun) -> Contrast | None:
        with self.bench.read(edited(self.bench.material, change.edits(value))) as spec:
            case = self.bench.case(spec)
        return self._beside(change.says(value).split(" (was")[0], spec, case, faults, run)

    def _beside(self, text: str, spec: Spec, case: Case, faults: FaultSet, run: BreakingRun) -> Contrast | None:
        system, _ = self.prober.observed(case, [self.name])
        found = nearest(self.prober, case, confined(dict(faults), count(faults), None, system), run.names)
        if found is None:
            return None
        self.beside[text] = Beside(text, spec, case, *found)
        story: tuple[StoryLine, ...] = tell(found[0], found[1].trace, cast_of(case))
        return Contrast(text, story, found[1].by)

    # -- delays --------------------------------------------------------------------------------------------------------

    def _delay(self, delay: Delay, faults: FaultSet, run: BreakingRun) -> tuple[Delay, Cause, str]:
        """Something that takes its time: always as fast as it can be, always as slow as it can be, and the border."""
        now = f"{delay.text}: {show_ms(delay.lo)} to {show_ms(delay.hi)}"
        if self.prober.clock.is_over:
            return delay, Cause("delay", now, Need.UNKNOWN, OVER, _checks({})), ""
        tries = 0
        unknown = False

        def safe(lo: int, hi: int) -> bool:
            nonlocal tries, unknown
            tries += 1
            case = replace(self.case, system=delay.between(self.case.system, lo, hi))
            answer = self.ask(case, dict(faults), count(faults))
            unknown = unknown or answer.outcome not in (*SAFE, Outcome.VIOLATED)
            return answer.outcome in SAFE

        self.progress(f"{self.name} by {faults_in_words(faults)}: {delay.text}", 0)
        fast, slow = safe(delay.lo, delay.lo), safe(delay.hi, delay.hi)
        says, need, end, edge = "broken when it is always fast, and when it is always slow", Need.NOT_NEEDED, "", None
        if not fast and slow:
            good, bad = border(lambda lo: safe(lo, delay.hi), delay.hi, delay.lo)
            says = f"safe if it always takes {show_ms(good)} or more; broken if it may take {show_ms(bad)}"
            need, end, edge = Need.NEEDED, "fast", (good, delay.hi)
        elif fast and not slow:
            good, bad = border(lambda hi: safe(delay.lo, hi), delay.lo, delay.hi)
            says = f"safe if it never takes more than {show_ms(good)}; broken if it may take {show_ms(bad)}"
            need, end, edge = Need.NEEDED, "slow", (delay.lo, good)
        elif fast and slow:
            says = "safe when it is always fast, and when it is always slow: it has to lie between, or to differ"
            need, end = Need.NEEDED, "between"
        if unknown:
            says, need, edge = "a limit ended the checks", Need.UNKNOWN, None
        contrast = None
        if edge is not None:
            case = replace(self.case, system=delay.between(self.case.system, *edge))
            contrast = self._beside(
                f"{delay.text}: {show_ms(edge[0])} to {show_ms(edge[1])}", self.bench.spec, case, faults, run
            )
        return delay, Cause("delay", now, need, says, f"{tries} checks", contrast), end if need is Need.NEEDED else ""

    def _enough(self, ends: Sequence[tuple[Delay, str]], faults: FaultSet) -> tuple[str, ...]:
        """What is enough: the faults alone, and the delays at the ends that are needed."""
        said = [f"{faults_in_words(faults)}, and no other fault or command (1 check)"]
        needed = [(d, end) for d, end in ends if end in ("fast", "slow")]
        if any(end == "between" for _, end in ends):
            return tuple(said)
        broken = []
        for rest in ("fast", "slow"):
            system = self.case.system
            for delay, end in ends:
                value = delay.lo if (end or rest) == "fast" else delay.hi
                system = delay.between(system, value, value)
            answer = self.ask(replace(self.case, system=system), dict(faults), count(faults))
            broken.append(answer.outcome is Outcome.VIOLATED)
        fixed = " and ".join(f"{d.text} {'at its fastest' if e == 'fast' else 'at its slowest'}" for d, e in needed)
        others = f"with {fixed}: whether all other delays are" if fixed else "whether all delays are"
        if all(broken):
            said.append(f"{others} fast or all are slow (2 checks)")
        else:
            wrong = " and where they are all ".join(w for w, b in zip(("fast", "slow"), broken, strict=True) if not b)
            said.append(f"not enough {others.replace('whether', 'where')} {wrong}: together they matter (2 checks)")
        return tuple(said)


def _checks(known: dict[int, Outcome | None]) -> str:
    refused = sum(1 for outcome in known.values() if outcome is None)
    more = f", {refused} refused by Heartbeat" if refused else ""
    return f"{len(known) - refused} checks{more}"


def whys(bench: Bench, asked: Sequence[str], progress: Progress, most_ways: int = MOST_WAYS) -> Whys:
    """The causes for these properties; without any, for each violated one, the dearest first.

    Each has the same part of the time that is left.
    """
    began = time.monotonic()
    case, prober = bench.case(bench.spec), bench.prober
    clock = prober.clock
    report = examine(case, (), prober.clock.rest(), engine=prober.searcher)
    answers: list[Why] = []
    notes: list[str] = []
    interrupted = False
    try:
        names = asked or _violated(prober, case)
        for done, name in enumerate(names):
            prober.clock = clock.shared(len(names) - done)
            skipped = prober.observed(case, [name])[1][0].skipped
            if skipped:
                notes.append(f"{name} is not asked: {skipped}")
                continue
            found = why(bench, name, progress, most_ways)
            if found.tree.sets or found.tree.complete < found.tree.budget:
                answers.append(found)
            else:
                notes.append(f"{name} is not violated")
    except KeyboardInterrupt:
        interrupted = True
        notes.append("interrupted: this is not all")
    return Whys(
        report.cluster, report.nodes, report.heartbeat, report.budget, report.faults, tuple(answers), tuple(notes),
        interrupted, round(time.monotonic() - began, 3), report.version,
    )  # fmt: skip


def _violated(prober: Prober, case: Case) -> tuple[str, ...]:
    answers = prober.ask(case, [d.name for d in prober.definitions])
    broken = [name for name, answer in answers.items() if answer.outcome is Outcome.VIOLATED]
    return tuple(sorted(broken, key=lambda name: cost_of_property(name).rank))
