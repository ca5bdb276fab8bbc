"""Fairness says what may not be put off for ever. Nothing else is promised of the world outside.

Timers need none: time passes them. A repair or an operator's command may come at any instant or never, so that a claim
about what comes in the end may have to assume that it is not put off for ever. An action is *possible* after some
events if it may be the next one. Weak fairness: what stays possible from some moment on, after every event, is taken
again and again. Strong fairness: what becomes possible again and again is taken again and again. Each action that a
constraint names has a constraint of its own. Faults owe nobody anything and are refused.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from enum import Enum

from hamodel.errors import BadFairness
from hamodel.ir.system import BY_CHANCE, Action, Kind, System


class Strength(Enum):
    WEAK = "weak"
    STRONG = "strong"


@dataclass(frozen=True, slots=True)
class Fairness:
    """One assumption. `what` names actions: `plug[eth1]`, all of that name (`plug`), any text for `*`, a kind of action

    (`repair`, `operator`, `timer`, `script`), or `by chance`.
    """

    strength: Strength
    what: str

    def __str__(self) -> str:
        return f"{self.strength.value} fairness of {self.what}"

    def sentence(self) -> str:
        """The assumption as a report prints it."""
        clause = "stays possible" if self.strength is Strength.WEAK else "is possible again and again"
        return f"what {clause} is done some day: {self}"


def weak(*what: str) -> tuple[Fairness, ...]:
    """What stays possible is done some day.

    >>> [str(f) for f in weak("plug", "start[node1]")]
    ['weak fairness of plug', 'weak fairness of start[node1]']
    """
    return tuple(Fairness(Strength.WEAK, each) for each in what)


def strong(*what: str) -> tuple[Fairness, ...]:
    """What is possible again and again is done some day."""
    return tuple(Fairness(Strength.STRONG, each) for each in what)


def named(system: System, fairness: Fairness) -> tuple[int, ...]:
    """The actions of `system` that this constraint is about, as indices; those that are switched off owe nothing.

    Raises BadFairness where it names nothing that there is, or a fault.
    """
    meant = [i for i, action in enumerate(system.actions) if _fits(action, fairness.what)]
    faults = sorted({system.actions[i].name for i in meant if system.actions[i].kind is Kind.FAULT})
    if faults or fairness.what == Kind.FAULT.value:
        raise BadFairness(
            f"{fairness}: a fault is never owed",
            seen=faults[:3],
            help="name repairs, commands or timers; how many faults come is the budget's business",
        )
    if not meant and fairness.what not in (*(kind.value for kind in Kind), BY_CHANCE):
        raise BadFairness(f"{fairness}: there is no such action here", help=_near(system, fairness.what))
    return tuple(i for i in meant if system.may_happen(system.actions[i]))


def _fits(action: Action, what: str) -> bool:
    if what in (action.name, action.name.split("[", 1)[0], action.fault):
        return True
    if what == action.kind.value:
        return action.fault != BY_CHANCE
    pattern = ".*".join(re.escape(part) for part in what.split("*"))
    return "*" in what and re.fullmatch(pattern, action.name) is not None


def _near(system: System, what: str) -> str:
    known = {a.name for a in system.actions if a.kind is not Kind.FAULT}
    known |= {name.split("[", 1)[0] for name in known}
    close = difflib.get_close_matches(what, sorted(known), n=1, cutoff=0.6)
    free = sorted({a.name.split("[", 1)[0] for a in system.actions if a.kind in (Kind.REPAIR, Kind.OPERATOR)})
    return f"did you mean {close[0]}?" if close else "repairs and commands: " + (", ".join(free) or "none")
