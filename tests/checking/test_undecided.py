"""What hulls show and no run does is neither a violation nor excluded: the claim stays undecided, and says of what."""

from __future__ import annotations

import pytest

from hamodel.checking.compiled import CompiledFound
from hamodel.checking.looking import looked
from hamodel.checking.reading import Reading
from hamodel.checking.standing import Standing
from hamodel.engines._lower import merged
from hamodel.engines.classes import ClassesEngine
from hamodel.ir.expr import Expr, Not
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.report import FaultSet
from hamodel.ir.system import System
from hamodel.ir.verdict import Outcome
from hamodel.properties.bind import Bound
from tests.conformance.toys import eq
from tests.engines.test_hulls import coin

NEVER = Property("third_is_not_first", PropertyKind.ALWAYS, Not(eq("first", 3)), "")
WITNESSED = Property("witnessed", PropertyKind.ALWAYS, Not(eq("first", 7)), "", witness=eq("first", 3))
OTHER = Property("soon_is_first", PropertyKind.ALWAYS, Not(eq("first", 7)), "", witness=eq("first", 0))


def read(model: System, monkeypatch: pytest.MonkeyPatch) -> Reading:
    """What a search by hulls with one zone a state says of the three claims, where no run is found to anything."""
    monkeypatch.setattr(merged, "KEPT_APART", 1)
    found = CompiledFound(ClassesEngine(pure=False).explore(model, mode="hulls"))
    assert found.sure is not None

    def no_run(_wanted: Expr) -> dict[FaultSet, tuple[str, ...]]:
        return {}

    reading = looked(found, no_run, [NEVER, WITNESSED, OTHER])
    reading.hulls = ["cut[eth0]"]
    return reading


def test_a_claim_that_only_hulls_break_is_doubtful(monkeypatch: pytest.MonkeyPatch) -> None:
    reading = read(coin(), monkeypatch)

    assert reading.doubtful == {"third_is_not_first"}
    assert reading.perhaps == {"witnessed"}
    assert reading.witnessed == {"soon_is_first"}


def test_it_is_neither_violated_nor_held(monkeypatch: pytest.MonkeyPatch) -> None:
    model = coin()
    reading = read(model, monkeypatch)
    standings = {
        prop.name: Standing(Bound(prop.name, "", prop.kind, (prop,)), exhausted=1) for prop in (NEVER, WITNESSED, OTHER)
    }

    for standing in standings.values():
        standing.take_reading(2, model, None, standing.bound.properties, reading)

    doubtful = standings["third_is_not_first"]
    assert doubtful.outcome is Outcome.BOUNDED
    assert doubtful.reason == (
        "excluded for up to 1 fault; "
        "with 2 faults no run was found that breaks it, and it is not excluded for cut[eth0]"
    )
    assert standings["witnessed"].perhaps
    assert not standings["witnessed"].witnessed
    assert standings["soon_is_first"].hulls == ("cut[eth0]",)
