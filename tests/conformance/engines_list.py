"""The engines under test. An engine joins the suite by one entry here, from its first day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hamodel.engines.bmc import Bmc
from hamodel.engines.classes import ClassesEngine
from hamodel.engines.explicit import ExplicitEngine
from hamodel.engines.reference import Reference
from hamodel.ir.property import Property
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.ir.verdict import Limits, Range, Verdict


@dataclass(frozen=True)
class Facts:
    """What an exploration must agree on with the reference, to the last number."""

    classes: int
    edges: int
    states: frozenset[State]
    measured: Mapping[str, Range | None]


@dataclass(frozen=True)
class Candidate:
    """One engine: how it counts (None: it does not) in mode "equality" or "inclusion", and how it checks."""

    name: str
    explore: Callable[[System, str], Facts] | None
    check: Callable[[System, Property, Limits], Verdict]
    seeds: int = 60
    """How many random systems; fewer for an engine that compiles each of them."""
    untimed: bool = False
    """Asks the untimed abstraction: where time decides it says `unknown`, and its runs need not be the shortest."""


def _reference(system: System, mode: str) -> Facts:
    found = Reference().explore(system, mode)
    measured = {name: seen.range() for name, seen in found.measured.items()}
    return Facts(found.classes, found.edges, frozenset(found.states), measured)


REFERENCE = Candidate("reference", _reference, Reference().check)

BMC = Candidate("bmc", None, Bmc().check)

ENGINES: list[Candidate] = [REFERENCE, BMC]


def _classes(engine: ClassesEngine) -> Candidate:
    def explore(system: System, mode: str) -> Facts:
        found = engine.explore(system, mode=mode)
        states = frozenset(found.state(i) for i in range(found.classes))
        return Facts(found.classes, found.edges, states, {name: seen.range() for name, seen in found.measures.items()})

    name = "classes (pure)" if engine.pure else "classes (debug)" if engine.debug else "classes"
    return Candidate(name, explore, engine.check, seeds=60 if engine.pure else 15)


ENGINES += [_classes(ClassesEngine(pure=True)), _classes(ClassesEngine(pure=False))]


def _explicit(how: str) -> Candidate:
    seeds = 5 if how == "compiled" else 30
    return Candidate(f"explicit ({how})", None, ExplicitEngine(how=how).check, seeds, untimed=True)


ENGINES += [_explicit(how) for how in ("plain", "remembering", "numpy", "compiled")]
