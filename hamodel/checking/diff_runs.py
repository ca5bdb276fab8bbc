"""Runs that one configuration allows and another does not, with their times and the reason.

Broken promises come first: the shortest run that breaks one here, while the same faults, repairs and commands at the
same times cannot break it there. Where there is none, the shortest run whose last change, as it can be seen from
outside, cannot come at that moment there. Every run is replayed by the reference semantics at its times, and what the
other side cannot do is the result of a search of all its runs under the same acts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hamodel.checking.case import Case
from hamodel.checking.diff_gaps import at, pinned, points
from hamodel.checking.diff_search import Apart, Hunt
from hamodel.checking.diff_seen import aims, alike, sentence
from hamodel.checking.diff_sides import Aim, Side, SideRun
from hamodel.checking.evidence import Certified, confirm
from hamodel.checking.examine import cast_of
from hamodel.checking.faultsets import used_by
from hamodel.checking.review_model import cost_of_property
from hamodel.checking.search import Clock, Progress
from hamodel.errors import CannotReplay, EngineLimit, EnginesDisagree, ModelError
from hamodel.ir.acts import Order, is_act
from hamodel.ir.constraints import run
from hamodel.ir.difference import Followed, Only
from hamodel.ir.report import Report, Result
from hamodel.ir.schedule import earliest
from hamodel.ir.semantics import evaluate
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.ir.trace import Trace
from hamodel.ir.verdict import Limits, Outcome
from hamodel.properties.words import Definition
from hamodel.renderers.story import tell

SAME = "to the model both are one and the same: every run of the one is a run of the other"


@dataclass(frozen=True, slots=True)
class Given:
    """A configuration with what was found out about its promises."""

    case: Case
    report: Report


def same(one: Case, other: Case) -> bool:
    """Whether two configurations are the same system with the same names."""
    systems = [replace(case.system, name="", enabled=None) for case in (one, other)]
    places = [(case.layout, case.start, case.taken, case.system.enabled) for case in (one, other)]
    return places[0] == places[1] and systems[0] == systems[1]


def runs_apart(
    old: Given, new: Given, definitions: Sequence[Definition], limits: Limits, progress: Progress
) -> tuple[tuple[Only, ...], tuple[Followed, ...]]:
    """The shortest run that only the new one allows, that which only the old one does, and what was followed instead.

    Each way has half of the time.
    """
    if same(old.case, new.case):
        return (), (Followed(None, SAME, complete=True),)
    found: list[Only] = []
    followed: list[Followed] = []
    seconds = None if limits.seconds is None else limits.seconds / 2
    for in_new, (home, other) in ((True, (new, old)), (False, (old, new))):
        progress(f"a run that only the {'new' if in_new else 'old'} one allows", 0)
        try:
            answer = _one_way(home, other, definitions, replace(limits, seconds=seconds), in_new=in_new)
        except (ModelError, EngineLimit) as limit:
            answer = Followed(in_new, f"not compared: {limit.message}", complete=False)
        if isinstance(answer, Only):
            found.append(answer)
        else:
            followed.append(answer)
    return tuple(found), tuple(followed)


def _one_way(
    home: Given, other: Given, definitions: Sequence[Definition], limits: Limits, *, in_new: bool
) -> Only | Followed:
    if home.case.start != other.case.start:
        return Followed(
            in_new, f"not compared: one begins {home.case.start}, the other {other.case.start}", complete=False
        )
    clock = Clock.start(limits)
    broken = [r for r in home.report.results if r.outcome is Outcome.VIOLATED and r.trace is not None]
    broken.sort(key=lambda r: cost_of_property(r.name).rank)
    wanted = [d for d in definitions if d.name in {r.name for r in broken}]
    here, there = alike(home.case, other.case)
    sides = Side.of(home.case, wanted, here, clock), Side.of(other.case, wanted, there, clock)
    budget = home.report.budget
    kept = {r.name for r in other.report.results if r.outcome in (Outcome.HOLDS, Outcome.VACUOUS)}
    kept |= {s.name for s in other.report.skipped}
    flipped = [r for r in broken if r.name in kept]
    hunts = []
    for group in (flipped, [r for r in broken if r not in flipped and _same_deadlines(sides, r.name)]):
        hunts.append(Hunt(*sides))
        found = _promise(hunts[-1], group, budget, in_new=in_new)
        if found is not None:
            return found
    hunts.append(Hunt(*sides))
    seen = hunts[-1].shortest(aims(here), budget)
    return _only(hunts[-1], seen, None, in_new=in_new) if seen is not None else _followed(hunts, budget, in_new=in_new)


def _promise(hunt: Hunt, broken: Sequence[Result], budget: int, *, in_new: bool) -> Only | None:
    """The shortest run that breaks one of these here alone."""
    found = hunt.shortest([Aim(r.name) for r in broken if not hunt.home.endless(r.name)], budget)
    for result in sorted(broken, key=_faults):
        if hunt.home.endless(result.name) and (found is None or _faults(result) < found.faults):
            kept = _endless(hunt, result)
            if kept is not None:
                return _only(hunt, kept, result, in_new=in_new)
    return None if found is None else _only(hunt, found, None, in_new=in_new)


def _same_deadlines(sides: Sequence[Side], promise: str) -> bool:
    """Whether a promise allows the same times on both sides; where it does not, each breaks its own."""
    deadlines = [[d.within for d in side.bounds[promise].deadlines] for side in sides]
    return deadlines[0] == deadlines[1]


def _faults(result: Result) -> int:
    return sum(n for _, n in result.faults_used)


def _followed(hunts: Sequence[Hunt], budget: int, *, in_new: bool) -> Followed:
    reasons = dict.fromkeys(hunt.tally.open for hunt in hunts if hunt.tally.open)
    where = "new" if in_new else "old"
    if not reasons:
        said = (
            f"whatever the {where} one shows with at most {budget} fault{'s' if budget != 1 else ''} or command, "
            "the other can show at the same moments (no two acts more than an hour apart)"
        )
        return Followed(in_new, said, complete=True)
    done = hunts[-1].tally.faults
    upto = f"with at most {done} faults or commands the other can show the same; " if done >= 0 else ""
    return Followed(in_new, f"{upto}{'; '.join(reasons)}", complete=False)


# ---- promises about the end ------------------------------------------------------------------------------------------


def _endless(hunt: Hunt, result: Result) -> Apart | None:
    """The run of the report, if the other side keeps this promise under the same acts at the same times."""
    assert result.trace is not None
    trace, home = result.trace, hunt.home
    where = [
        i for i, name in enumerate(trace.names()) if name in home.system.action_index and is_act(home.action(name))
    ]
    if trace.loop is not None and any(i >= trace.loop for i in where):
        return None
    moments = [trace.steps[i].at or 0 for i in where]
    times = moments if home.at_rest else [0, *moments]
    point = tuple(at - times[0] for at in times)
    acts = tuple(trace.steps[i].action for i in where)
    shown = SideRun(home.acted(trace.names()), None, acts)
    aim, number = Aim(result.name), _faults(result)
    paid = tuple(home.paid(name) for name in acts)
    answer = hunt.other.ask(Order(acts, paid, at(point).tolist()), number, aim)
    if answer.shown is not None or not answer.complete:
        return None
    return Apart(aim, number, shown, point, answer.classes)


# ---- what is told ----------------------------------------------------------------------------------------------------


def _only(hunt: Hunt, found: Apart, result: Result | None, *, in_new: bool) -> Only:
    home = hunt.home
    system = hunt.home_system(found)
    if result is not None and result.trace is not None:
        shown = Certified(result.trace, result.certified)
    else:
        shown = confirm(system, hunt.trace(found), home.at(found.shown.start))
        _demand(hunt, found, system, shown.trace)
    ending = "here the claim is broken" if found.aim.promise else sentence(found.aim)
    story = result.story if result is not None else tell(system, shown.trace, cast_of(home.case), ending)
    after, stops, reasons = _stop(hunt, found)
    told = replace(shown.trace, loop=None)
    missing = _next(home.case, system, told, after) if after < len(told.steps) else ""
    return Only(
        property=found.aim.promise,
        in_new=in_new,
        faults=used_by(system, shown.trace.names()),
        story=story,
        stops_after=after,
        missing=missing,
        stops=stops,
        reasons=reasons,
        shows="" if found.aim.promise else sentence(found.aim),
        acts=tuple((step.action, step.at or 0) for step in shown.trace.steps if is_act(home.action(step.action))),
        steps=len(shown.trace.steps),
        certified=shown.by,
        classes=found.classes,
    )


def _demand(hunt: Hunt, found: Apart, system: System, trace: Trace) -> None:
    """The reference has to agree that the run shows what it should."""
    home, aim = hunt.home, found.aim
    wanted = home.watched[aim.label] if aim.label else None
    if wanted is not None:
        before = trace.steps[-2].state if len(trace.steps) > 1 else trace.initial
        holds = [bool(evaluate(system, state, wanted)) == aim.value for state in (before, trace.last())]
        good = holds == [False, True]
    else:
        good = bool(evaluate(system, trace.last(), home.violation(aim.promise)))
    if not good:
        raise EnginesDisagree(
            "a run that one configuration allows does not show what it should",
            seen=[" ".join(trace.names())],
            help="please report this, with both configurations",
        )


def _next(case: Case, system: System, trace: Trace, after: int) -> str:
    """The first sentence about the event that comes after so many, or its name."""
    told = [tell(system, replace(trace, steps=trace.steps[:count]), cast_of(case)) for count in (after, after + 1)]
    fresh = [line for line in told[1] if line not in told[0]]
    if not fresh:
        return trace.steps[after].action
    return f"{fresh[0].node} {fresh[0].text}".strip()


def _stop(hunt: Hunt, found: Apart) -> tuple[int, str, tuple[str, ...]]:
    """How many of the events happen on the other side under these acts at these times, and why the next does not."""
    other = hunt.other
    point = found.point[: len(found.point) - found.aim.timed]
    system = other.held(Order(found.shown.acts, hunt.paid(found.shown), at(point).tolist()), found.faults, found.aim)
    best: tuple[int, str, tuple[str, ...]] = (-1, "", ())
    for start in other.starts(found.faults, found.aim) or (None,):
        best = max(best, _stopped(hunt, found, system, start), key=lambda each: each[0])
    return best if best[0] >= 0 else (0, "the other one never comes to rest after its boot", ())


def _stopped(hunt: Hunt, found: Apart, system: System, start: State | None) -> tuple[int, str, tuple[str, ...]]:
    names = found.shown.names
    for count in range(1, len(names) + 1):
        name = names[count - 1]
        if name not in system.action_index:
            return count - 1, f"there is no `{name}`", ()
        try:
            so_far = run(system, names[:count], start)
            if found.aim.timed and count == len(names):
                where = points(names, at_rest=hunt.home.at_rest, timed=True)
                pinned(so_far, where, found.point)
            earliest(so_far)
        except CannotReplay as refusal:
            return (
                count - 1,
                _by_name(refusal.message, found.shown),
                tuple(_by_name(s, found.shown) for s in refusal.seen),
            )
    held = "the claim holds all the same" if found.aim.promise else "it is not seen all the same"
    return len(names), f"every event happens there too, and {held}", ()


def _by_name(text: str, shown: SideRun) -> str:
    """The text with each act by its own name."""
    acts = iter(shown.acts)
    for name in shown.names:
        if name.startswith("act"):
            text = text.replace(name, next(acts))
    return text
