"""A model made for counting: a regular pair that Spin lists, one set of states covers, and IC3 proves safe.

`python -m tests.benchmarks.proofs [dead time] [groups] [faults] [rounds]`, by default `14 2 3 3` (9 650 695 states).
Time passes in ticks, one counter for each silence, so that there are as many states as one likes, and the reason why no
group runs twice stays short: a node takes over only after its peer was reset. In each round everybody runs once, in
turn; the middle is told, with the ratio to Spin by CPU time. Spin and the sets must count the same states; the proof is
checked by z3, which is not timed. Spin's stack is 100 000 steps deep, enough for the default: with `8 3 3` it misses
54 025 of the 21 668 023 states, which the assertion shows.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

from hamodel.engines._lower import inductive
from hamodel.engines._lower.bits import lowered
from hamodel.engines._lower.pdr import Pdr, Proof
from hamodel.engines.ic3 import invariant
from hamodel.engines.symbolic import Symbolic
from hamodel.ir.expr import Binary, Const, Expr, Op, Read, and_, or_
from hamodel.ir.possible import possible
from hamodel.ir.statement import If, Statement
from hamodel.ir.system import System
from tests.benchmarks.peers import Spin
from tests.conformance.toys import add, eq, more, put, system

OFF, UP, KILLED = 0, 1, 2
STOPPED, STARTING, RUNS, STOPPING = 0, 1, 2, 3
KEEPALIVE = 2


def less(variable: str, value: int) -> Expr:
    return Binary(Op.LT, Read(variable), Const(value))


def pair(dead: int, groups: int, faults: int) -> tuple[System, Expr]:
    """Two nodes, two cables, a fence; and the formula that a group runs twice."""
    variables: dict[str, int] = {}
    free: dict[str, tuple[Expr, list[Statement]]] = {}
    for n in (0, 1):
        variables |= {f"node{n}": 2, f"beat{n}": KEEPALIVE, f"silence{n}": dead, f"gone{n}": 1, f"mail{n}": 1}
        variables |= {f"group{n}.{g}": 3 for g in range(groups)}
    variables |= {"cable0": 1, "cable1": 1, "left": faults}
    pay = add("left", -1)
    for n in (0, 1):
        peer = 1 - n
        up, off = eq(f"node{n}", UP), _off(n, groups)
        path = or_(Read("cable0"), Read("cable1"))
        free[f"boot{n}"] = (eq(f"node{n}", OFF), [put(f"node{n}", UP)])
        free[f"kill{n}"] = (and_(up, more("left", 0)), [pay, put(f"node{n}", KILLED)])
        free[f"power{n}"] = (and_(more(f"node{n}", OFF), more("left", 0)), [pay, *off])
        free[f"send{n}"] = (and_(up, eq(f"mail{peer}", 0)), [put(f"mail{peer}", 1), put(f"beat{n}", 0)])
        free[f"hear{n}"] = (
            and_(up, Read(f"mail{n}"), path), [put(f"mail{n}", 0), put(f"silence{n}", 0), put(f"gone{n}", 0)],
        )  # fmt: skip
        free[f"lose{n}"] = (and_(Read(f"mail{n}"), or_(eq("cable0", 0), eq("cable1", 0))), [put(f"mail{n}", 0)])
        free[f"fence{n}"] = (
            and_(up, eq(f"silence{n}", dead), eq(f"gone{n}", 0)),
            [*_off(peer, groups), put(f"gone{n}", 1)],
        )
        for g in range(groups):
            own, there = f"group{n}.{g}", f"group{peer}.{g}"
            may = eq(there, STOPPED) if g % 2 == n else and_(Read(f"gone{n}"), eq(f"node{peer}", OFF))
            free[f"start{n}.{g}"] = (and_(up, eq(own, STOPPED), may), [put(own, STARTING)])
            free[f"started{n}.{g}"] = (and_(up, eq(own, STARTING)), [put(own, RUNS)])
            free[f"stop{n}.{g}"] = (and_(up, eq(own, RUNS)), [put(own, STOPPING)])
            free[f"stopped{n}.{g}"] = (and_(up, eq(own, STOPPING)), [put(own, STOPPED)])
    for cable in ("cable0", "cable1"):
        free[f"cut {cable}"] = (and_(Read(cable), more("left", 0)), [pay, put(cable, 0)])
        free[f"plug {cable}"] = (eq(cable, 0), [put(cable, 1)])
    ticks: list[Statement] = []
    for n in (0, 1):
        ticks.append(If(and_(eq(f"node{n}", UP), less(f"beat{n}", KEEPALIVE)), (add(f"beat{n}", 1),)))
        ticks.append(If(and_(eq(f"node{n}", UP), less(f"silence{n}", dead)), (add(f"silence{n}", 1),)))
    sends = [or_(eq(f"node{n}", OFF), eq(f"node{n}", KILLED), less(f"beat{n}", KEEPALIVE)) for n in (0, 1)]
    free["tick"] = (and_(*sends), ticks)
    made = system("regular pair", variables=variables, initial=[], free=free)
    values = {"node0": UP, "node1": UP, "cable0": 1, "cable1": 1, "left": faults}
    begun = tuple(replace(v, initial=values.get(v.name, 0)) for v in made.variables)
    twice = or_(*(and_(more(f"group0.{g}", 0), more(f"group1.{g}", 0)) for g in range(groups)))
    return replace(made, variables=begun), twice


def _off(n: int, groups: int) -> list[Statement]:
    names = [f"node{n}", f"beat{n}", f"silence{n}", f"gone{n}", f"mail{n}", *(f"group{n}.{g}" for g in range(groups))]
    return [*(put(name, 0) for name in names), put(f"mail{1 - n}", 0)]


def sets(model: System) -> tuple[int, float]:
    """How many states, and the CPU seconds to know."""
    before = time.process_time()
    found = Symbolic().explore(model)
    count = found.states
    found.close()
    return count, time.process_time() - before


def proof(model: System, bad: Expr) -> tuple[int, float]:
    """How many clauses, and the CPU seconds to find them."""
    before = time.process_time()
    bits = lowered(model, [bad])
    found = Pdr(bits, bits.formulas[0]).run()
    took = time.process_time() - before
    assert isinstance(found, Proof), found
    wrong = inductive.objections(model, invariant(bits, possible(model).variables, found.clauses), [bad])
    assert wrong == (), wrong
    return len(found.clauses), took


def main(dead: int, groups: int, faults: int, rounds: int) -> None:
    model, bad = pair(dead, groups, faults)
    took: list[tuple[float, float, float]] = []
    with tempfile.TemporaryDirectory() as place:
        spin = Spin(model, Path(place))
        for _ in range(rounds):
            listed = spin()
            (states, by_sets), (clauses, by_proof) = sets(model), proof(model, bad)
            assert states == listed.states, (states, listed.states)
            took.append((listed.cpu, by_sets, by_proof))
    print(f"{states} states, a proof of {clauses} clauses; spin needs {spin.ready:.1f} s more to compile")
    for position, name in enumerate(("spin", "symbolic", "ic3")):
        seconds, ratio = median(row[position] for row in took), median(row[0] / row[position] for row in took)
        print(f"{name:<9} {seconds:8.2f} cpu s {ratio:8.1f} to spin")


if __name__ == "__main__":
    main(*(int(given) for given in [*sys.argv[1:], *("14", "2", "3", "3")[len(sys.argv) - 1 :]]))
