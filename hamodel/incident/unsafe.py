"""Two owners of one resource: certain where both certainly had it, possible where the lines do not exclude it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from hamodel.incident.absent import taken_by_death
from hamodel.incident.diary import Incident
from hamodel.incident.facts import SECOND
from hamodel.incident.report import Overlap, Owned


def overlaps(incident: Incident, owned: Sequence[Owned]) -> tuple[Overlap, ...]:
    """All double ownership, in order of its beginning; pieces that touch are one."""
    found: list[Overlap] = []
    for name in incident.resources:
        spans = [span for span in owned if span.resource == name]
        for one, two in combinations(sorted({span.node for span in spans}), 2):
            pieces = []
            for a in (span for span in spans if span.node == one):
                for b in (span for span in spans if span.node == two and _touch(a, span)):
                    piece = _both(incident, a, b)
                    if piece is not None:
                        pieces.append(piece)
            found += _joined(pieces)
    return tuple(sorted(found, key=lambda each: (each.begin, each.resource)))


def _touch(a: Owned, b: Owned) -> bool:
    """Whether two spans may meet at all."""
    return (a.end is None or b.begin <= a.end) and (b.end is None or a.begin <= b.end)


def _both(incident: Incident, a: Owned, b: Owned) -> Overlap | None:
    slack = incident.slack(a.node, b.node)
    begin = max(a.begin, b.begin)
    ends = [end for end in (a.end, b.end) if end is not None]
    end = min(ends, default=None)
    sure = _surely(incident, a, b)
    if end is not None and sure is None:
        known = 2 * SECOND + 2 * (slack or 0)
        first, other = (a, b) if a.end == end else (b, a)
        if end - begin <= (known if _handed_over(incident, first, other) else 0):
            return None
    resource = incident.resource(a.resource)
    begin = begin if sure is None else min(begin, sure[0])
    unless = "" if sure else _unless(a, b)
    return Overlap(
        a.resource,
        (a.node, b.node),
        begin,
        end,
        sure[0] if sure else None,
        sure[1] if sure else None,
        resource is not None and resource.disk,
        unless,
        tuple(dict.fromkeys((*a.proofs[:2], *b.proofs[:2]))),
    )


def _handed_over(incident: Incident, first: Owned, other: Owned) -> bool:
    """Whether one was released in order and the other begun after it, not because its holder was declared dead."""
    taker = incident.diaries.get(other.node)
    if not first.orderly or first.begin >= other.begin:
        return False
    return taker is None or not taken_by_death(taker, first.node, other)


def _surely(incident: Incident, a: Owned, b: Owned) -> tuple[int, int] | None:
    """From when to when both certainly had it: from the later beginning to the earlier end.

    What is there for good on both sides overlaps whatever the clocks say. Of others each must have begun before the
    other ended, where their moments are related at all; the clocks' difference counts once, so where one lies within
    the other, that it is short is no matter.
    """
    if a.sure_from is None or b.sure_from is None or a.sure_to is None or b.sure_to is None:
        return None
    begin = max(a.sure_from, b.sure_from)
    if a.lasting and b.lasting:
        begin += incident.slack(a.node, b.node) or 0
        return begin, max(begin, incident.end)
    slack = incident.width(a.node, b.node)
    mine, theirs = incident.bound(a.node, b.node), incident.bound(b.node, a.node)
    if slack is None or not (_meets(a, mine, b, theirs, slack) and _meets(b, theirs, a, mine, slack)):
        return None
    begin = max(begin, mine[0], theirs[0]) + slack
    return begin, max(begin, min(a.sure_to, b.sure_to, mine[1], theirs[1]) - slack)


def _meets(one: Owned, mine: tuple[int, int], other: Owned, theirs: tuple[int, int], slack: int) -> bool:
    """Whether one certainly began before the other ended. What ended in the second of its beginning ended after it.

    Each node's lines are bound to the other's from when to when `mine` and `theirs` say: what lies before was before
    that, what lies behind it came after, and nobody knows by how much.
    """
    if one.sure_from is None or other.sure_from is None or other.sure_to is None:
        return False
    end = other.sure_to if other.sure_to > other.sure_from else other.sure_from - SECOND
    if one.sure_from > mine[1] or end < theirs[0]:
        return False
    return max(one.sure_from, mine[0]) + slack < min(end, theirs[1])


def _unless(a: Owned, b: Owned) -> str:
    for span in (a, b):
        if span.open_because:
            return f"{span.node}: {span.open_because}"
    return "the lines do not say more exactly when it changed hands"


def _joined(pieces: Sequence[Overlap]) -> list[Overlap]:
    found: list[Overlap] = []
    for piece in sorted(pieces, key=lambda each: each.begin):
        before = found[-1] if found else None
        if before is None or (before.end is not None and piece.begin > before.end):
            found.append(piece)
            continue
        sure = [each for each in (before, piece) if each.sure_from is not None]
        end = None if before.end is None or piece.end is None else max(before.end, piece.end)
        found[-1] = Overlap(
            before.resource,
            before.nodes,
            before.begin,
            end,
            min((each.sure_from for each in sure if each.sure_from is not None), default=None),
            max((each.sure_to for each in sure if each.sure_to is not None), default=None),
            before.disk,
            "" if sure else before.unless,
            tuple(dict.fromkeys((*before.proofs, *piece.proofs))),
        )
    return found


def unsafe_from(found: Sequence[Overlap]) -> int | None:
    """The first moment at which damage was possible for certain, else the first at which it may have been."""
    sure = [each.first for each in found if each.sure_from is not None]
    return min(sure) if sure else min((each.first for each in found), default=None)
