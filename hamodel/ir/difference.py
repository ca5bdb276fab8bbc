"""Two configurations side by side, in values a renderer can print."""

from __future__ import annotations

from dataclasses import dataclass

from hamodel.ir.repairs import Effect, Trend
from hamodel.ir.report import FaultSet, StoryLine
from hamodel.ir.review import Cost, Remark
from hamodel.ir.verdict import Range


@dataclass(frozen=True, slots=True)
class Option:
    """One value in force that is not the same; an empty text: there is none. Lines are 0 where nobody wrote it."""

    name: str
    node: str
    """Empty where it changes in the same way on every node."""
    old: str
    new: str
    old_line: int = 0
    new_line: int = 0


@dataclass(frozen=True, slots=True)
class Bound:
    """One worst case before and after. None: nothing was measured, or it never comes."""

    name: str
    says: str
    old: Range | None
    new: Range | None
    old_text: str
    new_text: str
    trend: Trend | None


@dataclass(frozen=True, slots=True)
class Only:
    """The shortest run that one configuration allows and the other does not: fewest faults, then fewest steps.

    It breaks a promise that the same acts (faults, repairs, commands) at the same times cannot break there; or what it
    shows with its last step cannot be seen there at that moment.
    """

    property: str
    """The promise; empty where no promise tells the two apart."""
    in_new: bool
    """Whether it is the new one that allows it."""
    faults: FaultSet
    story: tuple[StoryLine, ...]
    stops_after: int
    """So many events of it the other configuration allows."""
    missing: str
    """What comes next in this run and does not come there; empty where every event happens."""
    stops: str
    """Why it does not come."""
    reasons: tuple[str, ...] = ()
    shows: str = ""
    """What can be seen at its last step, where that is the difference."""
    acts: tuple[tuple[str, int], ...] = ()
    """What befalls the cluster, each with its time in ms."""
    steps: int = 0
    certified: tuple[str, ...] = ()
    """Who has gone through the run again, independently."""
    classes: int = 0
    """So many classes the other one was searched, under the same acts at the same times, without finding the same."""


@dataclass(frozen=True, slots=True)
class Followed:
    """One way in which no run was found that the other does not allow."""

    in_new: bool | None
    """Whose runs were followed; None: both ways at once."""
    said: str
    complete: bool
    """Whether that is known of all runs within the budget."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two configurations."""

    where: str
    nodes: tuple[str, ...]
    heartbeat: str
    refused: str = ""
    unchecked: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """The whole answer."""

    old: Side
    new: Side
    options: tuple[Option, ...] = ()
    appeared: tuple[Remark, ...] = ()
    vanished: tuple[Remark, ...] = ()
    effects: tuple[Effect, ...] = ()
    bounds: tuple[Bound, ...] = ()
    runs: tuple[Only, ...] = ()
    followed: tuple[Followed, ...] = ()
    checked: str = ""
    seconds: float = 0.0
    version: str = ""
    interrupted: bool = False

    @property
    def worse(self) -> tuple[str, ...]:
        """Why the new configuration is worse; empty where nothing is."""
        found = [f"{e.after.name} is worse" for e in self.effects if e.trend is Trend.WORSE]
        found += [f"{r.code} appears" for r in self.appeared if r.cost.rank <= Cost.OUTAGE.rank]
        if self.new.refused and not self.old.refused:
            found.insert(0, "Heartbeat does not start with the new files")
        return tuple(dict.fromkeys(found))
