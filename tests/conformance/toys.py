"""Toy systems: each shows one thing, small enough to count by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hamodel.ir.expr import Binary, Const, Expr, Length, Local, Not, Op, Read, Running, Value
from hamodel.ir.observe import Stopwatch, observe
from hamodel.ir.statement import (
    Assign,
    Bind,
    Call,
    Cancel,
    Hasten,
    If,
    Overflow,
    Procedure,
    Push,
    Return,
    Start,
    Statement,
    Take,
    While,
)
from hamodel.ir.system import Action, Kind, Queue, System, Timer, Variable


def start(timer: str, lo: int, hi: int) -> Start:
    return Start(timer, Const(lo), Const(hi))


def put(variable: str, value: int) -> Assign:
    return Assign(variable, Const(value))


def add(variable: str, amount: int) -> Assign:
    return Assign(variable, Binary(Op.ADD, Read(variable), Const(amount)))


def eq(variable: str, value: int) -> Expr:
    return Binary(Op.EQ, Read(variable), Const(value))


def value(procedure: str, *args: Expr) -> Expr:
    return Value(procedure, args)


def more(variable: str, value: int) -> Expr:
    return Binary(Op.GT, Read(variable), Const(value))


def system(
    name: str,
    *,
    variables: Mapping[str, int],
    initial: Sequence[Statement],
    ends: Mapping[str, Sequence[Statement]] | None = None,
    free: Mapping[str, tuple[Expr, Sequence[Statement]]] | None = None,
    procedures: Sequence[Procedure] = (),
    far: Sequence[str] = (),
    queues: Mapping[str, int] | None = None,
) -> System:
    """A system by hand: `variables` with their greatest value, `ends` what timers do, `free` the untimed actions."""
    written = {p.name: p for p in procedures}
    written["begin"] = Procedure("begin", (), tuple(initial))
    actions = []
    for timer, body in (ends or {}).items():
        written[f"on_{timer}"] = Procedure(f"on_{timer}", (), tuple(body))
        actions.append(Action(timer, Kind.TIMER, f"on_{timer}", timer))
    for event, (guard, body) in (free or {}).items():
        written[f"do_{event}"] = Procedure(f"do_{event}", (), tuple(body))
        actions.append(Action(event, Kind.FAULT, f"do_{event}", guard=guard, fault=event))
    return System(
        name,
        variables=tuple(Variable(v, hi) for v, hi in variables.items()),
        timers=tuple(Timer(t, far=t in far) for t in (ends or {})),
        queues=tuple(Queue(q, capacity) for q, capacity in (queues or {}).items()),
        settings=(),
        procedures=written,
        actions=tuple(actions),
        initial="begin",
    )


def nothing() -> System:
    """Nothing runs and nothing can happen."""
    return system("nothing", variables={"x": 1}, initial=[])


def race() -> System:
    """Two timers, [2, 4] and [3, 5]: either may be first."""
    return system(
        "race",
        variables={"x": 1, "y": 1},
        initial=[start("a", 2, 4), start("b", 3, 5)],
        ends={"a": [put("x", 1)], "b": [put("y", 1)]},
    )


def decided_race() -> System:
    """Two timers, [1, 2] and [3, 5]: time decides the order."""
    return system(
        "decided_race",
        variables={"x": 1, "y": 1},
        initial=[start("a", 1, 2), start("b", 3, 5)],
        ends={"a": [put("x", 1)], "b": [put("y", 1)]},
    )


def tie() -> System:
    """Two timers that both end after 5 ms exactly: both orders are possible, at one instant."""
    return system(
        "tie",
        variables={"x": 1, "y": 1},
        initial=[start("a", 5, 5), start("b", 5, 5)],
        ends={"a": [put("x", 1)], "b": [put("y", 1)]},
    )


def restarted() -> System:
    """A timer of 10 that is started anew when another of 4 ends: it ends at 14, and it wins against one of 15."""
    return system(
        "restarted",
        variables={"x": 1, "late": 1},
        initial=[start("long", 10, 10), start("short", 4, 4), start("rival", 15, 15)],
        ends={
            "long": [put("x", 1)],
            "short": [start("long", 10, 10)],
            "rival": [If(Not(Read("x")), (put("late", 1),))],
        },
    )


def hastened() -> System:
    """A letter takes [0, 100]; after 10 ms it is hastened to 5 more, so that it comes before 16 and any alarm at 20."""
    return system(
        "hastened",
        variables={"here": 1, "alarm": 1},
        initial=[start("letter", 0, 100), start("rush", 10, 10), start("watch", 20, 20)],
        ends={
            "letter": [put("here", 1)],
            "rush": [If(Running("letter"), (Hasten("letter", Const(5)),))],
            "watch": [If(Not(Read("here")), (put("alarm", 1),))],
        },
    )


def cancelled() -> System:
    """A timer of [10, 20] that another of [0, 10] cancels: it is late only at the tie, at 10 exactly."""
    return system(
        "cancelled",
        variables={"late": 1},
        initial=[start("guard", 10, 20), start("rescue", 0, 10)],
        ends={"guard": [put("late", 1)], "rescue": [Cancel("guard")]},
    )


def mailbox(capacity: int = 3) -> System:
    """Messages 1, 2, 3 are sent at once and delivered one by one, in order; the sum is kept in base 4."""
    deliver: list[Statement] = [
        Take("m", "box"),
        Assign("seen", Binary(Op.ADD, Binary(Op.MUL, Read("seen"), Const(4)), Local("m"))),
        If(Length("box"), (start("mail", 0, 10),)),
    ]
    return system(
        "mailbox",
        variables={"seen": 255},
        initial=[*(Push("box", Const(i)) for i in (1, 2, 3)), start("mail", 0, 10)],
        ends={"mail": deliver},
        queues={"box": capacity},
    )


def emptied() -> System:
    """A loop empties the queue in one step, and a procedure with an argument and a value does the adding."""
    plus = Procedure("plus", ("a", "b"), (Return(Binary(Op.ADD, Local("a"), Local("b"))),))
    drain = While(
        Length("box"),
        (Take("m", "box"), Bind("t", value("plus", Read("total"), Local("m"))), Assign("total", Local("t"))),
    )
    return system(
        "emptied",
        variables={"total": 9},
        initial=[*(Push("box", Const(i)) for i in (4, 1, 2)), start("clock", 1, 1)],
        ends={"clock": [drain]},
        queues={"box": 3},
        procedures=[plus],
    )


def far() -> System:
    """An hour's timer beside two near ones of 5 and 7: it ends last, whatever its numbers say."""
    return system(
        "far",
        variables={"n": 2, "early": 1},
        initial=[start("hour", 1, 1), start("a", 5, 5), start("b", 7, 7)],
        ends={"hour": [If(more("n", 1), (), (put("early", 1),))], "a": [add("n", 1)], "b": [add("n", 1)]},
        far=["hour"],
    )


