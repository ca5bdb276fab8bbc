"""Procedures as functions of a language that looks like C: embedded C for Spin, the functions of UPPAAL."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from hamodel.errors import ModelError
from hamodel.ir import expr as e
from hamodel.ir import statement as s
from hamodel.ir.rewrite import statements
from hamodel.ir.settled import asked_results
from hamodel.ir.system import System
from hamodel.renderers.exports.names import Names
from hamodel.renderers.exports.notation import C, Language, Notation

Extra = Callable[[s.Statement, Notation], list[str] | None]
"""How a language writes a statement in a way of its own; None: as any other."""


@dataclass(frozen=True)
class Functions:
    """The functions of a system whose calls are settled (see `ir.settled`)."""

    system: System
    names: Names
    """The identifiers of procedures."""
    read: Callable[[str], str]
    reserved: Sequence[str]
    prefix: str = ""
    """Before each function: `static ` in C."""
    signed: str = "int"
    local: str = ""
    """Before each local name."""
    language: Language = C
    extra: Extra | None = None

    def written(self) -> Iterator[list[str]]:
        """All functions as lines, each function after those it calls."""
        asked = asked_results(self.system)
        for name in self.system.procedures:
            yield list(self._function(name, name in asked))

    def notation(self, local: Mapping[str, str] | Names | None = None) -> Notation:
        """How terms are written inside a function with these local names."""
        return Notation(
            self.language,
            self.system,
            read=self.read,
            local=(lambda name: local[name]) if local is not None else str,
            call=self._call(local),
        )

    def _call(self, local: Mapping[str, str] | Names | None) -> Callable[[str, tuple[e.Expr, ...]], str]:
        def call(procedure: str, args: tuple[e.Expr, ...]) -> str:
            notation = self.notation(local)
            return f"{self.names[procedure]}({', '.join(notation.number(a) for a in args)})"

        return call

    def _function(self, name: str, asked: bool) -> Iterator[str]:
        procedure = self.system.procedures[name]
        bound = [x.name for x in statements(procedure.body) if isinstance(x, s.Bind | s.Take)]
        local = Names([*procedure.params, *bound], [*self.reserved, *self.names.table()], self.local)
        notation = self.notation(local)
        params = ", ".join(f"{self.signed} {local[p]}" for p in procedure.params)
        kind = self.signed if asked else "void"
        yield f"{self.prefix}{kind} {self.names[name]}({params or self.nothing}) {{ /* {name} */"
        own = [local[n] for n in dict.fromkeys(bound) if n not in procedure.params]
        if own:
            yield f"    {self.signed} {', '.join(f'{n} = 0' for n in own)};"
        yield from self._block(procedure.body, notation, local, asked, 1)
        if asked and not (procedure.body and isinstance(procedure.body[-1], s.Return)):
            yield "    return 0;"
        yield "}"

    @property
    def nothing(self) -> str:
        """An empty list of parameters."""
        return "void" if self.prefix else ""

    def _block(
        self, body: Sequence[s.Statement], notation: Notation, local: Names, asked: bool, depth: int
    ) -> Iterator[str]:
        pad = "    " * depth
        for statement in body:
            lines = self.extra(statement, notation) if self.extra is not None else None
            if lines is not None:
                yield from (f"{pad}{line}" for line in lines)
                continue
            match statement:
                case s.Assign(name, value):
                    yield f"{pad}{self.read(name)} = {notation.number(value)};"
                case s.Bind(name, value):
                    yield f"{pad}{local[name]} = {notation.number(value)};"
                case s.Call(procedure, args):
                    yield f"{pad}{self.names[procedure]}({', '.join(notation.number(a) for a in args)});"
                case s.If(test, then, otherwise):
                    yield f"{pad}if ({notation.condition(test)}) {{"
                    yield from self._block(then, notation, local, asked, depth + 1)
                    if otherwise:
                        yield f"{pad}}} else {{"
                        yield from self._block(otherwise, notation, local, asked, depth + 1)
                    yield f"{pad}}}"
                case s.While(test, inner):
                    yield f"{pad}while ({notation.condition(test)}) {{"
                    yield from self._block(inner, notation, local, asked, depth + 1)
                    yield f"{pad}}}"
                case s.Return(value):
                    result = "0" if value is None else notation.number(value)
                    yield f"{pad}return {result};" if asked else f"{pad}return;"
                    return
                case _:
                    raise ModelError(f"{type(statement).__name__} cannot be written in this language")
