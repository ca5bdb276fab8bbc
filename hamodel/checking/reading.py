"""What one exploration says, and how the answers of several become one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from hamodel.checking.faultsets import count
from hamodel.checking.search import Found, is_interrupted
from hamodel.ir import expr as e
from hamodel.ir.report import FaultSet
from hamodel.ir.system import Measure, System
from hamodel.ir.verdict import Range


@dataclass(slots=True)
class Reading:
    """What one exploration says about every question, so that the exploration itself can be forgotten."""

    classes: int = 0
    seconds: float = 0.0
    complete: bool = True
    stopped: str = ""
    sets: dict[str, dict[FaultSet, tuple[str, ...]]] = field(default_factory=dict)
    """For each property that is shown or broken: the smallest sets of faults, each with its shortest events."""
    witnessed: set[str] = field(default_factory=set)
    perhaps: set[str] = field(default_factory=set)
    """The claims of which it is not known whether their situation comes about in runs that a search by hulls had."""
    doubtful: set[str] = field(default_factory=set)
    """The claims that are broken (or shown) by hulls, and no run was found that does it."""
    hulls: list[str] = field(default_factory=list)
    """The slices that were searched by hulls."""
    came: set[str] = field(default_factory=set)
    idle: set[str] = field(default_factory=set)
    """The promises of whose situation no state of this exploration knows anything (see `Division.idle`)."""
    idle_in: dict[str, set[str]] = field(default_factory=dict)
    """For each of them the slices of a divided search in which that is so."""
    unfinished: list[str] = field(default_factory=list)
    """The slices that were not explored to their end."""
    split: list[str] = field(default_factory=list)
    """The slices of kinds that were divided once more."""
    took: Range | None = None
    timed: bool = True
    """Every run was timed that was to be."""
    divided: bool = False
    ends: bool = True
    """Some run of a measured situation ends; else its least duration, 0, says nothing."""


Breakers = Callable[[e.Expr], dict[FaultSet, tuple[str, ...]]]
"""The smallest sets of faults that lead to a formula, each with its shortest events; the shortest story first."""
Read = Callable[[System, Found, Breakers], Reading]


def timing(read: Read, measure: Measure) -> Read:
    """The same reading with the range of a measured duration."""

    def timed(part: System, found: Found, shown: Breakers) -> Reading:
        reading = read(part, found, shown)
        reading.took, reading.ends = found.measured(measure.name), found.ends(measure.name)
        return reading

    return timed


def add(whole: Reading, part: Reading, name: str) -> None:
    """Take the answers of one slice into those of all before it."""
    whole.classes += part.classes
    whole.seconds += part.seconds
    if not part.complete:
        whole.complete = False
        whole.unfinished.append(name)
        whole.stopped = part.stopped if is_interrupted(part) else f"not all runs with {', '.join(whole.unfinished)}"
    for prop, sets in part.sets.items():
        known = whole.sets.setdefault(prop, {})
        for faults, names in sets.items():
            if faults not in known or len(names) < len(known[faults]):
                known[faults] = names
        fewest = min(count(f) for f in known)
        order = sorted((f for f in known if count(f) == fewest), key=lambda f: (len(known[f]), f))
        whole.sets[prop] = {f: known[f] for f in order}
    whole.witnessed |= part.witnessed
    whole.perhaps |= part.perhaps
    whole.doubtful |= part.doubtful
    whole.hulls += part.hulls
    whole.timed &= part.timed
    whole.came |= part.came
    for prop in part.idle if part.complete else ():
        whole.idle_in.setdefault(prop, set()).add(name)
    _add_duration(whole, part)


def _add_duration(whole: Reading, part: Reading) -> None:
    if part.took is None or whole.took is None:
        if whole.took is None:
            whole.took, whole.ends = part.took, part.ends
        return
    took = wider(whole.took, part.took)
    assert took is not None
    least = [r.took.lo for r in (whole, part) if r.took is not None and r.ends]
    whole.took, whole.ends = replace(took, lo=min(least, default=0)), bool(least)


def wider(one: Range | None, other: Range | None) -> Range | None:
    """The range that holds both."""
    if one is None or other is None:
        return one or other
    return Range(min(one.lo, other.lo), None if one.hi is None or other.hi is None else max(one.hi, other.hi))
