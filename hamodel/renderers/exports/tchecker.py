"""TChecker: the timed system as one process with a single location; each action is one edge from it to itself.

The clocks and edges are those of the UPPAAL export, and so is the argument (see `uppaal`); the language is poorer:

- There are no functions, so calls are written out, and no `or`, which is said with `not` and `and`.
- An invariant is a conjunction. The bound of a timer that is off cannot be left away; it is a number as great as the
  greatest bound there is. So that it never holds time back, such a clock is set to 0 on every edge; and time need not
  pass by more than that number between two edges: where a timer runs it may not, and where none runs it makes no
  difference how much passes.
- A second location, `found`, carries the label `found`; its edge is open where an `always` is broken or a `sometimes`
  is met.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hamodel.errors import NotExportable
from hamodel.ir import statement as s
from hamodel.ir.bounds import bounds, local_bounds
from hamodel.ir.clocked import Clock, Clocked
from hamodel.ir.expr import Expr, Read, not_
from hamodel.ir.flat import FlatAction, flat, renamed
from hamodel.ir.plain import simplified
from hamodel.ir.property import Property, PropertyKind
from hamodel.renderers.exports.about import About
from hamodel.renderers.exports.names import Names
from hamodel.renderers.exports.notation import Language, Notation

TCHECKER = Language(
    choice="(if {test} then {yes} else {no})", either="||", true="1 == 1", false="1 == 0", typed=True, bitwise=False,
    without_or=True,
)  # fmt: skip
WORDS = """
clock edge event int location process sync system if then else end while do local nop initial invariant labels committed
urgent provided cluster idle found
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
    clocks = Names((c.name for c in made.clocks), taken)
    events = Names((a.name for a in whole.actions), [*taken, *clocks.table()], "do ")
    notation = Notation(TCHECKER, system, read=lambda v: names[v])
    what = "the timed system for TChecker: one process, each action one edge."
    out = [f"# {line}".rstrip() for line in about.lines(what, prop, _run(file, prop))]
    out = [line.replace(":", " ").replace("@", " ") for line in out]
    out += ["", "system:cluster", "process:cluster"]
    out += [f"event:{events[a.name]}" for a in whole.actions]
    out += ["event:found"] if prop is not None else []
    out += [f"int:1:{v.lo}:{v.hi}:{v.initial}:{names[v.name]}" for v in system.variables]
    out += [f"clock:1:{clocks[c.name]}" for c in made.clocks]
    longest = max((bounds(c.most, system)[1] for c in made.clocks), default=0)
    held = " && ".join(
        f"{clocks[c.name]} <= (if {notation.condition(Read(c.on))} then {notation.number(c.most)} else {longest})"
        for c in made.clocks
    )
    out.append(f"location:cluster:idle{{initial:{f' : invariant: {held}' if held else ''}}}")
    if prop is not None:
        out.append("location:cluster:found{labels: found}")
    for action in whole.actions:
        guard = notation.condition(action.guard)
        clock = made.ends.get(action.name)
        if clock is not None:
            guard += f" && {clocks[clock.name]} >= {notation.number(clock.least)}"
        update = "; ".join(_update(action, made, notation, names, clocks))
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


def _update(action: FlatAction, made: Clocked, notation: Notation, names: Names, clocks: Names) -> Iterator[str]:
    """The statements of an edge; in the end every clock that counts nothing is set to 0."""
    local = {name: f"local_{i}" for i, name in enumerate(action.locals)}
    own = renamed(action, local)
    known = local_bounds(own.body, made.system)
    inner = Notation(TCHECKER, made.system, read=notation.read, known=known)
    yield from (f"local {name} = 0" for name in local.values())
    yield from _block(own.body, inner, names, clocks)
    for clock in made.clocks:
        yield f"if {notation.condition(_off(clock))} then {clocks[clock.name]} = 0 else nop end"


def _off(clock: Clock) -> Expr:
    return not_(Read(clock.on))


def _block(body: Sequence[s.Statement], notation: Notation, names: Names, clocks: Names) -> Iterator[str]:
    for statement in body:
        match statement:
            case s.Assign(name, _) if name in clocks:
                yield f"{clocks[name]} = 0"
            case s.Assign(name, value):
                yield f"{names[name]} = {notation.number(value)}"
            case s.Bind(name, value):
                yield f"{name} = {notation.number(value)}"
            case s.If(test, then, otherwise):
                yes = "; ".join(_block(then, notation, names, clocks)) or "nop"
                no = "; ".join(_block(otherwise, notation, names, clocks)) or "nop"
                yield f"if {notation.condition(test)} then {yes} else {no} end"
            case s.While(test, inner):
                again = "; ".join(_block(inner, notation, names, clocks)) or "nop"
                yield f"while {notation.condition(test)} do {again} end"
            case _:
                raise NotExportable(f"{type(statement).__name__} is no statement of TChecker")
