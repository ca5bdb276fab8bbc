"""How a language writes terms. Everything here is an integer; languages with truth values of their own get both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from hamodel.errors import ModelError
from hamodel.ir.bounds import Bounds, bounds
from hamodel.ir.expr import (
    FALSE,
    And,
    Binary,
    Const,
    Expr,
    Length,
    Local,
    Not,
    Op,
    Option,
    Or,
    Read,
    Running,
    Value,
    binary,
    not_,
)
from hamodel.ir.plain import is_bit, simplified
from hamodel.ir.system import System

BITS = 8
"""Numbers that are combined bit by bit have so many."""
C_SIGNS = {op: {"//": "/"}.get(op.value, op.value) for op in Op}


@dataclass(frozen=True, slots=True)
class Language:
    """The signs of a language. `typed`: a truth value is no number, and a number no truth value."""

    both: str = "&&"
    either: str = "||"
    negation: str = "!"
    signs: Mapping[Op, str] = field(default_factory=lambda: C_SIGNS)
    choice: str = "({test} ? {yes} : {no})"
    true: str = "true"
    false: str = "false"
    typed: bool = False
    floors: bool = False
    """`/` and `%` floor as in Python; in C they cut towards 0."""
    bitwise: bool = True
    without_or: bool = False
    """`or` has to be said with `not` and `and`, and only a comparison may be negated."""


C = Language(true="1", false="0")
PROMELA = Language()


@dataclass(frozen=True)
class Notation:
    """Writes terms of one system: `read` names variables, `local` the names of a procedure, `call` procedures."""

    language: Language
    system: System
    read: Callable[[str], str]
    local: Callable[[str], str] = str
    call: Callable[[str, tuple[Expr, ...]], str] | None = None
    known: Mapping[str, Bounds] | None = None
    """The bounds of local names."""
    running: Callable[[str], str] | None = None
    length: Callable[[str], str] | None = None

    def number(self, expr: Expr) -> str:
        """The term as a number."""
        match expr:
            case Const(value):
                return str(value) if value >= 0 else f"({value})"
            case Read(name):
                return self.read(name)
            case Local(name):
                return self.local(name)
            case Option(name):
                return str(self.system.setting_value[name])
            case Length(queue) if self.length is not None:
                return self.length(queue)
            case Value(procedure, args) if self.call is not None:
                return self.call(procedure, args)
            case Binary(op, left, right) if not op.compares:
                return self._operation(op, left, right)
            case Not() | And() | Or() | Binary() | Running():
                text = self.condition(expr)
                return self.choose(text, "1", "0") if self.language.typed else text
            case Length() | Value():
                raise ModelError(f"{type(expr).__name__} cannot be written in this language")

    def condition(self, expr: Expr) -> str:
        """The term as a truth value."""
        language = self.language
        match expr:
            case Const(value):
                return language.true if value else language.false
            case Not(arg):
                return self._negation(arg)
            case And(args) if language.without_or:
                return " && ".join(self.condition(a) for a in args)
            case And(args):
                return "(" + f" {language.both} ".join(self.condition(a) for a in args) + ")"
            case Or(args) if language.without_or:
                none = " && ".join(self.condition(simplified(not_(a), self.system)) for a in args)
                return f"((if {none} then 0 else 1) == 1)"
            case Or(args):
                return "(" + f" {language.either} ".join(self.condition(a) for a in args) + ")"
            case Binary(op, left, right) if op.compares:
                return f"({self.number(left)} {language.signs[op]} {self.number(right)})"
            case Running(timer) if self.running is not None:
                return self.running(timer)
            case _ if language.typed:
                sign, other = (Op.EQ, "1") if is_bit(expr, self.system) else (Op.NE, "0")
                return f"({self.number(expr)} {language.signs[sign]} {other})"
            case _:
                return self.number(expr)

    def choose(self, test: str, yes: str, no: str) -> str:
        """One of two texts, by the truth of a third."""
        return self.language.choice.format(test=test, yes=yes, no=no)

    def _negation(self, arg: Expr) -> str:
        plain_number = isinstance(arg, Read | Local | Value | Length | Option) or (
            isinstance(arg, Binary) and not arg.op.compares
        )
        if self.language.typed and plain_number:
            return f"({self.number(arg)} {self.language.signs[Op.EQ]} 0)"
        if self.language.without_or:
            return f"((if {self.condition(arg)} then 0 else 1) == 1)"
        return f"{self.language.negation}{_held(self.condition(arg))}"

    def _operation(self, op: Op, left: Expr, right: Expr) -> str:
        if op in (Op.BITAND, Op.BITOR) and not self.language.bitwise:
            return self.number(_bit_by_bit(op, left, right))
        a, b = self.number(left), self.number(right)
        sign = self.language.signs[op]
        if op not in (Op.DIV, Op.MOD) or self.language.floors or self._positive(left, right):
            return f"({a} {sign} {b})"
        rest, per = self.language.signs[Op.MOD], self.language.signs[Op.DIV]
        modulo = f"((({a} {rest} {b}) + {b}) {rest} {b})"
        return modulo if op is Op.MOD else f"(({a} - {modulo}) {per} {b})"

    def _positive(self, left: Expr, right: Expr) -> bool:
        first, second = (bounds(x, self.system, self.known) for x in (left, right))
        return first[0] >= 0 and second[0] >= 0


def _held(text: str) -> str:
    return text if text.startswith("(") or text.replace("_", "").isalnum() else f"({text})"


def _bit_by_bit(op: Op, left: Expr, right: Expr) -> Expr:
    """The operation on two numbers of 0 to 255 by plain arithmetic."""
    total: Expr = FALSE
    for place in range(BITS):
        weight = Const(1 << place)
        a, b = (binary(Op.MOD, binary(Op.DIV, x, weight), Const(2)) for x in (left, right))
        bit = binary(Op.MUL, a, b)
        if op is Op.BITOR:
            bit = binary(Op.SUB, binary(Op.ADD, a, b), bit)
        if bit != FALSE:
            total = binary(Op.ADD, total, binary(Op.MUL, bit, weight))
    return total
