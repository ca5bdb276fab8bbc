"""The rules of a tape that listens: how windows open and close, what a mark does, and where a run goes astray."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hamodel.ir.compose import BUDGET, left
from hamodel.ir.expr import Const, Expr, Local, Op, Option, Read, Value, and_, binary
from hamodel.ir.rewrite import rebuilt
from hamodel.ir.statement import Assign, Bind, Call, Cancel, Clear, If, Return, Start, Statement, While
from hamodel.ir.system import Action, System, Variable

BEGIN, TICK = "log.begins", "log.goes_on"
"""The action with which the time of the log begins, and the one that opens and closes windows."""
STAGE = "log_stage"
"""Where a run is: the log has not begun, is being written, was left, or was written to its end."""
BEFORE, DURING, ASTRAY, DONE = 0, 1, 2, 3
HIGH, LOW, WRAP = "log_at_high", "log_at", 200
LOST, MAY_LOSE = "log_lost", "log_may_lose"
Command = tuple[str, str]
"""The kind of an operator's command, and the node that is named first in the action, if any."""


def turns_for(room: int) -> int:
    """An opening and a closing for each mark, as many for commands, and the end."""
    return 4 * room + 1


def wait_at(i: int) -> str:
    return f"log_wait[{i}]"


def turn_at(i: int) -> str:
    return f"log_turn[{i}]"


def line_at(i: int) -> str:
    return f"log_line[{i}]"


def heard_of(stream: int) -> str:
    return f"log_heard[{stream}]"


def base_of(stream: int) -> str:
    return f"log_base[{stream}]"


def written_of(stream: int) -> str:
    return f"log_written[{stream}]"


def opened_of(stream: int) -> str:
    return f"log_open[{stream}]"


def closed_of(stream: int) -> str:
    return f"log_closed[{stream}]"


def left_of(command: Command) -> str:
    return f"log_left[{','.join(command)}]"


def used_of(command: Command) -> str:
    return f"log_used[{','.join(command)}]"


WORDS = (written_of, opened_of, closed_of)


# ---- rules -----------------------------------------------------------------------------------------------------------


def is_(value: Expr, number: int) -> Expr:
    return binary(Op.EQ, value, Const(number))


def plus(value: Expr, number: int) -> Expr:
    return binary(Op.ADD, value, Const(number))


def one_more(variable: str) -> Statement:
    return Assign(variable, plus(Read(variable), 1))


STRAY = Assign(STAGE, Const(ASTRAY))


def hears(stream: int) -> tuple[Statement, ...]:
    """A mark is written: the next one of its stream, and its window is open; else the run goes astray."""
    written, code = Read(written_of(stream)), Local("code")
    place = binary(Op.ADD, Option(base_of(stream)), written)
    before = Value("log.line", (binary(Op.SUB, place, Const(1)),))
    again = and_(Local("lasting"), binary(Op.GT, written, Const(0)), binary(Op.EQ, before, code))
    is_next = and_(binary(Op.LT, written, Read(opened_of(stream))), binary(Op.EQ, Value("log.line", (place,)), code))
    lose = If(binary(Op.LT, Read(LOST), Option(MAY_LOSE)), (one_more(LOST),), (STRAY,))
    heard = and_(Option(heard_of(stream)), is_(Read(STAGE), DURING))
    return (If(heard, (If(again, (), (If(is_next, (one_more(written_of(stream)),), (lose,)),)),)),)


def waits(at: Expr) -> tuple[Statement, ...]:
    """The tape goes on to the turn `at`."""
    wait = Value("log.wait", (at,))
    return (Bind("wait", wait), Start(TICK, Local("wait"), Local("wait")))


