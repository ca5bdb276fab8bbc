"""How far the nodes' clocks are apart, from causes and their effects: a message is never read before it is sent.

A cause at second `a` of one clock and its effect at second `b` of the other say that the other clock is ahead by less
than `b - a + 1` seconds; the same in the other direction gives the lower bound. A clock that drifts, or is set, breaks
the interval; then a new piece begins. A pair that stands alone against the rest is told as unexplained.

What is compared are clocks that were never set: steps are taken out before (`incident.steps`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from hamodel.incident import told_steps
from hamodel.incident.facts import Fact
from hamodel.incident.pairing import RESOLUTION, SOON, STUBBORN, Pair, pairs
from hamodel.incident.report import Clock, Silence, Step
from hamodel.incident.steps import BACK, set_ahead, set_back, without

MOST_AHEAD = 8
"""Steps ahead that are looked for in one incident."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A node's clock is ahead by `lo` to `hi` ms from `since` on.

    `first` is its first pair's moment, `last` that of the last pair that is near: a message that was read hours later
    fits many offsets. `at_once`: the clock changed at `since`, and not somewhere since the piece before. `loose` is by
    how many ms more it may be off: a pair just missed it, so the clock drifts.
    """

    lo: int
    hi: int
    since: int | None
    first: int
    last: int
    pairs: int
    at_once: bool = False
    loose: int = 0

    @property
    def middle(self) -> int:
        return (self.lo + self.hi) // 2


@dataclass(frozen=True, slots=True)
class Clocks:
    """The pieces of each node's offset against the reference, the steps, and the pairs that fit no piece.

    All moments are of clocks without steps. `untied` are nodes whose clock was set, and nothing tells how far;
    `silences` those in which one may have been set; `jitter` (ms) is by how much one was set unseen.
    """

    reference: str
    pieces: Mapping[str, tuple[Piece, ...]]
    unexplained: tuple[Pair, ...]
    steps: Mapping[str, tuple[Step, ...]]
    untied: frozenset[str] = frozenset()
    silences: tuple[Silence, ...] = ()
    jitter: Mapping[str, int] = field(default_factory=dict)

    def ahead(self, node: str, clock: int) -> int:
        """ms by which a node's clock is ahead at this moment of it; between two pieces it is taken to drift."""
        before: Piece | None = None
        for piece in self.pieces.get(node, ()):
            if before is None or clock >= piece.first or (piece.at_once and clock >= (piece.since or 0)):
                before = piece
                continue
            if piece.at_once or clock <= before.last:
                break
            return before.middle + (piece.middle - before.middle) * (clock - before.last) // (piece.first - before.last)
        return 0 if before is None else before.middle

    def shift(self, node: str, clock: int) -> int:
        """A moment of a node's clock as cluster time."""
        return clock - self.ahead(node, clock)

    def shown(self, node: str, clock: int) -> int:
        """What a node's clock showed at a moment of it."""
        return clock + sum(step.by for step in self.steps.get(node, ()) if step.at <= clock)

    def steady(self, node: str, shown: int) -> int:
        """The moment at which a node's clock showed this, the last time it did.

        What a clock set ahead never showed counts as the nearer side of the step.
        """
        return shown - sum(step.by for step in self.steps.get(node, ()) if step.shown - max(step.by // 2, 0) <= shown)

    def slack(self, node: str) -> int | None:
        """ms by which cluster time of a node may be wrong; None where nothing relates its clock, or tells of a jump."""
        return None if self.hiding(node) else self.width(node)

    def width(self, node: str) -> int | None:
        """The same where messages bind its lines: beyond a silence in which it may have been set they do not."""
        if node == self.reference:
            return 0
        found = self.pieces.get(node, ())
        if not found or node in self.untied or self.reference in self.untied:
            return None
        loose = [abs(two.middle - one.middle) for one, two in pairwise(found) if not two.at_once]
        if max(loose, default=0) >= BACK:
            return None
        jitter = sum(self.jitter.get(each, 0) for each in (node, self.reference))
        return max((piece.hi - piece.lo + 1) // 2 + piece.loose for piece in found) + max(loose, default=0) + jitter

    def hiding(self, node: str) -> tuple[Silence, ...]:
        """The silences that leave a node's lines and those of the reference without an order."""
        return tuple(each for each in self.silences if {each.node, each.other} == {node, self.reference})

    def tied(self, node: str) -> tuple[int, int] | None:
        """The first and the last message that binds a node's clock to the reference's, in cluster time."""
        found = self.pieces.get(node, ())
        if node == self.reference or not found:
            return None
        return self.shift(node, found[0].first), self.shift(node, max(piece.last for piece in found))

    def told(self, node: str) -> tuple[Clock, ...]:
        """The pieces as both clocks showed them, each step a piece of its own."""
        found = []
        starts = {piece.since for piece in self.pieces.get(node, ())}
        starts |= {step.at for step in self.steps.get(node, ()) if starts}
        for start in sorted(starts, key=lambda start: (start is not None, start)):
            held = [p for p in self.pieces[node] if p.since is None or (start is not None and p.since <= start)]
            piece, since, by = held[-1], None, 0
            if start is not None:
                since, there = self.shown(node, start), self.shift(node, start)
                by = (since - start) - (self.shown(self.reference, there) - there)
            found.append(Clock(node, piece.lo + by, piece.hi + by, since, piece.pairs, by))
        return tuple(found)


def clocks(facts: Mapping[str, Sequence[Fact]]) -> tuple[Clocks, Mapping[str, tuple[Fact, ...]]]:
    """The offsets of all nodes against the first that was not set, and the facts by clocks without steps."""
    nodes = sorted(facts)
    steps, steady = dict[str, tuple[Step, ...]](), dict[str, tuple[Fact, ...]]()
    for node in nodes:
        said = told_steps.told(node, facts[node])
        told = without(facts[node], said)
        seen = set_back(node, told)
        steps[node], steady[node] = told_steps.joined(said, seen), without(told, seen)
    nodes.sort(key=lambda node: bool(steps[node]))
    joined = _joined(nodes, steady, steps)
    if any(steps.values()):
        for node in nodes:
            steps[node], steady[node] = _measured(joined, node, steady[node])
        joined = _joined(nodes, steady, steps)
    for _ in range(MOST_AHEAD):
        step = _ahead(joined, steady)
        if step is None:
            break
        steady[step.node] = without(steady[step.node], (step,))
        steps[step.node] = tuple(sorted((*_later(steps[step.node], step), step), key=lambda each: each.place))
        joined = _joined(nodes, steady, steps)
    return replace(joined, jitter={node: told_steps.jitter(facts[node]) for node in nodes}), steady


def _measured(joined: Clocks, node: str, facts: tuple[Fact, ...]) -> tuple[tuple[Step, ...], tuple[Fact, ...]]:
    """The steps back of a node as its peer's log measures them: time had passed that its own clock does not tell."""
    found: list[Step] = []
    passed = 0
    pieces = joined.pieces.get(node, ())
    for step in joined.steps[node]:
        passes = sum(one.middle - two.middle for one, two in pairwise(pieces) if two.at_once and two.since == step.at)
        more = passes if step.least and passes > 0 else 0
        passed += more
        tied = node != joined.reference and node not in joined.untied
        found.append(replace(step, by=step.by - more, at=step.at + passed, least=step.least and not tied))
        facts = without(facts, (replace(step, by=-more),)) if more else facts
    return tuple(found), facts


def _later(steps: Sequence[Step], new: Step) -> list[Step]:
    """The steps, those after a new one by a clock that lacks it, too."""
    return [replace(each, at=each.at - new.by) if each.place > new.place else each for each in steps]


def _joined(nodes: Sequence[str], facts: Mapping[str, Sequence[Fact]], steps: Mapping[str, tuple[Step, ...]]) -> Clocks:
    if not nodes:
        return Clocks("", {}, (), steps)
    first, odd = nodes[0], list[Pair]()
    pieces: dict[str, tuple[Piece, ...]] = {first: (Piece(0, 0, None, 0, 0, 0),)}
    untied = set[str]()
    for node in nodes[1:]:
        parts = _parts(first, facts[first], node, facts[node], [step for step in steps[node] if step.least])
        pieces[node] = ()
        for since, found in parts:
            some, alone = _pieces(found, since)
            pieces[node] += some
            odd += alone
        untied |= {node} if not all(found for _, found in parts) else set()
        ours = [pair.of(first).clock for _, found in parts for pair in found]
        untied |= {first} if _open(steps[first], sorted(ours)) else set()
    return Clocks(first, pieces, tuple(odd), steps, frozenset(untied))


def _parts(
    first: str, ours: Sequence[Fact], node: str, theirs: Sequence[Fact], steps: Sequence[Step]
) -> list[tuple[int | None, list[Pair]]]:
    """The pairs before and after each step of unknown size, with its moment: each part has an offset of its own."""
    found: list[tuple[int | None, list[Pair]]] = []
    borders = [None, *(step.at for step in steps), None]
    related = False
    for since, until in pairwise(borders):
        part = [f for f in theirs if (since is None or f.clock >= since) and (until is None or f.clock < until)]
        some = pairs(first, ours, node, part, goes_on=related)
        found.append((since, some))
        if some:
            related = True
            latest = max(pair.of(first).clock for pair in some)
            ours = [fact for fact in ours if fact.clock >= latest]
    return found


def _open(steps: Sequence[Step], moments: Sequence[int]) -> bool:
    """Whether a step of unknown size has no pair on one side of it."""
    unknown = [step.at for step in steps if step.least]
    return any(not moments or at > moments[-1] or at <= moments[0] for at in unknown)


def _ahead(joined: Clocks, facts: Mapping[str, Sequence[Fact]]) -> Step | None:
    """A change of the offset that one silence explains: the node's clock was set ahead there, or the reference's."""
    for node, found in joined.pieces.items():
        for one, two in ((one, two) for one, two in pairwise(found) if not two.at_once):
            by = two.middle - one.middle
            if by >= BACK and (step := set_ahead(node, facts[node], by, one.last, two.first, joined.reference)):
                return replace(step, shown=joined.shown(node, step.at + by))
            if by <= -BACK:
                since, until = one.last - one.middle, two.first - two.middle
                step = set_ahead(joined.reference, facts[joined.reference], -by, since, until, node)
                if step is not None:
                    return replace(step, shown=joined.shown(joined.reference, step.at - by))
    return None


def _pieces(found: Sequence[Pair], since: int | None) -> tuple[tuple[Piece, ...], list[Pair]]:
    """Intervals that hold one after the other, and the pairs that fit none of them; the first `since` a step."""
    done: list[Piece] = []
    alone: list[Pair] = []
    held: list[Pair] = []
    missed: list[Pair] = []
    lo: int | None = None
    hi: int | None = None
    for place, pair in enumerate(found):
        wider = _met(lo, hi, pair)
        if wider is not None:
            lo, hi = wider
            held.append(pair)
            continue
        later = found[place + 1 : place + 6]
        if sum(1 for other in later if _met(lo, hi, other) is None) < STUBBORN:
            (alone if _far(lo, hi, pair) else missed).append(pair)
            continue
        done += _closed(held, missed, lo, hi, since, not done)
        lo, hi, held, missed = pair.lo, pair.hi, [pair], []
    return (*done, *_closed(held, missed, lo, hi, since, not done)), alone


def _far(lo: int | None, hi: int | None, pair: Pair) -> bool:
    """Whether a pair misses the interval by so much that two lines of one kind were not merely mixed up."""
    below = pair.hi is not None and lo is not None and lo - pair.hi >= 2 * RESOLUTION
    return below or (pair.lo is not None and hi is not None and pair.lo - hi >= 2 * RESOLUTION)


def _met(lo: int | None, hi: int | None, pair: Pair) -> tuple[int | None, int | None] | None:
    """The interval with one more bound; None where it would be empty: both bounds are open, so a point is nothing."""
    low = lo if pair.lo is None else pair.lo if lo is None else max(lo, pair.lo)
    high = hi if pair.hi is None else pair.hi if hi is None else min(hi, pair.hi)
    return None if low is not None and high is not None and low >= high else (low, high)


def _closed(
    held: Sequence[Pair], missed: Sequence[Pair], lo: int | None, hi: int | None, since: int | None, begins: bool
) -> list[Piece]:
    if not held:
        return []
    low = lo if lo is not None else (hi or 0) - SOON - RESOLUTION
    high = hi if hi is not None else (lo or 0) + SOON + RESOLUTION
    tight = [pair.at for pair in held if _near(pair, low, high)]
    first, last = held[0].at, max(tight, default=held[0].at)
    by = [pair.lo - low for pair in missed if pair.lo is not None] + [high - p.hi for p in missed if p.hi is not None]
    at_once = begins and since is not None
    return [Piece(low, high, since if begins else first, first, last, len(held), at_once, max(by, default=0))]


def _near(pair: Pair, low: int, high: int) -> bool:
    """Whether a message was read soon after it was sent, if the clocks are so far apart."""
    return (pair.hi is None or pair.hi - low < BACK) and (pair.lo is None or high - pair.lo < BACK)
