"""Murphi, for rumur (and CMurphi): variables as ranges, procedures as procedures, each action a rule.

States correspond one to one, and a rule fired is a step. rumur searches breadth first: with one thread the run it shows
is a shortest one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from hamodel.errors import ModelError
from hamodel.ir import expr as e
from hamodel.ir import statement as s
from hamodel.ir.expr import Op, not_
from hamodel.ir.formulas import without_calls
from hamodel.ir.plain import simplified
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.rewrite import statements
from hamodel.ir.settled import asked_results, settled
from hamodel.ir.system import System
from hamodel.ir.untimed import LIMIT
from hamodel.renderers.exports.about import About
from hamodel.renderers.exports.names import Names
from hamodel.renderers.exports.notation import Language, Notation

SIGNS = {op: {"//": "/", "==": "="}.get(op.value, op.value) for op in Op}
MURPHI = Language(both="&", either="|", negation="!", signs=SIGNS, typed=True, bitwise=False)
WORDS = """
alias array assert assume begin boolean by case clear const cover do else elsif end endalias endexists endfor endforall
endfunction endif endprocedure endrecord endrule endruleset endstartstate endswitch endwhile enum error exists false for
forall from function guarantee if in interleaved invariant ismember isundefined liveness multiset multisetadd
multisetcount multisetremove of procedure process program property put record return rule ruleset scalarset startstate
switch then to traceuntil true type undefine undefined union var while with number
"""
RESERVED = WORDS.split()
NUMBER = "number"
"""The type of local names: everything a term of this model can be."""


def render(system: System, prop: Property | None, about: About, *, file: str = "model.m") -> str:
    """The model. Procedures keep their names and their order: each after those it calls."""
    clear = settled(system)
    names = Names((v.name for v in system.variables), RESERVED)
    functions = Names(clear.procedures, [*RESERVED, *names.table()], "do ")
    limited = LIMIT in system.variable_index
    what = "the untimed abstraction in Murphi, for rumur. A running timer may end at any moment."
    out = [f"-- {line}".rstrip() for line in about.lines(what, prop, _run(file, prop, limited))]
    out += ["", "type", f"  {NUMBER}: -65536 .. 65535;", "", "var"]
    for v in system.variables:
        out.append(f"  {names[v.name]}: {v.lo} .. {v.hi};".ljust(48) + f" -- {v.name}")
    writer = _Writer(clear, names, functions)
    for name in clear.procedures:
        out += ["", *writer.procedure(name)]
    out += ["", "startstate begin"]
    out += [f"  {names[v.name]} := {v.initial};" for v in system.variables]
    out += ["end;"]
    notation = writer.notation({})
    for action in system.actions:
        if not system.may_happen(action):
            continue
        guard = notation.condition(without_calls(system, action.guard))
        called = [action.procedure, *([system.after] if system.after else [])]
        out += ["", f"rule {_quoted(action.name)}", f"  {guard} ==>", "begin"]
        out += [f"  {functions[name]}();" for name in called]
        out += ["end;"]
    if prop is not None:
        formula = without_calls(system, prop.formula)
        claim = simplified(not_(formula), system) if prop.kind is PropertyKind.SOMETIMES else formula
        out += ["", f"invariant {_quoted(prop.name)}", f"  {notation.condition(claim)};"]
    if limited:
        out += ["", "-- Uncomment to ask whether a fixed size of the model is ever exceeded:"]
        out += [f'-- invariant "no limit is reached" ({names[LIMIT]} = 0);']
    return "\n".join(out) + "\n"


def _run(file: str, prop: Property | None, limited: bool) -> Iterator[str]:
    yield "to run it:"
    yield f"  rumur --deadlock-detection off --threads 1 --output model.c {file}"
    yield "  gcc -O3 -mcx16 -o model model.c -lpthread && ./model"
    if prop is not None and prop.kind is PropertyKind.SOMETIMES:
        yield "The invariant says that what is asked for never is: an error is its witness."
    if limited:
        yield "Where a fixed size of the model is exceeded, `limit` is 1 and nothing happens any more: nothing is"
        yield "known beyond. See the invariant at the end."


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "/").replace('"', "'") + '"'


class _Writer:
    """The procedures of a system whose calls are settled."""

    def __init__(self, system: System, names: Names, functions: Names) -> None:
        self.system, self.names, self.functions = system, names, functions
        self.asked = asked_results(system)

    def notation(self, local: Mapping[str, str]) -> Notation:
        return Notation(
            MURPHI, self.system, read=lambda v: self.names[v], local=lambda n: local[n], call=self._call(local)
        )

    def _call(self, local: Mapping[str, str]) -> Callable[[str, tuple[e.Expr, ...]], str]:
        def call(procedure: str, args: tuple[e.Expr, ...]) -> str:
            return f"{self.functions[procedure]}({', '.join(map(self.notation(local).number, args))})"

        return call

    def procedure(self, name: str) -> Iterator[str]:
        procedure = self.system.procedures[name]
        bound = [x.name for x in statements(procedure.body) if isinstance(x, s.Bind)]
        taken = [*RESERVED, *self.names.table(), *self.functions.table()]
        local = dict(Names([*procedure.params, *bound], taken).items())
        written = set(bound) & set(procedure.params)
        given = {p: f"given_{local[p]}" if p in written else local[p] for p in procedure.params}
        asked = name in self.asked
        params = "; ".join(f"{given[p]}: {NUMBER}" for p in procedure.params)
        kind = f"function {self.functions[name]}({params}): {NUMBER};" if asked else ""
        yield (kind or f"procedure {self.functions[name]}({params});").ljust(48) + f" -- {name}"
        own = list(dict.fromkeys(bound))
        if own:
            yield "var"
            yield from (f"  {local[n]}: {NUMBER};" for n in own)
        yield "begin"
        yield from (f"  {local[n]} := {given.get(n, '0')};" for n in own)
        yield from self._block(procedure.body, self.notation(local), local, asked, 1)
        if asked and not (procedure.body and isinstance(procedure.body[-1], s.Return)):
            yield "  return 0;"
        yield "end;"

    def _block(
        self, body: Sequence[s.Statement], notation: Notation, local: Mapping[str, str], asked: bool, depth: int
    ) -> Iterator[str]:
        pad = "  " * depth
        for statement in body:
            match statement:
                case s.Assign(name, value):
                    yield f"{pad}{self.names[name]} := {notation.number(value)};"
                case s.Bind(name, value):
                    yield f"{pad}{local[name]} := {notation.number(value)};"
                case s.Call(procedure, args):
                    yield f"{pad}{self.functions[procedure]}({', '.join(map(notation.number, args))});"
                case s.If(test, then, otherwise):
                    yield f"{pad}if {notation.condition(test)} then"
                    yield from self._block(then, notation, local, asked, depth + 1)
                    if otherwise:
                        yield f"{pad}else"
                        yield from self._block(otherwise, notation, local, asked, depth + 1)
                    yield f"{pad}end;"
                case s.While(test, inner):
                    yield f"{pad}while {notation.condition(test)} do"
                    yield from self._block(inner, notation, local, asked, depth + 1)
                    yield f"{pad}end;"
                case s.Return(value):
                    result = "0" if value is None else notation.number(value)
                    yield f"{pad}return {result};" if asked else f"{pad}return;"
                    return
                case _:
                    raise ModelError(f"{type(statement).__name__} is no statement of an untimed system")
