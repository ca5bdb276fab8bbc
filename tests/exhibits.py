"""Exhibits for the tests: worked out once for each cluster, because every one takes some seconds."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from hamodel.checking import examine
from hamodel.checking.bench import Bench
from hamodel.checking.exhibits.assemble import Wanted, broken_in, exhibition
from hamodel.checking.of_spec import case_of
from hamodel.checking.probe import prober_of
from hamodel.cli._inputs import spec_of
from hamodel.ir.exhibit import Exhibition
from hamodel.ir.verdict import Limits
from hamodel.properties.loader import load

SPECS = Path(__file__).resolve().parents[1] / "specs"
KILLALL, CABLE = "14-article-5-killall", "05-one-cable"


@cache
def shown(spec: str, *names: str, causes: bool = False, positions: int = 0) -> Exhibition:
    """The page on these properties of a shipped spec."""
    definitions = load()
    prober = prober_of(definitions, Limits(), lambda _, __: None)
    with spec_of([SPECS / spec]) as read:
        bench = Bench(read.spec, read.material, read.overrides, prober, read.material)
        case = case_of(read.spec)
        report = examine(case, definitions, Limits(), asked=names, only=names)
        wanted = Wanted(causes, positions)
        return exhibition(bench, definitions, broken_in(report, case), lambda _, __: None, wanted)


@cache
def whole(spec: str, name: str) -> Exhibition:
    """The same with all there is."""
    return shown(spec, name, causes=True, positions=1_500)
