"""UPPAAL: the timed system as one automaton with a single location; each action is one edge from it to itself.

What makes it the same system (see `ir.clocked` for the clocks):

- An edge is a macro step. Its update calls the functions of the rules, so that everything happens at one moment and no
  committed or urgent location is needed: there is nothing between two events.
- A timer's edge asks for its least time in the guard; the invariant of the location holds time back at its greatest.
  UPPAAL knows no "never pass a due timer" but this; as every running timer has an edge that is open from `least` to
  `most`, time never stops for want of one. Where several are due, any of them may come first.
- Faults, repairs and commands have no clock in their guard: they may come at any instant that the invariant allows.
- A far timer's edge asks that no near timer runs.
- Clocks are real numbers here and integers in hamodel. All bounds are closed and whole, so the same is reachable.
- A promise that something comes is `trigger --> goal or release`. UPPAAL, too, counts a run that waits for ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from hamodel.ir import statement as s
from hamodel.ir.clocked import Clock, Clocked
from hamodel.ir.expr import Const, Read
from hamodel.ir.formulas import without_calls
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.settled import settled
from hamodel.ir.untimed import LIMIT
from hamodel.renderers.exports.about import About
from hamodel.renderers.exports.clike import Functions
from hamodel.renderers.exports.names import Names
from hamodel.renderers.exports.notation import Language, Notation

UPPAAL = Language()
WORDS = """
chan clock bool int double string commit const urgent broadcast init process state guard sync assign system trans
deadlock and or not imply true false for forall exists sum while do if else return typedef struct rate before_update
after_update meta priority progress scalar select void default switch case continue break enum hybrid dynamic query
invariant exit spawn numof min max sup inf simulate location number cluster idle
abs fabs fmod fma fmax fmin exp ln log pow sqrt sin cos tan floor ceil round random int8_t uint8_t int16_t int32_t
"""
RESERVED = WORDS.split()
DTD = "'-//Uppaal Team//DTD Flat System 1.6//EN' 'http://www.it.uu.se/research/group/darts/uppaal/flat-1_6.dtd'"
NUMBER = "number"


def render(made: Clocked, prop: Property | None, about: About, *, file: str = "model.xml") -> str:
    """The model as XML, with its question as a query."""
    writer = _Writer(made)
    system = made.system
    limited = LIMIT in system.variable_index
    what = "the timed system for UPPAAL: one automaton, each action one edge."
    top = [f"// {line}".rstrip() for line in about.lines(what, prop, _run(file, limited))]
    declared = "\n".join([*top, "", *writer.declarations()])
    out = ['<?xml version="1.0" encoding="utf-8"?>', f"<!DOCTYPE nta PUBLIC {DTD}>", "<nta>"]
    out += [f"<declaration>{escape(declared)}</declaration>", "<template>", "<name>Cluster</name>"]
    out += ['<location id="id0" x="0" y="0">', "<name>idle</name>"]
    invariant = " && ".join(writer.held(clock) for clock in made.clocks)
    if invariant:
        out.append(f'<label kind="invariant">{escape(invariant)}</label>')
    out += ["</location>", '<init ref="id0"/>']
    for action in system.actions:
        guard = writer.notation.condition(without_calls(system, action.guard))
        clock = made.ends.get(action.name)
        if clock is not None and clock.least != Const(0):
            guard += f" && {writer.clocks[clock.name]} >= {writer.notation.number(clock.least)}"
        out += ["<transition>", '<source ref="id0"/>', '<target ref="id0"/>']
        out += [f'<label kind="guard">{escape(guard)}</label>']
        out += [f'<label kind="assignment">{writer.functions[action.procedure]}()</label>']
        out += [f'<label kind="comments">{escape(action.name)}</label>', "</transition>"]
    out += ["</template>", "<system>system Cluster;</system>", "<queries>"]
    out += _queries(made, prop, writer, limited)
    return "\n".join([*out, "</queries>", "</nta>"]) + "\n"


def _run(file: str, limited: bool) -> Iterator[str]:
    yield f"to run it: verifyta -t1 -o0 {file}    # -t1: a shortest run; or open it in the graphical tool"
    if limited:
        yield "Where a fixed size of the model is exceeded, `limit` is 1 and nothing happens any more: nothing is"
        yield "known beyond. The last query asks whether that ever comes about."


def _queries(made: Clocked, prop: Property | None, writer: _Writer, limited: bool) -> Iterator[str]:
    said = [writer.notation.condition(without_calls(made.system, f)) for f in made.formulas]
    if prop is not None:
        match prop.kind:
            case PropertyKind.ALWAYS:
                query = f"A[] {said[0]}"
            case PropertyKind.SOMETIMES:
                query = f"E<> {said[0]}"
            case PropertyKind.LEADS_TO:
                query = f"{said[0]} --> {said[1]}"
        yield from _query(query, f"{prop.name}: {prop.doc}")
    if limited:
        yield from _query(f"A[] {writer.variables[LIMIT]} == 0", "no fixed size of the model is exceeded")


def _query(formula: str, comment: str) -> Iterator[str]:
    yield "<query>"
    yield f"<formula>{escape(formula)}</formula>"
    yield f"<comment>{escape(comment)}</comment>"
    yield "</query>"


class _Writer:
    """Declarations: integers, clocks, and the rules as functions."""

    def __init__(self, made: Clocked) -> None:
        self.made, self.system = made, settled(made.system)
        self.variables = Names((v.name for v in self.system.variables), RESERVED)
        taken = [*RESERVED, *self.variables.table()]
        self.clocks = Names((c.name for c in made.clocks), taken)
        self.functions = Names(self.system.procedures, [*taken, *self.clocks.table()], "do ")
        self.notation = Notation(UPPAAL, self.system, read=lambda v: self.variables[v])

    def declarations(self) -> Iterator[str]:
        yield f"typedef int[-1000000000,1000000000] {NUMBER};"
        for v in self.system.variables:
            yield f"int[{v.lo},{v.hi}] {self.variables[v.name]} = {v.initial};".ljust(48) + f" // {v.name}"
        for clock in self.made.clocks:
            yield f"clock {self.clocks[clock.name]};".ljust(48) + f" // {clock.name}"
        written = Functions(
            self.system, self.functions, read=self.place, reserved=[*RESERVED, *self.clocks.table()], signed=NUMBER,
            language=UPPAAL, extra=self.extra,
        )  # fmt: skip
        for function in written.written():
            yield ""
            yield from function

    def place(self, name: str) -> str:
        return self.variables[name]

    def extra(self, statement: s.Statement, _notation: Notation) -> list[str] | None:
        """A clock that is set to 0."""
        if isinstance(statement, s.Assign) and statement.variable in self.clocks:
            return [f"{self.clocks[statement.variable]} = 0;"]
        return None

    def held(self, clock: Clock) -> str:
        """Time stands still at the end of a running timer."""
        off = self.notation.condition(Read(clock.on))
        return f"(!{off} || {self.clocks[clock.name]} <= {self.notation.number(clock.most)})"