def goes_on(streams: int, commands: Sequence[Command]) -> tuple[Statement, ...]:
    """All turns of this moment, and then the wait for the next one."""
    place = binary(Op.ADD, binary(Op.MUL, Read(HIGH), Const(WRAP)), Read(LOW))
    turn = Local("turn")
    does: list[Statement] = []
    for s in range(streams):
        late = If(
            and_(Option(heard_of(s)), binary(Op.LE, Read(written_of(s)), Read(closed_of(s)))),
            (STRAY,),
            (one_more(closed_of(s)),),
        )
        does += [If(is_(turn, 2 * s + 1), (one_more(opened_of(s)),)), If(is_(turn, 2 * s + 2), (late,))]
    for i, left_ in enumerate(map(left_of, commands)):
        less = If(binary(Op.GT, Read(left_), Const(0)), (Assign(left_, binary(Op.SUB, Read(left_), Const(1))),))
        first = 2 * streams + 2 + 2 * i
        does += [If(is_(turn, first), (one_more(left_),)), If(is_(turn, first + 1), (less,))]
    does.append(If(is_(turn, 2 * streams + 1), (Assign(STAGE, Const(DONE)),)))
    on = (
        Bind("at", plus(Local("at"), 1)),
        Bind("wait", Value("log.wait", (Local("at"),))),
        If(Local("wait"), (Bind("going", Const(0)), Start(TICK, Local("wait"), Local("wait")))),
    )
    during = is_(Read(STAGE), DURING)
    return (
        Bind("at", place),
        Bind("going", Const(1)),
        While(
            Local("going"),
            (Bind("turn", Value("log.turn", (Local("at"),))), *does, If(during, on, (Bind("going", Const(0)),))),
        ),
        Assign(HIGH, binary(Op.DIV, Local("at"), Const(WRAP))),
        Assign(LOW, binary(Op.MOD, Local("at"), Const(WRAP))),
    )


def table(at: Expr, names: Sequence[str]) -> tuple[Statement, ...]:
    """The option at a place, by halves."""

    def half(first: int, last: int) -> Statement:
        if first == last:
            return Return(Option(names[first]))
        middle = (first + last + 1) // 2
        return If(binary(Op.LT, at, Const(middle)), (half(first, middle - 1),), (half(middle, last),))

    return (If(binary(Op.GE, at, Const(len(names))), (Return(Const(0)),)), half(0, len(names) - 1))


def after_each(system: System) -> tuple[Statement, ...]:
    """Where the log was left or came to its end, time stands still; what was left is forgotten, as all is one there."""
    before = (Call(system.after),) if system.after is not None else ()
    stops = (*(Cancel(t.name) for t in system.timers), Cancel(TICK))
    over = If(is_(Read(STAGE), ASTRAY), (Call("log.forgets"), *stops), (If(is_(Read(STAGE), DONE), stops),))
    return (*before, over)


def forgets(system: System, own: Sequence[Variable]) -> tuple[Statement, ...]:
    return (
        *(Assign(v.name, Const(v.initial)) for v in (*system.variables, *own)),
        *(Clear(q.name) for q in system.queues),
    )


def command_of(action: Action) -> Command:
    """The command an action is.

    >>> command_of(Action("stop_heartbeat[node1]", Kind.OPERATOR, "", fault="stop"))
    ('stop', 'node1')
    """
    _, _, inside = action.name.partition("[")
    return action.fault, inside.rstrip("]").split(",")[0]


def unpaid(action: Action) -> str:
    return f"log.asks[{action.name}]"


def gives(action: Action, is_fault: bool) -> tuple[Statement, ...]:
    """A command is not paid from the budget: the log tells when it may have been given."""
    rest, used = left_of(command_of(action)), used_of(command_of(action))
    counts = (one_more(used),) if is_fault else ()
    does = Call(action.procedure.removeprefix("budget."))
    return (Assign(rest, binary(Op.SUB, Read(rest), Const(1))), *counts, does)


def as_told(action: Action) -> Action:
    def free(term: Expr) -> Expr:
        paid = isinstance(term, Read) and term.variable in (BUDGET, left(action.fault))
        return Const(1) if paid else term

    some = binary(Op.GT, Read(left_of(command_of(action))), Const(0))
    return replace(action, procedure=unpaid(action), guard=and_(rebuilt(action.guard, free), some))


def only_during(action: Action) -> Action:
    """What comes by itself or by somebody's hand comes while the log is written."""
    if action.timer is not None:
        return action
    return replace(action, guard=and_(action.guard, is_(Read(STAGE), DURING)))
