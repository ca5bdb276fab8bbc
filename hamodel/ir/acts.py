"""Acts: what befalls one cluster befalls another, in the same order and at the same times.

An act is what happens to a cluster from outside: a fault, a repair, a command. A system with acts notes the order in
which they come, or is held to a given order with given times between them and leaves all else to the cluster; what
it does not have, or what cannot happen to it just then, is done to it without effect. It also notes, of chosen
formulas, which of them the last step changed, and whether that was within a given time after the last act.

What is asked are options, so that one compiled system serves every question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hamodel.errors import ModelError
from hamodel.ir.compose import BUDGET
from hamodel.ir.expr import Const, Expr, Local, Op, Option, Read, Running, and_, binary, not_, or_
from hamodel.ir.statement import Assign, Call, Cancel, If, Procedure, Start, Statement
from hamodel.ir.system import BY_CHANCE, Action, Kind, Setting, System, Timer, Variable

MOST = 5
"""How many acts a run can be held to."""
FIRST = "act.first"
"""The first act where a run begins at rest: it comes at any time, and all others are timed from it."""
OPENS, CLOSES = "act.opens", "act.closes"
NOTHING, NOTHING_PAID = 255, 254
"""Acts that this system does not have; the second costs the budget all the same."""
LONGEST = 3_600_000
"""The most that is looked at between two neighbours, in ms; a change may come later than that."""
END = MOST + 1
"""The number of the point at which a change is looked for, in the names of timers."""
_AT, _PHASE, _ON, _TELL, _REST, ASTRAY = "act_at", "act_phase", "act_looks", "act_tells", "act_at_rest", "act_astray"
_WORDS = ("act_do", "act_lo", "act_hi")
_WINDOW = ("act_window", "act_from", "act_length")
PAIRS = tuple((i, j) for i in range(END) for j in range(i + 1, END + 1) if j == END or j > i + 1)
"""Points that are no neighbours, or may be none."""
Bounds = Sequence[Sequence[int]]
"""B[i][j]: the most, in ms, that point i comes after point j."""


@dataclass(frozen=True, slots=True)
class Order:
    """Acts by name, and the times between the points of a run; `timed`: the last point is the change looked for.

    The points are the acts, after the beginning of the run where that is not at rest. The bounds are the tightest.
    """

    acts: tuple[str, ...]
    paid: tuple[bool, ...]
    bounds: Bounds
    timed: bool = False


def early(pair: tuple[int, int]) -> str:
    """The timer that says that the second point of a pair may not come yet."""
    return f"act.early[{pair[0]},{pair[1]}]"


def late(pair: tuple[int, int]) -> str:
    """The timer that says that the second point of a pair may come no more."""
    return f"act.late[{pair[0]},{pair[1]}]"


TICKS = (OPENS, CLOSES, *(early(p) for p in PAIRS), *(late(p) for p in PAIRS))
"""The actions that only say what time it is; no part of the cluster."""


def act(position: int) -> str:
    """The name of the action that is the act at this position."""
    return f"act[{position}]"


def fresh(label: str) -> str:
    """The variable that is 1 where the last step changed this formula."""
    return f"fresh[{label}]"


def seen(label: str, formula: Expr, *, value: bool) -> Expr:
    """The last step made this formula true (or false), in the time in which it counts."""
    now = formula if value else not_(formula)
    soon = or_(*(Running(early(p)) for p in PAIRS if p[1] == END))
    return in_time(and_(_is(fresh(label), 1), _is(_PHASE, 1), now, not_(soon)))


def in_time(formula: Expr) -> Expr:
    """The formula holds, and all acts have come at their times."""
    return and_(_is(ASTRAY, 0), formula)


def all_came(order: Order) -> Expr:
    """Every act of the order has come."""
    return _is(_AT, len(order.acts))


def is_act(action: Action) -> bool:
    """What comes from outside and not by chance."""
    return action.timer is None and action.fault != BY_CHANCE and action.name != FIRST


def with_acts(system: System, watched: Mapping[str, Expr]) -> System:
    """The system that can note its acts and be held to some; as it is, it does neither.

    Raises ModelError where it has more acts than can be told apart.
    """
    acts = [a for a in system.actions if is_act(a)]
    if len(acts) >= NOTHING_PAID:
        raise ModelError(f"{len(acts)} acts are too many to tell apart")
    code = {a.name: i + 1 for i, a in enumerate(acts)}
    procedures = [Procedure(act(i), (), _comes(i)) for i in range(MOST)]
    procedures += [Procedure(f"act.note[{a.name}]", (), _notes(code[a.name], a)) for a in acts]
    procedures += [
        Procedure("act.done", ("code",), (*(_done(code[a.name], a) for a in acts), _nothing_done())),
        Procedure("act.begins", (), _begins(system)),
        Procedure("act.looks", (), _looks(system, watched)),
        Procedure("act.window", (), _window()),
        Procedure(OPENS, (), (Assign(_PHASE, Const(1)), _closes())),
        Procedure(CLOSES, (), (Call("act.late"),)),
        Procedure("act.early", (), ()),
        Procedure(
            "act.late", (), (Assign(ASTRAY, Const(1)), *(Cancel(t.name) for t in system.timers if not t.stopwatch))
        ),
        *(Procedure(f"act.point[{k}]", (), _point(k)) for k in range(END)),
    ]
    names = (*(act(i) for i in range(MOST)), OPENS, CLOSES)
    pairs = [(early(p), "act.early") for p in PAIRS] + [(late(p), "act.late") for p in PAIRS]
    first = Action(FIRST, Kind.REPAIR, act(0), None, and_(Option(_REST), Option("act_do[0]"), _is(_AT, 0)))
    noted = [replace(a, procedure=f"act.note[{a.name}]") if is_act(a) else a for a in system.actions]
    settings = [Setting(f"{word}[{i}]", 0, "") for i in range(MOST) for word in _WORDS]
    settings += [Setting(name, 0, "") for name in (_ON, _TELL, _REST, *_WINDOW, *(name for name, _ in pairs))]
    return replace(
        system,
        variables=(
            *system.variables,
            Variable(_AT, MOST + 1, owner="acts"),
            Variable(_PHASE, 1, owner="acts"),
            Variable(ASTRAY, 1, owner="acts"),
            *(Variable(f"act_past[{i}]", 255, owner="acts") for i in range(MOST)),
            *(Variable(f"{word}[{label}]", 1, owner="acts") for label in watched for word in ("fresh", "before")),
        ),
        timers=(*system.timers, *(Timer(name, "acts") for name in names), *(Timer(name, "acts") for name, _ in pairs)),
        settings=(*system.settings, *settings),
        procedures={**system.procedures, **{p.name: p for p in procedures}},
        actions=(
            *noted,
            *(Action(name, Kind.TIMER, name, name) for name in names),
            *(Action(name, Kind.TIMER, procedure, name) for name, procedure in pairs),
            first,
        ),
        initial="act.begins",
        after="act.looks",
        enabled=frozenset(a.name for a in system.actions if a.timer is None and system.may_happen(a)),
    )


def noting(system: System) -> System:
    """Any acts that may come, noted in their order, every change in view."""
    return system.with_settings(**{_TELL: 1, _ON: 1, _WINDOW[0]: 1})


def held_to(system: System, order: Order, *, at_rest: bool) -> System:
    """These acts and no others, at times within these bounds. `at_rest`: the run begins with the first act."""
    code = {a.name: i + 1 for i, a in enumerate(a for a in system.actions if is_act(a))}
    if len(order.acts) > MOST:
        raise ModelError(f"{len(order.acts)} acts; a run can be held to {MOST}")
    size = len(order.bounds)
    gaps = [(-order.bounds[k][k + 1], min(order.bounds[k + 1][k], LONGEST)) for k in range(size - 1)]
    before = [(0, 0), *gaps] if at_rest and order.acts else gaps
    changes: dict[str, int] = {_ON: 1, _REST: int(at_rest), _WINDOW[0]: int(order.timed)}
    for i in range(MOST):
        given = i < len(order.acts)
        name, paid = (order.acts[i], order.paid[i]) if given else ("", False)
        do = code.get(name, NOTHING_PAID if paid else NOTHING) if given else 0
        changes |= dict(zip((f"{word}[{i}]" for word in _WORDS), (do, *(before[i] if given else (0, 0))), strict=True))
    if order.timed:
        lo, hi = gaps[-1]
        changes |= {_WINDOW[1]: lo, _WINDOW[2]: hi - lo + 1 if hi < LONGEST else 0}
    for i in range(size):
        for j in range(i + 2, size):
            pair = (i, END if order.timed and j == size - 1 else j)
            least, most = -order.bounds[i][j], order.bounds[j][i]
            if least > sum(lo for lo, _ in gaps[i:j]):
                changes[early(pair)] = least
            if most < sum(hi for _, hi in gaps[i:j]):
                changes[late(pair)] = most + 1
    chance = {a.name for a in system.actions if a.fault == BY_CHANCE and system.may_happen(a)}
    return system.with_settings(**changes).with_enabled(frozenset({*chance, FIRST}))


def _is(name: str, value: int) -> Expr:
    return binary(Op.EQ, Read(name), Const(value))


def _begins(system: System) -> tuple[Statement, ...]:
    start = If(Option("act_do[0]"), (Start(act(0), Option("act_lo[0]"), Option("act_hi[0]")),), (Call("act.window"),))
    return (Call(system.initial), If(Option(_REST), (), (Call("act.point[0]"), start)))


def _comes(position: int) -> tuple[Statement, ...]:
    """The act at this position; then the next one is waited for, or the change."""
    here = If(Option(_REST), (Call(f"act.point[{position}]"),), (Call(f"act.point[{position + 1}]"),))
    done = (here, Assign(_AT, Const(position + 1)), Call("act.done", (Option(f"act_do[{position}]"),)))
    following = position + 1
    if following == MOST:
        return (*done, Call("act.window"))
    start = Start(act(following), Option(f"act_lo[{following}]"), Option(f"act_hi[{following}]"))
    return (*done, If(Option(f"act_do[{following}]"), (start,), (Call("act.window"),)))


def _point(number: int) -> tuple[Statement, ...]:
    """A point too early or too late leads astray; later points are timed from here."""
    found: list[Statement] = []
    for pair in PAIRS:
        if pair[1] == number:
            found += [If(Running(early(pair)), (Call("act.late"),)), Cancel(late(pair))]
        if pair[0] == number:
            length = binary(Op.SUB, Option(late(pair)), Const(1))
            found.append(If(Option(early(pair)), (Start(early(pair), Option(early(pair)), Option(early(pair))),)))
            found.append(If(Option(late(pair)), (Start(late(pair), length, length),)))
    return tuple(found)


def _window() -> tuple[Statement, ...]:
    opens = If(
        Option(_WINDOW[1]),
        (Start(OPENS, Option(_WINDOW[1]), Option(_WINDOW[1])),),
        (Assign(_PHASE, Const(1)), _closes()),
    )
    return (If(Option(_WINDOW[0]), (opens,)),)


def _closes() -> Statement:
    """The length is 1 ms more than it lasts; 0: it never closes."""
    length = binary(Op.SUB, Option(_WINDOW[2]), Const(1))
    return If(Option(_WINDOW[2]), (Start(CLOSES, length, length),))


def _done(code: int, action: Action) -> Statement:
    """An act that cannot happen just then has no effect, but is paid."""
    paid = (_pays(),) if action.kind in (Kind.FAULT, Kind.OPERATOR) and action.fault else ()
    return If(binary(Op.EQ, Local("code"), Const(code)), (If(action.guard, (Call(action.procedure),), paid),))


def _nothing_done() -> Statement:
    return If(binary(Op.EQ, Local("code"), Const(NOTHING_PAID)), (_pays(),))


def _pays() -> Statement:
    left = binary(Op.GT, Read(BUDGET), Const(0))
    return If(left, (Assign(BUDGET, binary(Op.SUB, Read(BUDGET), Const(1))),))


def _notes(code: int, action: Action) -> tuple[Statement, ...]:
    """Which act came at which place; those after the last place are not told apart."""
    places: tuple[Statement, ...] = (Assign(_AT, Const(MOST + 1)),)
    for i in reversed(range(MOST)):
        here = (Assign(f"act_past[{i}]", Const(code)), Assign(_AT, Const(i + 1)))
        places = (If(_is(_AT, i), here, places),)
    return (If(Option(_TELL), (Assign(_PHASE, Const(1)), *places)), Call(action.procedure))


def _looks(system: System, watched: Mapping[str, Expr]) -> tuple[Statement, ...]:
    """At the end of each macro step: what is not as it was after the step before."""
    before: tuple[Statement, ...] = (Call(system.after),) if system.after is not None else ()
    for label, formula in watched.items():
        was = _is(f"before[{label}]", 1)
        changed = or_(and_(was, not_(formula)), and_(not_(was), formula))
        note = If(changed, (Assign(fresh(label), Const(1)),), (Assign(fresh(label), Const(0)),))
        now = If(formula, (Assign(f"before[{label}]", Const(1)),), (Assign(f"before[{label}]", Const(0)),))
        before = (*before, If(Option(_ON), (note,)), now)
    return before
