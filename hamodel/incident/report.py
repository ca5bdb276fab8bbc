"""The answer to "what happened that night?": plain values, filled by the rooms above and read by the renderers.

All moments are milliseconds of cluster time since the epoch, as a clock without time zone tells them: that of the first
node (`Explanation.clock`), to which the others are shifted by the middle of their offset. A log line carries whole
seconds, so a moment taken from one line is known to a second, and moments of two nodes to the offset's width besides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Certainty(Enum):
    """How far the lines prove something."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True, order=True)
class Proof:
    """One line of a log: the file as it was named, and the number of the line from 1."""

    source: str
    number: int

    def __str__(self) -> str:
        return f"{self.source}:{self.number}"


Proofs = tuple[Proof, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many lines there are, how many of them Heartbeat wrote, how many of these are understood."""

    total: int = 0
    own: int = 0
    recognised: int = 0


@dataclass(frozen=True, slots=True)
class Clock:
    """How far a node's clock is ahead of the reference clock: between `lo` and `hi` ms, from `since` on.

    `since` is None for the first piece. A clock that drifts or is set has several pieces; `by` ms of the difference
    are steps, its own and those of the reference.
    """

    node: str
    lo: int
    hi: int
    since: int | None = None
    pairs: int = 0
    by: int = 0

    @property
    def middle(self) -> int:
        """The offset that is taken where one number is needed."""
        return (self.lo + self.hi) // 2


@dataclass(frozen=True, slots=True)
class Step:
    """A node's clock was set by `by` ms (back: negative) before its fact at `place`.

    `at` is the moment of that fact by a clock that was never set, `shown` what the clock then showed. `least`: it was
    set back by this or more. `peer`: it may as well have been that node's clock, the other way. `said`: the program
    that set it, where its line tells the step.
    """

    node: str
    place: int
    by: int
    at: int
    shown: int
    proofs: Proofs
    least: bool = False
    peer: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Silence:
    """A node wrote nothing from `begin` to `end`, and its clock may have been set meanwhile.

    No message binds its lines behind it (`after`), or else those before it, to those of `other`. `noticed`: a line
    says that it was set then, and not by how much; then the time between may be short.
    """

    node: str
    other: str
    begin: int
    end: int
    after: bool
    proofs: Proofs = ()
    noticed: bool = False


@dataclass(frozen=True, slots=True)
class Owned:
    """A node held a resource. Certainly from `sure_from` to `sure_to`, at most from `begin` to `end`.

    `sure_from` None: it never certainly had it. `end` None: the lines show no end, and `open_because` says why;
    `sure_to` is then the last moment at which the lines still prove it, and `lasting` says that by the end of the logs
    nothing befell the node that could have ended it. `orderly`: it ended before the other side was allowed to begin.
    """

    resource: str
    node: str
    begin: int
    sure_from: int | None
    sure_to: int | None
    end: int | None
    open_because: str = ""
    lasting: bool = False
    orderly: bool = False
    proofs: Proofs = ()


NARROW = 3000
"""ms by which lines of whole seconds and joined clocks may make a double ownership begin later than it did."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two nodes held one resource at once.

    Certain between `sure_from` and `sure_to` where these are given, possible between `begin` and `end` (None: to the
    end of the logs and perhaps longer).
    """

    resource: str
    nodes: tuple[str, str]
    begin: int
    end: int | None
    sure_from: int | None
    sure_to: int | None
    disk: bool
    unless: str = ""
    proofs: Proofs = ()

    @property
    def certainty(self) -> Certainty:
        return Certainty.POSSIBLE if self.sure_from is None else Certainty.CERTAIN

    @property
    def first(self) -> int:
        """From when on damage must be reckoned with: soon before it is certain, if it is certain at all."""
        return self.begin if self.sure_from is None else max(self.begin, self.sure_from - NARROW)


@dataclass(frozen=True, slots=True)
class Gap:
    """Nobody held the resource, certainly from `begin` to `end` (None: to the end of the logs)."""

    resource: str
    begin: int
    end: int | None


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that must have befallen the cluster, or what an operator did to it.

    `kind` is a stable word (see `hamodel.incident.kinds`), `what` the link, resource, node or script it befell, and
    `op` what that script was called for. It began between `earliest` and `latest`; `ended` is when it was seen to be
    over.
    """

    kind: str
    node: str
    what: str
    earliest: int
    latest: int
    ended: int | None
    certainty: Certainty
    text: str
    alternatives: tuple[str, ...] = ()
    proofs: Proofs = ()
    op: str = ""


@dataclass(frozen=True, slots=True)
class Took:
    """How long something took, between `lo` and `hi` ms.

    `what` is `start` or `stop` (of the resource `of`), `reset` or `failed reset` (of the node `of`), or `boot` (after
    the fault `of`).
    """

    what: str
    node: str
    of: str
    lo: int
    hi: int


@dataclass(frozen=True, slots=True)
class Inferred:
    """A value of the configuration as the lines show it: exact (`lo == hi`), bounded, or a word."""

    option: str
    node: str
    value: str
    lo: int | None = None
    hi: int | None = None
    proofs: Proofs = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the lines contradict the configuration that was given: another one was running.

    `lo` and `hi` bound a time in ms as far as the lines do.
    """

    option: str
    node: str
    file_says: str
    log_says: str
    proofs: Proofs = ()
    lo: int | None = None
    hi: int | None = None

    @property
    def middle(self) -> int | None:
        """A time within the bounds, in whole seconds where that can be; None where nothing bounds it."""
        if self.lo is None or self.hi is None:
            return None if self.lo is self.hi else round((self.lo or 0) * 1.5 or (self.hi or 0) / 1.5)
        middle = (self.lo + self.hi) // 2
        whole = round(middle / 1000) * 1000
        return whole if self.lo <= whole <= self.hi else middle


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Lines that cannot follow from each other, and why: lost, altered, moved, or from elsewhere.

    `proofs` are the lines, `missing` says that one line demands another that is not there; `rule` is the daemon's
    rule that they break. What is explained is then at best likely: nobody knows what else is not as it was.
    """

    node: str
    at: int
    text: str
    rule: str
    missing: bool
    proofs: Proofs


@dataclass(frozen=True, slots=True)
class Unseen:
    """A time of which these logs do not tell what a node had (`end` None: to the end). `node` may be unknown."""

    node: str
    begin: int
    end: int | None
    text: str
    proofs: Proofs = ()


class Verdict(Enum):
    """The answer in one word; the exit code follows from it."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    INCONCLUSIVE = "inconclusive"
    NOT_STARTED = "not started"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence of the story. `node_time` is what the node's own clock showed; `heavy` marks turning points."""

    at: int
    node: str
    node_time: int
    text: str
    heavy: bool = False
    proofs: Proofs = ()


@dataclass(frozen=True, slots=True)
class Advice:
    """One change that would have prevented the damage.

    `option` is the name a change is given on the command line, or a word for what is no option. `checked` is None
    before the model was asked, else whether no run with the change ends in the damage.
    """

    option: str
    text: str
    checked: bool | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """Runs that write `written` of `of` landmark lines and no more; `missing` are those that come next.

    No run that was found writes all of these and another line; `faults` are those that these runs took.
    """

    written: int
    of: int
    faults: tuple[str, ...]
    missing: Proofs
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Nearest:
    """What would explain lines that no run writes, as a new search has shown, and the faults it then takes.

    `kind`: `lost`, `surplus`, `script`, `edit`, `release`, or the name of an option that differs.
    """

    kind: str
    text: str
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Episode:
    """The answer for one part of a log. `follows`: it begins where the run of the part before ends, or is the first."""

    begin: int
    end: int
    first: Proof
    last: Proof
    landmarks: int
    fits: bool | None
    follows: bool
    faults: tuple[str, ...] = ()
    breaks_at: Proof | None = None
    breaks_text: str = ""
    reason: str = ""
    reached: tuple[Reached, ...] = ()
    nearest: tuple[Nearest, ...] = ()
    found_by: str = ""
    """Where the faults come from: `no fault`, `inferred` from the lines, `inferred and one more`, or `searched`."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a run of the model writes these lines: filled by the search, None fields were not searched.

    `breaks_at` is the first line no run can write, `expected` what would explain the lines all the same. A long log is
    answered in `episodes`: it fits where all of them do, and each begins where the one before ended.
    """

    fits: bool | None = None
    breaks_at: Proof | None = None
    breaks_text: str = ""
    expected: tuple[str, ...] = ()
    reason: str = ""
    story: tuple[Told, ...] = ()
    faults: tuple[str, ...] = ()
    prevented_by: tuple[Advice, ...] = ()
    searched: Mapping[str, int] = field(default_factory=dict)
    episodes: tuple[Episode, ...] = ()


@dataclass(frozen=True, slots=True)
class Cause:
    """Why it came so far: one sentence, the rule it follows, and what it rests on."""

    text: str
    rule: str
    certainty: Certainty
    proofs: Proofs = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that is known. `begin` and `end` are the first and the last moment of the logs.

    `undated`: no line tells the year, which is only that of the files' last change.
    """

    nodes: tuple[str, ...]
    clock: str
    begin: int
    end: int
    lines: Counts
    clocks: tuple[Clock, ...] = ()
    unrelated: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    silences: tuple[Silence, ...] = ()
    owned: tuple[Owned, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    gaps: tuple[Gap, ...] = ()
    unsafe_from: int | None = None
    faults: tuple[Fault, ...] = ()
    cause: Cause | None = None
    advice: tuple[Advice, ...] = ()
    inferred: tuple[Inferred, ...] = ()
    differs: tuple[Difference, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    unseen: tuple[Unseen, ...] = ()
    story: tuple[Told, ...] = ()
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    took: tuple[Took, ...] = ()
    fit: Fit | None = None
    undated: bool = False

    @property
    def sure(self) -> Certainty:
        """How far these lines prove what they prove: lines that contradict each other make it likely at best."""
        return Certainty.LIKELY if self.contradictions else Certainty.CERTAIN

    @property
    def unsafe(self) -> Certainty | None:
        """Whether two nodes held one resource: certainly, likely, possibly, or not by anything the lines say."""
        levels = {overlap.certainty for overlap in self.overlaps}
        if Certainty.CERTAIN in levels:
            return self.sure
        return Certainty.POSSIBLE if levels else None

    @property
    def verdict(self) -> Verdict:
        """Safe only where every node is told of throughout, by lines that fit each other."""
        if not self.lines.own or not self.nodes:
            return Verdict.NOTHING
        if self.unsafe is Certainty.CERTAIN:
            return Verdict.UNSAFE
        if self.unsafe is not None or self.contradictions:
            return Verdict.INCONCLUSIVE
        if not self.owned and any(fault.kind == "refused" for fault in self.faults):
            return Verdict.NOT_STARTED
        return Verdict.INCONCLUSIVE if self.unseen else Verdict.SAFE
