"""A question about a timed system, asked of its untimed abstraction; and what an answer there means in time.

What never happens there never happens, whatever the delays. What happens there is a candidate: it is replayed in time,
and only a run that some clock readings allow is a counterexample. Beyond a state in which a fixed size of the model was
exceeded nobody has looked, so with such a state in reach nothing `holds`.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hamodel.errors import CannotReplay, EngineLimit, EnginesDisagree, PropertyError
from hamodel.ir import schedule
from hamodel.ir.expr import Expr, Read, not_
from hamodel.ir.invariant import Invariant
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.semantics import evaluate, fire, initial_state
from hamodel.ir.slicing import sliced
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.ir.trace import Trace
from hamodel.ir.untimed import LIMIT, patient, untimed_formula
from hamodel.ir.verdict import Outcome, Verdict

WHATEVER = "whatever the delays"
OTHER_DELAYS = "it comes about only with other delays than these"
TOO_SMALL = "with other delays a fixed size of the model is exceeded"
UNSEEN = "the situation it speaks of is reached, but perhaps only with other delays"


@dataclass(frozen=True)
class Question:
    """`wanted` is what is looked for: a violation of an `always`, or a `sometimes` come true."""

    timed: System
    prop: Property
    start: State | None
    whole: System
    """The untimed abstraction."""
    system: System
    """What is left of it for this question."""
    wanted: Expr
    witness: Expr | None
    limit: Expr
    began: float

    @property
    def sometimes(self) -> bool:
        return self.prop.kind is PropertyKind.SOMETIMES


def asked(system: System, prop: Property, start: State | None = None, places: int | None = None) -> Question:
    """The question about the abstraction. PropertyError for promises: they need the circles of the timed graph.

    With `places` queues hold no more messages than that; one more is a limit, so that less is claimed, never more.
    """
    if prop.kind is PropertyKind.LEADS_TO:
        raise PropertyError(f"{prop.name}: over the untimed abstraction only `always` and `sometimes` are answered")
    began = time.monotonic()
    whole = patient(_with_places(system, start, places), start)
    formula = untimed_formula(system, prop.formula)
    wanted = formula if prop.kind is PropertyKind.SOMETIMES else not_(formula)
    witness = None if prop.witness is None else untimed_formula(system, prop.witness)
    less = sliced(whole, [wanted, Read(LIMIT), *([witness] if witness is not None else [])])
    return Question(
        system, prop, start, whole, less.system, less.formulas[0], less.formulas[2] if witness is not None else None,
        less.formulas[1], began,
    )  # fmt: skip


def _with_places(system: System, start: State | None, places: int | None) -> System:
    if places is None:
        return system
    waiting = [len(q) for q in (initial_state(system)[0] if start is None else start).queues]
    queues = (
        replace(q, capacity=min(q.capacity, max(places, now))) for q, now in zip(system.queues, waiting, strict=True)
    )
    return replace(system, queues=tuple(queues))


def replayed(question: Question, names: Sequence[str], shows: Expr) -> None:
    """The events lead, by the reference semantics of the abstraction, to a state that shows this; EnginesDisagree."""
    system = question.system
    state = initial_state(system)[0]
    for number, name in enumerate(names, 1):
        effect = fire(system, state, system.actions[system.action_index[name]])
        if effect is None:
            raise EnginesDisagree(f"event {number}, {name}, is not enabled in the untimed run", seen=names)
        state = effect.state
    if evaluate(system, state, shows) == 0:
        raise EnginesDisagree("the untimed run does not show what it should", seen=names)


def in_time(question: Question, names: Sequence[str]) -> Trace | None:
    """The run with its times, or None where no clock readings allow it."""
    timed, prop = question.timed, question.prop
    try:
        trace = schedule.timed(timed, names, question.start)
    except (CannotReplay, EngineLimit):
        return None
    wanted = prop.formula if question.sometimes else not_(prop.formula)
    if evaluate(timed, trace.last(), wanted) == 0:
        raise EnginesDisagree("a run shows something in the abstraction that it does not show in time", seen=names)
    return trace


def verdict_on_run(question: Question, engine: str, names: Sequence[str], states: int = 0) -> Verdict:
    """What a run into a wanted state is worth: a counterexample or a witness, or only a candidate."""
    replayed(question, names, question.wanted)
    trace = in_time(question, names)
    if trace is None:
        return verdict(
            question, engine, Outcome.UNKNOWN, OTHER_DELAYS, states, details=(("candidate", " ".join(names)),)
        )
    return replace(
        verdict(question, engine, Outcome.HOLDS if question.sometimes else Outcome.VIOLATED, "", states), trace=trace
    )


def verdict_on_absence(
    question: Question, engine: str, *, witnessed: bool | None, states: int = 0, certificate: Invariant | None = None
) -> Verdict:
    """Nothing wanted is in reach, and no limit. `witnessed` False: nor is the situation the claim speaks of."""
    if question.sometimes:
        found = verdict(question, engine, Outcome.VIOLATED, f"it never happens, {WHATEVER}", states)
    elif witnessed is False:
        reason = f"the situation it speaks of is never reached, {WHATEVER}"
        found = verdict(question, engine, Outcome.VACUOUS, reason, states)
    else:
        details = () if witnessed else (("witness", UNSEEN),)
        found = verdict(question, engine, Outcome.HOLDS, WHATEVER, states, details=details)
    return replace(found, certificate=certificate)


def verdict(
    question: Question,
    engine: str,
    outcome: Outcome,
    reason: str,
    states: int = 0,
    details: tuple[tuple[str, str], ...] = (),
    edges: int = 0,
) -> Verdict:
    seconds = time.monotonic() - question.began
    return Verdict(question.prop.name, outcome, engine, states, edges, seconds, reason=reason, details=details)


def feasible(question: Question, names: Sequence[str]) -> bool:
    """Whether the run is possible in time, whatever it shows."""
    try:
        return schedule.feasible(question.timed, names, question.start)
    except EngineLimit:
        return False
