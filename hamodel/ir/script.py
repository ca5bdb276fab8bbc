"""Scripts: the faults and commands of one scenario at given times, with everything else left to the system.

A scripted system has a timer for each event; its free actions are switched off, so that nothing else breaks. What
remains open is the cluster's own timing, and how exactly the moments of the events are known. Events and moments are
options, so that one compiled system serves every scenario of the same length.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hamodel.errors import ModelError
from hamodel.ir.compose import BUDGET_TOTAL
from hamodel.ir.expr import Const, Local, Op, Option, binary
from hamodel.ir.statement import Call, If, Procedure, Start, Statement
from hamodel.ir.system import Action, Kind, Setting, System, Timer

LENGTHS = (12, 24, 48, 96)
"""Scripts are padded to these lengths."""


@dataclass(frozen=True, slots=True)
class Event:
    """An action of the system, `lo` to `hi` ms after the event before it (the first: after the beginning).

    An event whose guard does not hold at its moment does nothing (a plug that is plugged in already).
    """

    action: str
    lo: int
    hi: int


def moment(position: int) -> str:
    """The name of the scripted action at this position; the one after the last event marks the end."""
    return f"script[{position}]"


def scripted(system: System, events: Sequence[Event], settle: int = 0) -> System:
    """`system` under exactly these events; `settle` ms after the last one comes the action `moment(len(events))`.

    Raises ModelError for an unknown action and for a script that is too long. The fault budget is open.
    """
    free = [a for a in system.actions if a.timer is None]
    code = {a.name: i + 1 for i, a in enumerate(free)}
    if unknown := [e.action for e in events if e.action not in code]:
        raise ModelError(f"the scenario needs the action `{unknown[0]}`, which this system has not")
    size = next((n for n in LENGTHS if len(events) < n), None)
    if size is None:
        raise ModelError(f"the scenario has {len(events)} events; the model has room for {LENGTHS[-1] - 1}")
    plan = [(code[e.action], e.lo, e.hi) for e in events] + [(0, settle, settle)]
    plan += [(0, 0, 0)] * (size - len(plan))
    settings = tuple(
        Setting(f"{word}[{i}]", value, "ms" if word != "script_do" else "")
        for i, row in enumerate(plan)
        for word, value in zip(("script_do", "script_lo", "script_hi"), row, strict=True)
    )
    steps = [_step(i, size) for i in range(size)]
    does = Procedure("script.does", ("code",), tuple(_choice(code[a.name], a) for a in free))
    begin = Procedure("script.begin", (), (Call(system.initial), _start(0)))
    return replace(
        system,
        name=f"{system.name} (scripted)",
        timers=system.timers + tuple(Timer(moment(i), "script") for i in range(size)),
        settings=system.settings + settings,
        procedures={**system.procedures, **{p.name: p for p in (*steps, does, begin)}},
        actions=system.actions + tuple(Action(moment(i), Kind.TIMER, moment(i), moment(i)) for i in range(size)),
        initial=begin.name,
        enabled=frozenset(),
    ).with_settings(**{BUDGET_TOTAL: 100})


def _start(position: int) -> Statement:
    return Start(moment(position), Option(f"script_lo[{position}]"), Option(f"script_hi[{position}]"))


def _step(position: int, size: int) -> Procedure:
    does = Option(f"script_do[{position}]")
    follow = (_start(position + 1),) if position + 1 < size else ()
    body: tuple[Statement, ...] = (If(does, (Call("script.does", (does,)), *follow)),)
    return Procedure(moment(position), (), body)


def _choice(code: int, action: Action) -> Statement:
    procedure = action.procedure.removeprefix("budget.")
    return If(binary(Op.EQ, Local("code"), Const(code)), (If(action.guard, (Call(procedure),)),))
