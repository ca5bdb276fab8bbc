"""Along a recording: runs of the model that go as the real daemon went, as timed traces.

The search is kept to who had what and when (see `witness`), first closely, then more loosely; each run found is a run
of the model all the same. The moments of the script are set as near to the recorded ones as the run allows, and all
else happens as early as it can after that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from hamodel.checking.led import Heard, Led, Text, led
from hamodel.checking.predict import ENGINE, question_of
from hamodel.checking.witness import LOOSE, Question, as_recorded, bounds_of
from hamodel.config.spec import Spec
from hamodel.engines._lower.differences import Matrix
from hamodel.ir.constraints import run
from hamodel.ir.script import Event, Wait, moment
from hamodel.ir.tape import TICK, taped
from hamodel.ir.trace import Trace
from hamodel.logs.journal import Journal
from hamodel.scenarios.recording import Recording, observed, script_of

FREE = 10**9
"""Looser than any recording is long: the run is kept to nothing."""


def trace_along(
    recording: Recording, spec: Spec, journals: tuple[Journal, Journal], text: Text, heard: Heard
) -> tuple[Trace, Led] | None:
    """A run that goes as the recording went and writes what was written, from the strictest reading that has any.

    Raises NotModelled for what the model has no action for.
    """
    question, events = question_of(recording, spec, lambda s, steps: script_of(recording, s, steps))
    for loose in (*LOOSE, FREE):
        watched, marks = as_recorded(question, recording, observed(recording), loose)
        system = question.system if loose == FREE else taped(question.system, watched, marks)
        found = led(ENGINE, system, journals, text, heard)
        if found is not None:
            return timed_along(question, [name for name in found.names if name != TICK], events), found
    return None


def timed_along(question: Question, names: Sequence[str], events: Sequence[Event | Wait]) -> Trace:
    """The trace of these events: the script's at their recorded moments where they can be, the others as early as can
    be after that."""
    found = run(question.system, names)
    bounds = bounds_of(found)
    wanted = _moments(events)
    for number, name in enumerate(names, 1):
        if name in wanted:
            _pin(bounds, number, wanted[name])
    return found.trace([int(-least) for least in bounds[0]])


def _moments(events: Sequence[Event | Wait]) -> Mapping[str, int]:
    """When, in ms, each event of the script was recorded: in the middle of what is allowed."""
    found, at = {}, 0
    for position, event in enumerate(events):
        at += (event.lo + event.hi) // 2
        found[moment(position)] = at
    return found


def _pin(bounds: Matrix, number: int, at: int) -> None:
    """Event `number` comes at `at` ms, or at the nearest time that it can; all bounds follow."""
    at = min(max(at, int(-bounds[0, number])), int(bounds[number, 0]))
    for later, earlier, most in ((number, 0, at), (0, number, -at)):
        through = bounds[:, later, None] + most + bounds[None, earlier, :]
        np.minimum(bounds, through, out=bounds)
