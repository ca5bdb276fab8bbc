"""Promela, for Spin: one process that repeats one of the actions, each a single indivisible step.

Written so that Spin has nothing needless to do. The state vector is the variables, as bit fields, and nothing else;
local names are hidden. An action is one `d_step` with its guard in front, so that it is one transition and stores one
state. The property is one more choice that is open only where the property is broken: it is evaluated once for each
state, not once for each transition, and it adds no state but the one after the violation.

States correspond one to one: Spin stores the reachable states of the exported system, the initial one among them, and
for a broken property a search ends in the violating state.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum

from hamodel.errors import ModelError, NotExportable
from hamodel.ir import statement as s
from hamodel.ir.bounds import Bounds, local_bounds
from hamodel.ir.expr import Expr, not_
from hamodel.ir.flat import Flat, FlatAction, flat, renamed
from hamodel.ir.plain import simplified
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.rewrite import statements
from hamodel.ir.settled import settled
from hamodel.ir.system import System, Variable
from hamodel.ir.untimed import LIMIT
from hamodel.renderers.exports.about import About
from hamodel.renderers.exports.clike import Functions
from hamodel.renderers.exports.names import Names
from hamodel.renderers.exports.notation import PROMELA, Notation

WORDS = """
max mix final rot rand continue getframe q_sz wasnew onstack_put onstack_zap iam_alive
accept active assert atomic bit bool break byte c_code c_decl c_expr c_state c_track chan d_step D_proctype do else
empty enabled end eval false fi for full get_priority goto hidden if in init inline int len local ltl mtype nempty
never nfull notrace np_ od of pc_value pid print printf printm priority proctype provided return run select
set_priority short show skip STDIN timeout trace true typedef unless unsigned until xr xs progress always eventually
implies equivalent weakuntil release next U V W X M now cluster COUNT STORY LIMIT
"""
RESERVED = WORDS.split()
LONGEST_STEP = 2000
"""Spin refuses a `d_step` of more than 2048 statements of its own ("d_step sequence too long")."""


class Style(Enum):
    """How the body of an action is written."""

    PLAIN = "plain"
    """Promela alone; calls are written out."""
    EMBEDDED = "embedded"
    """Procedures are functions in embedded C; guards and the property stay Promela."""


def render(
    system: System, prop: Property | None, about: About, *, file: str = "model.pml", style: Style | None = None
) -> str:
    """The model; without a style the plain one, unless that is too long for Spin or needs hidden names.

    Raises NotExportable where Spin cannot take what is asked for.
    """
    whole = flat(system, () if prop is None else (prop.formula,))
    longest = max(whole.actions, key=_length, default=None)
    temporary = max((len(a.locals) for a in whole.actions), default=0)
    if longest is not None and style is Style.PLAIN and _length(longest) > LONGEST_STEP:
        raise NotExportable(
            f"{longest.name} has {_length(longest)} statements; Spin takes {LONGEST_STEP} in one step",
            help="leave out --style plain (procedures become embedded C), or ask for fewer faults: --faults kill=1",
        )
    simple = not temporary and (longest is None or _length(longest) <= LONGEST_STEP)
    plain = simple if style is None else style is Style.PLAIN
    shortest = not (plain and temporary)
    limited = LIMIT in system.variable_index
    variables = Names((v.name for v in system.variables), RESERVED)
    what = f"{_WHAT} The steps are {'plain Promela' if plain else 'embedded C'}."
    out = [
        "/*",
        *(f" * {line}".rstrip() for line in about.lines(what, prop, _run(file, prop, limited, shortest))),
        " */",
    ]
    out += ["", *(_declared(v, variables) for v in system.variables), ""]
    bodies = _Plain(whole, variables) if plain else _Embedded(system, variables)
    out += [*bodies.declared(), "active proctype cluster()", "{", "end:", "    do"]
    for action in whole.actions:
        out += [f"    :: d_step {{ /* {_comment(action.name)} */"]
        out += [f"        {_notation(system, variables).condition(action.guard)};"]
        out += ["#ifdef STORY", f'        printf("event {_quoted(action.name)}\\n");', "#endif"]
        out += [*bodies.body(action), "    }"]
    out += _claims(whole.formulas, prop, variables, system, limited)
    if not whole.actions:
        out.append("    :: false -> skip")
    return "\n".join([*out, "    od", "}"]) + "\n"


def _length(action: FlatAction) -> int:
    """About how many statements Spin makes of an action: a test is a choice, two guards and its end."""
    return sum(4 if isinstance(x, s.If | s.While) else 1 for x in statements(action.body)) + 2


class _Plain:
    """Actions as statements of Promela."""

    def __init__(self, whole: Flat, variables: Names) -> None:
        self.system, self.variables = whole.system, variables
        self.actions = {a.name: renamed(a, {n: f"local_{i}" for i, n in enumerate(a.locals)}) for a in whole.actions}
        self.most = max((len(a.locals) for a in whole.actions), default=0)

    def declared(self) -> Iterator[str]:
        """Local names are shared by all actions, for only one of them happens at a time.

        Spin searches breadth first only where nothing is hidden.
        """
        if self.most:
            yield "/* Set before they are read in the same step, so no part of the state. */"
            yield from (f"hidden int local_{i};" for i in range(self.most))
            yield ""

    def body(self, action: FlatAction) -> Iterator[str]:
        own = self.actions[action.name]
        notation = _notation(self.system, self.variables, local_bounds(own.body, self.system))
        yield from self._block(own.body, notation, 2)

    def _block(self, body: Sequence[s.Statement], notation: Notation, depth: int) -> Iterator[str]:
        pad = "    " * depth
        for statement in body:
            match statement:
                case s.Assign(name, value):
                    yield f"{pad}{self.variables[name]} = {notation.number(value)};"
                case s.Bind(name, value):
                    yield f"{pad}{name} = {notation.number(value)};"
                case s.If(test, then, otherwise):
                    yield f"{pad}if"
                    yield f"{pad}:: {notation.condition(test)} ->"
                    yield from self._block(then or (s.Log(0, ""),), notation, depth + 1)
                    yield f"{pad}:: else" + (" ->" if otherwise else "")
                    yield from self._block(otherwise, notation, depth + 1)
                    yield f"{pad}fi;"
                case s.While(test, inner):
                    yield f"{pad}do"
                    yield f"{pad}:: {notation.condition(test)} ->"
                    yield from self._block(inner or (s.Log(0, ""),), notation, depth + 1)
                    yield f"{pad}:: else -> break"
                    yield f"{pad}od;"
                    yield f"{pad}skip;"
                case s.Log():
                    yield f"{pad}skip;"
                case _:
                    raise ModelError(f"{type(statement).__name__} is no statement of an untimed system")


class _Embedded:
    """Actions as calls of C functions; Spin copies them into its verifier as they are."""

    def __init__(self, system: System, variables: Names) -> None:
        self.names = Names(system.procedures, (), "model ")
        self.functions = Functions(
            settled(system), self.names, read=lambda v: f"now.{variables[v]}", reserved=(), prefix="static ", local="l "
        )
        self.after = system.after

    def declared(self) -> Iterator[str]:
        """One block a function, for Spin refuses long ones."""
        for function in self.functions.written():
            yield "c_code {"
            yield from function
            yield "}"
        yield ""

    def body(self, action: FlatAction) -> Iterator[str]:
        called = [action.action.procedure, *([self.after] if self.after else [])]
        yield f"        c_code {{ {' '.join(f'{self.names[name]}();' for name in called)} }}"


_WHAT = "the untimed abstraction in Promela, for Spin. A running timer may end at any moment."


def _run(file: str, prop: Property | None, limited: bool, shortest: bool) -> Iterator[str]:
    bits = "-O2 -DSAFETY -DNOREDUCE -DMEMLIM=8000"
    yield "to run it:"
    if prop is not None:
        yield f"  spin -o2 -a {file} && gcc {bits} -o pan pan.c && ./pan -m100000"
        yield "  The property is broken where an assertion is violated. For a shortest run: " + (
            "-DBFS for gcc." if shortest else "export with --style embedded."
        )
        yield "  To be told the run by its events: -DSTORY for spin, and afterwards ./pan -r"
    yield f"  spin -o2 -a -DCOUNT {file} && gcc {bits} -o pan pan.c && ./pan -m100000"
    yield "  counts: states stored are the reachable states, each once."
    if limited:
        yield f"  spin -o2 -a -DLIMIT {file} && gcc {bits} -o pan pan.c && ./pan -m100000"
        yield "  Where a fixed size of the model is exceeded, `limit` is 1 and nothing happens any more: nothing is"
        yield "  known beyond. An assertion is violated where that comes about; without it, no error means `holds`."
    else:
        yield "No fixed size of the model is exceeded in any run."


def _notation(system: System, variables: Names, known: Mapping[str, Bounds] | None = None) -> Notation:
    return Notation(PROMELA, system, read=lambda name: variables[name], known=known)


def _declared(variable: Variable, names: Names) -> str:
    width = max(1, variable.hi.bit_length())
    kind = "bit" if width == 1 else "byte" if width == 8 else "unsigned"
    name = names[variable.name] + (f" : {width}" if kind == "unsigned" else "")
    return f"{kind} {name} = {variable.initial};".ljust(48) + f" /* {_comment(variable.name)} */"


def _comment(text: str) -> str:
    return text.replace("*/", "* /").replace("\n", " ")


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")


def _claims(
    formulas: Sequence[Expr], prop: Property | None, names: Names, system: System, limited: bool
) -> Iterator[str]:
    notation = _notation(system, names)
    if prop is not None:
        wanted = prop.kind is PropertyKind.SOMETIMES
        bad = formulas[0] if wanted else simplified(not_(formulas[0]), system)
        said = "is what was asked for" if wanted else "is broken"
        yield "#if !defined(COUNT) && !defined(LIMIT)"
        yield f"    :: d_step {{ {notation.condition(bad)}; /* {_comment(prop.name)} {said} */"
        yield "        assert(false)"
        yield "    }"
        yield "#endif"
    if limited:
        yield "#ifdef LIMIT"
        yield f"    :: d_step {{ {names[LIMIT]}; assert(false) }}"
        yield "#endif"
