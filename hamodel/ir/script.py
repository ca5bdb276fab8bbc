"""Scripts: the faults and commands of one scenario at given times, with everything else left to the system.

A scripted system has a timer for each event; its free actions are switched off, so that nothing else breaks. What
remains open is the cluster's own timing, and how exactly the moments of the events are known. Events, moments and what
is waited for are options, so that one compiled system serves every scenario of the same length.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from hamodel.errors import ModelError
from hamodel.ir.compose import BUDGET_TOTAL
from hamodel.ir.expr import FALSE, Const, Expr, Local, Op, Option, Read, Running, Value, and_, binary
from hamodel.ir.statement import Assign, Call, Cancel, If, Procedure, Return, Start, Statement
from hamodel.ir.system import BY_CHANCE, Action, Kind, Setting, System, Timer, Variable

LENGTHS = (12, 24, 48, 96)
"""Scripts are padded to these lengths."""
OVER = "script_over"
"""The variable that is 1 once the script has come to its end. Time stands still there: every timer is off."""
NO_CONDITIONS: Mapping[str, Expr] = MappingProxyType({})
_AT, _UNTIL, _HOLD, _GIVE_UP = "script_at", "script_until", "script_hold", "script_give_up"
_WORDS = ("script_do", "script_lo", "script_hi", "script_until_code", "script_patience")


@dataclass(frozen=True, slots=True)
class Event:
    """An action of the system, `lo` to `hi` ms after the event before it (the first: after the beginning).

    An event whose guard does not hold at its moment does nothing (a plug that is plugged in already).
    """

    action: str
    lo: int
    hi: int


@dataclass(frozen=True, slots=True)
class Wait:
    """From `lo` to `hi` ms after the event before it the script waits for a condition, at most for `patience` ms."""

    until: str
    patience: int
    lo: int = 0
    hi: int = 0


@dataclass(frozen=True, slots=True)
class Hold:
    """How long a condition has to hold before the script goes on: a drawn time within these bounds, in ms."""

    lo: int = 0
    hi: int = 0


def moment(position: int) -> str:
    """The name of the scripted action at this position; the one after the last event marks the end."""
    return f"script[{position}]"


def scripted(
    system: System,
    events: Sequence[Event | Wait],
    settle: int | tuple[int, int] = 0,
    conditions: Mapping[str, Expr] = NO_CONDITIONS,
    hold: Hold | None = None,
) -> System:
    """`system` under exactly these events; `settle` ms after the last one comes the action `moment(len(events))`.

    What comes by chance (`system.BY_CHANCE`) may come at any moment all the same, as long as the script runs.
    With it the script is over and time stands still, so that what ends there is told apart from what passes by.
    Raises ModelError for an unknown action or condition and for a script that is too long. The fault budget is open.
    """
    free = [a for a in system.actions if a.timer is None]
    code = {a.name: i + 1 for i, a in enumerate(free)}
    until = {name: i + 1 for i, name in enumerate(conditions)}
    size = next((n for n in LENGTHS if len(events) < n), None)
    if size is None:
        raise ModelError(f"the scenario has {len(events)} events; the model has room for {LENGTHS[-1] - 1}")
    last = (settle, settle) if isinstance(settle, int) else settle
    plan = [_row(e, code, until) for e in events] + [(0, *last, 0, 0)]
    plan += [(0, 0, 0, 0, 0)] * (size - len(plan))
    hold = hold or Hold()
    settings = [
        Setting(f"{word}[{i}]", value, "" if word in ("script_do", "script_until_code") else "ms")
        for i, row in enumerate(plan)
        for word, value in zip(_WORDS, row, strict=True)
    ]
    settings += [Setting("script_hold_lo", hold.lo), Setting("script_hold_hi", hold.hi)]
    procedures = [_step(i, size) for i in range(size)]
    procedures += [
        Procedure("script.ends", (), _ends(system)),
        Procedure("script.does", ("code",), tuple(_choice(code[a.name], a) for a in free)),
        Procedure("script.begin", (), (Call(system.initial), _start(0))),
        Procedure("script.holds", ("code",), _conditions(conditions)),
        Procedure("script.goes_on", (), _goes_on(size)),
        Procedure("script.watches", (), _watches(system)),
    ]
    timers = (*(moment(i) for i in range(size)), _HOLD, _GIVE_UP)
    ends = {_HOLD: "script.goes_on", _GIVE_UP: "script.goes_on"}
    return replace(
        system,
        name=f"{system.name} (scripted)",
        variables=(
            *system.variables,
            Variable(OVER, hi=1, owner="script"),
            Variable(_AT, hi=LENGTHS[-1], owner="script"),
            Variable(_UNTIL, hi=255, owner="script"),
        ),
        timers=system.timers + tuple(Timer(t, "script") for t in timers),
        settings=(*system.settings, *settings),
        procedures={**system.procedures, **{p.name: p for p in procedures}},
        actions=(
            *(_while_it_runs(a) if a.fault == BY_CHANCE else a for a in system.actions),
            *(Action(t, Kind.TIMER, ends.get(t, t), t) for t in timers),
        ),
        initial="script.begin",
        after="script.watches",
        enabled=frozenset(a.name for a in system.actions if a.fault == BY_CHANCE),
    ).with_settings(**{BUDGET_TOTAL: 100})


def _while_it_runs(action: Action) -> Action:
    """The action, but not after the end of the script."""
    return replace(action, guard=and_(action.guard, binary(Op.EQ, Read(OVER), FALSE)))


def _row(event: Event | Wait, code: Mapping[str, int], until: Mapping[str, int]) -> tuple[int, int, int, int, int]:
    match event:
        case Event(action, lo, hi):
            if action not in code:
                raise ModelError(f"the scenario needs the action `{action}`, which this system has not")
            return code[action], lo, hi, 0, 0
        case Wait(condition, patience, lo, hi):
            if condition not in until:
                raise ModelError(f"the scenario waits for `{condition}`, which nobody can tell here")
            return 0, lo, hi, until[condition], patience


def _start(position: int) -> Statement:
    return Start(moment(position), Option(f"script_lo[{position}]"), Option(f"script_hi[{position}]"))


def _step(position: int, size: int) -> Procedure:
    """Do it and go on; or wait; or, where there is nothing to do, end."""
    does, until = Option(f"script_do[{position}]"), Option(f"script_until_code[{position}]")
    patience = Option(f"script_patience[{position}]")
    follow = (_start(position + 1),) if position + 1 < size else ()
    wait = (Assign(_AT, Const(position)), Assign(_UNTIL, until), Start(_GIVE_UP, patience, patience))
    body: tuple[Statement, ...] = (
        If(does, (Call("script.does", (does,)), *follow), (If(until, wait, (Call("script.ends"),)),)),
    )
    return Procedure(moment(position), (), body)


def _ends(system: System) -> tuple[Statement, ...]:
    return (*(Cancel(t.name) for t in system.timers if not t.stopwatch), Assign(OVER, Const(1)))


def _choice(code: int, action: Action) -> Statement:
    procedure = action.procedure.removeprefix("budget.")
    return If(binary(Op.EQ, Local("code"), Const(code)), (If(action.guard, (Call(procedure),)),))


def _conditions(conditions: Mapping[str, Expr]) -> tuple[Statement, ...]:
    chosen = (
        If(binary(Op.EQ, Local("code"), Const(i)), (Return(formula),))
        for i, formula in enumerate(conditions.values(), 1)
    )
    return (*chosen, Return(FALSE))


def _goes_on(size: int) -> tuple[Statement, ...]:
    """What was waited for has come, or patience is over."""
    follow = (If(binary(Op.EQ, Read(_AT), Const(i)), (_start(i + 1),)) for i in range(size - 1))
    return (*follow, Assign(_AT, Const(0)), Assign(_UNTIL, Const(0)), Cancel(_HOLD), Cancel(_GIVE_UP))


def _watches(system: System) -> tuple[Statement, ...]:
    """At the end of each macro step: a condition that has begun to hold starts the hold, one that is lost ends it."""
    begin = Start(_HOLD, Option("script_hold_lo"), Option("script_hold_hi"))
    holds = Value("script.holds", (Read(_UNTIL),))
    look = If(holds, (If(Running(_HOLD), (), (begin,)),), (Cancel(_HOLD),))
    before = (Call(system.after),) if system.after is not None else ()
    return (*before, If(Read(_UNTIL), (look,)))
