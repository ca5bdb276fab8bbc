"""Formulas as one types them: `not (up[node1,/dev/sdb5] and up[node2,/dev/sdb5])`.

The grammar is a small part of Python's expressions: and, or, not, comparison with a number, parentheses,
`implies(a, b)`, `at_most_one(a, b, ...)` and `exactly_one(...)`. In brackets stand names or numbers; part of a
resource's text is enough where it fits one resource only. `faulted`: a fault has come; `faults_spent`: none can come
any more. Nothing is ever evaluated as Python. A promise is written `TRIGGER ~> GOAL`, with `given weak(plug)` where it
takes for granted that something is not put off for ever.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence

from hamodel.errors import BadExpression, HamodelError
from hamodel.ir.expr import Op, binary
from hamodel.ir.fairness import Fairness, strong, weak
from hamodel.properties.cluster import Cluster
from hamodel.properties.formula import Formula, all_of, any_of, at_most_one, exactly_one, false, implies, number, true
from hamodel.source import Span

_ATOM = re.compile(r"([A-Za-z_]\w*)\[([^\[\]]*)\]")
_FUNCTIONS: dict[str, Callable[[Sequence[Formula]], Formula]] = {
    "at_most_one": at_most_one,
    "exactly_one": exactly_one,
    "implies": lambda args: implies(args[0], args[1]),
}
_COMPARE = {ast.Eq: Op.EQ, ast.NotEq: Op.NE, ast.Lt: Op.LT, ast.LtE: Op.LE, ast.Gt: Op.GT, ast.GtE: Op.GE}
_INDEXED_BY_CABLE = {"plugged"}
_INDEXED_BY_PING = {"ping_up"}


def parse(text: str, cluster: Cluster, file: str = "--always", whole: str = "") -> Formula:
    """The formula this text, a part of `whole`, writes down. What cannot be read is refused with a caret under it."""
    return _Reader(text, cluster, file, whole).read()


LEADS, GIVEN = "~>", re.compile(r"\bgiven\b")
_FAIR = re.compile(r"\s*(weak|strong)\s*\(([^()]*)\)\s*\Z")


def parts(text: str, file: str = "--leads-to") -> tuple[str, str, tuple[Fairness, ...]]:
    """The trigger, the goal and what is assumed in `TRIGGER ~> GOAL given weak(plug), strong(start[node1])`.

    Both formulas keep their columns.

    >>> parts("a ~> b given weak(plug)")[0], parts("a ~> b given weak(plug)")[1].strip()
    ('a', 'b')
    """
    text = " ".join(text.split("\n"))
    trigger, arrow, rest = text.partition(LEADS)
    if not arrow or LEADS in rest:
        raise BadExpression(
            "a promise has one arrow",
            span=Span(file, 1, 1, len(text), text),
            help=f"write TRIGGER {LEADS} GOAL, or TRIGGER {LEADS} GOAL given weak(plug), strong(start)",
        )
    begins = len(trigger) + len(arrow)
    found = GIVEN.search(rest)
    ends = found.start() if found is not None else len(rest)
    fairness = _given(text, begins + found.end(), file) if found is not None else ()
    return trigger.rstrip(), " " * begins + rest[:ends].rstrip(), fairness


def _given(text: str, column: int, file: str) -> tuple[Fairness, ...]:
    listed: list[Fairness] = []
    for part in re.split(r"(?<=\)),", text[column:]):
        match = _FAIR.match(part)
        names = [n.strip() for n in re.split(r",(?![^\[]*\])", match[2])] if match is not None else []
        if match is None or not all(names):
            raise BadExpression(
                f"`{part.strip()}` is no fairness",
                span=Span(file, 1, column + 1 + len(part) - len(part.lstrip()), max(1, len(part.strip())), text),
                help="write given weak(plug), or given strong(plug, start[node1])",
            )
        listed += weak(*names) if match[1] == "weak" else strong(*names)
        column += len(part) + 1
    return tuple(listed)


class _Reader:
    """Brackets are replaced by names of the same length first, so that Python's own columns stay right."""

    def __init__(self, text: str, cluster: Cluster, file: str, whole: str = "") -> None:
        self.text, self.cluster, self.file = " ".join(text.split("\n")), cluster, file
        self.whole = " ".join(whole.split("\n")) or self.text
        self.atoms: dict[str, tuple[str, str]] = {}
        self.shift = 0

    def read(self) -> Formula:
        plain = _ATOM.sub(self._hide, self.text)
        self.shift = len(plain) - len(plain.lstrip())
        try:
            tree = ast.parse(plain.strip() or " ", mode="eval")
        except SyntaxError as error:
            raise self._error("this is no formula", (error.offset or 1) - 1 + self.shift, label=error.msg) from None
        return self._formula(tree.body)

    def _hide(self, match: re.Match[str]) -> str:
        name = f"_{len(self.atoms)}".ljust(len(match[0]), "_")
        self.atoms[name] = (match[1], match[2])
        return name

    def _formula(self, node: ast.expr) -> Formula:
        match node:
            case ast.BoolOp(op=ast.And(), values=values):
                return all_of(self._formula(v) for v in values)
            case ast.BoolOp(values=values):
                return any_of(self._formula(v) for v in values)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return ~self._formula(operand)
            case ast.Constant(value=bool(value)):
                return true() if value else false()
            case ast.Name(id=name):
                return self._observable(node, *self.atoms.get(name, (name, "")))
            case ast.Compare(left=left, ops=[op], comparators=[ast.Constant(value=int(value))]) if type(op) in _COMPARE:
                return Formula(binary(_COMPARE[type(op)], self._formula(left).expr, number(value)))
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in _FUNCTIONS:
                if name == "implies" and len(args) != 2:
                    raise self._error("implies takes two formulas", node.col_offset + self.shift, node)
                return _FUNCTIONS[name]([self._formula(a) for a in args])
            case _:
                raise self._error("this is outside what a formula may say", node.col_offset + self.shift, node)

    def _observable(self, node: ast.expr, name: str, inside: str) -> Formula:
        if name in ("faulted", "faults_spent") and not inside:
            return self.cluster.faulted if name == "faulted" else self.cluster.faults_spent
        try:
            parts = [p.strip() for p in inside.split(",")] if inside.strip() else []
            return self.cluster.observe(name, *(self._index(name, i, p) for i, p in enumerate(parts)))
        except HamodelError as error:
            error.span = error.span or self._span(node.col_offset + self.shift, node)
            raise

    def _index(self, name: str, position: int, text: str) -> int:
        if text.isdecimal():
            return int(text)
        layout = self.cluster.layout
        if name in _INDEXED_BY_CABLE:
            return _one_of(text, [c.name for c in layout.cables], "cable")
        if name in _INDEXED_BY_PING:
            return _one_of(text, [p.name for p in layout.pings], "ping node")
        if position == 0:
            return _one_of(text, [n.name for n in layout.nodes], "node")
        if name == "up":
            return _one_of(text, [r.text for r in layout.resources], "resource")
        return _one_of(text, [g.text for g in layout.groups], "group")

    def _span(self, column: int, node: ast.expr | None = None) -> Span:
        length = (node.end_col_offset or node.col_offset + 1) - node.col_offset if node is not None else 1
        return Span(self.file, 1, column + 1, length, self.whole)

    def _error(self, message: str, column: int, node: ast.expr | None = None, label: str = "") -> BadExpression:
        return BadExpression(
            message,
            span=self._span(column, node),
            label=label,
            help="and, or, not, implies(a, b), at_most_one(...), comparisons, observables such as up[node1,/dev/sdb5]",
        )


def _one_of(text: str, names: Sequence[str], what: str) -> int:
    """The position of the one name that is, or contains, this text."""
    exact = [i for i, name in enumerate(names) if name == text]
    found = exact or [i for i, name in enumerate(names) if text in name]
    if len(found) == 1:
        return found[0]
    problem = f"`{text}` fits more than one {what}" if found else f"no {what} is called `{text}`"
    raise BadExpression(problem, help=f"the {what}s are: " + ("; ".join(names) or "none"))
