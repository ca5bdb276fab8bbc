"""TLA+, for TLC: each action a formula over the values before and after it.

States correspond one to one: TLC's distinct states are the reachable states, and the states it generates are the steps
and the initial state. Where nothing can happen a run simply ends, so TLC must not look for deadlocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hamodel.errors import NotExportable
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

SIGNS = {op: {"//": "\\div", "==": "=", "!=": "#"}.get(op.value, op.value) for op in Op}
TLA = Language(
    both="/\\", either="\\/", negation="~", signs=SIGNS, choice="(IF {test} THEN {yes} ELSE {no})", true="TRUE",
    false="FALSE", typed=True, floors=True, bitwise=False,
)  # fmt: skip
WORDS = """
action assume assumption axiom boolean by case choose constant constants corollary def define defs domain else enabled
except extends false have hide if in instance lambda lemma let local module new obvious omitted only other pick proof
proposition prove qed recursive sf_ state string subset suffices take temporal then theorem true unchanged union use
variable variables wf_ witness with init next spec vars claim nolimit nat int
"""
RESERVED = WORDS.split()


def render(system: System, prop: Property | None, about: About, *, file: str = "Model.tla") -> str:
    """The module, named like its file, with the configuration for TLC in its comment.

    Raises NotExportable for a file that no module can be named like.
    """
    module = file.removesuffix(".tla")
    if re.fullmatch(r"\w+", module, re.ASCII) is None or not file.endswith(".tla"):
        raise NotExportable(
            f"a TLA+ module is named like its file, and {file} is no such name",
            help="letters, digits and _, then .tla: --out Pair.tla",
        )
    whole = flat(system, () if prop is None else (prop.formula,))
    limited = LIMIT in system.variable_index
    names = Names((v.name for v in system.variables), RESERVED)
    actions = Names((a.name for a in whole.actions), [*RESERVED, *names.table()], "do ")
    what = "the untimed abstraction in TLA+, for TLC. A running timer may end at any moment."
    out = [f"---- MODULE {module} ----", "(*"]
    out += [_harmless(line) for line in about.lines(what, prop, _run(module, prop, limited))]
    out += ["*)", "EXTENDS Integers", ""]
    if system.variables:
        out += ["VARIABLES"]
        last = len(system.variables) - 1
        for number, v in enumerate(system.variables):
            comma = "" if number == last else ","
            out.append(f"  {names[v.name]}{comma}".ljust(48) + f" \\* {_harmless(v.name)}, {v.lo} .. {v.hi}")
    out += ["", f"vars == << {', '.join(names[v.name] for v in system.variables)} >>", ""]
    out += ["Init =="] + [f"  /\\ {names[v.name]} = {v.initial}" for v in system.variables]
    if not system.variables:
        out.append("  TRUE")
    plain = Notation(TLA, system, read=lambda v: names[v])
    for action in whole.actions:
        out += ["", f"{actions[action.name]} ==".ljust(48) + f" \\* {_harmless(action.name)}"]
        out += [f"  /\\ {plain.condition(action.guard)}"]
        out += _step(system, equations(system, action), names)
    out += ["", "Next =="] + [f"  \\/ {actions[a.name]}" for a in whole.actions]
    if not whole.actions:
        out.append("  FALSE")
    out += ["", "Spec == Init /\\ [][Next]_vars", ""]
    if prop is not None:
        wanted = prop.kind is PropertyKind.SOMETIMES
        claim = simplified(not_(whole.formulas[0]), system) if wanted else whole.formulas[0]
        out += [f"Claim == {plain.condition(claim)}", ""]
    if limited:
        out += [f"NoLimit == {names[LIMIT]} = 0", ""]
    return "\n".join(line.rstrip() for line in [*out, "===="]) + "\n"


def _run(module: str, prop: Property | None, limited: bool) -> Iterator[str]:
    yield f"to run it, write {module}.cfg:"
    yield "  INIT Init"
    yield "  NEXT Next"
    if prop is not None:
        yield "  INVARIANT Claim"
    yield "  CHECK_DEADLOCK FALSE"
    yield f"and call: java -cp tla2tools.jar tlc2.TLC -deadlock {module}.tla"
    if prop is not None and prop.kind is PropertyKind.SOMETIMES:
        yield "Claim says that what is asked for never is: a violation is its witness."
    if limited:
        yield "Where a fixed size of the model is exceeded, `limit` is 1 and nothing happens any more: nothing is"
        yield "known beyond. INVARIANT NoLimit asks whether that ever comes about."


def _harmless(text: str) -> str:
    return text.replace("(*", "( *").replace("*)", "* )")


def _step(system: System, found: Equations, names: Names) -> Iterator[str]:
    notation = Notation(TLA, system, read=lambda v: names[v], local=lambda n: f"v_{n}", known=found.known)
    pad = "  "
    if found.definitions:
        yield "  /\\ LET"
        yield from (f"       v_{d.name} == {_defined(d, notation)}" for d in found.definitions)
        yield "     IN"
        pad = "     "
    yield from (f"{pad}/\\ {names[name]}' = {notation.number(value)}" for name, value in found.after.items())
    same = [names[v.name] for v in system.variables if v.name not in found.after]
    if same:
        yield f"{pad}/\\ UNCHANGED << {', '.join(same)} >>"
    if not same and not found.after:
        yield f"{pad}/\\ TRUE"


def _defined(definition: Definition, notation: Notation) -> str:
    if definition.test is None or definition.other is None:
        return notation.number(definition.value)
    test = notation.condition(definition.test)
    return notation.choose(test, notation.number(definition.value), notation.number(definition.other))
