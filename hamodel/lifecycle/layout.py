"""Where things go in a diagram: modes in a row, moves forward above them, moves back below, each in a lane of its own.

Short moves run close to the boxes and long ones outside, so a label always stands on its own stretch of line; what is
left to chance is only how often a line crosses another, and the order of the row is chosen so that it is seldom.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations

from hamodel.lifecycle.chart import Arrow, Chart
from hamodel.lifecycle.wording import lines

MOST_LINES, MOST_PERMUTED = 4, 7
LETTER, LINE, BOX_LETTER = 6.1, 14.0, 8.4
BOX_HEIGHT, GAP, MARGIN = 46.0, 44.0, 30.0
LANE_GAP = 16.0
PORT = 16.0


@dataclass(frozen=True, slots=True)
class Box:
    mode: str
    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True)
class Lane:
    """A move: up (or down) from `x1`, along `y`, and back to the boxes at `x2`; its label is centred at `label_x`."""

    arrows: tuple[Arrow, ...]
    text: tuple[str, ...]
    x1: float
    x2: float
    y: float
    above: bool
    label_x: float


@dataclass(frozen=True, slots=True)
class Drawing:
    boxes: tuple[Box, ...]
    lanes: tuple[Lane, ...]
    width: float
    height: float


Edge = tuple[str, str, tuple[Arrow, ...]]


def arrange(chart: Chart, top: float = 0.0) -> Drawing:
    """The places of all boxes and moves; `top` is left free above them."""
    edges = chart.edges()
    row = order(chart.modes, chart.initial, edges)
    place = {mode: i for i, mode in enumerate(row)}
    text = {(s, d): lines(arrows, MOST_LINES) for s, d, arrows in edges}
    widths = [max(92.0, BOX_LETTER * len(m) + 30, PORT * (_ports(m, edges) + 1)) for m in row]
    gaps = _gaps(row, place, widths, text)
    lefts = [MARGIN + 26.0]
    for i in range(1, len(row)):
        lefts.append(lefts[-1] + widths[i - 1] + gaps[i - 1])
    ports = _port_places(edges, place, lefts, widths)
    sides = {above: [e for e in edges if (place[e[0]] < place[e[1]]) is above] for above in (True, False)}
    levels = {above: _levels(side, place, text) for above, side in sides.items()}
    tall = max((depth for depth in levels[True].values()), default=0.0)
    deep = max((depth + LINE * len(text[k]) for k, depth in levels[False].items()), default=0.0)
    y = top + MARGIN + max((d + LINE * len(text[k]) for k, d in levels[True].items()), default=tall)
    boxes = tuple(Box(m, x, y, w) for m, x, w in zip(row, lefts, widths, strict=True))
    lanes = []
    verticals = [(p, levels[a][e[0], e[1]], a) for a, side in sides.items() for e in side for p in ports[e[0], e[1]]]
    for above, side in sides.items():
        for s, d, arrows in side:
            depth = levels[above][s, d]
            x1, x2 = ports[s, d]
            crossing = [x for x, other, where in verticals if where is above and other > depth and x not in (x1, x2)]
            at = y - depth if above else y + BOX_HEIGHT + depth
            lanes.append(Lane(arrows, text[s, d], x1, x2, at, above, _clear(x1, x2, crossing, text[s, d])))
    width = lefts[-1] + widths[-1] + MARGIN
    for lane in lanes:
        width = max(width, lane.label_x + LETTER * max(map(len, lane.text)) / 2 + MARGIN)
    return Drawing(boxes, tuple(lanes), width, y + BOX_HEIGHT + max(deep, 10.0) + MARGIN)


def order(modes: Sequence[str], initial: str, edges: Sequence[Edge]) -> tuple[str, ...]:
    """The row with the shortest moves, the first mode at its beginning; among equals the order of the declaration."""
    rest = [m for m in modes if m != initial]
    if len(rest) > MOST_PERMUTED:
        return (initial, *rest)

    def cost(row: Sequence[str]) -> float:
        place = {m: i for i, m in enumerate((initial, *row))}
        total = 0.0
        for source, dest, arrows in edges:
            span = place[dest] - place[source]
            weight = 1.0 if any(a.count for a in arrows) else 0.4
            total += weight * ((abs(span) - 1) * 2 + (0.7 if span < 0 else 0.0))
        return total

    return (initial, *min(permutations(rest), key=cost))


def _ports(mode: str, edges: Sequence[Edge]) -> int:
    out = sum(e[0] == mode for e in edges)
    return max(out, sum(e[1] == mode for e in edges), (out + sum(e[1] == mode for e in edges) + 1) // 2)


def _gaps(
    row: Sequence[str], place: dict[str, int], widths: Sequence[float], text: dict[tuple[str, str], tuple[str, ...]]
) -> list[float]:
    """Room between neighbours: enough for the labels of the moves from one to the next."""
    gaps = [GAP] * max(0, len(row) - 1)
    for (source, dest), label in text.items():
        first, last = sorted((place[source], place[dest]))
        need = LETTER * max(map(len, label)) + 14
        have = sum(widths[first + 1 : last]) + sum(gaps[first:last]) + (widths[first] + widths[last]) * 0.35
        if need > have:
            for i in range(first, last):
                gaps[i] += (need - have) / (last - first)
    return gaps


def _port_places(
    edges: Sequence[Edge], place: dict[str, int], lefts: Sequence[float], widths: Sequence[float]
) -> dict[tuple[str, str], tuple[float, float]]:
    """Where each move leaves its box and where it arrives: neighbours outside, so lines do not cross there."""
    found: dict[tuple[str, str], list[float]] = {(s, d): [0.0, 0.0] for s, d, _ in edges}
    for mode, index in place.items():
        for above in (True, False):
            ends = [
                (place[d] if s == mode else place[s], (s, d), 0 if s == mode else 1)
                for s, d, _ in edges
                if mode in (s, d) and (place[s] < place[d]) is above
            ]
            left = sorted((e for e in ends if e[0] < index), key=lambda e: -e[0])
            right = sorted((e for e in ends if e[0] > index), key=lambda e: -e[0])
            slots = [*left, *right]
            for number, (_, key, end) in enumerate(slots, 1):
                found[key][end] = lefts[index] + widths[index] * number / (len(slots) + 1)
    return {key: (ends[0], ends[1]) for key, ends in found.items()}


def _levels(
    edges: Sequence[Edge], place: dict[str, int], text: dict[tuple[str, str], tuple[str, ...]]
) -> dict[tuple[str, str], float]:
    """How far from the boxes each lane runs: short moves inside, and none through the label of another."""
    depths: dict[tuple[str, str], float] = {}
    for source, dest, _ in sorted(edges, key=lambda e: (abs(place[e[1]] - place[e[0]]), place[e[0]])):
        first, last = sorted((place[source], place[dest]))
        depth = LANE_GAP
        for (s, d), other in depths.items():
            a, b = sorted((place[s], place[d]))
            if a < last and first < b:
                depth = max(depth, other + LINE * len(text[s, d]) + LANE_GAP)
        depths[source, dest] = depth + (LINE if depth == LANE_GAP else 0)
    return depths


def _clear(x1: float, x2: float, crossing: Sequence[float], text: Sequence[str]) -> float:
    """The middle of the widest stretch of the lane that no other line crosses."""
    left, right = sorted((x1, x2))
    cuts = [left, *sorted(x for x in crossing if left < x < right), right]
    stretches = [(b - a, a, b) for a, b in pairwise(cuts)]
    middle, need = (left + right) / 2, LETTER * max(map(len, text))
    fits = [s for s in stretches if s[0] >= need]
    if not fits:
        _, a, b = max(stretches)
        return (a + b) / 2
    return min(((a + b) / 2 for _, a, b in fits), key=lambda x: abs(x - middle))
