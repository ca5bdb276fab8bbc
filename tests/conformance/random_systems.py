"""Small random systems from a seed: every statement of the language, few enough classes to enumerate."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from hamodel.ir.expr import And, Binary, Const, Expr, Length, Local, Not, Op, Or, Read, Running, Value
from hamodel.ir.observe import Stopwatch, observe
from hamodel.ir.statement import (
    Assign,
    Bind,
    Call,
    Cancel,
    Clear,
    Hasten,
    If,
    Log,
    Procedure,
    Push,
    Return,
    Start,
    Statement,
    Take,
    While,
)
from hamodel.ir.system import Action, Kind, Queue, System, Timer, Variable

VARIABLES = {"x": 2, "y": 3, "z": 1}
TIMERS = ("t", "u")
ARRIVAL, FAR, QUEUE, CAPACITY = "arrival", "hour", "box", 2
LONGEST = 5


def _modulo(expr: Expr, modulus: int) -> Expr:
    return Binary(Op.MOD, expr, Const(modulus))


class _Writer:
    """Writes one random system; the same seed writes the same system."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def formula(self, depth: int = 2) -> Expr:
        pick = self.random.randrange(9 if depth else 4)
        name = self.random.choice(list(VARIABLES))
        match pick:
            case 0 | 1:
                op = self.random.choice([op for op in Op if op.compares])
                return Binary(op, Read(name), Const(self.random.randint(0, VARIABLES[name])))
            case 2:
                return Running(self.random.choice([*TIMERS, ARRIVAL, FAR]))
            case 3:
                return Binary(Op.GT, Length(QUEUE), Const(self.random.randint(0, 1)))
            case 4 | 5:
                return And((self.formula(depth - 1), self.formula(depth - 1)))
            case 6:
                return Or((self.formula(depth - 1), self.formula(depth - 1)))
            case 7:
                return Not(self.formula(depth - 1))
            case _:
                return Binary(Op.EQ, Value("sum", (Read("x"), Const(1))), Const(self.random.randint(1, 4)))

    def number(self, limit: int) -> Expr:
        """A term with values 0..limit."""
        read = Read(self.random.choice(list(VARIABLES)))
        operation = Binary(self.random.choice([Op.ADD, Op.SUB, Op.MUL]), read, Const(self.random.randint(0, 3)))
        return Const(self.random.randint(0, limit)) if self.random.random() < 0.5 else _modulo(operation, limit + 1)

    def statement(self, depth: int) -> Statement:
        match self.random.randrange(12 if depth else 7):
            case 0 | 1:
                name = self.random.choice(list(VARIABLES))
                return Assign(name, self.number(VARIABLES[name]))
            case 2 | 3:
                return self.start()
            case 4:
                return Cancel(self.random.choice([*TIMERS, ARRIVAL, FAR]))
            case 5:
                return Hasten(ARRIVAL, Const(self.random.randint(0, 3)))
            case 6:
                room = Binary(Op.LT, Length(QUEUE), Const(CAPACITY))
                return If(room, (Push(QUEUE, Const(self.random.randint(1, 3))),))
            case 7 | 8 | 9:
                return If(self.formula(), self.block(depth - 1), self.block(depth - 1))
            case 10:
                calls: list[Statement] = [Call("deliver"), Call("helper", (self.number(2),)), Clear(QUEUE)]
                return self.random.choice(calls)
            case _:
                return Call("drain") if self.random.random() < 0.5 else Log(0, "text", (("n", Read("x")),))

    def starts(self) -> Iterator[Statement]:
        """Most timers run from the beginning."""
        for timer in (*TIMERS, ARRIVAL):
            if self.random.random() < 0.7:
                yield self.start(timer)
        yield self.start()

    def start(self, timer: str = "") -> Statement:
        timer = timer or self.random.choice([*TIMERS, *TIMERS, ARRIVAL, FAR])
        lo = 0 if timer == ARRIVAL else self.random.randint(0, LONGEST)
        return Start(timer, Const(lo), Const(self.random.randint(lo, LONGEST)))

    def block(self, depth: int) -> tuple[Statement, ...]:
        return tuple(self.statement(depth) for _ in range(self.random.randint(1, 3)))

    def helper(self) -> Procedure:
        """Returns early in one branch; its argument decides."""
        test = Binary(Op.EQ, Local("n"), Const(self.random.randint(0, 2)))
        return Procedure("helper", ("n",), (If(test, (*self.block(0), Return())), *self.block(0)))

    def system(self, name: str) -> System:
        taken = (Take("m", QUEUE), Assign("y", Binary(Op.MOD, Local("m"), Const(4))))
        total = (Bind("s", Binary(Op.ADD, Local("a"), Local("b"))), Return(Local("s")))
        written = [
            Procedure("deliver", (), (*taken, *self.block(0))),
            Procedure("drain", (), (While(Length(QUEUE), taken),)),
            Procedure("sum", ("a", "b"), total),
            self.helper(),
            Procedure("begin", (), (Assign("left", Const(self.random.randint(0, 2))), *self.block(1), *self.starts())),
        ]
        actions = []
        for timer in (*TIMERS, ARRIVAL, FAR):
            again = (self.start(),) if self.random.random() < 0.4 else ()
            written.append(Procedure(f"on_{timer}", (), (*again, *self.block(2))))
            actions.append(Action(timer, Kind.TIMER, f"on_{timer}", timer))
        pay = Assign("left", Binary(Op.SUB, Read("left"), Const(1)))
        for event in ("fault", "command"):
            written.append(Procedure(f"do_{event}", (), (pay, *self.block(2))))
            guard = And((Binary(Op.GT, Read("left"), Const(0)), self.formula(1)))
            actions.append(Action(event, Kind.FAULT, f"do_{event}", guard=guard, fault=event))
        return System(
            name,
            variables=(*(Variable(v, hi) for v, hi in VARIABLES.items()), Variable("left", 2)),
            timers=(*(Timer(t) for t in (*TIMERS, ARRIVAL)), Timer(FAR, far=True)),
            queues=(Queue(QUEUE, CAPACITY),),
            settings=(),
            procedures={p.name: p for p in written},
            actions=tuple(actions),
            initial="begin",
        )


def random_system(seed: int) -> System:
    return _Writer(seed).system(f"random-{seed}")


def random_formula(seed: int) -> Expr:
    """A formula about a random system, free of calls."""
    random = Random(seed)
    x, y = random.randint(0, 2), random.randint(0, 3)
    return And((Binary(Op.EQ, Read("x"), Const(x)), Binary(Op.EQ, Read("y"), Const(y)), Not(Read("z"))))


def watched(system: System, seed: int) -> System:
    """The same system with a stopwatch between two random situations."""
    random = Random(seed)
    situations: list[Expr] = [Running(timer) for timer in (*TIMERS, ARRIVAL)]
    situations += [Not(Running(timer)) for timer in (*TIMERS, ARRIVAL)]
    situations += [Binary(Op.EQ, Read(name), Const(1)) for name in VARIABLES]
    start, stop = random.sample(situations, 2)
    seen = observe(system, [Stopwatch("watch", start, stop)])
    return seen.with_settings(**{seen.measures[0].switch: 1})
