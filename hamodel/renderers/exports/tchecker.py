"""TChecker: the timed system as one process with a single location; each action is one edge from it to itself.

The clocks and edges are those of the UPPAAL export, and so is the argument (see `uppaal`); the language is poorer:

- There are no functions, and TChecker goes through every path of an update before it begins. So an update has no
  branches: each intermediate value is a local name and a choice a term (see `ir.single`). `or` is a choice, too. A
  local name holds no negative number ("value out-of-bounds"), so it is raised by the least value it can have.
- The clocks are one array. A clock that is set to 0 only sometimes is chosen by its index; the last one counts nothing.
- An invariant is a conjunction. The bound of a timer that is off cannot be left away; it is a number as great as the
  greatest bound there is. So that it never holds time back, such a clock is set to 0 on every edge; and time need not
  pass by more than that number between two edges: where a timer runs it may not, and where none runs it makes no
  difference how much passes.
- A second location, `found`, carries the label `found`; its edge is open where an `always` is broken or a `sometimes`
  is met.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hamodel.errors import NotExportable
from hamodel.ir.bounds import bounds
from hamodel.ir.clocked import Clocked
from hamodel.ir.expr import FALSE, TRUE, Read, not_, or_
from hamodel.ir.flat import FlatAction, flat
from hamodel.ir.plain import simplified
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.single import Definition, equations
from hamodel.ir.system import Variable
from hamodel.renderers.exports.about import About
from hamodel.renderers.exports.names import Names
from hamodel.renderers.exports.notation import Language, Notation

TCHECKER = Language(
    choice="(if {test} then {yes} else {no})", either="||", true="1 == 1", false="1 == 0", typed=True, bitwise=False,
    without_or=True,
)  # fmt: skip
WORDS = """
clock edge event int location process sync system if then else end while do local nop initial invariant labels committed
urgent provided cluster idle found c
"""
RESERVED = WORDS.split()


def render(made: Clocked, prop: Property | None, about: About, *, file: str = "model.tck") -> str:
    """The model. Raises NotExportable for a promise that something comes."""
    if prop is not None and prop.kind is PropertyKind.LEADS_TO:
        raise NotExportable(f"{prop.name} promises that something comes", help="--to uppaal writes such promises")
    system = made.system
    whole = flat(system, made.formulas)
    names = Names((v.name for v in system.variables), RESERVED)
    taken = [*RESERVED, *names.table()]
    places = {c.name: number for number, c in enumerate(made.clocks)}
    events = Names((a.name for a in whole.actions), taken, "do ")
    notation = Notation(TCHECKER, system, read=lambda v: names[v])
    what = "the timed system for TChecker: one process, each action one edge."
    out = [f"# {line}".rstrip() for line in about.lines(what, prop, _run(file, prop))]
    out = [line.replace(":", " ").replace("@", " ") for line in out]
    out += ["", "system:cluster", "process:cluster"]
    out += [f"event:{events[a.name]}" for a in whole.actions]
    out += ["event:found"] if prop is not None else []
    out += [f"int:1:{v.lo}:{v.hi}:{v.initial}:{names[v.name]}" for v in system.variables]
    out += [f"# c[{number}] is {name}".replace(":", " ") for name, number in places.items()]
    out += [f"clock:{len(places) + 1}:c"]
    longest = max((bounds(c.most, system)[1] for c in made.clocks), default=0)
    held = " && ".join(
        f"c[{places[c.name]}] <= (if {notation.condition(Read(c.on))} then {notation.number(c.most)} else {longest})"
        for c in made.clocks
    )
    out.append(f"location:cluster:idle{{initial:{f' : invariant: {held}' if held else ''}}}")
    if prop is not None:
        out.append("location:cluster:found{labels: found}")
    for action in whole.actions:
        guard = notation.condition(action.guard)
        clock = made.ends.get(action.name)
        if clock is not None:
            guard += f" && c[{places[clock.name]}] >= {notation.number(clock.least)}"
        update = "; ".join(_update(action, made, names, places))
        out.append(f"edge:cluster:idle:idle:{events[action.name]}{{provided: {guard} : do: {update}}}")
    if prop is not None:
        formula = whole.formulas[0]
        asked = formula if prop.kind is PropertyKind.SOMETIMES else simplified(not_(formula), system)
        out.append(f"edge:cluster:idle:found:found{{provided: {notation.condition(asked)}}}")
    return "\n".join(out) + "\n"


def _run(file: str, prop: Property | None) -> Iterator[str]:
    label = " -l found" if prop is not None else ""
    yield f"to run it, tck-reach -a covreach{label} {file}"
    if prop is not None:
        broken = "the property is broken" if prop.kind is PropertyKind.ALWAYS else "what is asked for is found"
        yield f"REACHABLE true says that {broken}"


def _update(action: FlatAction, made: Clocked, names: Names, places: dict[str, int]) -> Iterator[str]:
    """The statements of an edge; in the end every clock that counts nothing is set to 0."""
    pseudo = tuple(Variable(name, 1) for name in places)
    system = replace(made.system, variables=(*made.system.variables, *pseudo))
    found = equations(system, action, dict.fromkeys(places, FALSE))
    said = {definition.name: f"v_{definition.name}" for definition in found.definitions}
    notation = Notation(TCHECKER, system, read=lambda v: names[v], local=lambda n: said[n], known=found.known)
    for definition in found.definitions:
        least = found.known[definition.name][0]
        raised = f" + {-least}" if least < 0 else ""
        yield f"local v_{definition.name} = {_defined(definition, notation)}{raised}"
        if raised:
            said[definition.name] = f"(v_{definition.name} - {-least})"
    changed = {name: value for name, value in found.after.items() if name not in places}
    late = {name for name, value in changed.items() if isinstance(value, Read)}
    for name in late:
        yield f"local after_{names[name]} = {notation.number(changed[name])}"
    for name, value in changed.items():
        yield f"{names[name]} = {f'after_{names[name]}' if name in late else notation.number(value)}"
    for clock in made.clocks:
        begun = found.after.get(clock.name, FALSE)
        reset = simplified(or_(begun, not_(Read(clock.on))), system)
        if reset == TRUE:
            yield f"c[{places[clock.name]}] = 0"
        else:
            yield f"c[(if {notation.condition(reset)} then {places[clock.name]} else {len(places)})] = 0"


def _defined(definition: Definition, notation: Notation) -> str:
    if definition.test is None or definition.other is None:
        return notation.number(definition.value)
    test = notation.condition(definition.test)
    return notation.choose(test, notation.number(definition.value), notation.number(definition.other))
