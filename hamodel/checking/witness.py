"""What can be said of a scenario with too many runs to list: some of them, each a run of the model.

Random runs are followed to the end of the script. With a recording the search is first kept to what was recorded, give
or take a tolerance: a run found so is a run of the model all the same, which the reference semantics replays without
the tape; only if nothing is found, nothing follows from it. What the recording excludes for good (a restart, a reset or
a request that never came) may be left out of an exhaustive search too: if no run then ends as the recording did, the
model does not allow it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hamodel.checking.apart import compare
from hamodel.engines._lower.differences import Matrix, tightened, unbounded
from hamodel.engines.classes import ClassesEngine, Exploration
from hamodel.ir.constraints import Run, run
from hamodel.ir.expr import Expr, Read, and_, not_, or_
from hamodel.ir.observe import remembered
from hamodel.ir.prediction import Bounds, Ending, Observed
from hamodel.ir.script import OVER
from hamodel.ir.semantics import evaluate
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.ir.tape import MAY, MUST, MUST_NOT, TICK, Mark, taped
from hamodel.ir.verdict import Limits
from hamodel.scenarios import recording as recordings
from hamodel.scenarios import testbed
from hamodel.scenarios.recording import Recording, Spans

SEED = 1
RUNS = 40
"""Random runs that are followed."""
LOOSE = (testbed.TOLERANCE, 1_000, 3_000)
"""How far, in ms, a run may be from what is recorded while the search looks for it, one attempt after the other."""
TRIES = 12
"""Runs along the recording that are compared in one attempt."""
CLASSES = 60_000
"""Classes of one attempt, some seconds; the limit of the listing does not count here."""
PATIENCE = 2_000
"""Steps back after which a run begins anew."""
WORDS = ("restarted", "was_reset", "asked")


@dataclass(frozen=True, slots=True)
class Question:
    """The scripted system with its observers, and the names of its resources and nodes."""

    system: System
    names: tuple[str, ...]
    nodes: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Some:
    """Endings that can happen; how the nearest differs from the recorded one, and whether that one is excluded."""

    endings: tuple[Ending, ...]
    differences: tuple[str, ...] = ()
    excluded: bool = False


def some_endings(
    question: Question, found: Exploration, engine: ClassesEngine, limits: Callable[[], Limits], seen: Recording | None
) -> Some:
    """The endings among what was listed before the limit, those of random runs, and that of the recording if found."""
    endings = [_ending(question, names) for names in _listed(question, found)]
    observed = None if seen is None else recordings.observed(seen)
    agreed, excluded = False, False
    if seen is not None and observed is not None:
        agreed = bool(endings) and not compare(endings, observed)
        if not agreed:
            for ending in _along(question, engine, limits, seen, observed):
                endings.append(ending)
                agreed = agreed or not compare([ending], observed)
        if not agreed:
            excluded = _is_excluded(question, engine, limits(), observed)
    if not excluded:
        walks = engine.walks(question.system, Read(OVER), SEED, _few(limits()))
        for _ in range(RUNS):
            names = walks.walk(PATIENCE)
            if names is None or walks.over:
                break
            endings.append(_ending(question, names))
    apart: tuple[str, ...] = ()
    if observed is not None:
        apart = compare(endings, observed) if endings else ("no run was followed to its end",)
    return Some(_merged(endings), apart, excluded)


def _few(limits: Limits) -> Limits:
    return Limits(classes=CLASSES, seconds=limits.seconds, memory=limits.memory)


def _listed(question: Question, found: Exploration) -> Iterator[tuple[str, ...]]:
    """A shortest run to each kind of ending that was listed."""
    over = np.flatnonzero(found.where(Read(OVER)))
    columns = [found.where(formula)[over] for formula in _kind(question)]
    _, first = np.unique(np.stack(columns, axis=1), axis=0, return_index=True)
    for index in sorted(first.tolist()) if len(over) else ():
        yield found.names_to(int(over[index]))


def _kind(question: Question) -> list[Expr]:
    """What tells endings apart, but for times."""
    words = [f"{word}[{n}]" for word in WORDS for n in (0, 1)]
    words += [f"{word}[{name}]" for word in ("overlapped", "gapped") for name in question.names]
    return [*_final(question), *(remembered(word) for word in words)]


def _final(question: Question) -> list[Expr]:
    return [question.system.observables[f"up[{n},{s}]"] for s in range(len(question.names)) for n in (0, 1)]


# ---- along a recording -----------------------------------------------------------------------------------------------


def _along(
    question: Question, engine: ClassesEngine, limits: Callable[[], Limits], seen: Recording, observed: Observed
) -> Iterator[Ending]:
    """The endings of runs that go as the recording went, up to one that ends as it ended."""
    for loose in LOOSE:
        watched, marks = as_recorded(question, seen, observed, loose)
        walks = engine.walks(taped(question.system, watched, marks), Read(OVER), SEED, _few(limits()))
        tries = 0
        while tries < TRIES and not walks.over:
            names = walks.walk(PATIENCE)
            if names is None:
                continue
            tries += 1
            ending = _ending(question, [name for name in names if name != TICK])
            yield ending
            if not compare([ending], observed):
                return


def _never(question: Question, observed: Observed) -> tuple[dict[str, Expr], list[Mark]]:
    """What never came and would remain, had it come."""
    watched: dict[str, Expr] = {}
    marks = []
    for word, who in zip(WORDS, (observed.self_restarts, observed.resets, observed.stonith_requests), strict=True):
        for n, node in enumerate(question.nodes):
            if who is not None:
                watched[f"{word}[{n}]"] = remembered(f"{word}[{n}]")
                marks += [] if node in who else [Mark(0, f"{word}[{n}]", MUST_NOT)]
    return watched, marks


def as_recorded(
    question: Question, seen: Recording, observed: Observed, loose: int
) -> tuple[Mapping[str, Expr], Sequence[Mark]]:
    """When two had a resource or nobody had it, who was reset and who asked for it, `loose` ms earlier or later."""
    watched, marks = _never(question, observed)
    end = recordings.end_of(seen)
    formulas = _situations(question)
    for what, spans in recordings.spans(seen).items():
        if what in formulas:
            watched[what] = formulas[what]
            marks += _marks(what, spans, end, loose)
    for word, event, key in (("was_reset", "node_reset", "node"), ("asked", "stonith_request", "by")):
        for n, node in enumerate(question.nodes):
            at = recordings.first_moment(seen, event, key, node)
            if at is not None and f"{word}[{n}]" in watched:
                marks += _marks(f"{word}[{n}]", ((at, end),), end, loose)
    return watched, marks


def _marks(what: str, spans: Spans, end: int, loose: int) -> list[Mark]:
    """Each change may come `loose` ms earlier or later; changes that are nearer than that run into one.

    >>> [(m.at, m.says) for m in _marks("up", ((1000, 1100), (5000, 9000)), 9000, 300)]
    [(0, 0), (700, 2), (1400, 0), (4700, 2), (5300, 1)]
    """
    changes = [(at, says) for a, b in spans for at, says in ((a, MUST), (b, MUST_NOT)) if at < end - loose]
    marks = [Mark(0, what, MUST_NOT)]
    for i, (at, says) in enumerate(changes):
        if i == 0 or at - changes[i - 1][0] > 2 * loose:
            marks.append(Mark(max(0, at - loose), what, MAY))
        if i + 1 == len(changes) or changes[i + 1][0] - at > 2 * loose:
            marks.append(Mark(at + loose, what, says))
    return marks


def _situations(question: Question) -> dict[str, Expr]:
    """Two owners, and nobody after the first one, of each resource."""
    found = {}
    for s, name in enumerate(question.names):
        ups = [question.system.observables[f"up[{n},{s}]"] for n in (0, 1)]
        found[f"overlap[{name}]"] = and_(*ups)
        found[f"gap[{name}]"] = and_(remembered(f"owned[{name}]"), not_(or_(*ups)))
    return found


def _is_excluded(question: Question, engine: ClassesEngine, limits: Limits, observed: Observed) -> bool:
    """Whether no run at all, among those without what never came, ends with these owners and what did come."""
    watched, marks = _never(question, observed)
    if not marks:
        return False
    found = engine.explore(taped(question.system, watched, marks), mode="merged", limits=limits)
    if not found.complete:
        return False
    wanted: list[Expr] = [Read(OVER)]
    for s, name in enumerate(question.names):
        for n, node in enumerate(question.nodes):
            up = question.system.observables[f"up[{n},{s}]"]
            if name in observed.final_owners:
                wanted.append(up if node in observed.final_owners[name] else not_(up))
    for word, who in zip(WORDS, (observed.self_restarts, observed.resets, observed.stonith_requests), strict=True):
        wanted += [remembered(f"{word}[{n}]") for n, node in enumerate(question.nodes) if who and node in who]
    return not bool(found.where(and_(*wanted)).any())


# ---- one run ---------------------------------------------------------------------------------------------------------


def _ending(question: Question, names: Sequence[str]) -> Ending:
    """How the run with these events ends, with the exact times of its own overlaps and gaps; replayed step by step."""
    found = run(question.system, names)
    states = [found.initial, *(effect.state for effect in found.effects)]
    bounds = bounds_of(found)
    see = question.system.observables
    lengths = {what: _longest(question.system, states, f, bounds) for what, f in _situations(question).items()}
    overlaps, gaps = ({name: lengths[f"{word}[{name}]"] for name in question.names} for word in ("overlap", "gap"))
    owners = {
        name: _chosen(question, states[-1], [see[f"up[{n},{s}]"] for n in (0, 1)])
        for s, name in enumerate(question.names)
    }
    restarted, reset, asked = (
        _chosen(question, states[-1], [remembered(f"{word}[{n}]") for n in (0, 1)]) for word in WORDS
    )
    if reset and asked:
        gaps = {name: (lo, hi + testbed.STONITH_REPLY) for name, (lo, hi) in gaps.items()}
    return Ending(owners, overlaps, gaps, restarted, reset, asked)


def _chosen(question: Question, state: State, formulas: Sequence[Expr]) -> tuple[str, ...]:
    pairs = zip(question.nodes, formulas, strict=True)
    return tuple(sorted(node for node, formula in pairs if evaluate(question.system, state, formula)))


def bounds_of(found: Run) -> Matrix:
    """B[i][j], the most that event i can come after event j: shortest paths through the constraints of this run."""
    size = len(found.names) + 1
    bounds = unbounded(size)
    for c in found.constraints:
        bounds[c.later, c.earlier] = min(int(bounds[c.later, c.earlier]), c.most)
    return tightened(bounds)


def _longest(system: System, states: Sequence[State], formula: Expr, bounds: Matrix) -> Bounds:
    """The least and the most of the longest time for which a formula holds in this run."""
    lo = hi = 0
    since: int | None = None
    for number, state in enumerate(states):
        now = evaluate(system, state, formula) != 0
        if since is not None and (not now or number == len(states) - 1):
            lo, hi = max(lo, -int(bounds[since, number])), max(hi, int(bounds[number, since]))
            since = None
        if since is None and now:
            since = number
    return lo, hi


def _merged(endings: Sequence[Ending]) -> tuple[Ending, ...]:
    """Each kind of ending once, with the shortest and the longest times found."""
    kinds: dict[object, list[Ending]] = {}
    for e in endings:
        key = (tuple(sorted(e.final_owners.items())), e.self_restarts, e.resets, e.stonith_requests)
        kinds.setdefault(key, []).append(e)

    def hull(same: Sequence[Mapping[str, Bounds]]) -> dict[str, Bounds]:
        return {name: (min(t[name][0] for t in same), max(t[name][1] for t in same)) for name in same[0]}

    return tuple(
        Ending(
            same[0].final_owners,
            hull([e.overlap_ms for e in same]),
            hull([e.gap_ms for e in same]),
            same[0].self_restarts,
            same[0].resets,
            same[0].stonith_requests,
        )
        for _, same in sorted(kinds.items(), key=lambda item: str(item[0]))
    )
