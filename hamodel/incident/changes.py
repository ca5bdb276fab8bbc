"""What two explanations of a growing log differ in: the sentences somebody who watches it is told, each once.

Three things are compared: the sentences of the story, by the lines they rest on; who has each resource now; and where
two nodes have one. Lines of two nodes rarely arrive together, so danger must last a few seconds before it is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from hamodel.incident.report import Certainty, Explanation, Overlap, Owned, Proofs, Told

REMEMBERED = 50_000
"""Sentences that are remembered as told."""
NEAR = 2_000
"""ms by which a moment may move when the clocks become better known."""
_NUMBERS = re.compile(r" \(\d+ [a-z ]+\)")


class Kind(Enum):
    """What an event is about; the values are an interface for scripts."""

    TOLD = "told"
    DOUBT = "doubt"
    OWNER = "owner"
    POSSIBLE = "possible"
    UNSAFE = "unsafe"
    SAFE = "safe"


@dataclass(frozen=True, slots=True)
class Event:
    """One change of what is known. `at` is cluster time, `node_time` what the node's own clock showed (ms)."""

    kind: Kind
    at: int
    node: str
    node_time: int
    text: str
    resource: str = ""
    nodes: tuple[str, ...] = ()
    cause: str = ""
    proofs: Proofs = ()


@dataclass(slots=True)
class _Danger:
    """A double ownership that was noticed at `since` (ms of the watcher's clock); `told` is what was said of it."""

    overlap: Overlap
    since: int
    told: Certainty | None = None
    over: bool = False


class Changes:
    """Remembers what was told. `settle`: ms for which danger must last before it is."""

    def __init__(self, settle: int = 0) -> None:
        self._settle = settle
        self._said: dict[tuple[str, ...], None] = {}
        self._holds: dict[tuple[str, str], str] = {}
        self._dangers: list[_Danger] = []

    @property
    def pending(self) -> bool:
        """Whether something is known and not told yet, because it has not lasted."""
        return any(each.told != each.overlap.certainty for each in self._dangers if not each.over)

    @property
    def level(self) -> Certainty | None:
        """The worst that was told and is not over."""
        levels = {each.told for each in self._dangers if not each.over}
        return next((each for each in (Certainty.CERTAIN, Certainty.POSSIBLE) if each in levels), None)

    def of(self, report: Explanation, now: int, *, past: bool = False, at_once: bool = False) -> list[Event]:
        """What is new in this explanation, in order.

        `past`: what has happened is taken as told, only what is so now is said. `at_once`: nothing waits.
        """
        told = list(self._story(report))
        events = [] if past else told
        events += self._doubts(report, at_once)
        events += self._owners(report)
        events += self._danger(report, now, past, at_once)
        return sorted(events, key=lambda event: event.at)

    # ---- the story ------------------------------------------------------------------------------------------------

    def _story(self, report: Explanation) -> Iterator[Event]:
        for told in report.story:
            new = [self._is_new(name) for name in _names(told)]
            if told.node and any(new):
                fresh = _only(told, new)
                yield Event(Kind.TOLD, told.at, told.node, told.node_time, fresh.text, proofs=fresh.proofs)

    def _doubts(self, report: Explanation, at_once: bool) -> Iterator[Event]:
        """Lines that do not fit each other, and where nothing more will come, what the logs do not tell."""
        for untold in report.unseen if at_once else ():
            yield Event(Kind.DOUBT, untold.begin, "", untold.begin, f"not told: {untold.text}", proofs=untold.proofs)
        for each in report.contradictions:
            if self._is_new((each.node, each.text, *map(str, each.proofs))):
                at = each.at + _ahead(report, each.node)
                yield Event(Kind.DOUBT, each.at, each.node, at, f"does not fit: {each.text}", proofs=each.proofs)

    def _is_new(self, name: tuple[str, ...]) -> bool:
        new = self._said.pop(name, 0) == 0
        self._said[name] = None
        while len(self._said) > REMEMBERED:
            del self._said[next(iter(self._said))]
        return new

    # ---- who has what ---------------------------------------------------------------------------------------------

    def _owners(self, report: Explanation) -> Iterator[Event]:
        last: dict[tuple[str, str], Owned] = {}
        for span in report.owned:
            name = span.resource, span.node
            if name not in last or span.begin >= last[name].begin:
                last[name] = span
        for name, span in last.items():
            text, at = _holding(span)
            before = self._holds.get(name, "")
            if text and text != before and not (text == GONE and not before):
                self._holds[name] = text
                yield Event(
                    Kind.OWNER, at, span.node, at + _ahead(report, span.node), text.format(span.resource),
                    span.resource, (span.node,), proofs=span.proofs[-1:],
                )  # fmt: skip

    # ---- two that have one ----------------------------------------------------------------------------------------

    def _danger(self, report: Explanation, now: int, past: bool, at_once: bool) -> Iterator[Event]:
        before, self._dangers = self._dangers, []
        for overlap in report.overlaps:
            known = next((each for each in before if _same(each.overlap, overlap)), None)
            if known is None:
                known = _Danger(overlap, now, over=past and overlap.end is not None)
            else:
                before.remove(known)
                if known.overlap.certainty is not overlap.certainty:
                    known.since = now
                known.overlap = overlap
            self._dangers.append(known)
            if at_once or past or now - known.since >= self._settle:
                yield from _told(report, known)
        for each in before:
            if each.told is not None and not each.over and each.overlap.begin >= report.begin:
                yield _event(report, each.overlap, Kind.SAFE, each.overlap.begin, REVISED)


