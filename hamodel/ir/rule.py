"""Rules are read, not run: the restricted Python of a machine file becomes procedures over one system.

Allowed in a rule: assignments, `if`, `for` over a known range (unrolled), `while` (to empty a queue), `return`, calls
of other rules, and the words of `hamodel.ir.words`. An argument annotated with an `Index` class is fixed when the
rules are composed, and the rule is copied for each of its values; every other argument is a number at run time.
"""

from __future__ import annotations

import ast
import inspect
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from types import ModuleType
from typing import Any

from hamodel.errors import ModelError
from hamodel.ir import words
from hamodel.ir.expr import Const as Constant
from hamodel.ir.expr import Expr, Length, Local, Op, Option, Read, Running, Value, and_, binary, not_, or_
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
from hamodel.ir.words import Declaration, Index, RuleInfo
from hamodel.source import Span

_ARITHMETIC: dict[type[ast.AST], Op] = {
    ast.Add: Op.ADD,
    ast.Sub: Op.SUB,
    ast.Mult: Op.MUL,
    ast.FloorDiv: Op.DIV,
    ast.Mod: Op.MOD,
    ast.BitAnd: Op.BITAND,
    ast.BitOr: Op.BITOR,
    ast.Eq: Op.EQ,
    ast.NotEq: Op.NE,
    ast.Lt: Op.LT,
    ast.LtE: Op.LE,
    ast.Gt: Op.GT,
    ast.GtE: Op.GE,
}


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


@dataclass(frozen=True)
class Shape:
    """The sizes and structure the rules are composed for: index sets, their labels, constant tables."""

    sizes: Mapping[str, int]
    labels: Mapping[str, tuple[str, ...]]
    tables: Mapping[str, Any]

    def positions(self, kind: type[Index]) -> tuple[Index, ...]:
        return tuple(kind(i) for i in range(self.sizes[kind.__name__]))

    def label(self, kind: type[Index], position: int) -> str:
        names = self.labels.get(kind.__name__, ())
        return names[position] if position < len(names) else str(position)


@dataclass(frozen=True)
class RuleText:
    """One function of a machine file: its syntax tree, what the decorator said, and where it stands."""

    name: str
    module: ModuleType
    tree: ast.FunctionDef
    info: RuleInfo
    statics: tuple[type[Index] | None, ...]
    """For each parameter the index class it ranges over, or None for a run-time number."""

    @property
    def params(self) -> tuple[str, ...]:
        return tuple(a.arg for a in self.tree.args.args)

    def span(self, node: ast.AST | None = None) -> Span:
        at = node if node is not None and hasattr(node, "lineno") else self.tree
        return Span(str(self.module.__file__), at.lineno, at.col_offset + 1)  # type: ignore[attr-defined]


def rules_of(module: ModuleType) -> list[RuleText]:
    """The decorated functions of a machine file, in the order of the text."""
    found = []
    for node in ast.parse(inspect.getsource(module)).body:
        if not isinstance(node, ast.FunctionDef):
            continue
        info = getattr(getattr(module, node.name), "__rule__", None)
        if info is None:
            continue
        statics = tuple(_index_class(module, a.annotation) for a in node.args.args)
        found.append(RuleText(node.name, module, node, info, statics))
    return found


def _index_class(module: ModuleType, annotation: ast.expr | None) -> type[Index] | None:
    if annotation is None:
        return None
    known = eval(compile(ast.Expression(annotation), "annotation", "eval"), vars(module))
    return known if isinstance(known, type) and issubclass(known, Index) else None


def declarations_of(module: ModuleType) -> list[Declaration]:
    """The variables, timers, queues, options and tables a machine file declares; gives them name and owner."""
    own = []
    for name, value in vars(module).items():
        if isinstance(value, Declaration) and (not value.owner or value.owner == module.__name__):
            value.name, value.owner = name, module.__name__
            own.append(value)
    return own


@dataclass
class _Scope:
    """Where a name of a rule is looked up: fixed arguments, run-time locals, then the machine file."""

    text: RuleText
    fixed: dict[str, object]
    locals: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class _Ref:
    """A declared thing at fixed indices."""

    declaration: Declaration
    name: str


