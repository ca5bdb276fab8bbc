"""Procedures to Python source: the same rules where nothing can be compiled, faster than interpreting them.

A function gets the row `s`, the timers started (`b`: index to bounds) and hastened (`h`: index to bound) in this
macro step and the options `c`. What must not happen raises the error at once.
"""

from __future__ import annotations

from collections.abc import Callable, MutableSequence, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from hamodel.engines._lower.layout import FAR, STOPWATCH, Layout
from hamodel.engines._lower.ranges import interval, within
from hamodel.errors import EngineLimit, ModelError
from hamodel.ir import statement as st
from hamodel.ir.expr import And, Binary, Const, Expr, Length, Local, Not, Op, Option, Or, Read, Running, Value
from hamodel.ir.system import System

Row = MutableSequence[int]
Bounds = dict[int, tuple[int, int]]
Fire = Callable[[int, Row, Bounds, dict[int, int], Sequence[int]], None]
First = Callable[[st.Statement], tuple[str, int, Expr] | None]
LONGEST_LOOP = 10_000
PASSED = "s, b, h, c"


@dataclass(frozen=True, slots=True)
class PythonRules:
    """The rules of one system as Python functions."""

    begin: Callable[[Row, Bounds, dict[int, int], Sequence[int]], None]
    guards: tuple[Callable[[Row, Bounds, dict[int, int], Sequence[int]], int], ...]
    """By action; that of a timer's action is always true."""
    fire: Fire
    source: str


def python_rules(system: System, layout: Layout, first: First | None = None) -> PythonRules:
    """Generate, compile and pick up the functions. `first`: a method of the row that is tried in the place of a
    statement, and what it is given: a number and a value."""
    writer = _Writer(system, layout, first)
    source = writer.module()
    names: dict[str, Any] = {"ModelError": ModelError, "EngineLimit": EngineLimit, **_HELPERS}
    exec(compile(source, f"<rules of {system.name}>", "exec"), names)
    return PythonRules(names["begin"], tuple(names["guards"]), names["fire"], source)


def _start(timer: str, t: int, flag: int, s: Row, b: Bounds, h: dict[int, int], lo: int, hi: int) -> None:
    if not 0 <= lo <= hi:
        raise ModelError(f"{timer} starts with [{lo}, {hi}], which is no interval")
    s[flag] = 1
    b[t] = (lo, hi)
    h.pop(t, None)


def _cancel(t: int, flag: int, s: Row, b: Bounds, h: dict[int, int]) -> None:
    s[flag] = 0
    b.pop(t, None)
    h.pop(t, None)


def _hasten(timer: str, t: int, flag: int, s: Row, b: Bounds, h: dict[int, int], hi: int) -> None:
    if not s[flag] or t in b:
        lo, before = b.get(t, (0, hi))
        _start(timer, t, flag, s, b, h, lo, min(before, hi))
    elif hi < 0:
        raise ModelError(f"{timer} is to end within {hi} ms")
    else:
        h[t] = min(hi, h.get(t, hi))


def _push(queue: str, at: int, capacity: int, s: Row, value: int) -> None:
    if not 1 <= value <= 255:
        raise ModelError(f"{queue} carries {value}, which is outside 1..255")
    if s[at] >= capacity:
        raise EngineLimit(f"the queue {queue} is full: it holds {capacity} messages")
    s[at] += 1
    s[at + s[at]] = value


def _take(at: int, s: Row) -> int:
    n = s[at]
    if not n:
        return 0
    head = s[at + 1]
    s[at + 1 : at + n + 1] = bytes([*s[at + 2 : at + n + 1], 0])
    s[at] = n - 1
    return head


def _clear(at: int, s: Row) -> None:
    for i in range(s[at] + 1):
        s[at + i] = 0


def _quotient(left: int, right: int) -> int:
    if right == 0:
        raise ModelError("a division by zero")
    return left // right


def _remainder(left: int, right: int) -> int:
    if right == 0:
        raise ModelError("a division by zero")
    return left % right


def _checked(variable: str, lo: int, hi: int, value: int) -> int:
    if not lo <= value <= hi:
        raise ModelError(f"{variable} = {value} is outside {lo}..{hi}")
    return value


_HELPERS = {f.__name__: f for f in (_start, _cancel, _hasten, _push, _take, _clear, _checked, _quotient, _remainder)}