def budget(faults: int = 2) -> System:
    """A light that can be put out and lit again; being put out costs one of `faults`."""
    return system(
        "budget",
        variables={"left": 9, "dark": 1},
        initial=[put("left", faults)],
        free={
            "break": (value("may_break"), [add("left", -1), put("dark", 1)]),
            "mend": (eq("dark", 1), [put("dark", 0)]),
        },
        procedures=[Procedure("may_break", (), (If(eq("dark", 1), (Return(Const(0)),)), Return(more("left", 0))))],
    )


def interrupted() -> System:
    """A fault at any instant of a job of [5, 5]; the repair takes [2, 3] and starts the job again."""
    return system(
        "interrupted",
        variables={"left": 1, "done": 1},
        initial=[put("left", 1), start("job", 5, 5)],
        ends={"job": [put("done", 1)], "repair": [start("job", 5, 5)]},
        free={"fault": (more("left", 0), [put("left", 0), Cancel("job"), start("repair", 2, 3), put("done", 0)])},
    )


def blinker() -> System:
    """On 3, off 4, for ever: a circle."""
    return system(
        "blinker",
        variables={"on": 1},
        initial=[start("off_for", 4, 4)],
        ends={"off_for": [put("on", 1), start("on_for", 3, 3)], "on_for": [put("on", 0), start("off_for", 4, 4)]},
    )


