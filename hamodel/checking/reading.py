"""What one exploration says, and how the answers of several become one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    unfinished: list[str] = field(default_factory=list)
    """The slices that were not explored to their end."""
    split: list[str] = field(default_factory=list)
    """The slices of kinds that were divided once more."""
    took: dict[str, Range] = field(default_factory=dict)
    """The range of each measured duration, by the name of its measure."""
    unending: set[str] = field(default_factory=set)
    """The measured situations that end in no run; their least duration, 0, says nothing."""
    timed: bool = True
    """Every run was timed that was to be."""
    divided: bool = False


Breakers = Callable[[e.Expr], dict[FaultSet, tuple[str, ...]]]
"""The smallest sets of faults that lead to a formula, each with its shortest events; the shortest story first."""
Read = Callable[[System, Found, Breakers], Reading]


def timing(read: Read, measures: Sequence[Measure]) -> Read:
    """The same reading with the ranges of measured durations."""

    def timed(part: System, found: Found, shown: Breakers) -> Reading:
        reading = read(part, found, shown)
        for name in (m.name for m in measures):
            took = found.measured(name)
            if took is not None:
                reading.took[name] = took
                if not found.ends(name):
                    reading.unending.add(name)
        return reading

    return timed


def add(whole: Reading, part: Reading, name: str) -> None:
    """Take the answers of one slice into those of all before it."""
    whole.classes += part.classes
    whole.seconds += part.seconds
    if not part.complete:
        whole.complete = False
        whole.unfinished.append(name)
        left = ", ".join(dict.fromkeys(whole.unfinished))
        whole.stopped = part.stopped if is_interrupted(part) else f"not all runs with {left}"
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
    for measure in part.took:
        _add_duration(whole, part, measure)


def _add_duration(whole: Reading, part: Reading, measure: str) -> None:
    known = [r for r in (whole, part) if measure in r.took]
    ending = [r for r in known if measure not in r.unending]
    took = wider(known[0].took[measure], known[-1].took[measure])
    assert took is not None
    whole.unending -= {measure}
    if not ending:
        whole.unending.add(measure)
    whole.took[measure] = replace(took, lo=min((r.took[measure].lo for r in ending), default=0))


def wider(one: Range | None, other: Range | None) -> Range | None:
    """The range that holds both."""
    if one is None or other is None:
        return one or other
    return Range(min(one.lo, other.lo), None if one.hi is None or other.hi is None else max(one.hi, other.hi))