class _Writer:
    def __init__(self, system: System, layout: Layout, first: First | None) -> None:
        self.system, self.layout, self.first = system, layout, first
        self.functions = {name: f"p{i}" for i, name in enumerate(system.procedures)}
        self.options = {s.name: i for i, s in enumerate(system.settings)}
        self.lines: list[str] = []
        self.loops = 0

    def module(self) -> str:
        for name, procedure in self.system.procedures.items():
            params = "".join(f", {_local(p)}" for p in procedure.params)
            self.lines.append(f"def {self.functions[name]}({PASSED}{params}):")
            self.block(procedure.body, 1)
            self.lines.append("    return 0")
        after = [f"    {self.functions[self.system.after]}({PASSED})"] if self.system.after is not None else []
        self.lines += [f"def begin({PASSED}):", f"    {self.functions[self.system.initial]}({PASSED})", *after]
        self.lines.append("guards = [")
        for action in self.system.actions:
            guard = "1" if action.timer is not None else self.test(action.guard)
            self.lines.append(f"    lambda {PASSED}: {guard},")
        self.lines.append("]")
        self.lines.append("_stops = [")
        self.lines += [f"    {self.stops(a.timer)!r}," for a in self.system.actions]
        self.lines.append("]")
        self.lines.append(f"_procedures = [{', '.join(self.functions[a.procedure] for a in self.system.actions)}]")
        self.lines += [f"def fire(a, {PASSED}):", "    for flag in _stops[a]:", "        s[flag] = 0"]
        self.lines += [f"    _procedures[a]({PASSED})", *after, ""]
        return "\n".join(self.lines)

    def stops(self, timer: str | None) -> tuple[int, ...]:
        """The flags that fall when an action on `timer` begins."""
        if timer is None:
            return ()
        flags = [self.layout.flag(timer)]
        if self.far(timer):
            flags += [self.layout.flag(n) for n, t in self.layout.timers.items() if self.layout.kinds[t] == STOPWATCH]
        return tuple(flags)

    def far(self, timer: str) -> bool:
        return self.layout.kinds[self.layout.timers[timer]] == FAR

    def block(self, statements: Sequence[st.Statement], depth: int) -> None:
        before = len(self.lines)
        for statement in statements:
            instead = None if self.first is None else self.first(statement)
            if instead is not None:
                self.lines.append("    " * depth + f"if not s.{instead[0]}({instead[1]}, {self.text(instead[2])}):")
            deeper = depth + (instead is not None)
            for line in self.statement(statement, deeper):
                self.lines.append("    " * deeper + line)
        if len(self.lines) == before:
            self.lines.append("    " * depth + "pass")

    def statement(self, statement: st.Statement, depth: int) -> list[str]:
        match statement:
            case st.Assign(variable, value):
                lo, hi = self.layout.bounds[variable]
                text = self.text(value)
                if not within(interval(value, self.layout), (lo, hi)):
                    text = f"_checked({variable!r}, {lo}, {hi}, {text})"
                return [f"s[{self.layout.variables[variable]}] = {text}"]
            case st.Bind(name, value):
                return [f"{_local(name)} = {self.text(value)}"]
            case st.If(test, then, otherwise):
                self.lines.append("    " * depth + f"if {self.test(test)}:")
                self.block(then, depth + 1)
                if otherwise:
                    self.lines.append("    " * depth + "else:")
                    self.block(otherwise, depth + 1)
                return []
            case st.While(test, body):
                return self.loop(test, body, depth)
            case st.Call(procedure, args):
                return [self.call(procedure, args)]
            case st.Start(timer, lo_, hi_):
                return [f"_start({self.timer(timer)}, s, b, h, {self.text(lo_)}, {self.text(hi_)})"]
            case st.Cancel(timer):
                return [f"_cancel({self.layout.timers[timer]}, {self.layout.flag(timer)}, s, b, h)"]
            case st.Hasten(timer, hi_):
                return [f"_hasten({self.timer(timer)}, s, b, h, {self.text(hi_)})"]
            case st.Push(queue, value):
                place = self.layout.queues[queue]
                return [f"_push({queue!r}, {place.offset}, {place.capacity}, s, {self.text(value)})"]
            case st.Take(name, queue):
                return [f"{_local(name)} = _take({self.layout.queues[queue].offset}, s)"]
            case st.Clear(queue):
                return [f"_clear({self.layout.queues[queue].offset}, s)"]
            case st.Log():
                return []
            case st.Overflow(what):
                return [f"raise EngineLimit({f'the model is too small here: {what}'!r})"]
            case st.Return(result):
                return [f"return {self.text(result)}" if result is not None else "return 0"]
            case _:
                assert_never(statement)

    def loop(self, test: Expr, body: Sequence[st.Statement], depth: int) -> list[str]:
        self.loops += 1
        indent, rounds = "    " * depth, f"rounds{self.loops}"
        self.lines += [f"{indent}{rounds} = 0", f"{indent}while {self.test(test)}:"]
        self.lines += [f"{indent}    {rounds} += 1", f"{indent}    if {rounds} > {LONGEST_LOOP}:"]
        self.lines.append(f'{indent}        raise ModelError("a loop does not end in {LONGEST_LOOP} rounds")')
        self.block(body, depth + 1)
        return []

    def timer(self, name: str) -> str:
        return f"{name!r}, {self.layout.timers[name]}, {self.layout.flag(name)}"

    def test(self, expr: Expr) -> str:
        """As a condition: any true or false value."""
        match expr:
            case Not(arg):
                return f"(not {self.test(arg)})"
            case And(args):
                return f"({' and '.join(self.test(a) for a in args)})"
            case Or(args):
                return f"({' or '.join(self.test(a) for a in args)})"
            case _:
                return self.text(expr)

    def text(self, expr: Expr) -> str:
        match expr:
            case Const(value):
                return f"({value})" if value < 0 else str(value)
            case Read(variable):
                return f"s[{self.layout.variables[variable]}]"
            case Local(name):
                return _local(name)
            case Option(name):
                return f"c[{self.options[name]}]"
            case Running(timer):
                return f"s[{self.layout.flag(timer)}]"
            case Length(queue):
                return f"s[{self.layout.queues[queue].offset}]"
            case Not() | And() | Or():
                return f"(1 if {self.test(expr)} else 0)"
            case Binary(Op.DIV, left, right):
                return f"_quotient({self.text(left)}, {self.text(right)})"
            case Binary(Op.MOD, left, right):
                return f"_remainder({self.text(left)}, {self.text(right)})"
            case Binary(op, left, right):
                return f"({self.text(left)} {op.value} {self.text(right)})"
            case Value(procedure, args):
                return self.call(procedure, args)
            case _:
                assert_never(expr)

    def call(self, procedure: str, args: Sequence[Expr]) -> str:
        given = "".join(f", {self.text(a)}" for a in args)
        return f"{self.functions[procedure]}({PASSED}{given})"


def _local(name: str) -> str:
    return f"_{name}" if name.isascii() and name.isidentifier() else f"_x{name.encode().hex()}"
