"""Engines that answer one claim at a time instead of listing classes: the same ladder of faults, claim by claim.

Where the cluster comes to rest, how long a violation lasts and which promises with a deadline are kept is found by the
timed engine, as ever.
"""

from __future__ import annotations

import inspect
from typing import Any

from hamodel.checking.compiled import Compiled, CompiledFound
from hamodel.checking.search import Progress
from hamodel.engines.catalogue import CATALOGUE
from hamodel.errors import EngineUnavailable
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.ir.verdict import Limits, Outcome, Verdict


class Asked:
    """An engine of the catalogue that gives verdicts; explorations are those of the compiled engine."""

    def __init__(self, name: str) -> None:
        """Raises EngineUnavailable where the packages of the engine are not installed."""
        self.entry = CATALOGUE[name]
        if not self.entry.available:
            raise EngineUnavailable(
                f"the engine {name} needs {' or '.join(self.entry.needs)}, which is not installed",
                help=f'pip install "hamodel[{self.entry.extra}]"' if self.entry.extra else "",
            )
        self.engine: Any = self.entry.engine()
        self.timed = Compiled()

    @property
    def name(self) -> str:
        return self.entry.name

    def explore(
        self, system: System, start: State | None, mode: str, limits: Limits, progress: Progress
    ) -> CompiledFound:
        return self.timed.explore(system, start, mode, limits, progress)

    def check(self, system: System, prop: Property, start: State | None, limits: Limits) -> Verdict:
        """The verdict on a promise, from the engine where it answers promises."""
        return self.verdict(system, prop, start, limits, None)

    def verdict(
        self, system: System, prop: Property, start: State | None, limits: Limits, progress: Progress | None
    ) -> Verdict:
        """The verdict on one claim; `unknown` where the engine does not answer claims of this kind."""
        if prop.kind not in self.entry.answers:
            what = "promises (leads_to)" if prop.kind is PropertyKind.LEADS_TO else f"`{prop.kind.value}`"
            return Verdict(prop.name, Outcome.UNKNOWN, self.name, reason=f"{self.name} does not answer {what}")
        told: tuple[Any, ...] = ()
        if progress is not None and "progress" in inspect.signature(self.engine.check).parameters:
            told = (_teller(self.name, prop.name, progress),)
        found: Verdict = self.engine.check(system, prop, limits, start, *told)
        return found


def _teller(engine: str, claim: str, progress: Progress) -> Any:  # noqa: ANN401  # each engine tells what it has
    def tell(*said: str | int) -> None:
        words = " ".join(str(s) for s in said if isinstance(s, str))
        number = next((s for s in said if isinstance(s, int)), 0)
        progress(f"{claim} by {engine} {words}".rstrip(), number)

    return tell
