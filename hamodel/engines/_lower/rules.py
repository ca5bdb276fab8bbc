"""Procedures to LLVM text, straight from the IR: one internal function each, so that LLVM may inline them.

A function gets the row `s`, the work area `w` and the options `c`. The work area is words: word 0 is the id of the
first error (0: none), then three words a timer: its mark in this macro step (0, STARTED or HASTENED) and its new
bounds. Errors do not stop a macro step; whatever it does after one is discarded, but must stay inside the row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, assert_never

from hamodel.engines._lower.faults import Errors
from hamodel.engines._lower.layout import FAR, STOPWATCH, Layout
from hamodel.engines._lower.llvm import FunctionText, Operand
from hamodel.engines._lower.ranges import interval, pure, within
from hamodel.ir import statement as st
from hamodel.ir.expr import And, Binary, Const, Expr, Length, Local, Not, Op, Option, Or, Read, Running, Value
from hamodel.ir.system import System

STARTED, HASTENED = 1, 2
LONGEST = 1_000_000_000
"""No timer may be longer (ms): the zones are 32 bit wide."""
LONGEST_LOOP = 10_000
POINTERS = "ptr noalias %s, ptr noalias %w, ptr noalias readonly %c"
PASSED = "ptr %s, ptr %w, ptr %c"
ATTRIBUTES = "nounwind"
PLAIN = "optnone noinline"
"""Rules are compiled as they stand: they are many and short, and optimising them costs seconds at the first check."""


class RulesText:
    """All procedures of a system, and the functions the search calls: `begin`, `ready` and `fire`."""

    def __init__(self, system: System, layout: Layout, errors: Errors, *, debug: bool = False) -> None:
        self.system, self.layout, self.errors, self.debug = system, layout, errors, debug
        self.functions = {name: f"p{i}" for i, name in enumerate(system.procedures)}
        self.options = {s.name: i for i, s in enumerate(system.settings)}

    def text(self) -> str:
        parts = [ProcedureText(self, p).define(self.functions[name]) for name, p in self.system.procedures.items()]
        return "\n".join([*parts, self._begin(), self._ready(), self._fire()])

    def _begin(self) -> str:
        """begin(s, w, c): the initial procedure and the observers."""
        out = FunctionText()
        self._run(out, self.system.initial)
        self._run(out, self.system.after)
        return out.text(f"define dso_local i64 @begin({POINTERS}) {ATTRIBUTES}")

    def _run(self, out: FunctionText, procedure: str | None) -> None:
        if procedure is not None:
            out.register(f"call i64 @{self.functions[procedure]}({PASSED})")

    def _ready(self) -> str:
        """ready(s, w, c, allowed, near, list): the actions that the discrete state enables, in order; returns how many.

        `near` is how many ordinary timers run: a far one ends only where there is none.
        """
        out = ProcedureText(self, st.Procedure("ready", (), ()))
        count = out.slot("count")
        for index, action in enumerate(self.system.actions):
            yes, no = out.label(), out.label()
            if action.timer is not None:
                if self.layout.kinds[self.layout.timers[action.timer]] == FAR:
                    alone = out.label()
                    out.branch(out.register("icmp eq i64 %near, 0"), alone, no)
                    out.place(alone)
                out.condition(Running(action.timer), yes, no)
            else:
                switched = out.label()
                allowed = out.load_byte("%allowed", index)
                out.branch(out.register(f"icmp ne i64 {allowed}, 0"), switched, no)
                out.place(switched)
                out.condition(action.guard, yes, no)
            out.place(yes)
            n = out.register(f"load i64, ptr {count}")
            out.line(f"store i64 {index}, ptr {out.register(f'getelementptr inbounds i64, ptr %list, i64 {n}')}")
            out.line(f"store i64 {out.register(f'add i64 {n}, 1')}, ptr {count}")
            out.place(no)
        out.give(out.register(f"load i64, ptr {count}"))
        head = f"define dso_local i64 @ready({POINTERS}, ptr noalias %allowed, i64 %near, ptr noalias %list)"
        return out.text(f"{head} {ATTRIBUTES}")

    def _fire(self) -> str:
        """fire(a, s, w, c): the macro step of an enabled action; its timer stops first."""
        out = FunctionText()
        labels = [out.label() for _ in self.system.actions]
        end = out.label()
        cases = " ".join(f"i64 {i}, label %{label}" for i, label in enumerate(labels))
        out.line(f"switch i64 %a, label %{end} [{cases}]")
        out.ended = True
        for action, label in zip(self.system.actions, labels, strict=True):
            out.place(label)
            if action.timer is not None:
                out.store_byte("%s", self.layout.flag(action.timer), "0")
                if self.layout.kinds[self.layout.timers[action.timer]] == FAR:
                    for name, kind in zip(self.layout.timers, self.layout.kinds, strict=True):
                        if kind == STOPWATCH:
                            out.store_byte("%s", self.layout.flag(name), "0")
            self._run(out, action.procedure)
            out.jump(end)
        out.place(end)
        self._run(out, self.system.after)
        return out.text(f"define dso_local i64 @fire(i64 %a, {POINTERS}) {ATTRIBUTES}")


class ProcedureText(FunctionText):
    """One procedure."""

    how: ClassVar[str] = PLAIN

    def __init__(self, module: RulesText, procedure: st.Procedure) -> None:
        super().__init__()
        self.module, self.layout, self.errors, self.procedure = module, module.layout, module.errors, procedure

    def define(self, function: str) -> str:
        params = "".join(f", i64 %a{i}" for i in range(len(self.procedure.params)))
        for i, name in enumerate(self.procedure.params):
            self.slot(_local(name), f"%a{i}")
        self.block(self.procedure.body)
        return self.text(f"define internal i64 @{function}({POINTERS}{params}) {ATTRIBUTES} {self.how}")

    # -- statements

    def block(self, statements: Sequence[st.Statement]) -> None:
        for statement in statements:
            if self.ended:
                return
            self.statement(statement)

    def statement(self, statement: st.Statement) -> None:
        match statement:
            case st.Assign(variable, value):
                self.assign(variable, value)
            case st.Bind(name, value):
                number = self.value(value)
                self.line(f"store i64 {number}, ptr {self.slot(_local(name))}")
            case st.If(test, then, otherwise):
                self.choose(test, then, otherwise)
            case st.While(test, body):
                self.repeat(test, body)
            case st.Call(procedure, args):
                self.call(procedure, args)
            case st.Start(timer, lo, hi):
                self.start(timer, lo, hi)
            case st.Cancel(timer):
                self.store_byte("%s", self.layout.flag(timer), "0")
                if self.clocked(timer):
                    self.store_word("%w", self.mark(timer), "0")
            case st.Hasten(timer, hi):
                self.hasten(timer, hi)
            case st.Push(queue, value):
                self.push(queue, value)
            case st.Take(name, queue):
                place = self.layout.queues[queue]
                taken = self.register(f"call i64 @take(ptr %s, i64 {place.offset})")
                self.line(f"store i64 {taken}, ptr {self.slot(_local(name))}")
            case st.Clear(queue):
                place = self.layout.queues[queue]
                self.register(f"call i64 @clear(ptr %s, i64 {place.offset})")
            case st.Log():
                pass
            case st.Overflow(what):
                self.fail(self.errors.too_small(f"the model is too small here: {what}"))
            case st.Return(value):
                self.give("0" if value is None else self.value(value))
            case _:
                assert_never(statement)

    def assign(self, variable: str, value: Expr) -> None:
        lo, hi = self.layout.bounds[variable]
        number = self.value(value)
        if self.module.debug or not within(interval(value, self.layout), (lo, hi)):
            above = self.register(f"sub i64 {number}, {lo}")
            inside = self.register(f"icmp ule i64 {above}, {hi - lo}")
            self.require(inside, self.errors.wrong(f"{variable} gets a value outside {lo}..{hi}"))
        self.put(variable, number)

    def put(self, variable: str, number: str) -> None:
        """Write a number, known to lie in its domain, to where the variable is kept."""
        self.store_byte("%s", self.layout.variables[variable], number)

    def got(self, variable: str) -> Operand:
        """Read a variable from where it is kept."""
        return Operand(self.load_byte("%s", self.layout.variables[variable]))

    def choose(self, test: Expr, then: Sequence[st.Statement], otherwise: Sequence[st.Statement]) -> None:
        yes, no, end = self.label(), self.label(), self.label()
        self.condition(test, yes, no if otherwise else end)
        self.place(yes)
        self.block(then)
        open_end = not self.ended or not otherwise
        self.jump(end)
        if otherwise:
            self.place(no)
            self.block(otherwise)
            open_end = open_end or not self.ended
            self.jump(end)
        if open_end:
            self.place(end)

    def repeat(self, test: Expr, body: Sequence[st.Statement]) -> None:
        rounds = self.slot(f"rounds{self.label()}")
        top, inside, go_on, end = self.label(), self.label(), self.label(), self.label()
        self.line(f"store i64 0, ptr {rounds}")
        self.place(top)
        self.condition(test, inside, end)
        self.place(inside)
        n = self.register(f"load i64, ptr {rounds}")
        self.line(f"store i64 {self.register(f'add i64 {n}, 1')}, ptr {rounds}")
        few = self.register(f"icmp slt i64 {n}, {LONGEST_LOOP}")
        self.require(few, self.errors.wrong(f"a loop of {self.procedure.name} does not end in {LONGEST_LOOP} rounds"))
        self.branch(few, go_on, end)
        self.place(go_on)
        self.block(body)
        self.jump(top)
        self.place(end)

    def start(self, timer: str, lo: Expr, hi: Expr) -> None:
        low, high = self.value(lo), self.value(hi)
        if not (isinstance(lo, Const) and isinstance(hi, Const) and 0 <= lo.value <= hi.value <= LONGEST):
            positive = self.register(f"icmp sge i64 {low}, 0")
            ordered = self.register(f"icmp sle i64 {low}, {high}")
            short = self.register(f"icmp sle i64 {high}, {LONGEST}")
            both = self.register(f"and i1 {positive}, {ordered}")
            self.require(
                self.register(f"and i1 {both}, {short}"),
                self.errors.wrong(f"{timer} starts with bounds that are no interval within 0..{LONGEST} ms"),
            )
        self.store_byte("%s", self.layout.flag(timer), "1")
        if self.clocked(timer):
            self.store_word("%w", self.mark(timer), str(STARTED))
            self.store_word("%w", self.mark(timer) + 1, low)
            self.store_word("%w", self.mark(timer) + 2, high)

    def hasten(self, timer: str, hi: Expr) -> None:
        high = self.value(hi)
        if self.clocked(timer):
            where = f"ptr %s, i64 {self.layout.flag(timer)}, ptr %w, i64 {self.mark(timer)}, i64 {high}"
            good = self.register(f"icmp ne i64 {self.register(f'call i64 @hasten({where})')}, 0")
        else:
            self.store_byte("%s", self.layout.flag(timer), "1")
            good = self.register(f"icmp sge i64 {high}, 0")
        self.require(good, self.errors.wrong(f"{timer} cannot be hastened to that bound"))

    def push(self, queue: str, value: Expr) -> None:
        place = self.layout.queues[queue]
        number = self.value(value)
        if self.module.debug or not within(interval(value, self.layout), (1, 255)):
            above = self.register(f"sub i64 {number}, 1")
            small = self.register(f"icmp ule i64 {above}, 254")
            self.require(small, self.errors.wrong(f"{queue} gets a message outside 1..255"))
        done = self.register(f"call i64 @push(ptr %s, i64 {place.offset}, i64 {place.capacity}, i64 {number})")
        fits = self.register(f"icmp ne i64 {done}, 0")
        full = f"the queue {queue} is full: it holds {place.capacity} messages"
        self.require(fits, self.errors.too_small(full))

    def clocked(self, timer: str) -> bool:
        return self.layout.kinds[self.layout.timers[timer]] != FAR

    def mark(self, timer: str) -> int:
        return 1 + 3 * self.layout.timers[timer]

    def fail(self, error: int) -> None:
        self.line(f"call void @fail(ptr %w, i64 {error})")

    def require(self, bit: str, error: int) -> None:
        """Go on where `bit` holds; note the error first where it does not."""
        bad, good = self.label(), self.label()
        self.branch(bit, good, bad)
        self.place(bad)
        self.fail(error)
        self.place(good)

    # -- expressions

    def value(self, expr: Expr) -> str:
        return self.number(self.lower(expr))

    def condition(self, expr: Expr, yes: str, no: str) -> None:
        """Continue at `yes` or `no`; conjunctions and disjunctions go only as far as needed."""
        match expr:
            case Not(arg):
                self.condition(arg, no, yes)
            case And(args) | Or(args) if not _flat(expr):
                for arg in args[:-1]:
                    further = self.label()
                    if isinstance(expr, And):
                        self.condition(arg, further, no)
                    else:
                        self.condition(arg, yes, further)
                    self.place(further)
                self.condition(args[-1], yes, no)
            case _:
                self.branch(self.truth(self.lower(expr)), yes, no)

    def lower(self, expr: Expr) -> Operand:
        match expr:
            case Const(value):
                return Operand(str(value))
            case Read(variable):
                return self.got(variable)
            case Local(name):
                return Operand(self.register(f"load i64, ptr {self.slot(_local(name))}"))
            case Option(name):
                return Operand(self.load_word("%c", self.module.options[name]))
            case Running(timer):
                return Operand(self.load_byte("%s", self.layout.flag(timer)))
            case Length(queue):
                return Operand(self.load_byte("%s", self.layout.queues[queue].offset))
            case Not(arg):
                return Operand(self.register(f"xor i1 {self.truth(self.lower(arg))}, true"), bit=True)
            case And(args) | Or(args):
                return self.junction(expr, args)
            case Binary(op, left, right):
                return self.binary(op, left, right)
            case Value(procedure, args):
                return Operand(self.call(procedure, args))
            case _:
                assert_never(expr)

    def junction(self, expr: And | Or, args: tuple[Expr, ...]) -> Operand:
        if _flat(expr):
            word = "and" if isinstance(expr, And) else "or"
            bits = [self.truth(self.lower(arg)) for arg in args]
            result = bits[0]
            for bit in bits[1:]:
                result = self.register(f"{word} i1 {result}, {bit}")
            return Operand(result, bit=True)
        yes, no, end = self.label(), self.label(), self.label()
        self.condition(expr, yes, no)
        self.place(yes)
        self.jump(end)
        self.place(no)
        self.place(end)
        return Operand(self.register(f"phi i1 [true, %{yes}], [false, %{no}]"), bit=True)

    def binary(self, op: Op, left: Expr, right: Expr) -> Operand:
        one, other = self.value(left), self.value(right)
        if op in (Op.DIV, Op.MOD) and not (isinstance(right, Const) and right.value != 0):
            good = self.register(f"icmp ne i64 {other}, 0")
            self.require(good, self.errors.wrong("a division by zero"))
            other = self.register(f"select i1 {good}, i64 {other}, i64 1")
        return self.operation(op, one, other)

    def call(self, procedure: str, args: Sequence[Expr]) -> str:
        given = "".join(f", i64 {self.value(arg)}" for arg in args)
        return self.register(f"call i64 @{self.module.functions[procedure]}({PASSED}{given})")


def _local(name: str) -> str:
    """A local name as LLVM spells it; the underscore keeps it apart from ours."""
    return f"_{name}" if name.isascii() and name.isidentifier() else f"_x{name.encode().hex()}"


def _flat(expr: And | Or) -> bool:
    """Cheap enough to compute whole instead of jumping."""
    return len(expr.args) <= 4 and all(not isinstance(a, And | Or) and pure(a) for a in expr.args)
