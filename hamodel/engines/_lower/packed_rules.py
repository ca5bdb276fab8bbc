"""The rules of an untimed system on packed words: the same lowering, but a variable is some bits of a word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from hamodel.engines._lower.faults import Errors
from hamodel.engines._lower.footprint import WIDE, footprints
from hamodel.engines._lower.influence import Signals
from hamodel.engines._lower.layout import layout_of
from hamodel.engines._lower.llvm import FunctionText, Operand
from hamodel.engines._lower.packing import Packing
from hamodel.engines._lower.rules import ATTRIBUTES, POINTERS, ProcedureText, RulesText
from hamodel.ir import statement as st
from hamodel.ir.expr import Expr
from hamodel.ir.system import System

TELLS = WIDE + 1
"""What `home` says of an action decided by the first half, if it tells the second; one more: the other way round."""
SUPPORT = """
declare void @llvm.prefetch.p0(ptr, i32, i32, i32)

define internal i64 @look(ptr %p) nounwind alwaysinline {
  %v = load atomic i64, ptr %p acquire, align 8
  ret i64 %v
}

define internal i64 @publish(ptr %p, i64 %v) nounwind alwaysinline {
  store atomic i64 %v, ptr %p release, align 8
  ret i64 0
}

define internal i64 @swap(ptr %p, i64 %old, i64 %new) nounwind alwaysinline {
  %pair = cmpxchg ptr %p, i64 %old, i64 %new acq_rel acquire
  %v = extractvalue { i64, i1 } %pair, 0
  ret i64 %v
}

define internal i64 @add_to(ptr %p, i64 %v) nounwind alwaysinline {
  %old = atomicrmw add ptr %p, i64 %v monotonic
  ret i64 %old
}

