"""A small part of Python to LLVM text: enough for the loops of `kernel`, and nothing that would surprise in them.

Parameters are `int` or arrays: `Bytes` (u8), `Ints` (i32), `Words` (i64). There are assignments, `if`, `while`, `for`
over a range, `break`, `continue`, `return` and calls. Functions whose body is only `raise NotImplementedError` come
from elsewhere.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from hamodel.engines._lower.llvm import COMPARISONS, FunctionText, Operand
from hamodel.ir.python_operators import OPERATORS

ELEMENTS = {"Bytes": "i8", "Ints": "i32", "Words": "i64"}
BUILT_IN = ("at", "behind", "copy", "shift")
POINTERS = ("at", "behind")


def lower(
    text: str, constants: Mapping[str, int], exported: Sequence[str], sizes: Mapping[str, int | str] | None = None
) -> str:
    """The functions as LLVM text. `sizes` turns on bounds checks: how many elements an array of that name has."""
    defined = [f for f in ast.parse(text).body if isinstance(f, ast.FunctionDef)]
    functions = {f.name: f for f in defined if f.name not in BUILT_IN}
    kinds = {name: [_kind(a) for a in f.args.args] for name, f in functions.items()}
    parts = []
    for name, function in functions.items():
        if not isinstance(function.body[-1], ast.Raise):
            link = "dso_local" if name in exported else "internal"
            parts.append(_Function(function, constants, kinds, sizes or {}).define(link))
    return "\n".join(parts)


def _kind(argument: ast.arg) -> str:
    annotation = argument.annotation
    if not isinstance(annotation, ast.Name):
        raise SyntaxError(f"{argument.arg} needs int, Bytes, Ints or Words")
    return "i64" if annotation.id == "int" else ELEMENTS[annotation.id] + "*"


class _Function(FunctionText):
    def __init__(
        self,
        function: ast.FunctionDef,
        constants: Mapping[str, int],
        kinds: Mapping[str, list[str]],
        sizes: Mapping[str, int | str],
    ) -> None:
        super().__init__()
        self.function, self.constants, self.kinds, self.sizes = function, constants, kinds, sizes
        self.arrays: dict[str, tuple[str, str]] = {}
        self.loops: list[tuple[str, str]] = []

    def define(self, link: str) -> str:
        params = []
        for argument, kind in zip(self.function.args.args, self.kinds[self.function.name], strict=True):
            if kind == "i64":
                params.append(f"i64 %{argument.arg}")
                self.slot(argument.arg, f"%{argument.arg}")
            else:
                params.append(f"ptr %{argument.arg}")
                self.arrays[argument.arg] = (kind[:-1], f"%{argument.arg}")
        self.block(self.function.body)
        return self.text(f"define {link} i64 @{self.function.name}({', '.join(params)}) nounwind")

    # -- statements

    def block(self, statements: Sequence[ast.stmt]) -> None:
        for statement in statements:
            if self.ended:
                return
            self.statement(statement)

    def statement(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Return(value):
                self.give(self.value(value) if value is not None else "0")
            case ast.Assign([ast.Name(name)], value) if self.is_pointer(value):
                self.point(name, value)
            case ast.Assign([target], value):
                self.store(target, self.value(value))
            case ast.AugAssign(target, op, value):
                old = self.value(target)
                self.store(target, self.number(self.operation(OPERATORS[type(op)], old, self.value(value))))
            case ast.If(test, then, otherwise):
                self.choose(test, then, otherwise)
            case ast.While(test, body):
                top, inner, end = self.label(), self.label(), self.label()
                self.place(top)
                self.condition(test, inner, end)
                self.loop(body, inner, top, top, end)
            case ast.For(ast.Name(name), ast.Call(ast.Name("range"), bounds), body):
                self.count(name, bounds, body)
            case ast.Break():
                self.jump(self.loops[-1][1])
            case ast.Continue():
                self.jump(self.loops[-1][0])
            case ast.Expr(ast.Call() as call):
                self.value(call)
            case ast.Expr(ast.Constant()):
                pass
            case _:
                raise SyntaxError(ast.unparse(statement))

    def choose(self, test: ast.expr, then: Sequence[ast.stmt], otherwise: Sequence[ast.stmt]) -> None:
        yes, no, end = self.label(), self.label(), self.label()
        self.condition(test, yes, no)
        self.place(yes)
        self.block(then)
        reached = not self.ended
        self.jump(end)
        self.place(no)
        self.block(otherwise)
        if reached or not self.ended:
            self.jump(end)
            self.place(end)

    def loop(self, body: Sequence[ast.stmt], inner: str, again: str, top: str, end: str) -> None:
        self.loops.append((again, end))
        self.place(inner)
        self.block(body)
        self.loops.pop()
        self.jump(again)
        if again == top:
            self.place(end)

    def count(self, name: str, bounds: Sequence[ast.expr], body: Sequence[ast.stmt]) -> None:
        slot = self.slot(name)
        first = self.value(bounds[0]) if len(bounds) > 1 else "0"
        last = self.value(bounds[-1])
        top, inner, again, end = self.label(), self.label(), self.label(), self.label()
        self.line(f"store i64 {first}, ptr {slot}")
        self.place(top)
        below = self.register(f"icmp slt i64 {self.register(f'load i64, ptr {slot}')}, {last}")
        self.branch(below, inner, end)
        self.loop(body, inner, again, top, end)
        self.place(again)
        following = self.register(f"add i64 {self.register(f'load i64, ptr {slot}')}, 1")
        self.line(f"store i64 {following}, ptr {slot}")
        self.jump(top)
        self.place(end)

    def is_pointer(self, value: ast.expr) -> bool:
        return isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in POINTERS

    def point(self, name: str, value: ast.expr) -> None:
        """A local name for a place in an array; it must be assigned before every use in the same block or deeper."""
        element, pointer = self.pointer(value)
        self.arrays[name] = (element, pointer)

    def store(self, target: ast.expr, value: str) -> None:
        match target:
            case ast.Name(name):
                self.line(f"store i64 {value}, ptr {self.slot(name)}")
            case ast.Subscript(ast.Name(name), index):
                element, address = self.element(name, index)
                if element != "i64" and value.startswith("%"):
                    value = self.register(f"trunc i64 {value} to {element}")
                self.line(f"store {element} {value}, ptr {address}")
            case _:
                raise SyntaxError(ast.unparse(target))

    # -- expressions

    def value(self, expr: ast.expr) -> str:
        return self.number(self.lower(expr))

    def condition(self, expr: ast.expr, yes: str, no: str) -> None:
        match expr:
            case ast.BoolOp(op, values):
                for value in values[:-1]:
                    further = self.label()
                    if isinstance(op, ast.And):
                        self.condition(value, further, no)
                    else:
                        self.condition(value, yes, further)
                    self.place(further)
                self.condition(values[-1], yes, no)
            case _:
                self.branch(self.truth(self.lower(expr)), yes, no)

    def lower(self, expr: ast.expr) -> Operand:
        match expr:
            case ast.Constant(int(number)):
                return Operand(str(int(number)))
            case ast.Name(name) if name.isupper() and name in self.constants:
                return Operand(str(self.constants[name]))
            case ast.Name(name):
                return Operand(self.register(f"load i64, ptr {self.slot(name)}"))
            case ast.Subscript(ast.Name(name), index):
                element, address = self.element(name, index)
                loaded = self.register(f"load {element}, ptr {address}")
                if element == "i64":
                    return Operand(loaded)
                return Operand(self.register(f"{'zext' if element == 'i8' else 'sext'} {element} {loaded} to i64"))
            case ast.Compare(left, [op], [right]):
                one, other = self.value(left), self.value(right)
                return Operand(self.register(f"icmp {COMPARISONS[OPERATORS[type(op)]]} i64 {one}, {other}"), bit=True)
            case ast.BinOp(left, ast.BitXor(), right):
                return Operand(self.register(f"xor i64 {self.value(left)}, {self.value(right)}"))
            case ast.BinOp(left, op, right):
                one, other = self.value(left), self.value(right)
                return self.operation(OPERATORS[type(op)], one, other)
            case ast.Call(ast.Name("shift"), [what, by]):
                return Operand(self.register(f"lshr i64 {self.value(what)}, {self.value(by)}"))
            case ast.Call(ast.Name("copy"), [target, source, size]):
                (_, to), (_, off) = self.pointer(target), self.pointer(source)
                sized = self.value(size)
                given = f"ptr align 8 {to}, ptr align 8 {off}, i64 {sized}, i1 false"
                self.line(f"call void @llvm.memcpy.p0.p0.i64({given})")
                return Operand("0")
            case ast.Call(ast.Name(function), args):
                return Operand(self.call(function, args))
            case _:
                raise SyntaxError(ast.unparse(expr))

    def call(self, function: str, args: Sequence[ast.expr]) -> str:
        given = []
        for kind, arg in zip(self.kinds[function], args, strict=True):
            given.append(f"i64 {self.value(arg)}" if kind == "i64" else f"ptr {self.pointer(arg)[1]}")
        return self.register(f"call i64 @{function}({', '.join(given)})")

    def pointer(self, expr: ast.expr) -> tuple[str, str]:
        match expr:
            case ast.Name(name):
                return self.arrays[name]
            case ast.Call(ast.Name("at"), [ast.Name(name), index]):
                return self.element(name, index)
            case ast.Call(ast.Name("at"), [array, index]):
                element, first = self.pointer(array)
                return element, self.address(first, self.value(index), element)
            case ast.Call(ast.Name("behind"), [ast.Name(name), index]):
                return "i64", self.register(f"load ptr, ptr {self.element(name, index)[1]}")
            case _:
                raise SyntaxError(ast.unparse(expr))

    def element(self, name: str, index: ast.expr) -> tuple[str, str]:
        """Element type and address; with sizes, an index outside is noted as error and replaced by 0."""
        element, pointer = self.arrays[name]
        place = self.value(index)
        size = self.sizes.get(name)
        if size is not None and "w" in self.arrays:
            limit = str(size) if isinstance(size, int) else self.value(ast.parse(size, mode="eval").body)
            good = self.register(f"icmp ult i64 {place}, {limit}")
            self.line(f"call void @outside(ptr {self.arrays['w'][1]}, i1 {good})")
            place = self.register(f"select i1 {good}, i64 {place}, i64 0")
        return element, self.address(pointer, place, element)
