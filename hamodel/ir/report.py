"""Reports: every verdict on one cluster with its story, in values a renderer can print without asking anybody."""

from __future__ import annotations

from dataclasses import dataclass

from hamodel.ir.property import PropertyKind
from hamodel.ir.trace import Trace
from hamodel.ir.verdict import Outcome, Range

FaultSet = tuple[tuple[str, int], ...]
"""Kinds of faults and commands, and how many of each: `(("cut", 1), ("kill", 1))`."""


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One sentence: when (ms after the story's first event), on which node ("" for the world outside), and what."""

    at: int | None
    node: str
    text: str
    cause: bool = False
    """True for what happens to the cluster, False for what the cluster does."""


@dataclass(frozen=True, slots=True)
class ConfigLine:
    """A line of the configuration that a verdict rests on; line 0 where nothing was written and a default counts."""

    file: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Way:
    """One smallest set of faults that breaks a claim, and what the violation is like when only these kinds come."""

    faults: FaultSet
    length: Range | None = None
    """How long the violation lasts; None where it was not measured."""
    earliest: int | None = None
    """The shortest time from the first fault to the violation."""


@dataclass(frozen=True, slots=True)
class Result:
    """What was found out about one property."""

    name: str
    doc: str
    kind: PropertyKind
    outcome: Outcome
    engine: str = ""
    states: int = 0
    seconds: float = 0.0
    reason: str = ""
    scope: str = ""
    """What was exhausted, where that is less than the report's whole budget."""
    ways: tuple[Way, ...] = ()
    """The smallest sets of faults that break it; the story is that of the first."""
    story: tuple[StoryLine, ...] = ()
    measured: Range | None = None
    """For a timed claim: how long its goal takes, over all runs."""
    bound: int | None = None
    """For a timed claim: how long its goal may take."""
    rests_on: tuple[ConfigLine, ...] = ()
    certified: tuple[str, ...] = ()
    """Who has gone through the trace again, independently."""
    evidence: tuple[str, ...] = ()
    expected: Outcome | None = None
    expected_faults: int | None = None
    """How many faults the spec says it takes to break the claim."""
    trace: Trace | None = None
    provided: tuple[str, ...] = ()
    """What is assumed not to be put off for ever, one sentence each; without any, nothing is assumed."""
    computed: str = ""
    """For what comes in the end: how many computations gave the answer."""
    proof: tuple[str, ...] = ()
    """For a claim that was proved: the invariant, one line a clause."""
    hulls: tuple[str, ...] = ()
    """The runs that were searched by hulls, which hold more than can happen: they exclude a violation, they time none.
    """
    accepted: str = ""
    """Why somebody lives with what was found, and until when; see `checking.accepted`."""

    @property
    def faults_used(self) -> FaultSet:
        """The faults of the story."""
        return self.ways[0].faults if self.ways else ()

    @property
    def as_expected(self) -> bool:
        """False only where a spec expects something else."""
        return self.expected is None or (self.expected is self.outcome and not self.other_number)

    @property
    def other_number(self) -> bool:
        """Whether it breaks as expected, but with more faults or fewer."""
        if self.expected_faults is None or self.outcome is not Outcome.VIOLATED:
            return False
        return sum(number for _, number in self.faults_used) != self.expected_faults


@dataclass(frozen=True, slots=True)
class Skipped:
    """A property that has nothing to say about this cluster, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """The whole answer about one spec."""

    cluster: str
    nodes: tuple[str, ...]
    heartbeat: str
    start: str
    budget: int
    faults: FaultSet
    results: tuple[Result, ...]
    skipped: tuple[Skipped, ...] = ()
    engine: str = ""
    seconds: float = 0.0
    interrupted: bool = False
    version: str = ""
    never: tuple[str, ...] = ()
    """The kinds of faults and commands that come about in no run: nothing was tried against them."""
    beyond: tuple[str, ...] = ()
    """Nodes that only run their groups and may die."""
    through: tuple[str, ...] = ()
    """The milestones of the runs that were looked at; without any, all runs."""
    cached: bool = False
    """Whether all of this was found out by an earlier check of the same configuration; `seconds` are those of then."""

    def outcomes(self) -> frozenset[Outcome]:
        """Every outcome that occurs."""
        return frozenset(r.outcome for r in self.results)


def faults_in_words(faults: FaultSet) -> str:
    """A set of faults as one would say it.

    >>> faults_in_words((("cut", 2), ("kill", 1)))
    '2 cut + 1 kill'
    """
    return " + ".join(f"{count} {kind}" for kind, count in faults) or "no fault at all"