class RuleReader:
    """Turns rule texts into procedures, one for each combination of fixed arguments, on demand."""

    def __init__(self, modules: Sequence[ModuleType], shape: Shape, deleted: frozenset[str] = frozenset()) -> None:
        """`deleted` names rules (`module.rule`) that are read as if they did nothing: to see which tests miss them."""
        self.shape, self.deleted = shape, deleted
        self.procedures: dict[str, Procedure] = {}
        self._open: list[str] = []
        self._texts: dict[Callable[..., Any], RuleText] = {}
        for module in modules:
            declarations_of(module)
            for text in rules_of(module):
                self._texts[getattr(module, text.name)] = text

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
            scope = _Scope(text, {})
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

    def _error(self, text: RuleText, node: ast.AST, message: str) -> ModelError:
        return ModelError(f"{text.name}: {message}", span=text.span(node))

    # ---- what is known before the system runs --------------------------------------------------------------------

    def _static(self, e: ast.expr, scope: _Scope) -> Any:  # noqa: ANN401
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

    def _static_bool(self, conjunction: bool, parts: Iterable[ast.expr], scope: _Scope) -> Any:  # noqa: ANN401
        result: Any = conjunction
        unknown = False
        for part in parts:
            value = self._static(part, scope)
            if value is DYNAMIC:
                unknown = True
            elif bool(value) != conjunction:
                return not conjunction
        return DYNAMIC if unknown else result

    def _static_item(self, base: ast.expr, index: ast.expr, scope: _Scope) -> Any:  # noqa: ANN401
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

    def _object(self, e: ast.expr, scope: _Scope) -> Any:  # noqa: ANN401
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

    def _global(self, name: str, scope: _Scope) -> Any:  # noqa: ANN401
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

    def _ref(self, e: ast.expr, scope: _Scope, kind: type[Declaration]) -> _Ref:
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
        return _Ref(declaration, instance(declaration, positions, self.shape))

    # ---- terms and formulas --------------------------------------------------------------------------------------

    def _expr(self, e: ast.expr, scope: _Scope) -> Expr:
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
            case ast.BinOp(left, op, right) if type(op) in _ARITHMETIC:
                return binary(_ARITHMETIC[type(op)], self._expr(left, scope), self._expr(right, scope))
            case ast.Compare(left, [op], [right]) if type(op) in _ARITHMETIC:
                return binary(_ARITHMETIC[type(op)], self._expr(left, scope), self._expr(right, scope))
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

    def _unrolled(self, g: ast.GeneratorExp, scope: _Scope) -> list[tuple[ast.expr, _Scope]]:
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

    def _known_range(self, e: ast.expr, scope: _Scope) -> Iterable[object]:
        values = self._static(e, scope)
        if values is DYNAMIC:
            raise self._error(scope.text, e, f"`{ast.unparse(e)}` is not known when the rules are composed")
        return tuple(values)

    def _bound(self, target: ast.expr, value: Any, scope: _Scope) -> _Scope:  # noqa: ANN401
        fixed = dict(scope.fixed)
        if isinstance(target, ast.Tuple):
            for part, item in zip(target.elts, value, strict=True):
                fixed[ast.unparse(part)] = item
        else:
            fixed[ast.unparse(target)] = value
        return _Scope(scope.text, fixed, scope.locals)

    def _read(self, e: ast.expr, scope: _Scope) -> Expr:
        base = e.value if isinstance(e, ast.Subscript) else e
        declaration = self._object(base, scope)
        if isinstance(declaration, words.VarDecl):
            return Read(self._ref(e, scope, words.VarDecl).name)
        if isinstance(declaration, words.OptionDecl):
            return Option(self._ref(e, scope, words.OptionDecl).name)
        raise self._error(scope.text, e, f"`{ast.unparse(e)}` cannot be read")

    def _arguments(
        self, function: ast.expr, args: Sequence[ast.expr], at: ast.expr, scope: _Scope
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

    def _value(self, function: ast.expr, args: Sequence[ast.expr], at: ast.expr, scope: _Scope) -> Expr:
        text, name, dynamic = self._arguments(function, args, at, scope)
        if text.info.kind in ("formula", "observable", "invariant") and not dynamic:
            body = self.procedures[name].body
            if len(body) == 1 and isinstance(body[0], Return) and body[0].value is not None:
                return body[0].value
        return Value(name, dynamic)

    # ---- statements ------------------------------------------------------------------------------------------------

    def _block(self, body: Iterable[ast.stmt], scope: _Scope) -> list[Statement]:
        out: list[Statement] = []
        for node in body:
            out.extend(self._statement(node, scope))
            if out and isinstance(out[-1], Return):
                break
        return out

    def _statement(self, node: ast.stmt, scope: _Scope) -> list[Statement]:
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
                result = binary(_ARITHMETIC[type(op)], left, self._expr(value, scope))
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

    def _if(self, test: ast.expr, then: list[ast.stmt], otherwise: list[ast.stmt], scope: _Scope) -> list[Statement]:
        known = self._static(test, scope)
        if known is not DYNAMIC:
            return self._block(then if known else otherwise, scope)
        condition = self._expr(test, scope)
        if isinstance(condition, Constant):
            return self._block(then if condition.value else otherwise, scope)
        return [If(condition, tuple(self._block(then, scope)), tuple(self._block(otherwise, scope)))]

    def _command(self, call: ast.Call, function: ast.expr, args: list[ast.expr], scope: _Scope) -> list[Statement]:
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

    def _log(self, call: ast.Call, node: ast.expr, key: ast.expr, scope: _Scope) -> Log:
        fields: list[tuple[str, str | Expr]] = []
        for keyword in call.keywords:
            value = self._static(keyword.value, scope)
            field_value = value if isinstance(value, str) else self._expr(keyword.value, scope)
            fields.append((str(keyword.arg), field_value))
        return Log(int(self._static(node, scope)), str(self._static(key, scope)), tuple(fields))


def instance(declaration: Declaration, positions: Sequence[int], shape: Shape) -> str:
    """The name of a declared thing at these positions: `view[0]`, `up[0,2]`, `overlap`."""
    if len(positions) != len(declaration.index):
        raise ModelError(f"`{declaration.name}` has {len(declaration.index)} indices, not {len(positions)}")
    for kind, position in zip(declaration.index, positions, strict=True):
        if not 0 <= int(position) < shape.sizes[kind.__name__]:
            raise ModelError(f"`{declaration.name}` has no position {int(position)} in {kind.__name__}")
    if not positions:
        return declaration.name
    return f"{declaration.name}[{','.join(str(int(p)) for p in positions)}]"
