"""SMV, for NuSMV and nuXmv: the event of a step is an input, and each variable has one equation.

States correspond one to one. In every state there is also a step of no event, which changes nothing, so that every run
can go on for ever, as SMV wants it; it adds no state.
"""

from __future__ import annotations

from collections.abc import Iterator

from hamodel.ir.bounds import bounds
from hamodel.ir.expr import Op, not_
from hamodel.ir.flat import flat
from hamodel.ir.plain import simplified
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.single import Definition, Equations, equations
from hamodel.ir.system import System
from hamodel.ir.untimed import LIMIT
from hamodel.renderers.exports.about import About
from hamodel.renderers.exports.names import Names
from hamodel.renderers.exports.notation import Language, Notation

SIGNS = {op: {"//": "/", "==": "=", "%": "mod"}.get(op.value, op.value) for op in Op}
SMV = Language(both="&", either="|", negation="!", signs=SIGNS, true="TRUE", false="FALSE", typed=True, bitwise=False)
WORDS = """
module define mdefine constants var ivar frozenvar init trans invar spec ctlspec ltlspec pslspec compute name invarspec
fairness justice compassion isa assign constraint simpwff ctlwff ltlwff pslwff compwff in min max mirror pred predicates
process array of boolean integer real word word1 bool signed unsigned extend resize sizeof uwconst swconst ex ax ef af
eg ag e f o g h x y z a u s v t bu ebf abf ebg abg case esac mod next union self true false count abs event
no_event main
"""
RESERVED = WORDS.split()
NONE = "no_event"


def render(system: System, prop: Property | None, about: About, *, file: str = "model.smv") -> str:
    """The module `main`."""
    whole = flat(system, () if prop is None else (prop.formula,))
    limited = LIMIT in system.variable_index
    names = Names((v.name for v in system.variables), RESERVED)
    events = Names((a.name for a in whole.actions), [*RESERVED, *names.table()], "do ")
    what = "the untimed abstraction in SMV, for NuSMV and nuXmv. A running timer may end at any moment."
    out = [f"-- {line}".rstrip() for line in about.lines(what, prop, _run(file, prop, limited))]
    out += ["", "MODULE main", "IVAR", "  event : {"]
    out += [f"    {events[a.name]},".ljust(48) + f" -- {a.name}" for a in whole.actions]
    out += [f"    {NONE}", "  };", "VAR"]
    out += [f"  {names[v.name]} : {v.lo}..{v.hi};".ljust(48) + f" -- {v.name}" for v in system.variables]
    solved = {a.name: equations(system, a) for a in whole.actions}
    lines = [line for a in whole.actions for line in _definitions(system, events[a.name], solved[a.name], names)]
    if lines:
        out += ["DEFINE", *lines]
    out += ["ASSIGN"]
    for v in system.variables:
        out.append(f"  init({names[v.name]}) := {v.initial};")
    for v in system.variables:
        out += [f"  next({names[v.name]}) := case"]
        for action in whole.actions:
            found = solved[action.name]
            if v.name not in found.after:
                continue
            notation = _notation(system, events[action.name], found, names)
            value = notation.number(found.after[v.name])
            lo, hi = bounds(found.after[v.name], system, found.known)
            inside = "" if v.lo <= lo and hi <= v.hi else f" & {value} >= {v.lo} & {value} <= {v.hi}"
            out.append(f"    event = {events[action.name]}{inside} : {value};")
        out += [f"    TRUE : {names[v.name]};", "  esac;"]
    plain = Notation(SMV, system, read=lambda v: names[v])
    for action in whole.actions:
        out += [f"TRANS event = {events[action.name]} -> {plain.condition(action.guard)};"]
    if prop is not None:
        wanted = prop.kind is PropertyKind.SOMETIMES
        claim = simplified(not_(whole.formulas[0]), system) if wanted else whole.formulas[0]
        out += [f"INVARSPEC {plain.condition(claim)}; -- {prop.name}"]
    if limited:
        out += [f"INVARSPEC {names[LIMIT]} = 0; -- no fixed size of the model is exceeded"]
    return "\n".join(out) + "\n"


def _run(file: str, prop: Property | None, limited: bool) -> Iterator[str]:
    yield "to run it:"
    yield f"  NuSMV -dynamic {file}       # each INVARSPEC in turn"
    yield f"  NuSMV -r -dynamic {file}    # and the number of reachable states"
    if prop is not None and prop.kind is PropertyKind.SOMETIMES:
        yield "The invariant says that what is asked for never is: a counterexample is its witness."
    if limited:
        yield "Where a fixed size of the model is exceeded, `limit` is 1 and nothing happens any more: nothing is"
        yield "known beyond. The last invariant asks whether that ever comes about."


def _notation(system: System, event: str, found: Equations, names: Names) -> Notation:
    return Notation(SMV, system, read=lambda v: names[v], local=lambda n: f"{event}_{n}", known=found.known)


def _definitions(system: System, event: str, found: Equations, names: Names) -> Iterator[str]:
    notation = _notation(system, event, found, names)
    for definition in found.definitions:
        yield f"  {event}_{definition.name} := {_defined(definition, notation)};"


def _defined(definition: Definition, notation: Notation) -> str:
    if definition.test is None or definition.other is None:
        return notation.number(definition.value)
    test = notation.condition(definition.test)
    return notation.choose(test, notation.number(definition.value), notation.number(definition.other))
