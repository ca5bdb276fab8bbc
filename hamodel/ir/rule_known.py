"""What of a rule is known while rules are composed: indices, tables, enumerations, and what is computed from them."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from hamodel.errors import ModelError
from hamodel.ir import words
from hamodel.ir.rule_text import RuleText, Shape, declarations_of, instance, rules_of
from hamodel.ir.words import Declaration

_KNOWN: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.LShift: operator.lshift,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
}
"""What can be computed while the rules are composed."""


class _Dynamic:
    """Marks what is not known before the system runs."""


DYNAMIC = _Dynamic()


@dataclass
class Scope:
    """Where a name of a rule is looked up: fixed arguments, run-time locals, then the machine file."""

    text: RuleText
    fixed: dict[str, object]
    locals: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Ref:
    """A declared thing at fixed indices."""

    declaration: Declaration
    name: str


class Known:
    """Computes what does not depend on the state of the system; DYNAMIC stands for what does."""

    def __init__(self, modules: Sequence[ModuleType], shape: Shape) -> None:
        self.shape = shape
        self._texts: dict[Callable[..., Any], RuleText] = {}
        for module in modules:
            declarations_of(module)
            for text in rules_of(module):
                self._texts[getattr(module, text.name)] = text

    def _error(self, text: RuleText, node: ast.AST, message: str) -> ModelError:
        return ModelError(f"{text.name}: {message}", span=text.span(node))

    def _static(self, e: ast.expr, scope: Scope) -> Any:  # noqa: ANN401
        match e:
            case ast.Constant(value):
                return value
            case ast.Name(name):
                return self._global(name, scope)
            case ast.Attribute(base, attr):
                owner = self._static(base, scope)
                return DYNAMIC if owner is DYNAMIC else self._known(getattr(owner, attr))
            case ast.Subscript(base, index):
                return self._static_item(base, index, scope)
            case ast.Tuple(parts) | ast.List(parts):
                values = [self._static(p, scope) for p in parts]
                return DYNAMIC if any(v is DYNAMIC for v in values) else tuple(values)
            case ast.Call(ast.Name("every"), [kind]):
                return self.shape.positions(self._static(kind, scope))
            case ast.Call(function, args):
                call = self._static(function, scope)
                values = [self._static(a, scope) for a in args]
                if call is DYNAMIC or any(v is DYNAMIC for v in values) or not callable(call):
                    return DYNAMIC
                return call(*values)
            case ast.UnaryOp(ast.Not(), arg):
                value = self._static(arg, scope)
                return DYNAMIC if value is DYNAMIC else not value
            case ast.UnaryOp(ast.USub(), arg):
                value = self._static(arg, scope)
                return DYNAMIC if value is DYNAMIC else -value
            case ast.BoolOp(op, parts):
                return self._static_bool(isinstance(op, ast.And), parts, scope)
            case ast.BinOp(left, _, right) | ast.Compare(left, [_], [right]):
                a, b = self._static(left, scope), self._static(right, scope)
                if a is DYNAMIC or b is DYNAMIC:
                    return DYNAMIC
                return _KNOWN[type(e.op if isinstance(e, ast.BinOp) else e.ops[0])](a, b)
            case ast.IfExp(test, yes, no):
                known = self._static(test, scope)
                return DYNAMIC if known is DYNAMIC else self._static(yes if known else no, scope)
            case _:
                return DYNAMIC

    def _static_bool(self, conjunction: bool, parts: Iterable[ast.expr], scope: Scope) -> Any:  # noqa: ANN401
        result: Any = conjunction
        unknown = False
        for part in parts:
            value = self._static(part, scope)
            if value is DYNAMIC:
                unknown = True
            elif bool(value) != conjunction:
                return not conjunction
        return DYNAMIC if unknown else result

    def _static_item(self, base: ast.expr, index: ast.expr, scope: Scope) -> Any:  # noqa: ANN401
        owner = self._object(base, scope)
        if owner is DYNAMIC:
            return DYNAMIC
        position = self._static(index, scope)
        if isinstance(owner, words.TableDecl):
            if position is DYNAMIC:
                raise self._error(scope.text, index, "a table needs an index that is known when the rules are composed")
            values = self._table(owner)
            for p in position if isinstance(position, tuple) else (position,):
                values = values[int(p)]
            return values
        if isinstance(owner, Declaration) or position is DYNAMIC:
            return DYNAMIC
        return owner[position]

    def _table(self, declaration: words.TableDecl) -> Any:  # noqa: ANN401
        return self.shape.tables[declaration.name]

    def _object(self, e: ast.expr, scope: Scope) -> Any:  # noqa: ANN401
        """The Python object a name stands for, declarations included."""
        match e:
            case ast.Name(name):
                if name in scope.fixed:
                    return scope.fixed[name]
                if name in scope.locals:
                    return DYNAMIC
                module = vars(scope.text.module)
                if name in module:
                    return module[name]
                raise self._error(scope.text, e, f"unknown name `{name}`")
            case ast.Attribute(base, attr):
                owner = self._object(base, scope)
                return DYNAMIC if owner is DYNAMIC else getattr(owner, attr)
            case _:
                return self._static(e, scope)

    def _known(self, value: object) -> Any:  # noqa: ANN401
        if isinstance(value, words.TableDecl):
            return self._table(value)
        if isinstance(value, Declaration) or (callable(value) and value in self._texts):
            return DYNAMIC
        return value

    def _global(self, name: str, scope: Scope) -> Any:  # noqa: ANN401
        if name in ("True", "False", "range", "len", "min", "max", "sum", "any", "all", "int"):
            return {
                "range": range,
                "len": len,
                "min": min,
                "max": max,
                "sum": sum,
                "any": any,
                "all": all,
                "int": int,
            }.get(name)
        value = self._object(ast.Name(name), scope)
        return DYNAMIC if value is DYNAMIC else self._known(value)

    def _ref(self, e: ast.expr, scope: Scope, kind: type[Declaration]) -> Ref:
        """A declared variable, timer, queue or option at fixed indices."""
        base, index = (e.value, e.slice) if isinstance(e, ast.Subscript) else (e, ast.Tuple([]))
        declaration = self._object(base, scope)
        if not isinstance(declaration, kind):
            raise self._error(scope.text, e, f"`{ast.unparse(e)}` is not a {kind.__name__[:-4].lower()}")
        position = self._static(index, scope)
        if position is DYNAMIC:
            raise self._error(
                scope.text, e, f"the index of `{ast.unparse(e)}` must be known when the rules are composed"
            )
        positions = position if isinstance(position, tuple) else (position,)
        return Ref(declaration, instance(declaration, positions, self.shape))
