"""A course: things that happen in a given order. Only the runs that took the whole course are looked at.

A disaster has a plot: the reset is reported late, the victim is back before it. A course names the turns of the plot,
and a question about it is answered by the runs that take them all in this order, whatever the scripts, the timers and
the messages do between them. Faults and commands come only where the course names them, and so do the repairs it names.

A milestone is the name of an action (`power_off[node1]`) or a line that a node logs (`stonith-ok[node2]`: the key of
the catalogue, the node, and then as many of the line's fixed fields as one likes). `*` stands for any text.

Which events are milestones is data, not code: every event asks two run-time options, the bits of the places at which
it is one. So a cluster is compiled once for all courses.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import replace

from hamodel.errors import OutOfRange
from hamodel.ir.expr import TRUE, Const, Expr, Op, Option, Read, and_, binary, not_, or_
from hamodel.ir.statement import Assign, Call, If, Log, Procedure, Statement, While
from hamodel.ir.system import Action, Kind, Setting, System, Variable

MOST = 15
"""How many milestones a course can have."""
HERE = ("course_here", "course_later")
"""Where the run stands: one bit in one of the two, from the first to the place behind the last milestone."""
END = ("course_end", "course_end_later")
"""Where it stands when the course is taken."""
ADVANCE = "course.advance"
HALF, TOP = 8, 128


def along(system: System, milestones: Sequence[str], nodes: Sequence[str]) -> tuple[System, Expr]:
    """The system that counts the milestones it passes, and the formula that says that all are passed.

    One event passes one milestone. Raises OutOfRange for a milestone that nothing of this system can be, and for too
    many of them.
    """
    if not milestones:
        return system, TRUE
    if len(milestones) > MOST:
        raise OutOfRange(f"a course of {len(milestones)} milestones", help=f"there is room for {MOST}")
    course = _Course([_pattern(text) for text in milestones], tuple(nodes))
    procedures = {name: replace(p, body=course.lines(p.body)) for name, p in system.procedures.items()}
    actions: list[Action] = []
    for action in system.actions:
        own = procedures[action.procedure]
        procedures[action.procedure] = replace(own, body=(course.passes(action.name), *own.body))
        actions.append(replace(action, guard=and_(action.guard, course.turn(action))))
    for number, text in enumerate(milestones):
        if not any(places >> number & 1 for places in course.places.values()):
            raise _unknown(text, set(course.places))
    never = {a.name for a in actions if _is_paid(a) and not course.places[a.name]}
    counted = replace(
        system.with_enabled(frozenset(a.name for a in system.actions if system.may_happen(a)) - never),
        procedures=procedures | {ADVANCE: Procedure(ADVANCE, (), _advance())},
        actions=tuple(actions),
        variables=(
            *system.variables,
            *(Variable(h, hi=TOP, initial=1 - i, owner="course") for i, h in enumerate(HERE)),
        ),
        settings=(*system.settings, *course.settings(), *_bits(END, 1 << len(milestones))),
    )
    return counted, and_(*(binary(Op.EQ, Read(h), Option(e)) for h, e in zip(HERE, END, strict=True)))


class _Course:
    """Every event of a system, and the places of the course at which it is a milestone, as bits."""

    def __init__(self, patterns: Sequence[re.Pattern[str]], nodes: tuple[str, ...]) -> None:
        self.patterns, self.nodes = patterns, nodes
        self.places: dict[str, int] = {}

    def passes(self, *names: str) -> If:
        """The statement by which an event that has these names passes a milestone; the last name is its whole one."""
        return If(self._is_milestone(*names), (Call(ADVANCE),))

    def turn(self, action: Action) -> Expr:
        """When an action may happen as far as the course is concerned."""
        if not action.kind.free:
            return TRUE
        now = self._is_milestone(action.name)
        return now if _is_paid(action) else or_(now, not_(_either(*map(Option, _asked(action.name)))))

    def lines(self, block: Sequence[Statement]) -> tuple[Statement, ...]:
        """The block, in which every line that a node logs may be a milestone."""
        found: list[Statement] = []
        for statement in block:
            match statement:
                case If(test, then, otherwise):
                    found.append(If(test, self.lines(then), self.lines(otherwise)))
                case While(test, body):
                    found.append(While(test, self.lines(body)))
                case Log():
                    found += [statement, self.passes(*self._line(statement))]
                case _:
                    found.append(statement)
        return tuple(found)

    def settings(self) -> tuple[Setting, ...]:
        """The options of every event."""
        found: list[Setting] = []
        for name, places in self.places.items():
            found += _bits(_asked(name), places)
        return tuple(found)

    def _is_milestone(self, *names: str) -> Expr:
        whole = names[-1]
        self.places[whole] = sum(1 << i for i, p in enumerate(self.patterns) if any(p.fullmatch(n) for n in names))
        asked = (binary(Op.BITAND, Read(h), Option(o)) for h, o in zip(HERE, _asked(whole), strict=True))
        return _either(*asked)

    def _line(self, line: Log) -> tuple[str, ...]:
        """`key[node]`, and the same with one fixed field more each time."""
        words = [self.nodes[line.node], *(value for _, value in line.fields if isinstance(value, str))]
        return tuple(f"{line.key}[{','.join(words[:n])}]" for n in range(1, len(words) + 1))


def _is_paid(action: Action) -> bool:
    return action.kind in (Kind.FAULT, Kind.OPERATOR)


def _asked(name: str) -> tuple[str, str]:
    """The options with the places of an event."""
    return f"milestone[{name}]", f"milestone_later[{name}]"


def _either(first: Expr, second: Expr) -> Expr:
    """Some bit is set in one of the two."""
    return binary(Op.NE, binary(Op.BITOR, first, second), Const(0))


def _bits(names: tuple[str, str], places: int) -> tuple[Setting, Setting]:
    return Setting(names[0], places % (1 << HALF), ""), Setting(names[1], places >> HALF, "")


def _advance() -> tuple[Statement, ...]:
    """The one bit goes up by one place."""
    first, second = HERE
    over = (Assign(first, Const(0)), Assign(second, Const(1)))
    on = tuple(Assign(h, binary(Op.MUL, Read(h), Const(2))) for h in HERE)
    return (If(binary(Op.EQ, Read(first), Const(TOP)), over, on),)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in text.split("*")))


def _unknown(text: str, names: set[str]) -> OutOfRange:
    near = difflib.get_close_matches(text.replace("*", ""), sorted(names), n=3, cutoff=0.5)
    return OutOfRange(
        f"nothing this cluster does is called {text}",
        help=f"close to it: {', '.join(near)}" if near else "`hamodel walk` names the actions",
    )
