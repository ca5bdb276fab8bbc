"""A course: things that happen in a given order. Only the runs that took the whole course are looked at.

A disaster has a plot: the reset is reported late, the victim is back before it. A course names the turns of the plot,
and a question about it is answered by the runs that take them all in this order, whatever the scripts, the timers and
the messages do between them. Faults and commands come only where the course names them, and so do the repairs it names.

A milestone is the name of an action (`power_off[node1]`) or a line that a node logs (`stonith-ok[node2]`: the key of
the catalogue, the node, and then as many of the line's fixed fields as one likes). `*` stands for any text.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import replace

from hamodel.errors import OutOfRange
from hamodel.ir.expr import FALSE, TRUE, Const, Expr, Op, Read, and_, binary, or_
from hamodel.ir.statement import Assign, If, Log, Statement, While
from hamodel.ir.system import Action, Kind, System, Variable

COURSE = "course"
"""The variable that counts the milestones passed."""


def along(system: System, milestones: Sequence[str], nodes: Sequence[str]) -> tuple[System, Expr]:
    """The system that counts the milestones it passes, and the formula that says that all are passed.

    One action or line passes one milestone. Raises OutOfRange for a milestone that nothing of this system can be.
    """
    if not milestones:
        return system, TRUE
    patterns = [_pattern(text) for text in milestones]
    met = _Met(patterns, tuple(nodes))
    procedures = {name: replace(p, body=met.lines(p.body)) for name, p in system.procedures.items()}
    actions: list[Action] = []
    never: set[str] = set()
    for action in system.actions:
        passed = met.of(action.name)
        if passed:
            own = procedures[action.procedure]
            procedures[action.procedure] = replace(own, body=(*_advance(passed), *own.body))
        turn = _turn(action, passed)
        actions.append(replace(action, guard=and_(action.guard, turn)))
        if turn == FALSE:
            never.add(action.name)
    for number, text in enumerate(milestones):
        if number not in met.seen:
            raise _unknown(text, met.names)
    counted = replace(
        system.with_enabled(frozenset(a.name for a in system.actions if system.may_happen(a)) - never),
        procedures=procedures,
        actions=tuple(actions),
        variables=(*system.variables, Variable(COURSE, hi=len(milestones), owner=COURSE)),
    )
    return counted, _stands_at(len(milestones))


class _Met:
    """Which milestones a name passes; it remembers every name it was asked for."""

    def __init__(self, patterns: Sequence[re.Pattern[str]], nodes: tuple[str, ...]) -> None:
        self.patterns, self.nodes = patterns, nodes
        self.names: set[str] = set()
        self.seen: set[int] = set()

    def of(self, *names: str) -> tuple[int, ...]:
        """The milestones of one event, which has one or more names, by their place in the course."""
        self.names.update(names[:1])
        passed = tuple(i for i, p in enumerate(self.patterns) if any(p.fullmatch(name) for name in names))
        self.seen.update(passed)
        return passed

    def lines(self, block: Sequence[Statement]) -> tuple[Statement, ...]:
        """The block, in which every line that is a milestone counts itself."""
        found: list[Statement] = []
        for statement in block:
            match statement:
                case If(test, then, otherwise):
                    found.append(If(test, self.lines(then), self.lines(otherwise)))
                case While(test, body):
                    found.append(While(test, self.lines(body)))
                case Log():
                    found += [statement, *_advance(self.of(*self._line(statement)))]
                case _:
                    found.append(statement)
        return tuple(found)

    def _line(self, line: Log) -> tuple[str, ...]:
        """`key[node]`, and the same with one fixed field more each time."""
        words = [self.nodes[line.node], *(value for _, value in line.fields if isinstance(value, str))]
        return tuple(f"{line.key}[{','.join(words[:n])}]" for n in range(1, len(words) + 1))


def _turn(action: Action, passed: Sequence[int]) -> Expr:
    """When an action may happen as far as the course is concerned."""
    paid = action.kind in (Kind.FAULT, Kind.OPERATOR)
    if not action.kind.free or not (passed or paid):
        return TRUE
    return or_(*(_stands_at(number) for number in passed))


def _stands_at(number: int) -> Expr:
    return binary(Op.EQ, Read(COURSE), Const(number))


def _advance(passed: Sequence[int]) -> tuple[Statement, ...]:
    """The count goes on by one where it stands at one of these milestones."""
    chain: tuple[Statement, ...] = ()
    for number in passed:
        chain = (If(_stands_at(number), (Assign(COURSE, Const(number + 1)),), chain),)
    return chain


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in text.split("*")))


def _unknown(text: str, names: set[str]) -> OutOfRange:
    near = difflib.get_close_matches(text.replace("*", ""), sorted(names), n=3, cutoff=0.5)
    return OutOfRange(
        f"nothing this cluster does is called {text}",
        help=f"close to it: {', '.join(near)}" if near else "`hamodel walk` names the actions",
    )
