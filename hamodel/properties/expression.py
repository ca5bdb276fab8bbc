"""Formulas as one types them: `not (up[node1,/dev/sdb5] and up[node2,/dev/sdb5])`.

The grammar is a small part of Python's expressions: and, or, not, comparison with a number, parentheses,
`implies(a, b)`, `at_most_one(a, b, ...)` and `exactly_one(...)`. In brackets stand names or numbers; part of a
resource's text is enough where it fits one resource only. Nothing is ever evaluated as Python.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence

from hamodel.errors import BadExpression, HamodelError
from hamodel.ir.expr import Op, binary
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


def parse(text: str, cluster: Cluster, file: str = "--always") -> Formula:
    """The formula this text writes down. What cannot be read is refused with a caret under it."""
    return _Reader(text, cluster, file).read()


class _Reader:
    """Brackets are replaced by names of the same length first, so that Python's own columns stay right."""

    def __init__(self, text: str, cluster: Cluster, file: str) -> None:
        self.text, self.cluster, self.file = " ".join(text.split("\n")), cluster, file
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
        return Span(self.file, 1, column + 1, length, self.text)

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
