"""Models to export: toys, random systems and slices of a real cluster, with what our own engine counts in them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from hamodel.checking.case import Case
from hamodel.checking.export import untimed_material
from hamodel.checking.of_spec import case_of
from hamodel.config.spec import read_spec
from hamodel.engines.classes import ClassesEngine
from hamodel.ir import constraints
from hamodel.ir.expr import Binary, Const, Op, Read, not_
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.semantics import evaluate
from hamodel.ir.system import System
from hamodel.ir.untimed import untimed, untimed_formula
from hamodel.properties.loader import load, select
from hamodel.renderers.exports.about import About
from tests.conformance.random_systems import random_formula, random_system
from tests.conformance.toys import TOYS
from tests.renderers.exports.peers import Counted

ROOT = Path(__file__).resolve().parents[3]
ENGINE = ClassesEngine()


def plain(name: str) -> tuple[System, Property]:
    """A toy or a random system (`random-7`) without time, and a claim about it."""
    if name.startswith("random-"):
        seed = int(name.removeprefix("random-"))
        system = random_system(seed)
        formula = not_(random_formula(seed))
    else:
        system = TOYS[name]
        formula = not_(Binary(Op.EQ, Read(system.variables[0].name), Const(1)))
    asked = untimed_formula(system, formula)
    return untimed(system), Property("claim", PropertyKind.ALWAYS, asked, "A claim about a toy.")


@cache
def _case(spec: str, faults: str) -> Case:
    overrides: dict[str, object] = {"faults.kinds": [faults], "faults.budget": 1}
    return case_of(read_spec([ROOT / "specs" / spec], None, overrides))


def slice_of(spec: str, faults: str) -> tuple[System, Property]:
    """The slice of a real cluster that `single_mount` depends on, with one fault of this kind."""
    definition = select(load(), ["single_mount"])[0]
    found = untimed_material(_case(spec, faults), definition, whole=False, progress=lambda _what, _count: None)
    assert found.prop is not None
    return found.system, found.prop


def ours(system: System, prop: Property) -> Counted:
    """What our engine counts, and the events of its shortest violation."""
    found = ENGINE.explore(system, mode="equality")
    bad = not_(prop.formula)
    first = found.first_where(bad)
    story = None if first is None else found.names_to(first)
    return Counted(found.classes, found.edges, int(found.where(bad).sum()), story)


def agree(system: System, prop: Property, theirs: Counted) -> None:
    """The same states, steps, violations and depth; and their run is a run of ours that ends in a violation."""
    mine = ours(system, prop)
    assert (theirs.states, theirs.steps) == (mine.states, mine.steps)
    assert theirs.broken in (None, mine.broken)
    assert (theirs.story is None) == (mine.story is None)
    if theirs.story is not None and mine.story is not None:
        assert len(theirs.story) == len(mine.story)
        last = constraints.run(system, theirs.story).state
        assert not evaluate(system, last, prop.formula)


def about(name: str) -> About:
    return About(name, ("a model of the tests",))
