"""The terms and formulas of a rule as expressions over the state of one system."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Any

from hamodel.ir import words
from hamodel.ir.expr import Const as Constant
from hamodel.ir.expr import Expr, Length, Local, Op, Option, Read, Running, Value, and_, binary, not_, or_
from hamodel.ir.python_operators import OPERATORS
from hamodel.ir.rule_known import DYNAMIC, Known, Scope
from hamodel.ir.rule_text import RuleText
from hamodel.ir.statement import Procedure, Return


class Terms(Known, ABC):
    """Reads terms; what they call is read as a procedure, on demand."""

    procedures: dict[str, Procedure]

    @abstractmethod
    def procedure(self, text: RuleText, fixed: Sequence[int]) -> str:
        """The name of the procedure of a rule for these fixed arguments."""

    def _expr(self, e: ast.expr, scope: Scope) -> Expr:
        known = self._static(e, scope)
        if known is not DYNAMIC:
            if isinstance(known, (int, bool, IntEnum)):
                return Constant(int(known))
            raise self._error(scope.text, e, f"`{ast.unparse(e)}` is not a number")
        match e:
            case ast.Name(name) if name in scope.locals:
                return Local(name)
            case ast.Name() | ast.Subscript() | ast.Attribute():
                return self._read(e, scope)
            case ast.UnaryOp(ast.Not(), arg):
                return not_(self._expr(arg, scope))
            case ast.UnaryOp(ast.USub(), arg):
                return binary(Op.SUB, Constant(0), self._expr(arg, scope))
            case ast.BoolOp(ast.And(), parts):
                return and_(*(self._expr(p, scope) for p in parts))
            case ast.BoolOp(ast.Or(), parts):
                return or_(*(self._expr(p, scope) for p in parts))
            case ast.BinOp(left, op, right) if type(op) in OPERATORS:
                return binary(OPERATORS[type(op)], self._expr(left, scope), self._expr(right, scope))
            case ast.Compare(left, [op], [right]) if type(op) in OPERATORS:
                return binary(OPERATORS[type(op)], self._expr(left, scope), self._expr(right, scope))
            case ast.IfExp(test, yes, no):
                known = self._static(test, scope)
                if known is not DYNAMIC:
                    return self._expr(yes if known else no, scope)
            case ast.Call(ast.Name("on"), [timer]):
                return Running(self._ref(timer, scope, words.TimerDecl).name)
            case ast.Call(ast.Name("length"), [queue]):
                return Length(self._ref(queue, scope, words.QueueDecl).name)
            case ast.Call(ast.Name("any"), [ast.GeneratorExp() as g]):
                return or_(*(self._expr(x, s) for x, s in self._unrolled(g, scope)))
            case ast.Call(ast.Name("all"), [ast.GeneratorExp() as g]):
                return and_(*(self._expr(x, s) for x, s in self._unrolled(g, scope)))
            case ast.Call(ast.Name("sum"), [ast.GeneratorExp() as g]):
                total: Expr = Constant(0)
                for x, s in self._unrolled(g, scope):
                    part = self._expr(x, s)
                    total = part if total == Constant(0) else binary(Op.ADD, total, part)
                return total
            case ast.Call(function, args):
                return self._value(function, args, e, scope)
        raise self._error(scope.text, e, f"`{ast.unparse(e)}` is not allowed in a rule")

    def _unrolled(self, g: ast.GeneratorExp, scope: Scope) -> list[tuple[ast.expr, Scope]]:
        scopes = [scope]
        for part in g.generators:
            widened = []
            for s in scopes:
                for value in self._known_range(part.iter, s):
                    inner = self._bound(part.target, value, s)
                    if all(self._static(test, inner) for test in part.ifs):
                        widened.append(inner)
            scopes = widened
        return [(g.elt, s) for s in scopes]

    def _known_range(self, e: ast.expr, scope: Scope) -> Iterable[object]:
        values = self._static(e, scope)
        if values is DYNAMIC:
            raise self._error(scope.text, e, f"`{ast.unparse(e)}` is not known when the rules are composed")
        return tuple(values)

    def _bound(self, target: ast.expr, value: Any, scope: Scope) -> Scope:  # noqa: ANN401
        fixed = dict(scope.fixed)
        if isinstance(target, ast.Tuple):
            for part, item in zip(target.elts, value, strict=True):
                fixed[ast.unparse(part)] = item
        else:
            fixed[ast.unparse(target)] = value
        return Scope(scope.text, fixed, scope.locals)

    def _read(self, e: ast.expr, scope: Scope) -> Expr:
        base = e.value if isinstance(e, ast.Subscript) else e
        declaration = self._object(base, scope)
        if isinstance(declaration, words.VarDecl):
            return Read(self._ref(e, scope, words.VarDecl).name)
        if isinstance(declaration, words.OptionDecl):
            return Option(self._ref(e, scope, words.OptionDecl).name)
        raise self._error(scope.text, e, f"`{ast.unparse(e)}` cannot be read")

    def _arguments(
        self, function: ast.expr, args: Sequence[ast.expr], at: ast.expr, scope: Scope
    ) -> tuple[RuleText, str, tuple[Expr, ...]]:
        target = self._object(function, scope)
        text = self._texts.get(target) if callable(target) else None
        if text is None:
            raise self._error(
                scope.text, at, f"`{ast.unparse(function)}` is neither a rule nor a word of the rule language"
            )
        if len(args) != len(text.params):
            raise self._error(scope.text, at, f"{text.name} takes {len(text.params)} arguments")
        fixed, dynamic = [], []
        for kind, arg in zip(text.statics, args, strict=True):
            if kind is None:
                dynamic.append(self._expr(arg, scope))
            else:
                value = self._static(arg, scope)
                if value is DYNAMIC:
                    raise self._error(
                        scope.text, arg, f"`{ast.unparse(arg)}` must be known when the rules are composed"
                    )
                fixed.append(int(value))
        return text, self.procedure(text, fixed), tuple(dynamic)

    def _value(self, function: ast.expr, args: Sequence[ast.expr], at: ast.expr, scope: Scope) -> Expr:
        text, name, dynamic = self._arguments(function, args, at, scope)
        if text.info.kind in ("formula", "observable", "invariant") and not dynamic:
            body = self.procedures[name].body
            if len(body) == 1 and isinstance(body[0], Return) and body[0].value is not None:
                return body[0].value
        return Value(name, dynamic)
