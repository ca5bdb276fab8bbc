"""Observers look on and never take part: they time a situation or remember that it was there.

Each observer has a switch, an option that is 0 until somebody asks: one composed system, compiled once, serves every
question. An observer is evaluated at the end of a macro step, where the system is between two events; what comes and
goes inside one step is not seen. Observers run in the order in which they were added: a later one may read an earlier
memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from hamodel.errors import ModelError
from hamodel.ir.expr import FALSE, Const, Expr, Op, Option, Read, Running, and_, binary, not_, or_
from hamodel.ir.statement import Assign, Call, Cancel, If, Procedure, Start, Statement
from hamodel.ir.system import STOPWATCH_MS, Action, Kind, Measure, Setting, System, Timer, Variable

OBSERVERS = "observers"
OWNER = "observe"
"""Whose the variables and timers of observers are."""
LONGEST = Const(STOPWATCH_MS)


@dataclass(frozen=True, slots=True)
class Stopwatch:
    """Times from the step after which `start` holds to the step after which `stop` holds; `release` calls it off.

    `once`: only the first time in a run, and no longer than the option `cap_of(name)` says: for least times, which are
    known to be short. What is over before it began is not timed.
    """

    name: str
    start: Expr
    stop: Expr
    release: Expr = FALSE
    once: bool = False


@dataclass(frozen=True, slots=True)
class Memory:
    """A variable `name` that becomes 1 once `when` holds and 0 again once `forget` holds; `forget` wins."""

    name: str
    when: Expr
    forget: Expr = FALSE
    switch: str = ""
    """The option that turns it on, shared by the memories of one property; its own name where none is given."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """Sets a variable for ever once `within` ms have passed since `start` without `stop` or `release`.

    Unlike a stopwatch it is a real timer with an action, so that nothing has to be timed once the answer is known. The
    time is an option: it may follow from the configuration, and one compiled system serves every configuration.
    """

    name: str
    within: int
    start: Expr
    stop: Expr
    release: Expr = FALSE


Request = Stopwatch | Memory | Deadline


def switch_of(name: str) -> str:
    """The option that turns the observer `name` on."""
    return f"observe[{name}]"


def stopwatch_of(name: str) -> str:
    """The timer that measures for the observer `name`."""
    return f"stopwatch[{name}]"


def cap_of(name: str) -> str:
    """The option with the time after which a watch that runs once gives up."""
    return f"cap[{name}]"


def bound_of(name: str) -> str:
    """The option with the time of a deadline, and 1 ms: when it is too late."""
    return f"bound[{name}]"


def late_of(name: str) -> str:
    """The variable and the action that say that a deadline has passed."""
    return f"late[{name}]"


def is_late(event: str) -> bool:
    """Whether an event is one that says that a deadline has passed."""
    return event.startswith("late[")


def remembered(name: str) -> Expr:
    """The formula that reads a memory."""
    return Read(name)


def observe(system: System, requests: Sequence[Request]) -> System:
    """The same system with these observers, all switched off."""
    if not requests:
        return system
    taken = set(system.setting_value) | set(system.variable_index) | set(system.timer_index)
    variables: list[Variable] = []
    timers: list[Timer] = []
    settings: dict[str, Setting] = {}
    measures: list[Measure] = []
    actions: list[Action] = []
    procedures: dict[str, Procedure] = {}
    body: list[Statement] = [Call(system.after)] if system.after is not None else []
    for request in requests:
        switch = switch_of(request.name)
        match request:
            case Stopwatch(name, start, stop, release, once):
                timer, end = stopwatch_of(name), or_(stop, release)
                timers.append(Timer(timer, owner=OWNER, stopwatch=True))
                measures.append(Measure(name, timer, switch, start, stop, release))
                added: tuple[str, ...] = (timer, switch)
                timing: tuple[Statement, ...] = (_time(timer, start, end),)
                if once:
                    over = f"over[{name}]"
                    cap = cap_of(name)
                    variables.append(Variable(over, hi=1, owner=OWNER))
                    timers.append(Timer(cap, owner=OWNER))
                    settings[cap] = Setting(cap, STOPWATCH_MS)
                    actions.append(Action(cap, Kind.TIMER, cap, cap))
                    procedures[cap] = Procedure(cap, (), (Assign(over, Const(1)), Cancel(timer)))
                    added = (timer, over, switch, cap)
                    timing = _once(timer, over, cap, start, end)
                body.append(If(Option(switch), timing))
            case Memory(name, when, forget, shared):
                switch = switch_of(shared or name)
                variables.append(Variable(name, hi=1, owner=OWNER))
                body.append(If(Option(switch), (_remember(name, when, forget),)))
                added = (name,) if switch in settings else (name, switch)
            case Deadline(name, within, start, stop, release):
                timer, late = f"deadline[{name}]", late_of(name)
                timers.append(Timer(timer, owner=OWNER))
                variables.append(Variable(late, hi=1, owner=OWNER))
                actions.append(Action(late, Kind.TIMER, late, timer, text="the time allowed is over"))
                procedures[late] = Procedure(late, (), (Assign(late, Const(1)),))
                first = and_(start, _is_off(late))
                bound = bound_of(name)
                settings[bound] = Setting(bound, within + 1)
                body.append(If(Option(switch), (_time(timer, first, or_(stop, release), Option(bound)),)))
                added = (timer, late, switch, bound)
            case _:
                assert_never(request)
        settings[switch] = Setting(switch, 0, "")
        for each in added:
            if each in taken:
                raise ModelError(f"two things of the system are called {each}", help="give the observer another name")
            taken.add(each)
    procedure = Procedure(_fresh(system), (), tuple(body), doc="What the observers see at the end of a macro step.")
    return replace(
        system,
        variables=(*system.variables, *variables),
        timers=(*system.timers, *timers),
        settings=(*system.settings, *settings.values()),
        procedures={**system.procedures, **procedures, procedure.name: procedure},
        actions=(*system.actions, *actions),
        after=procedure.name,
        measures=(*system.measures, *measures),
    )


def unobserved(system: System) -> System:
    """The system with nothing timed: a stopwatch that runs tells every round of a circle from the one before.

    With one switched on no class would ever come back, so no circle would be found: "it holds" would mean nothing.
    """
    switches = {m.switch: 0 for m in system.measures if m.switch in system.setting_value}
    return system.with_settings(**switches) if switches else system


def _once(timer: str, over: str, cap: str, start: Expr, end: Expr) -> tuple[Statement, ...]:
    """The first time only: what begins and ends in one step is over, and so is what its cap has ended."""
    begin = (
        Start(timer, LONGEST, LONGEST),
        Start(cap, Option(cap), Option(cap)),
    )
    finish = (Cancel(timer), Cancel(cap), Assign(over, Const(1)))
    idle = If(start, (If(end, (Assign(over, Const(1)),), begin),))
    return (If(_is_off(over), (If(Running(timer), (If(end, finish),), (idle,)),)),)


def _is_off(variable: str) -> Expr:
    return binary(Op.EQ, Read(variable), FALSE)


def _time(timer: str, start: Expr, end: Expr, ms: Expr = LONGEST) -> Statement:
    """A running watch ends with the situation; a stopped one starts with it."""
    begin = Start(timer, ms, ms)
    return If(Running(timer), (If(end, (Cancel(timer),)),), (If(and_(start, not_(end)), (begin,)),))


def _remember(name: str, when: Expr, forget: Expr) -> Statement:
    return If(forget, (Assign(name, Const(0)),), (If(when, (Assign(name, Const(1)),)),))


def _fresh(system: System) -> str:
    name = OBSERVERS
    while name in system.procedures:
        name += "'"
    return name
