"""A claim as a region is asked of it: composed once, with the states that break it, for every slice of the faults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hamodel.checking.case import BOOT, Case
from hamodel.checking.faultsets import only, without
from hamodel.checking.search import with_budget
from hamodel.checking.unknowns import Space
from hamodel.errors import NoUnknown, PropertyError
from hamodel.ir.compose import BUDGET_TOTAL
from hamodel.ir.expr import Expr, and_, not_
from hamodel.ir.observe import late_of, observe, remembered, switch_of
from hamodel.ir.property import PropertyKind
from hamodel.ir.system import System
from hamodel.properties.bind import Bound, bind, deadline_of, paid
from hamodel.properties.words import Definition


@dataclass(frozen=True)
class Claim:
    """One claim about a cluster, composed once for every question about it."""

    case: Case
    space: Space
    bound: Bound
    system: System
    """With the observers of the claim, switched off."""
    switches: tuple[str, ...]
    broken: Expr

    @classmethod
    def of(cls, case: Case, space: Space, definition: Definition) -> Claim:
        """Raises PropertyError for a claim a region cannot be asked of, NoUnknown where it mentions an open option."""
        bound = bind(definition, case.system, case.layout, case.taken)
        if bound.skipped:
            raise PropertyError(f"{bound.name}: {bound.skipped}")
        _same_everywhere(case, space, definition, bound)
        switches, broken = _claim(bound)
        return cls(case, space, bound, observe(case.system, bound.requests), tuple(switches), broken)

    def question(self, kinds: Sequence[str] | None = None, budget: int | None = None) -> Question:
        """The slice of the scenario in which only these kinds come, at most so many in all."""
        total = self.system.setting_value.get(BUDGET_TOTAL, 0) if budget is None else budget
        quiet = without(with_budget(self.system, total), self.bound.without)
        if kinds is not None:
            quiet = only(quiet, kinds)
        system = quiet.with_settings(**dict.fromkeys(self.switches, 1))
        return Question(self, system, quiet, tuple(kinds) if kinds is not None else tuple(paid(quiet)), total)


@dataclass(frozen=True)
class Question:
    """One claim about one slice of the scenario, ready to be explored."""

    claim: Claim
    system: System
    """With the observers switched on and no more than the faults of the slice."""
    quiet: System
    """The same before it comes to rest: without observers."""
    kinds: tuple[str, ...]
    budget: int

    @property
    def case(self) -> Case:
        return self.claim.case

    @property
    def space(self) -> Space:
        return self.claim.space

    @property
    def broken(self) -> Expr:
        return self.claim.broken

    @property
    def rests(self) -> bool:
        """Runs begin where the cluster has come to rest."""
        return self.case.start != BOOT

    def at(self, values: Mapping[str, int]) -> tuple[System, System]:
        """The two systems with these values of the unknowns."""
        settings = self.space.settings(values)
        return self.system.with_settings(**settings), self.quiet.with_settings(**settings)


def _claim(bound: Bound) -> tuple[list[str], Expr]:
    """The observers to switch on, and the states that break the claim."""
    switches = [switch_of(m.switch or m.name) for m in bound.memories]
    if bound.kind is PropertyKind.ALWAYS:
        return switches, not_(and_(*(p.formula for p in bound.properties)))
    if bound.kind is PropertyKind.LEADS_TO and all(p.within is not None for p in bound.properties):
        late = [deadline_of(p.name) for p in bound.properties]
        return [*switches, *map(switch_of, late)], not_(and_(*(not_(remembered(late_of(name))) for name in late)))
    what = "for what happens in some run" if bound.kind is PropertyKind.SOMETIMES else "without a deadline"
    raise PropertyError(
        f"{bound.name} is a claim {what}; a region is asked of what always holds, or comes within a time",
        help="ask for single_mount, or for another property that `always` holds",
    )


def _same_everywhere(case: Case, space: Space, definition: Definition, bound: Bound) -> None:
    """A claim that mentions an open option is another claim for each value of it."""
    for pick in (min, max):
        point = [pick(u.lo, u.hi) for u in space.unknowns]
        values = {s: v for u, v in zip(space.unknowns, point, strict=True) for s in u.settings}
        other = bind(definition, case.system.with_settings(**values), case.layout, case.taken)
        if (other.properties, other.requests) != (bound.properties, bound.requests):
            raise NoUnknown(
                f"{bound.name} itself depends on {' or '.join(u.name for u in space.unknowns if u.follows is None)}",
                help="keep another option open, or ask for another property",
            )
