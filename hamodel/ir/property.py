"""Properties: claims about all runs, or about some run."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from hamodel.ir.expr import Expr
from hamodel.ir.fairness import Fairness


class PropertyKind(Enum):
    ALWAYS = "always"
    """`formula` holds in every reachable state."""
    SOMETIMES = "sometimes"
    """`formula` holds in some reachable state."""
    LEADS_TO = "leads_to"
    """After each state with `formula`, `goal` comes (within `within` ms where given) unless `release` comes first."""


@dataclass(frozen=True, slots=True)
class Property:
    """One claim. Its formulas are free of calls. `witness` is the interesting situation: unreachable means vacuous."""

    name: str
    kind: PropertyKind
    formula: Expr
    doc: str
    goal: Expr | None = None
    release: Expr | None = None
    within: int | None = None
    witness: Expr | None = None
    measure: str | None = None
    """For LEADS_TO with `within`, and for the length of a violation: the measure of the system that times it."""
    fairness: tuple[Fairness, ...] = ()
    """For LEADS_TO without `within`: what is assumed not to be put off for ever."""