define internal i64 @fetch(ptr %p) nounwind alwaysinline {
  call void @llvm.prefetch.p0(ptr %p, i32 0, i32 3, i32 1)
  ret i64 0
}
"""


class PackedRules(RulesText):
    """All procedures of an untimed system, and what the search calls: `ready_..`, `fire` and `judge`."""

    def __init__(self, system: System, packing: Packing, errors: Errors, formulas: Sequence[Expr]) -> None:
        super().__init__(system, layout_of(system), errors)
        self.packing, self.formulas = packing, formulas
        self.twice = frozenset(packing.division.common)
        prints = footprints(system)
        self.guarded = [packing.division.side(prints[a.name].guard) for a in system.actions]
        """For each action the half that decides whether it may happen, or WIDE."""
        self.homes: list[int] = []
        """For each action the half it concerns alone, or WIDE, or TELLS plus the half that tells the other `told`."""
        self.told: list[int] = []
        signals = Signals(system, self.layout, packing)
        for action, guarded in zip(system.actions, self.guarded, strict=True):
            home, told = packing.division.side(prints[action.name].touched), None
            if home == WIDE != guarded:
                told = signals.told(action.procedure, guarded)
            self.homes.append(home if told is None else TELLS + guarded)
            self.told += told or [0] * packing.half

    def text(self) -> str:
        parts = [_Packed(self, p).define(self.functions[n]) for n, p in self.system.procedures.items()]
        ready = [self._ready_on(name, side) for side, name in enumerate(("ready_left", "ready_right", "ready_wide"))]
        return "\n".join([*parts, self._judge(), *ready, self._fire(), *self._tables()])

    def _begin_function(self) -> _Packed:
        return _Packed(self, st.Procedure("question", (), ()))

    def _ready_on(self, name: str, side: int) -> str:
        """ready_..(s, todo): the actions this side decides on whose guard holds, in order; returns how many."""
        out = self._begin_function()
        count = out.slot("count")
        for index, action in enumerate(self.system.actions):
            if self.guarded[index] != side:
                continue
            yes, no = out.label(), out.label()
            out.condition(action.guard, yes, no)
            out.place(yes)
            n = out.register(f"load i64, ptr {count}")
            out.line(f"store i64 {index}, ptr {out.register(f'getelementptr inbounds i64, ptr %todo, i64 {n}')}")
            out.line(f"store i64 {out.register(f'add i64 {n}, 1')}, ptr {count}")
            out.place(no)
        out.give(out.register(f"load i64, ptr {count}"))
        return self._with_nothing(out, name, "ptr noalias %todo", "ptr %todo")

    def _tables(self) -> list[str]:
        """home(a) and told(i), as numbers that are looked up."""
        return [_table("home", self.homes), _table("told", self.told)]

    def _judge(self) -> str:
        """judge(s): a bit for each formula that holds."""
        out = self._begin_function()
        result = "0"
        for index, formula in enumerate(self.formulas):
            bit = out.number(Operand(out.truth(out.lower(formula)), bit=True))
            shifted = out.register(f"shl i64 {bit}, {index}")
            result = out.register(f"or i64 {result}, {shifted}")
        out.give(result)
        return self._with_nothing(out, "judge", "", "")

    def _with_nothing(self, out: FunctionText, name: str, params: str, given: str) -> str:
        """A function of the state alone: guards and formulas change nothing, and there are no options any more."""
        more, passed = (f", {params}", f", {given}") if params else ("", "")
        inner = out.text(f"define internal i64 @{name}_in({POINTERS}{more}) {ATTRIBUTES}")
        outer = (
            f"define internal i64 @{name}(ptr %s{more}) {ATTRIBUTES} {{\n  %w = alloca i64\n"
            f"  store i64 0, ptr %w\n  %n = call i64 @{name}_in(ptr %s, ptr %w, ptr null{passed})\n  ret i64 %n\n}}\n"
        )
        return inner + outer

    def _fire(self) -> str:
        """fire(a, t, w): the macro step of an enabled action, in place."""
        out = FunctionText()
        labels = [out.label() for _ in self.system.actions]
        end = out.label()
        cases = " ".join(f"i64 {i}, label %{label}" for i, label in enumerate(labels))
        out.line(f"switch i64 %a, label %{end} [{cases}]")
        out.ended = True
        for action, label in zip(self.system.actions, labels, strict=True):
            out.place(label)
            out.register(f"call i64 @{self.functions[action.procedure]}(ptr %s, ptr %w, ptr null)")
            out.jump(end)
        out.place(end)
        return out.text(f"define internal i64 @fire(i64 %a, ptr noalias %s, ptr noalias %w) {ATTRIBUTES}")


def _table(name: str, numbers: Sequence[int]) -> str:
    kind, listed = f"[{len(numbers)} x i64]", ", ".join(f"i64 {n}" for n in numbers)
    return (
        f"@{name}.numbers = internal constant {kind} [{listed}]\n"
        f"define internal i64 @{name}(i64 %i) {ATTRIBUTES} alwaysinline {{\n"
        f"  %p = getelementptr inbounds {kind}, ptr @{name}.numbers, i64 0, i64 %i\n"
        f"  %n = load i64, ptr %p\n  ret i64 %n\n}}\n"
    )


class _Packed(ProcedureText):
    """One procedure on packed words."""

    how: ClassVar[str] = "noinline"
    """Optimised, other than for the classes: a long search repays the second it costs; inlining would cost three."""
    module: PackedRules

    def got(self, variable: str) -> Operand:
        field = self.module.packing.fields[variable]
        if field.width == 0:
            return Operand(str(field.lo))
        word = self.load_word("%s", field.word)
        moved = self.register(f"lshr i64 {word}, {field.shift}") if field.shift else word
        kept = self.register(f"and i64 {moved}, {field.mask}")
        return Operand(self.register(f"add i64 {kept}, {field.lo}") if field.lo else kept)

    def put(self, variable: str, number: str) -> None:
        field = self.module.packing.fields[variable]
        if field.width == 0:
            return
        word = self.load_word("%s", field.word)
        cleared = self.register(f"and i64 {word}, {~(field.mask << field.shift)}")
        less = self.register(f"sub i64 {number}, {field.lo}") if field.lo else number
        kept = self.register(f"and i64 {less}, {field.mask}")
        placed = self.register(f"shl i64 {kept}, {field.shift}")
        self.store_word("%s", field.word, self.register(f"or i64 {cleared}, {placed}"))
        if variable in self.module.twice:
            other = self.load_word("%s", field.word + self.module.packing.half)
            cleared = self.register(f"and i64 {other}, {~(field.mask << field.shift)}")
            both = self.register(f"or i64 {cleared}, {placed}")
            self.store_word("%s", field.word + self.module.packing.half, both)
