"""What every engine does alike when it is asked for something that comes in the end."""

from __future__ import annotations

from collections.abc import Sequence

from hamodel.errors import EngineLimit, ModelError
from hamodel.ir.fairness import Fairness, named
from hamodel.ir.system import System


def watched_for_ever(timer: str) -> EngineLimit:
    """The error for a stopwatch without a switch."""
    return EngineLimit(
        f"the stopwatch {timer} runs while a claim without a deadline is checked; no class would ever come back",
        help="give it a switch, as `observe` does",
    )


def provided(system: System, fairness: Sequence[Fairness]) -> tuple[tuple[str, str], ...]:
    """The assumptions as details of a verdict; those that are about nothing here are not mentioned."""
    return tuple(("provided", each.sentence()) for each in fairness if named(system, each))


def time_stops(names: Sequence[str]) -> ModelError:
    """The error for a class after which time cannot go on, whatever happens."""
    after = f"after {' '.join(names)}" if names else "at the very beginning"
    return ModelError("the model stops the time: from here on no run lasts", seen=(after,))
