"""Rules are read, not run: the restricted Python of a machine file becomes procedures over one system.

Allowed in a rule: assignments, `if`, `for` over a known range (unrolled), `while` (to empty a queue), `return`, calls
of other rules, and the words of `hamodel.ir.words`. An argument annotated with an `Index` class is fixed when the
rules are composed, and the rule is copied for each of its values; every other argument is a number at run time.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from types import ModuleType
from typing import Any

from hamodel.ir import words
from hamodel.ir.expr import Const as Constant
from hamodel.ir.expr import Expr, Read, binary
from hamodel.ir.python_operators import OPERATORS
from hamodel.ir.rule_known import DYNAMIC, Scope
from hamodel.ir.rule_terms import Terms
from hamodel.ir.rule_text import RuleText, Shape
from hamodel.ir.statement import (
    Assign,
    Bind,
    Call,
    Cancel,
    Clear,
    Hasten,
    If,
    Log,
    Overflow,
    Procedure,
    Push,
    Return,
    Start,
    Statement,
    Take,
    While,
)
from hamodel.ir.words import Index


class RuleReader(Terms):
    """Turns rule texts into procedures, one for each combination of fixed arguments, on demand."""

    def __init__(self, modules: Sequence[ModuleType], shape: Shape, deleted: frozenset[str] = frozenset()) -> None:
        """`deleted` names rules (`module.rule`) that are read as if they did nothing: to see which tests miss them."""
        super().__init__(modules, shape)
        self.deleted = deleted
        self.procedures: dict[str, Procedure] = {}
        self._open: list[str] = []

    @property
    def texts(self) -> tuple[RuleText, ...]:
        return tuple(self._texts.values())

    # ---- procedures --------------------------------------------------------------------------------------------

    def procedure(self, text: RuleText, fixed: Sequence[int]) -> str:
        """The name of the procedure for these fixed arguments, read now if it was not read before."""
        name = f"{text.module.__name__.rsplit('.', 1)[-1]}.{text.name}"
        if fixed:
            name += f"[{','.join(str(int(i)) for i in fixed)}]"
        if name in self._open:
            raise self._error(text, text.tree, f"rules call each other in a circle: {' -> '.join([*self._open, name])}")
        if name not in self.procedures:
            self._open.append(name)
            values = iter(fixed)
            scope = Scope(text, {})
            dynamic = []
            for param, kind in zip(text.params, text.statics, strict=True):
                if kind is None:
                    dynamic.append(param)
                    scope.locals.add(param)
                else:
                    scope.fixed[param] = kind(next(values))
            body = () if name.split("[")[0] in self.deleted else tuple(self._block(text.tree.body, scope))
            doc = (ast.get_docstring(text.tree) or "").split("\n")[0]
            self.procedures[name] = Procedure(name, tuple(dynamic), body, text.info.ids, doc, text.span())
            self._open.pop()
        return name

    def formula(self, function: Callable[..., Any], fixed: Sequence[int]) -> Expr:
        """A formula function as one expression without calls."""
        text = self._texts[function]
        return self._inlined(text, self.procedure(text, fixed))

    def _inlined(self, text: RuleText, name: str) -> Expr:
        body = self.procedures[name].body
        if len(body) == 1 and isinstance(body[0], Return) and body[0].value is not None:
            return body[0].value
        raise self._error(text, text.tree, "a formula used by properties and guards must be a single return")

    def text_of(self, function: Callable[..., Any]) -> RuleText:
        return self._texts[function]

    # ---- statements ------------------------------------------------------------------------------------------------

    def _block(self, body: Iterable[ast.stmt], scope: Scope) -> list[Statement]:
        out: list[Statement] = []
        for node in body:
            out.extend(self._statement(node, scope))
            if out and isinstance(out[-1], Return):
                break
        return out

    def _statement(self, node: ast.stmt, scope: Scope) -> list[Statement]:
        match node:
            case ast.Pass() | ast.Expr(ast.Constant()):
                return []
            case ast.Return(value):
                return [Return(self._expr(value, scope) if value is not None else None)]
            case ast.Assign([ast.Name(name)], ast.Call(ast.Name("take"), [queue])):
                scope.locals.add(name)
                return [Take(name, self._ref(queue, scope, words.QueueDecl).name)]
            case ast.Assign([ast.Name(name)], value) if isinstance(index := self._static(value, scope), Index):
                scope.fixed[name] = index
                return []
            case ast.Assign([ast.Name(name)], value):
                bound = Bind(name, self._expr(value, scope))
                scope.locals.add(name)
                return [bound]
            case ast.Assign([ast.Subscript() as target], value):
                return [Assign(self._ref(target, scope, words.VarDecl).name, self._expr(value, scope))]
            case ast.AugAssign(target, op, value):
                left = self._expr(target, scope)
                result = binary(OPERATORS[type(op)], left, self._expr(value, scope))
                return [Assign(left.variable, result) if isinstance(left, Read) else Bind(ast.unparse(target), result)]
            case ast.If(test, then, otherwise):
                return self._if(test, then, otherwise, scope)
            case ast.For(target, values, body):
                return [
                    s
                    for v in self._known_range(values, scope)
                    for s in self._block(body, self._bound(target, v, scope))
                ]
            case ast.While(test, body):
                return [While(self._expr(test, scope), tuple(self._block(body, scope)))]
            case ast.Expr(ast.Call(function, args) as call):
                return self._command(call, function, args, scope)
        raise self._error(scope.text, node, f"`{ast.unparse(node).splitlines()[0]}` is not allowed in a rule")

    def _if(self, test: ast.expr, then: list[ast.stmt], otherwise: list[ast.stmt], scope: Scope) -> list[Statement]:
        known = self._static(test, scope)
        if known is not DYNAMIC:
            return self._block(then if known else otherwise, scope)
        condition = self._expr(test, scope)
        if isinstance(condition, Constant):
            return self._block(then if condition.value else otherwise, scope)
        return [If(condition, tuple(self._block(then, scope)), tuple(self._block(otherwise, scope)))]

    def _command(self, call: ast.Call, function: ast.expr, args: list[ast.expr], scope: Scope) -> list[Statement]:
        match ast.unparse(function), args:
            case "start", [timer, lo, hi]:
                return [
                    Start(self._ref(timer, scope, words.TimerDecl).name, self._expr(lo, scope), self._expr(hi, scope))
                ]
            case "cancel", [timer]:
                return [Cancel(self._ref(timer, scope, words.TimerDecl).name)]
            case "hasten", [timer, hi]:
                return [Hasten(self._ref(timer, scope, words.TimerDecl).name, self._expr(hi, scope))]
            case "push", [queue, value]:
                return [Push(self._ref(queue, scope, words.QueueDecl).name, self._expr(value, scope))]
            case "clear", [queue]:
                return [Clear(self._ref(queue, scope, words.QueueDecl).name)]
            case "overflow", [what]:
                return [Overflow(str(self._static(what, scope)))]
            case "log", [node, key]:
                return [self._log(call, node, key, scope)]
        _, name, dynamic = self._arguments(function, args, call, scope)
        if not self.procedures[name].body:
            return []
        return [Call(name, dynamic)]

    def _log(self, call: ast.Call, node: ast.expr, key: ast.expr, scope: Scope) -> Log:
        fields: list[tuple[str, str | Expr]] = []
        for keyword in call.keywords:
            value = self._static(keyword.value, scope)
            field_value = value if isinstance(value, str) else self._expr(keyword.value, scope)
            fields.append((str(keyword.arg), field_value))
        return Log(int(self._static(node, scope)), str(self._static(key, scope)), tuple(fields))