def retries() -> System:
    """A request that is retried every 5 ms and may be answered by [0, 7] after the last try: it may starve for ever."""
    return system(
        "retries",
        variables={"done": 1},
        initial=[start("retry", 5, 5), start("answer", 0, 7)],
        ends={
            "retry": [If(Not(Read("done")), (start("retry", 5, 5), start("answer", 0, 7)))],
            "answer": [put("done", 1), Cancel("retry")],
        },
    )


def included() -> System:
    """Three sources set timers that only differ in their bounds: one class of the last state covers the others."""
    return system(
        "included",
        variables={"at": 2},
        initial=[],
        ends={"t": [put("at", 2)]},
        free={
            "wide": (eq("at", 0), [put("at", 1), start("t", 0, 10)]),
            "narrow": (eq("at", 0), [put("at", 1), start("t", 2, 5)]),
            "apart": (eq("at", 0), [put("at", 1), start("t", 8, 12)]),
        },
    )


def too_small() -> System:
    """A fixed size is exceeded after 3 ms."""
    ends = {"a": [Overflow("the second child")]}
    return system("too_small", variables={"x": 1}, initial=[start("a", 3, 3)], ends=ends)


def outage() -> System:
    """A fault, noticed within [4, 6] and healed within [1, 10]: measured from fault to healing, 5 to 16 ms."""
    plain = system(
        "outage",
        variables={"down": 1, "left": 1},
        initial=[put("left", 1)],
        ends={"notice": [start("heal", 1, 10)], "heal": [put("down", 0)]},
        free={"fault": (more("left", 0), [put("left", 0), put("down", 1), start("notice", 4, 6)])},
    )
    measured = observe(plain, [Stopwatch("outage", start=eq("down", 1), stop=eq("down", 0))])
    return measured.with_settings(**{m.switch: 1 for m in measured.measures})


def correlated_outage() -> System:
    """Two timers with one beginning, [2, 8] and [4, 6]; the first that ends begins the outage, the other ends it."""
    plain = system(
        "correlated_outage",
        variables={"count": 2},
        initial=[start("a", 2, 8), start("b", 4, 6)],
        ends={"a": [add("count", 1)], "b": [add("count", 1)]},
    )
    measured = observe(plain, [Stopwatch("gap", start=eq("count", 1), stop=eq("count", 2))])
    return measured.with_settings(**{m.switch: 1 for m in measured.measures})


def endless_outage(kind: str) -> System:
    """An outage without a bound: nobody heals (`waits`), an hour passes (`far`), a person may heal (`free`)."""
    ends: dict[str, Sequence[Statement]] = {"notice": []}
    free: dict[str, tuple[Expr, Sequence[Statement]]] = {
        "fault": (more("left", 0), [put("left", 0), put("down", 1), start("notice", 4, 6)])
    }
    if kind == "far":
        ends = {"notice": [start("hour", 3_600_000, 3_600_000)], "hour": [put("down", 0)]}
    if kind == "free":
        free["heal"] = (eq("down", 1), [put("down", 0)])
    plain = system(
        f"endless_{kind}",
        variables={"down": 1, "left": 1},
        initial=[put("left", 1)],
        ends=ends,
        free=free,
        far=["hour"],
    )
    measured = observe(plain, [Stopwatch("outage", start=eq("down", 1), stop=eq("down", 0))])
    return measured.with_settings(**{m.switch: 1 for m in measured.measures})


def nested() -> System:
    """Calls inside calls: the message to oneself is handled before the caller goes on, and the caller's write wins."""
    return system(
        "nested",
        variables={"x": 3, "order": 99},
        initial=[start("t", 1, 1)],
        ends={"t": [put("x", 1), Call("inner", (Const(2),)), put("x", 3)]},
        procedures=[
            Procedure("inner", ("v",), (Assign("order", Binary(Op.MUL, Read("x"), Const(10))), Assign("x", Local("v"))))
        ],
    )


TOYS = {
    toy.name: toy
    for toy in (
        nothing(), race(), decided_race(), tie(), restarted(), hastened(), cancelled(), mailbox(), emptied(), far(),
        budget(), interrupted(), blinker(), retries(), included(), outage(), correlated_outage(),
        endless_outage("waits"), endless_outage("far"), endless_outage("free"), nested(),
    )
}  # fmt: skip
