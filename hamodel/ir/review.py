"""Reviews: what is known against a configuration, ranked by what it can cost, in values a renderer can print."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from hamodel.ir.report import ConfigLine, StoryLine, Way


class Cost(Enum):
    """What a finding can cost, the dearest first."""

    DATA_LOSS = "data loss"
    OUTAGE = "outage"
    SURPRISE = "surprise"
    HYGIENE = "hygiene"

    @property
    def rank(self) -> int:
        """0 for the dearest."""
        return list(Cost).index(self)


class Source(Enum):
    """Who says it, the surest first; within one cost findings stand in this order."""

    REFUSED = "refused"
    CHECKED = "model check"
    LOG = "log"
    READ = "read"
    NO_EFFECT = "no effect"
    ADVICE = "advice"

    @property
    def rank(self) -> int:
        """0 for the first."""
        return list(Source).index(self)


@dataclass(frozen=True, slots=True)
class Practice:
    """One rule of recommended practice: what to do, why, and who says so."""

    id: str
    rule: str
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class Remark:
    """One finding of a review. `line` is 0 where no line can be named."""

    code: str
    cost: Cost
    source: Source
    message: str
    file: str = ""
    line: int = 0
    evidence: tuple[str, ...] = ()
    repair: str = ""
    rules: tuple[Practice, ...] = ()
    story: tuple[StoryLine, ...] = ()
    ways: tuple[Way, ...] = ()
    rests_on: tuple[ConfigLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A value in force that nobody has to write down: what it is, and where it comes from."""

    name: str
    value: str
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """Everything a reviewer has to say about one configuration."""

    cluster: str
    nodes: tuple[str, ...]
    heartbeat: str
    remarks: tuple[Remark, ...]
    facts: tuple[Fact, ...] = ()
    refused: str = ""
    """Why Heartbeat does not start with these files; empty where it does."""
    checked: str = ""
    """What the model check has explored; empty where there was none."""
    unchecked: str = ""
    """Why the model was not checked, or not to its end."""
    logs: tuple[str, ...] = ()
    """The logs that were read."""
    seconds: float = 0.0
    version: str = ""
    interrupted: bool = False

    def at_or_above(self, cost: Cost) -> tuple[Remark, ...]:
        """The findings that cost at least so much."""
        return tuple(r for r in self.remarks if r.cost.rank <= cost.rank)


def ranked(remarks: Iterable[Remark]) -> tuple[Remark, ...]:
    """The findings without repetitions, the dearest first; the order within one cost is that of `Source`.

    Of broken claims the one that more kinds of faults bring about comes first, for it is likelier.
    """

    def key(remark: Remark) -> tuple[int, int, str, int, str, str]:
        return (remark.cost.rank, remark.source.rank, remark.file, remark.line, remark.code, remark.message)

    all_of_them = list(remarks)
    checked = [r for r in all_of_them if r.source is Source.CHECKED]
    rest = {key(r): r for r in all_of_them if r.source is not Source.CHECKED}
    ordered = [*checked, *(rest[each] for each in sorted(rest))]
    return tuple(sorted(ordered, key=lambda r: (r.cost.rank, r.source.rank, -len(r.ways))))