GONE, REVISED = "no longer has {}", "safe after all: by later lines {} did not both have {}"


def _told(report: Explanation, danger: _Danger) -> Iterator[Event]:
    """What must be said of a double ownership that has lasted."""
    overlap = danger.overlap
    if danger.over:
        if overlap.end is not None:
            return
        danger.over, danger.told = False, None
    if danger.told is not overlap.certainty:
        danger.told = overlap.certainty
        certain = danger.told is Certainty.CERTAIN
        at = overlap.sure_from if overlap.sure_from is not None else overlap.begin
        text = "UNSAFE: {} both have {}" if certain else "{} may both have {}" + f": {overlap.unless}"
        yield _event(report, overlap, Kind.UNSAFE if certain else Kind.POSSIBLE, at, text)
    if overlap.end is not None:
        danger.over = True
        yield _event(report, overlap, Kind.SAFE, overlap.end, "safe again: {} no longer both have {}")


def _event(report: Explanation, overlap: Overlap, kind: Kind, at: int, text: str) -> Event:
    cause = report.cause.text if report.cause is not None and kind is not Kind.SAFE else ""
    said = text.format(" and ".join(overlap.nodes), overlap.resource)
    return Event(kind, at, "", at, said, overlap.resource, overlap.nodes, cause, overlap.proofs)


def _same(one: Overlap, two: Overlap) -> bool:
    """Whether two explanations speak of the same double ownership."""
    if (one.resource, one.nodes) != (two.resource, two.nodes):
        return False
    return (one.end is None or two.begin <= one.end + NEAR) and (two.end is None or one.begin <= two.end + NEAR)


def _holding(span: Owned) -> tuple[str, int]:
    """What a node has to do with a resource, and since when; nothing while its start runs."""
    if span.end is not None:
        return GONE, span.end
    if span.open_because:
        still = "may have" if span.sure_from is None else "may still have"
        return f"{still} {{}}: {span.open_because}", span.sure_to if span.sure_to is not None else span.begin
    return ("has {}", span.sure_from) if span.sure_from is not None else ("", span.begin)


def _ahead(report: Explanation, node: str) -> int:
    """ms by which a node's clock is ahead now."""
    return next((clock.middle for clock in reversed(report.clocks) if clock.node == node), 0)


def _only(told: Told, new: Sequence[bool]) -> Told:
    """A sentence on several media without those that were told before."""
    head, over, rest = told.text.partition(" over ")
    end = " any more" if rest.endswith(" any more") else ""
    links = rest.removesuffix(end).split(", ")
    if all(new) or not over or len(links) != len(told.proofs):
        return told
    left = ", ".join(link for link, fresh in zip(links, new, strict=True) if fresh)
    proofs = tuple(proof for proof, fresh in zip(told.proofs, new, strict=True) if fresh)
    return replace(told, text=f"{head}{over}{left}{end}", proofs=proofs)


def _names(told: Told) -> Iterator[tuple[str, ...]]:
    """A sentence by the lines it rests on: what is said of several media is told line by line."""
    head = _NUMBERS.sub("", told.text.partition(" over ")[0])
    second = str(told.node_time // 1000)
    for proof in told.proofs:
        yield str(proof), second, head
    if not told.proofs:
        yield told.node, second, told.text
