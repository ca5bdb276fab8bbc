"""The engines by name: what each answers, how, and what it needs. None is imported before it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.ir.verdict import Limits, Verdict

SAFETY = frozenset({PropertyKind.ALWAYS, PropertyKind.SOMETIMES})
ALL = frozenset(PropertyKind)


@dataclass(frozen=True, slots=True)
class Entry:
    """One engine. `untimed`: it answers for whatever delays; `needs` one of these packages, which `extra` brings."""

    name: str
    place: str
    says: str
    answers: frozenset[PropertyKind] = SAFETY
    untimed: bool = False
    needs: tuple[str, ...] = ()
    extra: str = ""
    optional: bool = False
    """Without the package it answers too, slower."""

    def installed(self) -> str:
        """The first of its packages that is there, "" where none is; "nothing" where it needs none."""
        if not self.needs:
            return "nothing"
        return next((package for package in self.needs if _there(package)), "")

    @property
    def available(self) -> bool:
        return self.optional or bool(self.installed())

    def engine(self) -> Any:  # noqa: ANN401  # engines share no base class
        module, _, name = self.place.partition(":")
        return getattr(import_module(f"hamodel.engines.{module}"), name)()


CATALOGUE: Mapping[str, Entry] = {
    entry.name: entry
    for entry in (
        Entry(
            "classes", "classes:ClassesEngine", "every run in exact time, in machine code", ALL,
            needs=("llvmlite",), extra="fast", optional=True,
        ),
        Entry("reference", "reference:Reference", "the same, slow and obvious: the measure of the others", ALL),
        Entry(
            "explicit", "explicit:ExplicitEngine", "every state of the untimed system, one by one", untimed=True,
            needs=("llvmlite",), extra="fast", optional=True,
        ),
        Entry(
            "symbolic", "symbolic:Symbolic", "the same states as one set, a decision diagram", untimed=True,
            needs=("oxidd", "dd.cudd"), extra="symbolic",
        ),
        Entry(
            "ic3", "ic3:Ic3", "a proof with an invariant, which z3 checks again", untimed=True,
            needs=("pysat",), extra="proofs",
        ),
        Entry("bmc", "bmc:Bmc", "short runs in exact time, by z3; seldom says holds", needs=("z3",)),
        Entry("portfolio", "portfolio:Portfolio", "these side by side: the first certified answer counts", ALL),
    )
}  # fmt: skip


def ask(name: str, system: System, prop: Property, limits: Limits, start: State | None) -> Verdict:
    """The verdict of one engine on one property of a timed system."""
    given: Any = (start,) if name == "classes" and start is not None else start
    found: Verdict = CATALOGUE[name].engine().check(system, prop, limits, given)
    return found


def _there(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ModuleNotFoundError:
        return False
