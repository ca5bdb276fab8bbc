"""One lifecycle as a `transitions` machine: triggers are events, conditions are the rules themselves.

The machine never guesses: a transition is open exactly where the reference semantics enables its event in the present
state of the whole system and takes the lifecycle to that mode, so `may_<event>()` is an answer, not an opinion. Clocks
are not looked at here; `walk` does that.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hamodel.errors import EngineUnavailable
from hamodel.ir.semantics import fire, initial_state
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.lifecycle.chart import Chart
from hamodel.lifecycle.wording import identifier


class Life:
    """A thing in the midst of its system; `transitions` gives it one method a trigger and a `may_` for each."""

    def __init__(self, system: System, chart: Chart, state: State | None = None) -> None:
        self.system, self.chart = system, chart
        self.whole = initial_state(system)[0] if state is None else state
        self.mode = chart.control.mode(system, self.whole)

    def leads(self, action: str, dest: str) -> bool:
        """The event is enabled now, and afterwards the mode is `dest`."""
        effect = fire(self.system, self.whole, self.system.actions[self.system.action_index[action]])
        return effect is not None and self.chart.control.mode(self.system, effect.state) == dest

    def step(self, action: str) -> None:
        """The whole system takes the event."""
        effect = fire(self.system, self.whole, self.system.actions[self.system.action_index[action]])
        if effect is not None:
            self.whole = effect.state


def machine(system: System, chart: Chart, state: State | None = None) -> tuple[Any, Life]:
    """The `transitions.Machine` of a chart and the life it moves; events that leave the mode as it is are internal."""
    try:
        from transitions import Machine
    except ImportError as error:
        raise EngineUnavailable("lifecycles need the package transitions", help="pip install transitions") from error
    life = Life(system, chart, state)
    states = [m.name for m in chart.control.modes]
    name = chart.control.name
    made = Machine(life, states, initial=life.mode, auto_transitions=False, model_attribute="mode", name=name)
    for arrow in chart.arrows:
        made.add_transition(
            identifier(arrow.action), arrow.source, arrow.dest,
            conditions=_leads(life, arrow.action, arrow.dest), before=_steps(life, arrow.action),
        )  # fmt: skip
    for action in dict.fromkeys(a.action for a in chart.arrows):
        for mode in states:
            made.add_transition(
                identifier(action), mode, None, conditions=_leads(life, action, mode), before=_steps(life, action)
            )
    return made, life


def _leads(life: Life, action: str, dest: str) -> Callable[[], bool]:
    return lambda: life.leads(action, dest)


def _steps(life: Life, action: str) -> Callable[[], None]:
    return lambda: life.step(action)
