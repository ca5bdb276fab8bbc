"""Small random systems with many clocks at once: what merging is for."""

from __future__ import annotations

from random import Random

from hamodel.ir.expr import And, Binary, Const, Expr, Op, Read, Running
from hamodel.ir.observe import Stopwatch, observe
from hamodel.ir.statement import Assign, Cancel, Hasten, If, Start, Statement
from hamodel.ir.system import System
from tests.conformance.toys import eq, more, put, system

NAMES = ("a", "b", "c", "d")
LONGEST = 6


def crowd(seed: int, timers: int = 4) -> System:
    """Timers that run side by side, end once or twice, and now and then start, stop or hasten one another."""
    random = Random(seed)
    names = NAMES[:timers]

    def begin(name: str) -> Start:
        lo = random.randint(0, LONGEST - 1)
        return Start(name, Const(lo), Const(random.randint(lo, LONGEST)))

    def effect(own: str) -> list[Statement]:
        other = random.choice([n for n in names if n != own])
        less: Statement = Assign(own, Binary(Op.SUB, Read(own), Const(1)))
        spent: list[Statement] = [If(more(own, 0), (less, *((begin(own),) if random.random() < 0.8 else ())))]
        pick = random.randrange(8)
        if pick < 3:
            spent.append(put("last", names.index(own) % 2))
        elif pick == 3:
            spent.append(If(Running(other), (Hasten(other, Const(random.randint(LONGEST, 2 * LONGEST))),)))
        elif pick == 4:
            spent.append(Cancel(other))
        return spent

    def pays(body: list[Statement]) -> list[Statement]:
        return [Assign("left", Binary(Op.SUB, Read("left"), Const(1))), *body]

    free: dict[str, tuple[Expr, list[Statement]]] = {
        "fault": (more("left", 0), pays([put("last", 1), begin(random.choice(names))])),
        "command": (And((more("left", 0), eq("last", 1))), pays([Cancel(random.choice(names))])),
    }
    model = system(
        f"crowd-{seed}",
        variables={**dict.fromkeys(names, 2), "last": 1, "left": 1},
        initial=[put("left", 1), *(put(n, random.randint(0, 1)) for n in names), *(begin(n) for n in names)],
        ends={n: effect(n) for n in names},
        free=free,
    )
    start, stop = random.sample([eq("last", 1), eq("last", 0), Running("a"), eq("left", 0)], 2)
    seen = observe(model, [Stopwatch("watch", start, stop)])
    return seen.with_settings(**{seen.measures[0].switch: seed % 2})
