"""A function in LLVM's assembly text, written instruction by instruction.

Text instead of an object tree: a module of 600 procedures is written in a tenth of a second and parsed in a
hundredth. Everything is an i64 or a pointer; a truth value is an i1 until someone needs a number. Locals are stack
slots of the entry block, which the optimiser turns into registers.
"""

from __future__ import annotations

from dataclasses import dataclass

from hamodel.ir.expr import Op

COMPARISONS = {Op.EQ: "eq", Op.NE: "ne", Op.LT: "slt", Op.LE: "sle", Op.GT: "sgt", Op.GE: "sge"}
ARITHMETIC = {Op.ADD: "add", Op.SUB: "sub", Op.MUL: "mul", Op.BITAND: "and", Op.BITOR: "or"}


@dataclass(frozen=True, slots=True)
class Operand:
    """A register or a literal; `bit` tells a truth value (i1) from a number (i64)."""

    text: str
    bit: bool = False


class FunctionText:
    """The instructions of one function as they come."""

    def __init__(self) -> None:
        self.entry: list[str] = []
        self.lines: list[str] = []
        self.ended = False
        self._count = 0
        self._slots: dict[str, str] = {}

    def line(self, text: str) -> None:
        self.lines.append(text)

    def register(self, text: str) -> str:
        self._count += 1
        self.lines.append(f"%r{self._count} = {text}")
        return f"%r{self._count}"

    def label(self) -> str:
        self._count += 1
        return f"L{self._count}"

    def place(self, label: str) -> None:
        """The block `label` begins here; the one before falls into it unless it has ended."""
        self.jump(label)
        self.lines.append(f"{label}:")
        self.ended = False

    def jump(self, label: str) -> None:
        if not self.ended:
            self.lines.append(f"br label %{label}")
        self.ended = True

    def branch(self, bit: str, yes: str, no: str) -> None:
        self.lines.append(f"br i1 {bit}, label %{yes}, label %{no}")
        self.ended = True

    def give(self, value: str) -> None:
        self.lines.append(f"ret i64 {value}")
        self.ended = True

    def slot(self, name: str, value: str = "0") -> str:
        """The stack slot of a local name; it holds `value` when the function begins."""
        if name not in self._slots:
            pointer = self._slots[name] = f"%{name}.slot"
            self.entry += [f"{pointer} = alloca i64", f"store i64 {value}, ptr {pointer}"]
        return self._slots[name]

    def number(self, operand: Operand) -> str:
        """As an i64."""
        if not operand.bit:
            return operand.text
        if operand.text in ("true", "false"):
            return str(int(operand.text == "true"))
        return self.register(f"zext i1 {operand.text} to i64")

    def truth(self, operand: Operand) -> str:
        """As an i1."""
        if operand.bit:
            return operand.text
        if not operand.text.startswith("%"):
            return "false" if operand.text == "0" else "true"
        return self.register(f"icmp ne i64 {operand.text}, 0")

    def address(self, pointer: str, offset: int | str, element: str = "i8") -> str:
        return self.register(f"getelementptr inbounds {element}, ptr {pointer}, i64 {offset}")

    def load_byte(self, pointer: str, offset: int) -> str:
        byte = self.register(f"load i8, ptr {self.address(pointer, offset)}")
        return self.register(f"zext i8 {byte} to i64")

    def store_byte(self, pointer: str, offset: int, value: str) -> None:
        if value.startswith("%"):
            value = self.register(f"trunc i64 {value} to i8")
        else:
            value = str(int(value) & 255)
        self.line(f"store i8 {value}, ptr {self.address(pointer, offset)}")

    def load_word(self, pointer: str, index: int) -> str:
        return self.register(f"load i64, ptr {self.address(pointer, index, 'i64')}")

    def store_word(self, pointer: str, index: int, value: str) -> None:
        self.line(f"store i64 {value}, ptr {self.address(pointer, index, 'i64')}")

    def operation(self, op: Op, left: str, right: str) -> Operand:
        """`left op right`; division and remainder floor as in Python. The divisor must not be 0."""
        if op in COMPARISONS:
            return Operand(self.register(f"icmp {COMPARISONS[op]} i64 {left}, {right}"), bit=True)
        if op in ARITHMETIC:
            return Operand(self.register(f"{ARITHMETIC[op]} i64 {left}, {right}"))
        quotient = self.register(f"sdiv i64 {left}, {right}")
        rest = self.register(f"srem i64 {left}, {right}")
        signs = self.register(f"xor i64 {rest}, {right}")
        differ = self.register(f"icmp slt i64 {signs}, 0")
        uneven = self.register(f"icmp ne i64 {rest}, 0")
        below = self.register(f"and i1 {differ}, {uneven}")
        if op is Op.DIV:
            return Operand(self.register(f"sub i64 {quotient}, {self.number(Operand(below, bit=True))}"))
        other = self.register(f"add i64 {rest}, {right}")
        return Operand(self.register(f"select i1 {below}, i64 {other}, i64 {rest}"))

    def text(self, head: str) -> str:
        """The finished function; one that runs off its end returns 0."""
        if not self.ended:
            self.give("0")
        return "\n".join([head + " {", *self.entry, *self.lines, "}", ""])
