"""Tapes: a search kept to the runs in which certain formulas have certain values at certain times.

A tape has a clock of its own that no rule of the system reads. At the end of each macro step it looks at what it
watches; a run that shows something else than the tape says goes astray: all its timers are stopped and nothing follows.
So whatever is reached without going astray is reached by a run of the system itself, and the tape has only left out the
others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hamodel.errors import ModelError
from hamodel.ir.expr import Const, Expr, Local, Op, Option, Read, and_, binary, not_, or_
from hamodel.ir.script import OVER
from hamodel.ir.statement import Assign, Call, Cancel, If, Procedure, Start, Statement
from hamodel.ir.system import Action, Kind, Setting, System, Timer, Variable

ASTRAY = "astray"
"""The variable that is 1 once a run has left the tape. Time stands still there."""
MUST_NOT, MUST, MAY = 0, 1, 2
LENGTHS = (32, 64, 128, 250)
TICK = "tape"
"""The action that turns the tape by one mark."""
_AT = "tape_at"
_WORDS = ("tape_ms", "tape_what", "tape_says")


@dataclass(frozen=True, slots=True)
class Mark:
    """From `at` ms on, what is called `what` MUST hold, MUST_NOT hold, or MAY."""

    at: int
    what: str
    says: int


def taped(system: System, watched: Mapping[str, Expr], marks: Sequence[Mark]) -> System:
    """A scripted system kept to these marks, in the order of their times; what has no mark yet MAY hold.

    Raises ModelError for a tape that is too long or speaks of what is not watched.
    """
    code = {what: i + 1 for i, what in enumerate(watched)}
    ordered = sorted(marks, key=lambda m: m.at)
    size = next((n for n in LENGTHS if len(ordered) <= n), None)
    if size is None:
        raise ModelError(f"the tape has {len(ordered)} marks; there is room for {LENGTHS[-1]}")
    rows, before = [], 0
    for mark in ordered:
        if mark.what not in code:
            raise ModelError(f"the tape speaks of `{mark.what}`, which is not watched")
        rows.append((max(0, mark.at - before), code[mark.what], mark.says))
        before = max(before, mark.at)
    rows += [(0, 0, 0)] * (size - len(rows))
    settings = [
        Setting(f"{word}[{i}]", value, "ms" if word == "tape_ms" else "")
        for i, row in enumerate(rows)
        for word, value in zip(_WORDS, row, strict=True)
    ]
    procedures = (
        Procedure("tape.begins", (), (Call(system.initial), If(Option("tape_what[0]"), (_start(0),)))),
        Procedure("tape.turns", (), _turns(size)),
        Procedure("tape.says", ("what", "says"), _says(code)),
        Procedure("tape.watches", (), _watches(system, watched)),
    )
    return replace(
        system,
        name=f"{system.name} (taped)",
        variables=(
            *system.variables,
            Variable(ASTRAY, hi=1, owner="tape"),
            Variable(_AT, hi=LENGTHS[-1], owner="tape"),
            *(Variable(_word(what), hi=MAY, initial=MAY, owner="tape") for what in watched),
        ),
        timers=(*system.timers, Timer(TICK, "tape")),
        settings=(*system.settings, *settings),
        procedures={**system.procedures, **{p.name: p for p in procedures}},
        actions=(*system.actions, Action(TICK, Kind.TIMER, "tape.turns", TICK)),
        initial="tape.begins",
        after="tape.watches",
    )


def _word(what: str) -> str:
    return f"tape[{what}]"


def _is(name: str, value: int) -> Expr:
    return binary(Op.EQ, Read(name), Const(value))


def _start(position: int) -> Statement:
    return Start(TICK, Option(f"tape_ms[{position}]"), Option(f"tape_ms[{position}]"))


def _turns(size: int) -> tuple[Statement, ...]:
    """One mark; from the last position down, so that each turn finds its own position only."""
    found: list[Statement] = []
    for i in reversed(range(size)):
        more = (If(Option(f"tape_what[{i + 1}]"), (_start(i + 1),)),) if i + 1 < size else ()
        says = Call("tape.says", (Option(f"tape_what[{i}]"), Option(f"tape_says[{i}]")))
        found.append(If(_is(_AT, i), (says, Assign(_AT, Const(i + 1)), *more)))
    return tuple(found)


def _says(code: Mapping[str, int]) -> tuple[Statement, ...]:
    return tuple(
        If(binary(Op.EQ, Local("what"), Const(number)), (Assign(_word(what), Local("says")),))
        for what, number in code.items()
    )


def _watches(system: System, watched: Mapping[str, Expr]) -> tuple[Statement, ...]:
    """What contradicts the tape ends the run there, and so does the end of the script."""
    wrong = [
        or_(and_(_is(_word(what), MUST), not_(formula)), and_(_is(_word(what), MUST_NOT), formula))
        for what, formula in watched.items()
    ]
    stops = tuple(Cancel(t.name) for t in system.timers if not t.stopwatch)
    before = (Call(system.after),) if system.after is not None else ()
    stray = If(or_(*wrong), (Assign(ASTRAY, Const(1)), Assign(OVER, Const(0)), *stops, Cancel(TICK)))
    return (*before, stray, If(Read(OVER), (Cancel(TICK),)))
