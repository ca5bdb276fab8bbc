"""What would have saved you: every other value that was checked, as answers of a quiz and as a safe run to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hamodel.checking.beside import Beside
from hamodel.checking.exhibits.follow import Followed, follow, paying, seen
from hamodel.checking.exhibits.look import Eye
from hamodel.checking.exhibits.scenes import causes, strip
from hamodel.checking.of_spec import case_of
from hamodel.checking.why import Asking
from hamodel.errors import CannotReplay
from hamodel.ir.causes import Cause, Need
from hamodel.ir.exhibit import Contrast, Option
from hamodel.ir.report import FaultSet
from hamodel.ir.system import System
from hamodel.ir.trace import Trace
from hamodel.properties.words import Definition

ASKED = ("number", "word", "directive", "hardware")
"""Delays are facts, not options: nobody can choose them in a file."""
AFTERWARDS = 10_000
"""A safe run is shown until so many ms after the end of the failing one."""
WRONG = 5
"""So many answers of the quiz that would not have saved you."""


def learn(asking: Asking, faults: FaultSet) -> tuple[tuple[Option, ...], tuple[Beside, ...]]:
    """The quiz on one set of faults, and the safe runs under another value, those with a change of the files first."""
    way = asking.way(faults)
    right = [c for c in way.causes if c.sort in ASKED and c.need is Need.NEEDED]
    wrong = [c for c in way.causes if c.sort in ASKED and c.need is Need.NOT_NEEDED]
    kept = {id(c) for c in (*right, *wrong[:WRONG])}
    quiz = [_option(c) for c in way.causes if id(c) in kept]
    contrasts = [c.contrast for c in (*right, *way.causes) if c.contrast is not None]
    runs = [asking.beside[c.text] for c in contrasts if c.text in asking.beside]
    return tuple(sorted(quiz, key=lambda o: o.text)), tuple({r.text: r for r in runs}.values())


def _option(cause: Cause) -> Option:
    """A cause as an answer: what one would change, whether it would have been enough, and what the check said."""
    saves = cause.need is Need.NEEDED
    if cause.sort == "number":
        words = cause.now.split(" ")
        return Option(f"another {words[0]} than {' '.join(words[1:])}", saves, cause.says, cause.how)
    change, _, verdict = cause.says.partition(": ")
    return Option(change, saves, verdict, cause.how)


def beside(run: Beside, definitions: Sequence[Definition], main: str, failing: Followed) -> Contrast | None:
    """A safe run as a strip, with the number of events it has in common with the failing one from the beginning."""
    spec = replace(run.spec, through=())
    case = case_of(spec)
    same_options = {n: v for n, v in run.case.system.setting_value.items() if n in case.system.setting_value}
    case = replace(case, system=case.system.with_settings(**same_options))
    sight = seen(case, definitions, main)
    until = _from_fault(failing.system, failing.trace) + AFTERWARDS + _fault_at(run.system, run.found.trace)
    shown = [s for s in run.found.trace.steps if (s.at or 0) <= until]
    names = tuple(s.action for s in shown)
    try:
        found = follow(sight, paying(sight.system, names), names, [s.at for s in shown])
    except CannotReplay:
        return None
    found = replace(found, certified=run.found.by)
    same = 0
    for one, other in zip(names, failing.trace.names(), strict=False):
        if one != other:
            break
        same += 1
    return Contrast(run.text, strip(Eye(case, spec), found), same)


def _fault_at(system: System, trace: Trace) -> int:
    """When the first fault or command of a run came, ms."""
    first = next(iter(causes(system, trace.names())), None)
    return 0 if first is None else trace.steps[first].at or 0


def _from_fault(system: System, trace: Trace) -> int:
    """How long a run goes on after its first fault, ms."""
    return (trace.steps[-1].at or 0) - _fault_at(system, trace) if trace.steps else 0
